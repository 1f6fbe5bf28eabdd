"""A probe finds what a workspace does under every way of everything; nothing of it is left, and nobody is told."""

from collections import Counter
from contextlib import suppress

import pytest

from embedded_intercom.protocol.unknowns import UNKNOWNS
from migration_assets.objects.probe.questions import QUESTIONS, answers
from migration_assets.objects.probe.run_probe import MAKES, WouldBeTold, broken_promises, profile_of
from migration_assets.writing.records import Stopped
from resources.intercom.errors import IntercomError
from tests.behaviours.conftest import Killed, dying
from tests.objects.probe.conftest import APP, behaviours

NOT_ASKED = {question.name for question in QUESTIONS if question.judge is None}
SETS = [behaviours(number) for number in range(1, 6)]


def expected(ways):
    """The answers that a workspace with these ways gives."""
    found = {name: way for name, way in ways.items() if name not in NOT_ASKED}
    if ways["creation_state_event"] == ways["creation_assignment_event"] == "none":
        found.pop("creation_event_time")
    if ways["blank_space"] == ways["inbox_title"] == "trimmed":
        # The ticket's own title has no blank space then that its conversation could leave out.
        found["inbox_title"] = "whole"
    return found


def found_by(readings):
    return {name: one["answer"] for name, one in answers(readings).items() if one["answer"] is not None}


def counting(made):
    """Count what a probe makes, by the path."""

    def wrap(client):
        sending = client._http.send

        async def send(request, **options):
            answer = await sending(request, **options)
            if request.method == "POST" and answer.is_success and not request.url.path.endswith("search"):
                made[request.url.path] += 1
            return answer

        client._http.send = send

    return wrap


@pytest.mark.parametrize("number", range(5))
def test_a_probe_makes_no_more_than_it_announces(probed, number):
    probed.behave(**SETS[number])
    made = Counter()
    probed.probe(wrap=counting(made))
    # A company is sent twice where it is archived in between; a tag twice where its capitals count.
    most = {"/contacts": MAKES["contact"], "/companies": MAKES["company"] + 1, "/tags": MAKES["tag"], "/tickets": 1}
    assert made["/contacts"] > 4
    assert {path: made[path] for path in most if made[path] > most[path]} == {}
    assert made["/conversations"] == 0


@pytest.mark.parametrize("number", range(5))
def test_a_probe_finds_each_way_and_leaves_nothing(probed, number):
    ways = SETS[number]
    probed.behave(**ways)
    readings = probed.probe()
    assert found_by(readings) == expected(ways)
    assert readings["interrupted"] is False
    probed.behave()
    assert probed.left() == {}
    assert probed.profiles.left(APP) == []
    assert probed.told() == []
    assert [one.archived for one in probed.types()] == [True]


def test_the_sets_have_nearly_every_way():
    found = {(name, way) for ways in SETS for name, way in expected(ways).items()}
    others = {(name, way) for name, unknown in UNKNOWNS.items() for way in unknown.ways[1:]}
    assert len(found & others) >= 0.9 * len(others)


def dead_after(number):
    """Let the process die when the n-th write has been answered: nothing is removed any more."""

    def wrap(client):
        dying(number)(client)
        sending = client._http.send

        async def send(request, **options):
            if wrap.dead:
                raise Killed
            try:
                return await sending(request, **options)
            except Killed:
                wrap.dead = True
                raise

        client._http.send = send

    wrap.dead = False
    return wrap


@pytest.mark.parametrize("after", [1, 2, 5, 6, 9, 11, 14, 17, 19, 24, 36, 50])
def test_a_probe_that_died_is_cleaned_up_by_the_next(probed, after):
    probed.behave(archived_contact="free", archived_company="new", lead_external_id="ignore", same_email="allow")
    with suppress(Killed):
        probed.probe(wrap=dead_after(after))
    assert probed.profiles.left(APP) != []
    probed.probe()
    assert probed.left() == {}
    assert probed.profiles.left(APP) == []
    assert [one.archived for one in probed.types()] == [True]


def test_what_was_sent_a_moment_ago_and_is_not_found_may_come_yet(probed):
    with suppress(Killed):
        probed.probe(wrap=dead_after(1))
    (record,) = probed.profiles.left(APP)
    assert record.intercom_id is None
    assert probed.site.call(lambda client: client.find_contact(record.key)) is not None
    probed.site.call(delete(record.key))
    probed.probe(settle=300.0)
    assert probed.profiles.left(APP) == [record]
    probed.probe(settle=0.0)
    assert probed.profiles.left(APP) == []


def delete(key):
    async def work(client):
        await client.delete_contact((await client.find_contact(key)).id)

    return work


@pytest.mark.parametrize("seed", range(4))
def test_lost_answers_leave_nothing_and_no_wrong_answer(probed, seed):
    ways = SETS[seed]
    probed.behave(**ways)
    rules = [{"kind": kind, "share": 0.04} for kind in ("before", "after", "reset")]
    probed.site.control("faults", "POST", {"seed": seed + 1, "rules": rules})
    readings = {}
    with suppress(IntercomError, Stopped):
        readings = probed.probe()
    probed.site.control("faults", "DELETE")
    found = found_by(readings)
    assert {name: way for name, way in found.items() if way != ways[name]} == {}
    probed.probe()
    probed.behave()
    assert probed.left() == {} and probed.told() == []


def test_a_workspace_that_refuses_the_ticket_says_why(probed):
    def wrap(client):
        async def create_ticket(_body):
            raise Stopped("no tickets here")

        client.create_ticket = create_ticket

    with pytest.raises(Stopped, match="cannot be probed: no tickets here"):
        probed.probe(wrap=wrap)
    assert probed.left() == {}


NOBODY_TOLD = WouldBeTold()


def test_promises_that_hold_say_nothing(probed):
    readings = probed.probe()
    assert profile_of(readings, NOBODY_TOLD).broken == []


@pytest.mark.parametrize(
    ("way", "words"),
    [
        ("minute", "but cuts them to the minute (sent 2014-05-13 16:53:21, shown 2014-05-13 16:53:00"),
        ("two_years", "shows old ones as newer"),
    ],
)
def test_times_that_are_not_kept_are_a_broken_promise(probed, way, words):
    probed.behave(created_at=way)
    (sentence,) = profile_of(probed.probe(), NOBODY_TOLD).broken
    assert "does not keep the times" in sentence and words in sentence


def test_an_automation_that_answers_is_a_broken_promise(probed):
    def wrap(client):
        read = client.get_ticket

        async def get_ticket(ticket_id):
            ticket = await read(ticket_id)
            bot = {"type": "bot", "id": "1"}
            said = ticket.parts[0].model_validate({"id": "999999", "part_type": "comment", "body": "Hi", "author": bot})
            return ticket.model_copy(update={"parts": [*ticket.parts, said]})

        client.get_ticket = get_ticket

    sentences = profile_of(probed.probe(wrap=wrap), NOBODY_TOLD).broken
    assert any("An automation of the workspace has written" in sentence for sentence in sentences)


def test_lost_words_and_notifications_are_broken_promises():
    found = answers({})
    assert broken_promises(found, {"lost": 2}, NOBODY_TOLD) == [
        "Intercom does not show 2 texts of the probe with all of its words."
    ]
    assert broken_promises(found, {}, WouldBeTold(customers=1)) == [
        "Intercom would have sent 1 notification to customers."
    ]
