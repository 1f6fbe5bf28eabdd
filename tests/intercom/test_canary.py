"""The first tickets are read back before the others follow."""

import pytest

from migration_assets.objects.conversation.canary import CANARY_SIZE, faults_of
from migration_assets.writing.records import Stopped
from resources.intercom.errors import IntercomError
from resources.intercom.outcomes import CallOutcome
from schemas.intercom import Ticket
from tests.support import target_tables as tt

SENT = {"source_key": "t1", "intercom_id": "9", "created_at": 1_600_000_000, "sent_now": True,
        "sent_at": 1_700_000_000.5}  # fmt: skip
PART = {"part_key": "m1", "part_id": "p1"}
PARTS = {"m1": {"created_at": 1_600_000_060, "author_id": "a1"}}


def shown(created_at=1_600_000_000, part_at=1_600_000_060, author="a1", more=()):
    part = {"id": "p1", "part_type": "comment", "body": "<p>x</p>", "created_at": part_at,
            "author": {"type": "admin", "id": author}}  # fmt: skip
    parts = {"ticket_parts": [part, *more], "total_count": 1 + len(more)}
    return Ticket.model_validate({"id": "9", "created_at": created_at, "ticket_parts": parts})


BOT = {"id": "p2", "part_type": "comment", "body": "<p>We are away</p>", "created_at": 1_700_000_000,
       "author": {"type": "bot", "id": "b"}}  # fmt: skip
STATE = {"id": "p3", "part_type": "ticket_state_updated_by_admin", "body": None, "created_at": 1_700_000_000,
         "author": {"type": "bot", "id": "b"}}  # fmt: skip


@pytest.mark.parametrize(
    ("ticket", "sent_now", "words"),
    [
        (shown(), True, []),
        (shown(more=[STATE]), True, []),
        (shown(created_at=1_700_000_000), True,
         ["Ticket t1 was opened 2020-09-13 12:26:40 UTC, and Intercom shows 2023-11-14 22:13:20 UTC."]),
        (shown(created_at=None), False,
         ["Ticket t1 was opened 2020-09-13 12:26:40 UTC, and Intercom shows without a time."]),
        (shown(part_at=1_600_000_000), False, ["Message m1 of ticket t1 was written 2020-09-13 12:27:40 UTC, and"]),
        (shown(author="a2"), True, ["Message m1 of ticket t1 is shown as another author's."]),
        (shown(author="a2"), False, []),
        (shown(more=[BOT]), True, ["An automation of the workspace has written into ticket t1: pause Workflows"]),
        (shown(more=[BOT]), False, []),
        (shown(more=[{**BOT, "created_at": 1_699_999_999}]), True, []),
    ],
)  # fmt: skip
def test_faults_of_a_ticket_are_sentences(ticket, sent_now, words):
    found = list(faults_of(ticket, [{**SENT, **PART, "sent_now": sent_now}], PARTS))
    assert len(found) == len(words)
    for sentence, beginning in zip(found, words, strict=True):
        assert sentence.startswith(beginning)


def test_a_ticket_without_messages_and_a_message_that_is_not_shown_are_no_faults():
    nothing = {"part_key": None, "part_id": None}
    assert list(faults_of(shown(), [{**SENT, **nothing}], PARTS)) == []
    assert list(faults_of(shown(), [{**SENT, **PART, "part_id": "p7"}], PARTS)) == []


# -- against a workspace ------------------------------------------------------------------------------------


@pytest.fixture(params=["ticket", "conversation"])
def many(small, request):
    """More tickets than are sent alone."""
    small.options = {"route": request.param}
    further = [tt.conversation(f"n{number}", created_at=1_600_400_000 + number) for number in range(2 * CANARY_SIZE)]
    small.target(conversations=[*small.tables["conversations"], *further])
    return small


def ignoring_times(client):
    """Intercom as it would be if it dated everything when it came."""
    for name in ("create_ticket", "create_conversation"):
        real = getattr(client, name)

        async def call(body, *args, real=real, **kwargs):
            return await real({key: value for key, value in body.items() if key != "created_at"}, *args, **kwargs)

        setattr(client, name, call)


def test_where_times_are_not_kept_only_the_first_tickets_are_sent(many):
    sent = []
    for _ in range(2):
        # Running again makes nothing better, and sends no further ticket.
        with pytest.raises(Stopped, match=r"The first tickets are not in Intercom as they were sent.*was opened"):
            many.migrate(wrap=ignoring_times)
        sent.append(len(many.tickets()))
    # What answers the first of them may stop the run before all of them are sent.
    assert 1 <= sent[0] == sent[1] <= CANARY_SIZE


def test_where_the_first_tickets_cannot_be_read_the_others_wait(many):
    def wrap(client):
        async def call(_ticket_id):
            raise IntercomError(CallOutcome.NOT_EXECUTED, 503, "http_503", "", None, "GET /tickets/{ticket_id}")

        client.get_ticket = call

    with pytest.raises(Stopped, match="The first tickets cannot be read back: GET /tickets/"):
        many.migrate(wrap=wrap)
    assert len(many.tickets()) == CANARY_SIZE
    many.migrate()
    assert len(many.tickets()) == len(many.tables["conversations"])


def test_where_all_is_well_the_others_follow(many):
    read = []

    def noting(client):
        real = client.get_ticket

        async def call(ticket_id):
            read.append(ticket_id)
            return await real(ticket_id)

        client.get_ticket = call

    results = many.migrate(wrap=noting)
    assert results["conversation"].created == len(many.tables["conversations"]) == len(many.tickets())
    assert len(read) == len(set(read)) == CANARY_SIZE


def test_a_time_that_itco_corrects_later_is_no_fault_of_intercoms(many):
    """A ticket's beginning cannot be moved: only one that was made with what is still wanted can be compared."""
    many.migrate()
    corrected = [row | {"created_at": row["created_at"] + 60, "title": f"{row['title']} again"}
                 for row in many.tables["conversations"]]  # fmt: skip
    many.target(conversations=corrected)
    many.migrate()
    many.target(conversations=[*corrected, tt.conversation("later", created_at=1_600_500_000)])
    assert many.migrate()["conversation"].created == 1
