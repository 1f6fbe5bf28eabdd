"""Every kind of touch of a conversation, one entry each: its code, how it is seen, and the sentence about it.

A delta, a rollback, the look after the cutover and a verification go by this list. What is ours is known from the
journal: the marks of the fields, the ids of parts and tags, and the times of our writes.
"""

import html
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from migration_assets.objects.ticket_type.ticket_types import TITLE
from migration_assets.objects.touches import CUSTOMER, UNNAMED, Touch, field_touches
from migration_assets.writing.conflicts import field_hash
from migration_assets.writing.touch_rules import (
    AT_ONCE,
    CLOCKS_DIFFER,
    EditRules,
    Left,
    Refusal,
    RefusalCode,
    WritingTimes,
)
from resources.wording import counted, listed
from schemas.intercom import ConversationPart

CUSTOMER_FIELD = "customer"
"""Whose ticket it is, as a mark of the write that made it: nothing of ours changes it later."""
EDIT_RULES = EditRules(
    not_shown=frozenset({"company_id", "priority", "is_shared", CUSTOMER_FIELD}),
    of_itself=frozenset({"state", "assignee", "is_shared"}),
)
"""Company and priority only a ticket's conversation shows, which is not always read; every ticket has a state and an
assignee and is shared with its customer or is not, also before our writes have come to it."""
OPENING_BLANKED = Touch(RefusalCode.REDACTED, "opening blanked")
TITLE_FIELD = f"ticket_attributes.{TITLE}"
WHOLE_TITLES = ("whole", "trimmed", "escaped")
"""The ways of a workspace in which the title of a conversation is its ticket's, as far as words go."""
MESSAGES = ("comment", "note", "quick_reply")
LEFT_BY_MAKING = ("ticket_state_updated_by_admin", "assignment")
WHO = {"admin": "a teammate", "user": CUSTOMER, "lead": CUSTOMER, "contact": CUSTOMER, "bot": "a bot"}


@dataclass(frozen=True, slots=True)
class SeenThread:
    """A ticket, the conversation that it is, or both, as they are now.

    Attributes:
        fields: what is shown of the fields, flat.
        parts: the messages and events, but for those that we have blanked ourselves.
        tags: Intercom's ids of the tags; None where no conversation was read.
        contacts: Intercom's ids of who takes part, whose ticket it is first; None where that is not judged.
        known: those of them that are ours.
        whole: whether all parts are given.
        inbox_title: the conversation's own title (`own_title`), which need not be the ticket's.
        opening_blanked: whether the opening message was blanked, as far as the conversation was read.
    """

    fields: Mapping[str, Any]
    parts: Sequence[ConversationPart] = ()
    tags: Collection[str] | None = None
    contacts: Sequence[str] | None = None
    known: Collection[str] = ()
    whole: bool = True
    inbox_title: str | None = None
    opening_blanked: bool = False


def said_something(part: ConversationPart) -> bool:
    """Whether somebody wrote the part, other than an event such as an assignment."""
    return bool(part.body) or bool(part.attachments)


def caused_by(part: ConversationPart, own_admins: Collection[str]) -> str | None:
    """Tell who has caused a part that no write of ours knows: somebody else, or perhaps we; None where nobody has.

    A text is somebody's. An event is, unless it is of a bot or of an admin in whose name our own writes may be shown:
    Intercom leaves such when a ticket is made, changed or written in. Those are ours at the times of our writes.
    Without `own_admins` it may be any admin.
    """
    if said_something(part) or part.part_type in MESSAGES:
        return None if part.redacted else "others"
    author = part.author
    if part.redacted or author is None:
        return None
    is_admin = author.type in ("admin", "team")
    perhaps_ours = author.type == "bot" or (is_admin and (not own_admins or author.id in own_admins))
    return "perhaps us" if perhaps_ours else "others"


def is_of_others(part: ConversationPart, own_admins: Collection[str], writing: WritingTimes) -> bool:
    """Whether somebody but us has caused a part that no write of ours knows.

    What Intercom leaves in an admin's name it leaves at once; its bots may take longer.
    """
    cause = caused_by(part, own_admins)
    by_bot = part.author is not None and part.author.type == "bot"
    margin = CLOCKS_DIFFER if by_bot else AT_ONCE
    return cause == "others" or (cause == "perhaps us" and not writing.holds(part.created_at or 0, margin))


def with_authors(
    own_admins: Collection[str], parts: Iterable[ConversationPart], ours: Collection[str]
) -> frozenset[str]:
    """Return the admins who may be shown for what our writes leave: also those whose messages we have written.

    Nothing documents who is shown where a teammate's message wakes a ticket. Empty where our own admins are not known.
    """
    if not own_admins:
        return frozenset()
    authors = (part.author for part in parts if part.id in ours)
    return frozenset(own_admins) | {author.id for author in authors if author and author.type == "admin" and author.id}


def may_be_of_others(part: ConversationPart, own_admins: Collection[str], writing: WritingTimes) -> bool:
    """Whether it is not certain that a part which no write of ours knows is our doing.

    A value that has no mark is only overwritten where it is certain. Of a bot's events that are those which Intercom
    leaves of itself when a ticket is made, at the times of our writes.
    """
    by_bot = part.author is not None and part.author.type == "bot"
    unlike_making = by_bot and part.part_type not in LEFT_BY_MAKING and caused_by(part, own_admins) is not None
    return unlike_making or is_of_others(part, own_admins, writing)


def _part(code: RefusalCode, part: ConversationPart) -> Touch:
    by = WHO.get(part.author.type or "", UNNAMED) if part.author else UNNAMED
    return Touch(code, (part.part_type or "").replace("_", " "), by, part.created_at, part.id)


Seen = Callable[[SeenThread, Left, Collection[str]], list[Touch]]
"""Finds the touches of one kind, given how our writes left it, and the admins who may be shown for what we do."""


def _messages(thread: SeenThread, left: Left, own_admins: Collection[str]) -> list[Touch]:
    strange = [part for part in thread.parts if part.id not in left.parts]
    written = [part for part in strange if said_something(part) or part.part_type in MESSAGES]
    return [_part(RefusalCode.ANSWERED, part) for part in written if is_of_others(part, own_admins, left.writing)]


def _blanked(thread: SeenThread, _left: Left, _own_admins: Collection[str]) -> list[Touch]:
    opening = [OPENING_BLANKED] if thread.opening_blanked else []
    return opening + [Touch(RefusalCode.REDACTED, "blanked", part_id=part.id) for part in thread.parts if part.redacted]


def _events(thread: SeenThread, left: Left, own_admins: Collection[str]) -> list[Touch]:
    strange = [part for part in thread.parts if part.id not in left.parts]
    events = [part for part in strange if not said_something(part) and part.part_type not in MESSAGES]
    return [_part(RefusalCode.HANDLED, part) for part in events if is_of_others(part, own_admins, left.writing)]


def _fields(thread: SeenThread, left: Left, _own_admins: Collection[str]) -> list[Touch]:
    found = field_touches(thread.fields, left, EDIT_RULES)
    # Where the ticket's title is another, the conversation's follows it.
    renamed = any(one.what == "title" for one in found)
    return found if renamed else [*found, *title_touches(thread.inbox_title, left)]


def own_title(title: str | None, answers: Mapping[str, str]) -> str | None:
    """Return the title of the conversation that a ticket is, as far as it tells of an edit; None where it does not.

    Where a probe has not seen that a conversation shows the whole of its ticket's title, another one need not be
    anybody's doing.

    Args:
        title: what the conversation shows.
        answers: what a probe has seen the workspace do, by question.
    """
    way = answers.get("inbox_title")
    if title is None or way not in WHOLE_TITLES:
        return None
    return html.unescape(title) if way == "escaped" else title


def title_touches(inbox_title: str | None, left: Left) -> list[Touch]:
    """Return whether the conversation has another title than we left: it has one of its own beside the ticket's."""
    known = left.marks.get(TITLE_FIELD)
    if inbox_title is None or known is None or field_hash(TITLE_FIELD, inbox_title) in known.split():
        return []
    return [Touch(RefusalCode.EDITED, "title in the inbox")]


def _tags(thread: SeenThread, left: Left, _own_admins: Collection[str]) -> list[Touch]:
    return [] if thread.tags is None else tag_touches(thread.tags, left)


def tag_touches(tags: Collection[str], left: Left) -> list[Touch]:
    """Return what was done with the tags: one that we did not put on, or one that we did and that is gone."""
    put_on, taken_off = set(tags) - set(left.worn), set(left.worn) - set(tags)
    done = (("tag put on", put_on), ("tag taken off", taken_off))
    return [Touch(RefusalCode.TAGS, what) for what, tags in done if tags]


def _is_customer(contact: str, thread: SeenThread, left: Left) -> bool:
    """Whether it is the contact whom the ticket was made for; where the journal does not say that, any of ours."""
    marks = left.marks.get(CUSTOMER_FIELD)
    return contact in thread.known and (marks is None or field_hash(CUSTOMER_FIELD, contact) in marks.split())


def _participants(thread: SeenThread, left: Left, _own_admins: Collection[str]) -> list[Touch]:
    """Whose ticket it is stands first; whoever replies may take part, and others were added."""
    if thread.contacts is None:
        return []
    if not thread.contacts or not _is_customer(thread.contacts[0], thread, left):
        return [Touch(RefusalCode.PARTICIPANTS, "customer taken out")]
    writers = {part.author.id for part in thread.parts if part.author}
    added = [one for one in thread.contacts[1:] if one not in writers] if thread.whole else []
    return [Touch(RefusalCode.PARTICIPANTS, "participant added")] if added else []


@dataclass(frozen=True, slots=True)
class TouchKind:
    """One kind of touch: its code, how it is seen, and the sentence about those that were found."""

    code: RefusalCode
    seen: Seen
    sentence: Callable[[Sequence[Touch]], str]


TOUCH_KINDS = (
    TouchKind(
        RefusalCode.ANSWERED, _messages, lambda found: f"{counted(len(found), 'message')} in it by {_authors(found)}"
    ),
    TouchKind(RefusalCode.REDACTED, _blanked, lambda _found: "a message in it was blanked"),
    TouchKind(RefusalCode.EDITED, _fields, lambda found: f"changed since: {listed([one.what for one in found])}"),
    TouchKind(
        RefusalCode.HANDLED, _events, lambda found: f"opened, closed, assigned or changed since by {_authors(found)}"
    ),
    TouchKind(RefusalCode.TAGS, _tags, lambda found: f"{listed([one.what for one in found])} since"),
    TouchKind(RefusalCode.PARTICIPANTS, _participants, lambda found: f"{found[0].what} since"),
)
"""The list, in the order in which a reason is given."""


def _authors(found: Sequence[Touch]) -> str:
    return listed(sorted({touch.by or UNNAMED for touch in found}))


def touches_of(thread: SeenThread, left: Left, own_admins: Collection[str] = ()) -> list[Touch]:
    """Return everything that somebody but us has done to a conversation that we made."""
    admins = with_authors(own_admins, thread.parts, left.parts)
    return [touch for kind in TOUCH_KINDS for touch in kind.seen(thread, left, admins)]


def touched_thread(thread: SeenThread, left: Left, own_admins: Collection[str] = ()) -> Refusal | None:
    """Judge a conversation that we made: nobody may have touched it since. The first kind that is found speaks."""
    admins = with_authors(own_admins, thread.parts, left.parts)
    for kind in TOUCH_KINDS:
        if found := kind.seen(thread, left, admins):
            return Refusal(kind.code, kind.sentence(found))
    return None
