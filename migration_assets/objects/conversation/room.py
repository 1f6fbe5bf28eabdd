"""The rooms of a conversation and of what is written, read and taken back with it."""

from migration_assets.objects.conversation.declaration import ATTACHMENT, CONVERSATION, CONVERSATION_TAG, PART
from migration_assets.objects.conversation.load import ConversationLoader
from migration_assets.objects.conversation.read_back.rules import (
    ATTACHMENT_READ_BACK,
    CONVERSATION_READ_BACK,
    PART_READ_BACK,
)
from migration_assets.objects.conversation.shaping import (
    ATTACHMENT_SHAPING,
    CONVERSATION_SHAPING,
    PART_SHAPING,
)
from migration_assets.objects.conversation.undo import ConversationUndoer
from migration_assets.objects.room import Room

CONVERSATION_ROOM = Room(
    declaration=CONVERSATION,
    loader=lambda chosen: ConversationLoader(chosen.route, chosen.ticket_type),
    shaping=CONVERSATION_SHAPING,
    undoer=ConversationUndoer,
    read_back=CONVERSATION_READ_BACK,
)
PART_ROOM = Room(
    declaration=PART,
    shaping=PART_SHAPING,
    read_back=PART_READ_BACK,
)
ATTACHMENT_ROOM = Room(
    declaration=ATTACHMENT,
    shaping=ATTACHMENT_SHAPING,
    read_back=ATTACHMENT_READ_BACK,
)
CONVERSATION_TAG_ROOM = Room(
    declaration=CONVERSATION_TAG,
)

ROOMS = (CONVERSATION_ROOM, PART_ROOM, ATTACHMENT_ROOM, CONVERSATION_TAG_ROOM)
