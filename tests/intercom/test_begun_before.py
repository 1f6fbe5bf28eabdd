"""Tickets that an earlier run made and did not finish, or that a lost journal no longer knows: whose state is it?"""

import json
from pathlib import Path

import pytest

from migration_assets.writing.conflicts import KEEPING, Policy, decide
from resources.journal import WriteCode
from tests.intercom.test_conflicts import edit_in_intercom, ids, journal, look, settled

WRITES = ("update_ticket", "update_conversation", "convert_conversation")


@pytest.mark.parametrize(
    ("untouched", "policy", "outcome"),
    [
        (True, KEEPING, "changes"),
        (False, KEEPING, "kept"),
        (False, Policy(overwrite_edited=True), "overwritten"),
        (True, Policy(overwrite_edited=True), "changes"),
    ],
)
def test_a_value_that_we_never_set_is_an_edit_only_if_somebody_was_there(untouched, policy, outcome):
    made = decide({"state": "open"}, {"state": "closed"}, {}, policy, untouched=untouched)
    assert getattr(made, outcome)
    assert bool(made.overwritten) == (outcome == "overwritten")


@pytest.fixture(params=["ticket", pytest.param("conversation", marks=pytest.mark.rehearsal)])
def routed(small, request):
    small.options = {"route": request.param}
    return small


def said_of(site, operation):
    """Code and remark of the latest write of a kind to t1."""
    code, remark = journal(
        site, "SELECT error_code, remark FROM write WHERE state = 'confirmed' AND object = 'conversation' "
        f"AND source_key = 't1' AND operation = '{operation}' ORDER BY id DESC LIMIT 1"
    )[0]  # fmt: skip
    return code, remark and json.loads(remark)


def lose_journal(site):
    for path in Path(site.url.removeprefix("sqlite:///")).parent.glob("j.sqlite3*"):
        path.unlink()


def dying_at(site, method):
    """Let the run die when it sends t1 that."""

    def wrap(client):
        real = getattr(client, method)

        async def call(ticket_id, *args, **kwargs):
            if ticket_id == ids(site, "conversation").get("t1"):
                raise KeyError
            return await real(ticket_id, *args, **kwargs)

        setattr(client, method, call)

    return wrap


def noting(asked):
    def wrap(client):
        for name in WRITES:
            real = getattr(client, name)

            async def call(*args, real=real, name=name, **kwargs):
                asked.append(name)
                return await real(*args, **kwargs)

            setattr(client, name, call)

    return wrap


def test_a_journal_that_was_lost_costs_nobodys_edit(routed):
    routed.migrate()
    edit_in_intercom(routed)
    theirs = look(routed)
    lose_journal(routed)
    routed.migrate()
    shown = look(routed)
    assert {name: shown[name] for name in ("state", "priority", "title", "assignee")} == {
        name: theirs[name] for name in ("state", "priority", "title", "assignee")
    }
    assert said_of(routed, "settle") == (WriteCode.EDITS, {"kept": ["state"]})
    assert said_of(routed, "priority") == (WriteCode.EDITS, {"kept": ["priority"]})


def test_a_journal_that_was_lost_writes_nothing_anew_where_all_stands(routed):
    routed.migrate()
    before = look(routed)
    lose_journal(routed)
    asked = []
    routed.migrate(wrap=noting(asked))
    assert look(routed) == before
    assert asked == []
    settled(routed)


def test_the_same_export_under_another_name_doubles_nothing(routed):
    """Another source_instance in extract.yaml makes it a migration of its own, with no journal yet."""
    routed.migrate()
    before, tickets = look(routed), {key: found.id for key, found in routed.tickets().items()}
    routed.name = "m, misspelt"
    asked = []
    results = routed.migrate(wrap=noting(asked))
    assert {key: found.id for key, found in routed.tickets().items()} == tickets
    assert look(routed) == before
    assert asked == []
    assert results["contact"].adopted == 2
    assert results["conversation"].resolved == len(tickets) + len(routed.tables["parts"])


def test_a_customer_who_wrote_before_a_run_went_on_is_not_closed_away(routed):
    """The reply opens the ticket; closing it afterwards would hide the customer's words."""
    with pytest.raises(KeyError):
        routed.migrate(wrap=dying_at(routed, "update_ticket"))
    ticket, contact = ids(routed, "conversation")["t1"], ids(routed, "contact")["c1"]
    body = {"message_type": "comment", "type": "user", "intercom_user_id": contact, "body": "Anything new?"}
    routed.call(lambda client: client.reply_conversation(ticket, body, []))
    routed.migrate()
    assert look(routed)["state"][1] is True
    assert said_of(routed, "settle") == (WriteCode.EDITS, {"kept": ["state"]})


@pytest.mark.parametrize(
    ("policy", "state", "said"),
    [(KEEPING, True, {"kept": ["state"]}), (Policy(overwrite_edited=True), False, {"overwritten": ["state"]})],
)
def test_a_customer_who_wrote_before_it_became_a_ticket_is_not_closed_away(small, policy, state, said):
    small.options = {"route": "conversation", "overwrite_edited": policy.overwrite_edited}
    with pytest.raises(KeyError):
        small.migrate(wrap=dying_at(small, "convert_conversation"))
    ticket, contact = ids(small, "conversation")["t1"], ids(small, "contact")["c1"]
    body = {"message_type": "comment", "type": "user", "intercom_user_id": contact, "body": "Anything new?"}
    small.call(lambda client: client.reply_conversation(ticket, body, []))
    small.migrate(policy=policy)
    shown = look(small)
    assert (shown["state"][1], shown["title"]) == (state, "Title t1")
    assert said_of(small, "settle") == (WriteCode.EDITS, said)
    settled(small)


def test_a_ticket_that_nobody_touched_is_finished_as_itco_has_it(routed):
    with pytest.raises(KeyError):
        routed.migrate(wrap=dying_at(routed, "update_ticket"))
    routed.migrate()
    assert look(routed)["state"] == ("Resolved", False)
    assert said_of(routed, "settle") == (None, None)
    settled(routed)
