"""What somebody edits in Intercom after it was loaded: kept and reported, or overwritten with the old value kept."""

import json
import sqlite3

import pytest

from migration_assets.handoff.evidence import gather
from migration_assets.handoff.run_verdict import decide_verdict
from migration_assets.objects.contact.declaration import CONTACT
from migration_assets.writing.conflicts import (
    KEEPING,
    FieldDecisions,
    Policy,
    decide,
    field_hashes,
    flat,
    hashes_of_found,
    nested,
)
from resources.journal import WriteCode
from tests.support import target_tables as tt

OVERWRITING = Policy(overwrite_edited=True, overwrite_adopted=True)
TITLE, PLAN = "ticket_attributes._default_title_", "custom_attributes.Plan"


# -- the decision ---------------------------------------------------------------------------------------------


def decided(shown, wanted, left=None, policy=KEEPING, adopted=False):
    made = decide({"f": shown}, {"f": wanted}, field_hashes({"f": left}, {}) if left else {}, policy, adopted=adopted)
    words = [name for name in ("kept", "overwritten", "taken_over") if getattr(made, name)]
    return "write" if made.changes else "settled" if made.settled else "leave", *words


@pytest.mark.parametrize(
    ("shown", "wanted", "left", "policy", "adopted", "expected"),
    [
        ("old", "new", "old", KEEPING, False, ("write",)),
        ("theirs", "new", "old", KEEPING, False, ("leave", "kept")),
        ("theirs", "new", "old", OVERWRITING, False, ("write", "overwritten")),
        (None, "new", "old", KEEPING, False, ("leave", "kept")),  # somebody has emptied it
        ("theirs", "old", "old", OVERWRITING, False, ("leave",)),  # nothing new from ITCO
        ("new", "new", "old", KEEPING, False, ("settled",)),
        (None, "new", None, KEEPING, False, ("write",)),
        ("theirs", "new", None, KEEPING, False, ("leave", "kept")),  # an older journal has no marks
        ("theirs", "new", None, KEEPING, True, ("leave",)),
        ("theirs", "new", None, OVERWRITING, True, ("write", "taken_over")),
        ("", "new", None, KEEPING, True, ("write",)),
        ("theirs", "new", "old", KEEPING, True, ("leave", "kept")),  # we had filled it
    ],
)
def test_a_field_is_decided(shown, wanted, left, policy, adopted, expected):
    assert decided(shown, wanted, left, policy, adopted) == expected


def test_what_intercom_only_words_differently_is_no_edit():
    left = field_hashes({"email": "Ann@x.example", "d": "a  & b", "n": 5, "t": "x"}, {"t": "shown so"})
    shown = {"email": "ann@x.example", "d": "<p>a &amp; b</p>", "n": 5.0, "t": "shown so"}
    made = decide(shown, {"email": "b@x.example", "d": "c", "n": 6, "t": "y"}, left, KEEPING)
    assert (sorted(made.changes), made.kept, made.before) == (["d", "email", "n", "t"], [], shown)


def test_what_intercom_moves_by_itself_is_nobodys_edit():
    left, moves = field_hashes({"last_seen_at": 4}, {}), CONTACT.fields.edit_rules.by_itself
    made = decide({"last_seen_at": 9}, {"last_seen_at": 5}, left, OVERWRITING, by_itself=moves)
    assert made == FieldDecisions()


def test_fields_are_flat_and_nested_again():
    body = {"name": "n", "custom_attributes": {"Plan": 1, "a.b": 2}}
    assert nested(flat(body)) == body
    assert flat(body)["custom_attributes.a.b"] == 2


def test_of_a_record_that_was_found_only_what_stands_as_wanted_is_ours():
    assert set(hashes_of_found({"a": 1, "b": 2}, {"a": 1, "b": 3})) == {"a"}


def test_a_remark_names_fields_as_people_know_them_by_what_became_of_them():
    assert FieldDecisions(kept=[TITLE, PLAN, "name"]).remark == {"kept": ["Plan", "name", "title"]}
    assert FieldDecisions(overwritten=["name"], taken_over=["phone"]).remark == {
        "overwritten": ["name"], "taken_over": ["phone"],
    }  # fmt: skip
    assert FieldDecisions(changes={"name": "a"}).remark is None


def test_a_remark_names_every_field_however_many_there_are():
    many = FieldDecisions(kept=[f"custom_attributes.{'x' * 60}{number}" for number in range(30)]).remark
    assert many == {"kept": sorted(f"{'x' * 60}{number}" for number in range(30))}


# -- against a workspace ------------------------------------------------------------------------------------


def journal(site, query):
    return sqlite3.connect(site.url.removeprefix("sqlite:///")).execute(query).fetchall()


def ids(site, object_name):
    return dict(
        journal(site, "SELECT source_key, intercom_id FROM write WHERE operation IN ('create', 'upsert') "
                f"AND state = 'confirmed' AND object = '{object_name}'")
    )  # fmt: skip


def written(site, operation, object_name="conversation"):
    """The latest confirmed write of a kind: code, remark, before-image."""
    code, remark, before = journal(
        site, "SELECT error_code, remark, before_image FROM write WHERE state = 'confirmed' "
        f"AND object = '{object_name}' AND operation = '{operation}' ORDER BY id DESC LIMIT 1"
    )[0]  # fmt: skip
    return code, remark and json.loads(remark), json.loads(before) if before else None


def person(site, email):
    return next(item.id for item in site.call(lambda client: client.list_admins()) if item.email == email)


def change_in_itco(site, tt, **more):
    """ITCO changes everything that can change of c2, k1 and t1."""
    tables = site.tables
    site.target(
        contacts=[tables["contacts"][0], tt.contact("c2", name="New name", phone="+15557654321")],
        companies=[tt.company("k1", name="New company", custom_attributes={"ITCO company id": "k1"})],
        conversations=[
            tables["conversations"][0]
            | {"title": "New title", "agent_id": None, "priority": "low", "state": "open",
               "ticket_state": "In progress", "attributes": {"ITCO id": "t1", "Priority": "Low"}},
            *tables["conversations"][1:],
        ],
    )  # fmt: skip
    site.target(**more)


def edit_in_intercom(site):
    """A teammate changes the contact's name, the company's name, and title, assignee, priority and state of t1."""
    contact, company = ids(site, "contact")["c2"], ids(site, "company")["k1"]
    ticket = ids(site, "conversation")["t1"]
    fallback = person(site, "fallback@example.com")

    async def edit(client):
        await client.update_contact(contact, {"name": "Their name"})
        found = await client.find_company("k1")
        assert found.id == company
        await client.upsert_company({"company_id": "k1", "name": "Their company"})
        await client.update_ticket(
            ticket, {"ticket_attributes": {"_default_title_": "Their title"}, "assignee_id": fallback,
                     "skip_notifications": True}
        )  # fmt: skip
        states = {state.internal_label: state.id for state in await client.list_ticket_states()}
        await client.update_ticket(ticket, {"ticket_state_id": states["Waiting on customer"], "open": True})
        await client.update_conversation(ticket, {"priority": "urgent", "admin_id": fallback}, preview=True)

    site.call(edit)


def look(site):
    """What Intercom shows of c2, k1 and t1."""
    found, ticket_id = ids(site, "contact"), ids(site, "conversation")["t1"]

    async def read(client):
        contact, company = await client.get_contact(found["c2"]), await client.find_company("k1")
        ticket, conversation = await client.get_ticket(ticket_id), await client.get_conversation(ticket_id)
        return {
            "name": contact.name,
            "phone": contact.phone,
            "company": company.name,
            "title": ticket.ticket_attributes["_default_title_"],
            "assignee": ticket.admin_assignee_id,
            "priority": conversation.priority,
            "state": (ticket.ticket_state.internal_label, ticket.open),
        }

    return site.call(read)


@pytest.fixture(params=["ticket", "conversation"])
def loaded(small, request):
    small.options = {"route": request.param}
    small.migrate()
    return small


def settled(site, **options):
    """A second run sends nothing, and every record counts as it should."""
    assert site.plan(**options).calls == 0
    results = site.migrate(**options)
    assert [result.sent for result in results.values()] == [{}] * len(results)
    assert {result.failed + result.blocked + result.unsent for result in results.values()} == {0}


def test_what_nobody_edited_is_changed_and_what_it_held_is_kept(loaded):
    before = look(loaded)
    change_in_itco(loaded, tt)
    planned = loaded.plan().calls
    results = loaded.migrate()
    assert sum(result.calls for result in results.values()) > 0 < planned
    assert look(loaded) == {
        "name": "New name", "phone": "+15557654321", "company": "New company", "title": "New title",
        "assignee": None, "priority": "low", "state": ("In progress", True),
    }  # fmt: skip
    assert (results["contact"].updated, results["company"].updated, results["conversation"].updated) == (1, 1, 1)
    assert written(loaded, "update", "contact") == (None, None, {"name": before["name"], "phone": before["phone"]})
    assert written(loaded, "upsert", "company") == (None, None, {"name": before["company"]})
    code, _, image = written(loaded, "update")
    assert code is None
    assert image["ticket_attributes"]["_default_title_"] == before["title"]
    assert image["assignee"]["admin_assignee_id"] == before["assignee"]
    assert written(loaded, "priority") == (None, None, {"priority": "high"})
    state = written(loaded, "settle")[2]["state"]
    assert (set(state), state["open"]) == ({"ticket_state_id", "open", "snoozed_until"}, False)
    settled(loaded)


def test_what_somebody_edited_is_kept_and_said(loaded):
    edit_in_intercom(loaded)
    theirs = look(loaded)
    change_in_itco(loaded, tt)
    results = loaded.migrate()
    assert look(loaded) == theirs | {"phone": "+15557654321"}
    assert {result.failed + result.blocked + result.unsent for result in results.values()} == {0}
    assert (results["contact"].updated, results["conversation"].updated) == (1, 1)
    assert written(loaded, "update", "contact")[1] == {"kept": ["name"]}
    assert written(loaded, "upsert", "company") == (WriteCode.EDITS, {"kept": ["name"]}, None)
    assert written(loaded, "update")[1] == {"kept": ["assignee", "title"]}
    assert written(loaded, "priority") == (WriteCode.EDITS, {"kept": ["priority"]}, None)
    assert written(loaded, "settle") == (WriteCode.EDITS, {"kept": ["state"]}, None)
    settled(loaded)
    with loaded.warehouse.connect() as connection:
        evidence = gather(connection, limited=False, notifications_sent=0)
    assert {(row["object"], row["key"], row["became"], row["fields"]) for row in evidence.edits} == {
        ("contact", "c2", "kept", "name"),
        ("company", "k1", "kept", "name"),
        ("conversation", "t1", "kept", "assignee, priority, state, title"),
    }
    (reason,) = [found for found in decide_verdict(evidence).reasons if "changed in Intercom since" in found]
    assert reason.startswith("3 records were changed in Intercom since")


def test_with_the_setting_it_is_overwritten_and_said(loaded):
    edit_in_intercom(loaded)
    change_in_itco(loaded, tt)
    loaded.migrate()
    # Also what an earlier run has kept.
    loaded.options |= {"overwrite_edited": True}
    loaded.migrate(policy=OVERWRITING)
    assert look(loaded) == {
        "name": "New name", "phone": "+15557654321", "company": "New company", "title": "New title",
        "assignee": None, "priority": "low", "state": ("In progress", True),
    }  # fmt: skip
    assert written(loaded, "update", "contact") == (WriteCode.EDITS, {"overwritten": ["name"]}, {"name": "Their name"})
    assert written(loaded, "upsert", "company") == (
        WriteCode.EDITS,
        {"overwritten": ["name"]},
        {"name": "Their company"},
    )
    assert written(loaded, "update")[2]["ticket_attributes"] == {"_default_title_": "Their title"}
    assert written(loaded, "priority") == (WriteCode.EDITS, {"overwritten": ["priority"]}, {"priority": "urgent"})
    settled(loaded)


def test_a_state_that_somebody_chose_outlives_our_further_messages(loaded):
    edit_in_intercom(loaded)
    theirs = look(loaded)
    ticket = ids(loaded, "conversation")["t1"]
    loaded.call(lambda client: client.update_ticket(ticket, {"open": False, "skip_notifications": True}))
    loaded.target(parts=[*loaded.tables["parts"], tt.part("m9", "t1", 9, "c1")])
    loaded.migrate()
    assert look(loaded) == theirs | {"state": ("Waiting on customer", False)}
    assert written(loaded, "settle") == (None, None, None)
    settled(loaded)


def test_a_state_that_we_woke_ourselves_is_set_again_after_a_death(loaded):
    loaded.target(parts=[*loaded.tables["parts"], tt.part("m9", "t1", 9, "c1")])

    def dying(client):
        async def dies(*_args, **_kwargs):
            raise KeyError

        client.update_ticket = dies

    with pytest.raises(KeyError):
        loaded.migrate(wrap=dying)
    assert look(loaded)["state"] == ("Resolved", True)
    loaded.migrate()
    assert look(loaded)["state"] == ("Resolved", False)
    assert written(loaded, "settle")[0] is None
    settled(loaded)


def test_an_older_journal_overwrites_nothing_in_silence(loaded):
    with sqlite3.connect(loaded.url.removeprefix("sqlite:///")) as connection:
        connection.execute("UPDATE write SET last_written = NULL")
    edit_in_intercom(loaded)
    theirs = look(loaded)
    change_in_itco(loaded, tt)
    loaded.migrate()
    assert look(loaded) == theirs
    assert written(loaded, "update", "contact")[1] == {"kept": ["name", "phone"]}
    settled(loaded)


def test_the_journal_keeps_marks_and_no_customer_text(loaded):
    rows = [
        json.loads(row[0]) for row in journal(loaded, "SELECT last_written FROM write WHERE last_written IS NOT NULL")
    ]
    assert len(rows) > 8
    for left in rows:
        for value in left.values():
            assert all(len(mark) == 16 and set(mark) <= set("0123456789abcdef") for mark in value.split())


def test_a_first_load_reads_but_its_first_tickets_and_asks_for_companies_which_an_upsert_would_change(small):
    asked = []

    def noting(client):
        for name in ("get_contact", "find_company", "get_ticket"):
            real = getattr(client, name)

            async def call(*args, real=real, name=name, **kwargs):
                asked.append(name)
                return await real(*args, **kwargs)

            setattr(client, name, call)

    small.migrate(wrap=noting)
    companies, tickets = len(small.tables["companies"]), len(small.tables["conversations"])
    assert asked == ["find_company"] * companies + ["get_ticket"] * tickets


# -- what stood before us -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("policy", "name", "said"), [(KEEPING, "Ann Theirs", None), (OVERWRITING, "Ann", {"taken_over": ["name"]})]
)
def test_of_an_adopted_contact_empty_fields_are_filled_and_others_as_the_setting_says(small, policy, name, said):
    small.target(contacts=[tt.contact("c1", name="Ann", phone="+15550000001"), small.tables["contacts"][1]])
    email = small.tables["contacts"][0]["email"]
    made = small.call(lambda client: client.create_contact({"role": "user", "email": email, "name": "Ann Theirs"}))
    results = small.migrate(policy=policy)
    assert results["contact"].adopted == 1
    there = small.call(lambda client: client.get_contact(made.id))
    assert (there.name, there.phone) == (name, "+15550000001")
    _, remark, image = next(
        (code, remark and json.loads(remark), json.loads(before))
        for code, remark, before in journal(
            small, "SELECT error_code, remark, before_image FROM write WHERE object = 'contact' AND adopted"
        )
    )
    assert remark == said
    custom = {"custom_attributes": {"ITCO id": None}}
    assert image == {"phone": None, "external_id": None} | custom | ({"name": "Ann Theirs"} if said else {})


def test_an_archived_contact_that_was_brought_back_is_noted(small):
    ours = {name: small.tables["contacts"][0][name] for name in ("email", "name")}
    made = small.call(lambda client: client.create_contact({"role": "user", **ours}))

    async def archive(client):
        assert (await client._http.request("POST", f"/contacts/{made.id}/archive")).status_code == 200

    small.call(archive)
    assert small.migrate()["contact"].adopted == 1
    ((image,),) = journal(small, "SELECT before_image FROM write WHERE object = 'contact' AND adopted")
    assert json.loads(image)["archived"] is True
