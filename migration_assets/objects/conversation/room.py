"""The rooms of a conversation and of what is written, read and taken back with it."""

from pathlib import Path

from migration_assets.objects.conversation.conversations import Conversations
from migration_assets.objects.conversation.count import CONVERSATION_DESTINATION, PART_DESTINATION
from migration_assets.objects.conversation.declaration import CONVERSATION, CONVERSATION_TAG
from migration_assets.objects.conversation.notice import write_notice
from migration_assets.objects.conversation.part import ATTACHMENT, PART
from migration_assets.objects.conversation.read_back.conversation_read_back import (
    ATTACHMENT_READ_BACK,
    CONVERSATION_READ_BACK,
    PART_READ_BACK,
)
from migration_assets.objects.conversation.refusals import refuse_conversations, refuse_unknown_tags
from migration_assets.objects.conversation.routes.seen import CONVERSATION_TOUCHES
from migration_assets.objects.conversation.shaping import (
    ATTACHMENT_SHAPING,
    CONVERSATION_SHAPING,
    PART_SHAPING,
)
from migration_assets.objects.conversation.spot_check.sides import CONVERSATIONS_SIDE_BY_SIDE
from migration_assets.objects.conversation.sweep.conversation_sweep import CONVERSATION_SWEEP
from migration_assets.objects.room import LoadRules, PlanRules, Room, WaitReason

_HERE = Path(__file__).parent

CONVERSATION_ROOM = Room(
    declaration=CONVERSATION,
    loader=lambda chosen: Conversations(chosen.route, chosen.ticket_type),
    plan=PlanRules(
        desired=_HERE / "desired.sql",
        holds=_HERE / "holds.sql",
        reasons={
            "agent_not_in_intercom": WaitReason("waits for an agent who is not in Intercom"),
            "team_not_in_intercom": WaitReason("waits for a team that is not in Intercom"),
        },
        refusal=refuse_conversations,
        notice=write_notice,
        # Converting on the conversation route reads once and writes thrice at most.
        calls={("conversation", "update"): 4},
    ),
    load=LoadRules(
        after=("contacts", "contact_companies", "ticket_type", "tags"),
        description="One row per conversation that is in Intercom, with its ticket, its parts, its tags and its state.",
    ),
    destination=CONVERSATION_DESTINATION,
    old_numbers=_HERE / "old_numbers.sql",
    shaping=CONVERSATION_SHAPING,
    read_back=CONVERSATION_READ_BACK,
    sweep=CONVERSATION_SWEEP,
    touches=CONVERSATION_TOUCHES,
    side_by_side=CONVERSATIONS_SIDE_BY_SIDE,
)
PART_ROOM = Room(
    declaration=PART,
    plan=PlanRules(desired=_HERE / "desired_parts.sql", wanted=_HERE / "wanted_parts.sql"),
    load=LoadRules(told_as="parts"),
    destination=PART_DESTINATION,
    shaping=PART_SHAPING,
    read_back=PART_READ_BACK,
)
ATTACHMENT_ROOM = Room(
    declaration=ATTACHMENT,
    load=LoadRules(told_as="files", figures=_HERE / "file_figures.sql"),
    shaping=ATTACHMENT_SHAPING,
    read_back=ATTACHMENT_READ_BACK,
)
CONVERSATION_TAG_ROOM = Room(
    declaration=CONVERSATION_TAG,
    plan=PlanRules(
        records=_HERE / "tags.sql",
        desired=_HERE / "desired_tags.sql",
        taken_off=_HERE / "taken_off_tags.sql",
        refusal=refuse_unknown_tags,
    ),
)

ROOMS = (CONVERSATION_ROOM, PART_ROOM, ATTACHMENT_ROOM, CONVERSATION_TAG_ROOM)
