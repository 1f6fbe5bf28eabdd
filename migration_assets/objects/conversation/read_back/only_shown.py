"""What Intercom shows of a conversation, its parts and files beside the fields that were sent; it is compared too."""

from migration_assets.objects.conversation.read_back.normalisations import (
    OPENING_IS_DESCRIPTION,
    SAME_SECOND,
    TEXT_SHOWN_AS_HTML,
    TITLE_IS_ATTRIBUTE,
)
from migration_assets.objects.fields import only_compared
from migration_assets.objects.normalisations import BLANK_SPACE

OF_CONVERSATIONS = (
    only_compared(
        "inbox_title",
        "The subject line as the Inbox shows it.",
        "nullif(t.title, '')",
        normalisations=(TITLE_IS_ATTRIBUTE, BLANK_SPACE),
    ),
    only_compared(
        "opening",
        "The opening message as the Inbox shows it.",
        "coalesce(nullif(t.description, ''), t.title)",
        normalisations=(TEXT_SHOWN_AS_HTML, OPENING_IS_DESCRIPTION),
    ),
    only_compared("part_counter", "How many parts Intercom gives: all that it counts.", "t.parts_counted"),
)
OF_PARTS = (
    only_compared(
        "order",
        "Its place among the parts that are there.",
        "t.place::VARCHAR",
        normalisations=(BLANK_SPACE, SAME_SECOND),
    ),
)
OF_ATTACHMENTS = (only_compared("part", "The part that carries it.", "t.part_key"),)
