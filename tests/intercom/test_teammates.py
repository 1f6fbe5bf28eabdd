"""What was said before a load that teammates may notice, against what the embedded workspace counted in it."""

import pytest

from migration_assets.objects.conversation.notice import TeammateNotice
from resources.intercom.errors import IntercomError
from resources.intercom.outcomes import CallOutcome
from tests.support import target_tables as tt

UNSILENCED = ("create_conversation", "reply_conversation", "convert_conversation")


def told(site):
    """Return the notifications to teammates so far by cause; customers must have got none."""
    counted = {"contact": {}, "teammate": {}}
    for row in site.control("notifications")["by"]:
        counted[row["audience"]][row["cause"]] = row["count"]
    assert counted["contact"] == {}
    return counted["teammate"]


def losing(after):
    """Lose the first answer of each call that cannot be silenced, after or before Intercom has carried it out."""

    def wrap(client):
        left = set(UNSILENCED)
        for name in UNSILENCED:
            real = getattr(client, name)

            async def call(*args, real=real, name=name, **kwargs):
                if name not in left:
                    return await real(*args, **kwargs)
                left.remove(name)
                if after:
                    await real(*args, **kwargs)
                raise IntercomError(
                    CallOutcome.AMBIGUOUS, None, "no_answer", "No whole answer in time.", None, "POST /x"
                )

            setattr(client, name, call)

    return wrap


def test_on_the_ticket_route_nobody_is_told_as_was_said(small):
    assert small.plan().notices[0].total == 0
    small.migrate()
    assert told(small) == {}


def test_on_the_conversation_route_the_count_is_what_was_said(small):
    small.options = {"route": "conversation"}
    (notice,) = small.plan().notices
    assert notice == TeammateNotice(conversations_created=4, contact_replies=2, conversions=4)
    small.migrate()
    assert told(small) == {
        "POST /conversations: new conversation": notice.conversations_created,
        "POST /conversations/{id}/reply: contact reply": notice.contact_replies,
        "POST /conversations/{id}/convert: converted to a ticket": notice.conversions,
    }


def test_a_delta_says_and_tells_only_what_is_new(small):
    small.options = {"route": "conversation"}
    small.migrate()
    before = sum(told(small).values())
    small.target(
        conversations=[
            {**small.tables["conversations"][0], "title": "Another title", "state": "open"},
            *small.tables["conversations"][1:],
            tt.conversation("t5", "c2", state="closed", ticket_state="Resolved", created_at=1_600_400_000),
        ],
        parts=[*small.tables["parts"], tt.part("m6", "t1", 4, "c1"), tt.part("m7", "t5", 1, "c2")],
    )
    (notice,) = small.plan().notices
    assert notice == TeammateNotice(conversations_created=1, contact_replies=1, conversions=1)
    small.migrate()
    assert sum(told(small).values()) - before == notice.total
    assert small.plan().notices[0].total == 0


@pytest.mark.chaos
@pytest.mark.parametrize("after", [True, False])
def test_lost_answers_never_make_it_more_than_was_said(small, after):
    """A write that was carried out in an earlier run is not counted in the next: there it may come to less."""
    small.options = {"route": "conversation"}
    counted = 0
    for wrap in (losing(after), None):
        said = small.plan().notices[0].total
        small.migrate(wrap=wrap)
        now = sum(told(small).values())
        assert now - counted <= said
        counted = now
    assert counted == 10
    assert small.plan().notices[0].total == 0
