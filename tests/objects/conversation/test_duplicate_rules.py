"""Whether a copy may be deleted, decided over Intercom's answers alone."""

import pytest

from migration_assets.objects.conversation.sweep.duplicate_rules import SeenConversation, why_left, why_part_left
from schemas.intercom import Conversation, ConversationPart, Ticket

OWN, OTHER = "1", "2"
BOT = {"id": "0", "type": "bot"}
SAID = {"id": "p1", "part_type": "comment", "body": "<p>Hello &amp; more</p>", "created_at": 5,
        "author": {"id": "c1", "type": "user"}, "redacted": False}  # fmt: skip
MADE = {"id": "p0", "part_type": "ticket_state_updated_by_admin", "body": None, "created_at": 1, "author": BOT}
TICKET = {"created_at": 1, "ticket_type": {"id": "7"}, "open": True, "contacts": {"contacts": [{"id": "c1"}]},
          "ticket_state": {"id": "10", "category": "submitted"},
          "ticket_attributes": {"ITCO id": "t1", "_default_title_": "A", "Empty": None}}  # fmt: skip
CONVERSATION = {"created_at": 1, "state": "open", "priority": "none", "contacts": {"contacts": [{"id": "c1"}]},
                "source": {"body": "<p>Hello</p>"}}  # fmt: skip


def seen(parts=(MADE,), total=None, ticket=(), **conversation):
    """A ticket as Intercom shows it, with changes; `ticket=None` for a conversation that is none."""
    listed = {"conversation_parts": list(parts), "total_count": len(parts) if total is None else total}
    talk = Conversation.model_validate({"id": "9", "conversation_parts": listed, **CONVERSATION, **conversation})
    if ticket is None:
        return SeenConversation(talk)
    within = {"ticket_parts": list(parts), "total_count": len(parts) if total is None else total}
    return SeenConversation(talk, Ticket.model_validate({"id": "9", "ticket_parts": within, **TICKET, **dict(ticket)}))


OURS = seen(
    parts=(MADE, SAID),
    state="closed",
    title="A",
    tags={"tags": [{"id": "g1", "name": "VIP"}]},
    ticket={"ticket_state": {"id": "12", "category": "resolved"}, "admin_assignee_id": 5, "team_assignee_id": 6},
)
PLAIN = {"ticket": None, "parts": ()}


def event(kind, author, **more):
    """A part that nobody wrote."""
    return {"id": "p9", "part_type": kind, "body": None, "created_at": 8, "author": author, **more}


UNTOUCHED = {
    "as it was created": seen(),
    "assigned when it was created": seen(ticket={"admin_assignee_id": 5}),
    "with a message that ours has": seen(parts=(MADE, {**SAID, "id": "p8", "body": "<p>Hello & more</p>"})),
    "brought to its state by us": seen(
        parts=(MADE, event("close", {"id": OWN, "type": "admin"})),
        state="closed",
        ticket={"ticket_state": {"id": "12", "category": "resolved"}},
        tags={"tags": [{"id": "g1", "name": "VIP"}]},
    ),
    "a conversation that never became a ticket": seen(**PLAIN),
}


@pytest.mark.parametrize("case", UNTOUCHED)
def test_an_equal_copy_that_nobody_touched_may_be_deleted(case):
    assert why_left(UNTOUCHED[case], OURS, OWN) is None


LEFT = {
    "another contact": (seen(ticket={"contacts": {"contacts": [{"id": "c2"}]}}), "contacts"),
    "another time": (seen(created_at=2), "time"),
    "another title": (seen(ticket={"ticket_attributes": {**TICKET["ticket_attributes"], "_default_title_": "B"}}),
                      "attributes"),
    "another type": (seen(ticket={"ticket_type": {"id": "8"}}), "type"),
    "another first message": (seen(**PLAIN, source={"body": "<p>Hello!</p>"}), "first message"),
    "a message of somebody": (seen(parts=(MADE, {**SAID, "created_at": 6})), "messages"),
    "a redacted message": (seen(parts=(MADE, {**SAID, "redacted": True})), "messages"),
    "a bot's answer": (seen(parts=(MADE, {**SAID, "author": BOT})), "messages"),
    "an event by a teammate": (seen(parts=(MADE, event("assignment", {"id": OTHER, "type": "admin"}))), "worked"),
    "an event by a workflow": (seen(parts=(MADE, event("assignment", BOT))), "worked"),
    "an event that we never cause": (seen(parts=(MADE, event("merged", {"id": OWN, "type": "admin"}))), "worked"),
    "parts that are not shown": (seen(total=2), "too long"),
    "closed": (seen(state="closed"), "state"),
    "snoozed": (seen(snoozed_until=99, state="snoozed"), "state"),
    "in progress": (seen(ticket={"ticket_state": {"id": "11", "category": "in_progress"}}), "state"),
    "assigned to another": (seen(ticket={"admin_assignee_id": 4}), "assigned"),
    "given to another team": (seen(**PLAIN, team_assignee_id=4), "assigned"),
    "tagged": (seen(tags={"tags": [{"id": "g2", "name": "Odd"}]}), "tags"),
    "with a priority": (seen(priority="high"), "priority"),
    "renamed": (seen(**PLAIN, title="Mine"), "title"),
    "with a company": (seen(company={"id": "k9"}), "company"),
    "rated": (seen(conversation_rating={"rating": 5}), "rated"),
    "linked": (seen(linked_objects={"data": [{"id": "3"}]}), "linked"),
    "with an attribute": (seen(custom_attributes={"Reason": "x"}), "attributes"),
}  # fmt: skip


@pytest.mark.parametrize("case", LEFT)
def test_whatever_differs_or_was_touched_is_left(case):
    copy, word = LEFT[case]
    assert word in why_left(copy, OURS, OWN)


PART = ConversationPart.model_validate(SAID)


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({}, None),
        ({"part_type": "open"}, None),
        ({"part_type": "note"}, "differ"),
        ({"redacted": True}, "redacted"),
        ({"body": "<p>Hello</p>"}, "differ"),
        ({"created_at": 6}, "differ"),
        ({"author": BOT}, "differ"),
        ({"attachments": [{"name": "a.txt"}]}, "differ"),
    ],
)
def test_a_part_may_be_redacted_while_it_is_what_ours_is(change, word):
    reason = why_part_left("p2", "p1", [PART, ConversationPart.model_validate({**SAID, "id": "p2", **change})])
    assert (reason is None) if word is None else word in reason


def test_a_part_is_left_once_one_of_the_two_is_not_shown():
    assert "not shown" in why_part_left("p2", "p1", [PART])
