"""The oracle finds what it is there for: a whole migration is spoilt in one way at a time."""

import asyncio
import copy

import pytest

from resources.intercom.budget import Budget
from resources.intercom.client import Intercom
from tests.chaos import oracle, targets
from tests.chaos.driver import DONE
from tests.chaos.migrations import Migration

pytestmark = pytest.mark.chaos


@pytest.fixture(scope="module")
def migrated(driver, server, tmp_path_factory, new_journal):
    """A whole migration, its content and its journal's writes."""
    made = Migration(driver, server, tmp_path_factory.mktemp("whole"), targets.by_hand(), "ticket", None, new_journal())
    assert made.run()["code"] == DONE
    return made, oracle.read(server, made.target), oracle.read_journal(made.journal)


@pytest.fixture
def content(migrated):
    return copy.deepcopy(migrated[1])


@pytest.fixture
def parts(content):
    """The parts of t3, the one in which somebody says the same thing twice."""
    return thread(content, "t3").conversation.parts


def thread(content, key):
    return next(found for found in content.threads if found.ticket.ticket_attributes["ITCO id"] == key)


def written(parts):
    return [place for place, part in enumerate(parts) if part.part_type in oracle.WRITTEN]


def compare(migrated, content):
    return oracle.compare(content, migrated[0].target, "ticket") + oracle.compare_journal(content, migrated[2])


def test_nothing_is_wrong_with_a_whole_migration(migrated, content):
    assert len(content.threads) == 6
    assert compare(migrated, content) == []


def test_a_deleted_part_is_found(migrated, content, parts):
    del parts[written(parts)[1]]
    missing, unknown = compare(migrated, content)
    assert missing.startswith("Of t3 the part ('c2', 'comment', ")
    assert missing.endswith("is missing.")
    assert unknown.startswith("The journal knows of the part ")


def test_a_doubled_part_is_found(migrated, content, parts):
    place = written(parts)[0]
    parts.insert(place, parts[place].model_copy(update={"id": "1"}))
    assert [sentence.rpartition(" is there ")[2] for sentence in compare(migrated, content)] == [
        "once too often.",
        "and not in the journal.",
    ]


def test_reordered_parts_are_found(migrated, content, parts):
    one, two = written(parts)[1:3]
    parts[one], parts[two] = parts[two], parts[one]
    (sentence,) = compare(migrated, content)
    assert sentence.startswith("The parts of t3 are out of order")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"body": "<p>another</p>"}, "is missing"),
        ({"created_at": 1}, "is missing"),
        ({"part_type": "note"}, "is missing"),
    ],
)
def test_a_changed_part_is_found(migrated, content, parts, change, said):
    place = written(parts)[0]
    parts[place] = parts[place].model_copy(update=change)
    assert any(said in sentence for sentence in compare(migrated, content))


def test_a_ticket_that_is_not_as_it_should_be_is_found(migrated, content):
    found = thread(content, "t1")
    found.conversation.tags.pop()
    found.conversation = found.conversation.model_copy(update={"state": "open"})
    found.ticket.ticket_attributes["Priority"] = "Low"
    assert {sentence.split(" of ")[0] for sentence in compare(migrated, content)} == {
        "The tags", "The state", "The Priority",
    }  # fmt: skip


def test_missing_doubled_and_foreign_records_are_found(migrated, content):
    content.threads.append(thread(content, "t4"))
    content.contacts[0].companies.clear()
    content.companies.pop()
    content.counts["conversations"] = 1
    said = compare(migrated, content)
    for expected in (
        "The conversation t4 is there 2 times.",
        f"The link {content.contacts[0].external_id}|",
        "The company k2 is missing.",
        "There are 1 conversations, and there should be 0.",
    ):
        assert any(sentence.startswith(expected) for sentence in said), expected


def test_a_told_customer_is_found(migrated, content):
    content.told["by"].append({"audience": "contact", "cause": "a reply", "count": 2})
    assert compare(migrated, content) == ["The contact would have been told 2 times (a reply)."]


def test_an_open_intent_and_one_id_for_two_records_are_found(migrated, content):
    _, whole, writes = migrated
    spoilt = [(*write[:3], "intent", write[4]) if write[2] == "t1-m1" else write for write in writes]
    assert "The journal leaves the append of part t1-m1 as intent." in oracle.compare_journal(whole, spoilt)
    ids = [write for write in writes if write[0] == "part"]
    doubled = [(*write[:4], ids[0][4]) if write == ids[1] else write for write in writes]
    assert f"The journal has the part {ids[0][4]} for two records." in oracle.compare_journal(whole, doubled)


def test_a_part_that_somebody_really_sends_twice_is_found(migrated, server):
    """The last test of this file: it changes the workspace itself."""
    made, whole, _ = migrated
    assert oracle.judge(server, made.target, made.journal, "ticket") == []
    found = thread(whole, "t4").ticket

    body = {"message_type": "comment", "type": "user", "intercom_user_id": found.contacts[0].id, "body": "again"}

    async def send():
        async with Intercom(server.url, server.token, budget=Budget()) as client:
            await client.reply_ticket(found.id, {**body, "skip_notifications": True})

    asyncio.run(send())
    said = oracle.judge(server, made.target, made.journal, "ticket")
    assert any("is there once too often" in sentence for sentence in said), said
