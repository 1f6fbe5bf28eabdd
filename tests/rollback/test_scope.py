"""Rolling back a run, an object or a record, and naming them."""

import pytest

from migration_assets.rollback.step import migration_of, require_confirmed
from migration_assets.undoing.deletion import delete_records
from migration_assets.undoing.scope import Scope, ScopeError, find_run, parse_only
from migration_assets.writing.environment import Environment
from resources.journal import Journal, Run
from tests.support import target_tables as tt
from tests.support.rolling_back import applied_writes, dump, id_of, request, roll_back


def named(fates):
    return {f"{name}:{key}": fate for (name, key), (fate, _) in fates.items()}


def test_one_record(small):
    small.migrate()
    before = applied_writes(small)
    assert named(roll_back(small, Scope(object="conversation", key="t1"))) == {"conversation:t1": "deleted"}
    assert set(small.tickets()) == {"t2", "t3", "t4"}
    # The ticket with its three messages, two tags, its priority and its state.
    assert before - applied_writes(small) == 8
    loads = small.migrate()
    assert (loads["conversation"].created, loads["conversation"].unchanged) == (1, 3)


def test_one_object_and_what_hangs_on_it_stays(small):
    small.migrate()
    fates = roll_back(small, Scope(object="contact"))
    assert {fate for fate, _ in fates.values()} == {"refused"}
    assert len(dump(small)["contacts"]) == 2
    assert named(roll_back(small, Scope(object="contact_company"))) == {"contact_company:c1|k1": "detached"}
    assert [item["user_count"] for item in dump(small)["companies"]] == [0]
    assert set(named(roll_back(small, Scope(object="conversation"))).values()) == {"deleted"}
    assert set(named(roll_back(small, Scope(object="contact"))).values()) == {"deleted"}
    assert (len(dump(small)["contacts"]), len(dump(small)["tags"])) == (0, 2)


def test_one_run(small):
    small.migrate()
    first = dump(small)
    small.target(
        contacts=[tt.contact("c1", name="Another"), *small.tables["contacts"][1:], tt.contact("c3")],
        conversations=[*small.tables["conversations"], tt.conversation("t9", "c3", created_at=1_600_900_000)],
        parts=[*small.tables["parts"], tt.part("m9", "t4", 9, "a1", "admin")],
    )
    small.migrate()
    assert dump(small) != first
    fates = roll_back(small, Scope(run="run-2"))
    assert named(fates) == {
        "conversation:t9": "deleted",
        "conversation:t4": "keep",
        "contact:c3": "deleted",
        "contact:c1": "restored",
    }
    assert "cannot be taken out" in fates["conversation", "t4"][1]
    now = dump(small)
    assert now["contacts"] == first["contacts"]
    assert {item["id"] for item in now["tickets"]} == {item["id"] for item in first["tickets"]}
    # What was restored is planned anew, as are the records that are gone.
    loads = small.migrate()
    assert (loads["contact"].created, loads["contact"].updated) == (1, 1)
    assert (loads["conversation"].created, loads["conversation"].updated) == (1, 0)


def test_records_that_are_named_one_by_one_are_deleted_in_a_load(small):
    small.migrate()
    request(small, "PUT", f"/contacts/{id_of(small, 'contact', 'c2')}", {"name": "Edited"})
    gone = [("conversation", "t1"), ("conversation", "t4"), ("contact", "c1"), ("contact", "c2"), ("contact", "never")]

    async def delete(client):
        with Journal(small.url, "m") as journal:
            journal.begin_run(Run("delta"))
            env = Environment(small.warehouse, journal, client, settle_seconds=0.0)
            return await delete_records(env, gone, "delta")

    counts = small.call(delete)
    assert {name: (found.deleted, found.refused) for name, found in counts.items()} == {
        "conversations": (2, 0),
        "contacts": (1, 1),
    }
    assert set(small.tickets()) == {"t2", "t3"}
    assert small.rows("SELECT source_key, reason FROM rollback.fates WHERE fate = 'refused'") == [
        ("c2", "changed since: name")
    ]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("contacts", ("contact", None)),
        ("Contact companies", ("contact_company", None)),
        ("conversation:100234", ("conversation", "100234")),
        ("contact_company:c1|k1", ("contact_company", "c1|k1")),
        ("ticket_attribute:ticket.a:b", ("ticket_attribute", "ticket.a:b")),
    ],
)
def test_naming_an_object_or_record(text, found):
    assert parse_only(text) == found


@pytest.mark.parametrize("text", ["part:m1", "people", "contact:", ""])
def test_what_cannot_be_named(text):
    with pytest.raises(ScopeError):
        parse_only(text)


def test_naming_a_run():
    assert find_run("ab", ["abc", "b"]) == "abc"
    assert find_run("ab", ["abc", "ab"]) == "ab"
    for wanted in ("a", "x"):
        with pytest.raises(ScopeError, match="abc"):
            find_run(wanted, ["abc", "ab"])


def test_which_migration_is_meant():
    names = ["one > app", "two > app", "one > other"]
    assert migration_of(names, "app", "two") == "two > app"
    assert migration_of(names, "other", None) == "one > other"
    for app, instance in (("app", "three"), ("nothing", "one")):
        with pytest.raises(Exception, match="The journal has"):
            migration_of(names, app, instance)


def test_the_confirmation_is_the_workspace_s_exact_name():
    require_confirmed("", "Acme")
    require_confirmed("Acme", "Acme")
    require_confirmed("yes", None)
    for confirm, workspace in (("yes", "Acme"), ("acme", "Acme"), ("Acme", None), ("Yes", None)):
        with pytest.raises(Exception, match="type exactly"):
            require_confirmed(confirm, workspace)
