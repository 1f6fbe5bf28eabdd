"""What Intercom's documentation leaves open, as questions to a workspace: how each is answered, and what for.

The list has every entry of the embedded workspace's list of what is undocumented, with the same ways (a test holds the
two against each other). What the migration does with an answer stands beside it; most often it reads what it needs to
know at each write, so that the answer tells people what they will see.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from migration_assets.objects.probe import judging
from migration_assets.objects.probe.judging import SEEN_LENGTH, Judge, by_value, refusing
from migration_assets.writing.workspace_answers import OTHER_WAY

_AT_EACH = "Reads it in each answer and goes by that."


@dataclass(frozen=True)
class Question:
    """One question to a workspace.

    Attributes:
        name: as the list of what is undocumented calls it.
        ways: the answers that are known, the assumed one first.
        asks: the question.
        does: what the migration does with the answer.
        judge: what tells the way by a reading; None where it is not asked.
        not_asked: why not.
    """

    name: str
    ways: tuple[str, ...]
    asks: str
    does: str
    judge: Judge | None
    not_asked: str = ""

    @property
    def default(self) -> str:
        """The answer that is assumed without asking: the likelier one, or the harder case where neither is likelier."""
        return self.ways[0]


def _yes_no(name: str, asks: str, does: str = _AT_EACH, *, likely: str = "yes") -> Question:
    ways = ("yes", "no") if likely == "yes" else ("no", "yes")
    return Question(name, ways, asks, does, by_value({True: "yes", False: "no"}))


PEOPLE = (
    Question(
        "same_email", ("refuse", "allow"), "Is a second contact with the same e-mail refused?",
        "Makes one contact of one address in either case.", refusing("refuse", "allow"),
    ),
    Question(
        "lead_external_id", ("refuse", "ignore"), "Is an external id of a lead refused?",
        "Makes users only.", refusing("refuse", "ignore"),
    ),
    Question(
        "default_role", ("user", "lead"), "What is a contact made without a role?",
        "Always names the role.", by_value({"user": "user", "lead": "lead"}),
    ),
    Question(
        "missing_email", ("absent", "null"), "How is a contact without an e-mail shown?",
        "Takes both for none.", by_value({"absent": "absent", "null": "null"}),
    ),
    Question(
        "phone", ("kept", "digits"), "Does a phone number keep its form?",
        "Sends plus and digits, which both leave.", judging.of_phone,
    ),
    Question(
        "archived_contact", ("refuse", "free"), "Is an archived contact's external id still taken?",
        "Brings an archived contact back where it is.", refusing("refuse", "free"),
    ),
    Question(
        "blank_space", ("kept", "trimmed"), "Do names and titles keep their blank space?",
        "Compares them without it.", judging.of_blank_space,
    ),
    Question(
        "find_company", ("company", "list"), "What does asking for a company by its id answer?",
        "Reads both.", by_value({"company": "company", "list": "list"}),
    ),
    Question(
        "archived_company", ("restored", "refused", "new"), "What comes of the id of an archived company?",
        "A refused one is a failed write, the others are loaded.",
        by_value({"restored": "restored", "refused": "refused", "new": "new"}),
    ),
    Question(
        "tag_case", ("ignored", "matters"), "Are tags that differ by their case the same?",
        "Never makes two of them.", by_value({True: "ignored", False: "matters"}),
    ),
)  # fmt: skip

TICKETS = (
    Question(
        "creation_state_event", ("bot", "none", "admin"), "Who is shown to have set a new ticket's state?",
        "Takes none of it for an edit.", judging.by_authors,
    ),
    Question(
        "creation_assignment_event", ("none", "bot", "admin"), "Who is shown to have assigned a new ticket?",
        "Takes none of it for an edit.", judging.by_authors,
    ),
    Question(
        "creation_event_time", ("created_at", "now"), "Which time do these events have?",
        "Takes neither for an edit.", judging.of_event_times,
    ),
    Question(
        "found_at_once", ("yes", "no"), "Is a record found by its id right after it was made?",
        "Asks again for 10 seconds before it is taken for gone.", by_value({True: "yes", False: "no"}),
    ),
    _yes_no(
        "open_wakes_snoozed", "Does opening a snoozed ticket wake it?",
        "Where it does not, opens it as a conversation first.",
    ),
    Question(
        "open_part_wakes", ("yes", "no"), "Does opening it as a conversation wake a snoozed ticket?",
        "Where neither does, has it wake by its time.", None,
        "Nothing makes such a call silent: teammates might be told.",
    ),
    Question(
        "snooze_end_event", ("bot", "none"), "Does waking by its time leave an event?",
        "Takes it for nobody's edit.", by_value({"bot": "bot", "none": "none"}),
    ),
    Question(
        "same_value_event", ("part", "none"), "Does setting what is set leave an event?",
        "Does not set what is set.", by_value({True: "part", False: "none"}),
    ),
    _yes_no("state_moves_open", "Does a resolved ticket close by itself?", "Sends both.", likely="no"),
    _yes_no(
        "replier_participates", "Does a contact who replies in another's ticket become a participant?",
        "Where they do not, verification names every participant who is not ours.", likely="no",
    ),
    Question(
        "reply_wakes", ("snoozed", "nothing", "closed_too"), "What do a teammate's words wake?",
        "Sets the state last, after all messages.", judging.of_waking,
    ),
    Question(
        "reply_to_closed", ("open", "comment"), "What is a contact's reply to a closed conversation shown as?",
        "Takes both for the reply.", None,
        "Nothing makes a conversation, or a contact's reply to one, silent: teammates would be told.",
    ),
    _yes_no("contact_reply_reopens", "Does a contact's reply reopen a closed ticket?", "Sets the state last."),
    _yes_no("assigning_opens", "Does assigning reopen a closed ticket?", "Sets the state last.", likely="no"),
    Question(
        "change_author", ("named", "token", "bot"), "In whose name is a change of a ticket shown?",
        "Takes none of them for an edit.", by_value({"named": "named", "token": "token", "bot": "bot"}),
    ),
    Question(
        "updated_at", ("on_change", "moves"), "Does the time of the last change move by itself?",
        "Never takes it alone for an edit.", by_value({False: "on_change", True: "moves"}),
    ),
    Question(
        "created_at", ("kept", "minute", "two_years"), "Are the times of tickets and messages kept?",
        "Stops where they are not: customers would see wrong dates.", judging.of_times,
    ),
    Question(
        "part_order", ("time", "arrival"), "In which order are messages shown?",
        "Writes them in the order of their times.", by_value({True: "time", False: "arrival"}),
    ),
    Question(
        "html", ("kept", "bare", "wrapped", "entities"), "How is a message's HTML read back?",
        "Compares words, links and images.", judging.of_html,
    ),
    Question(
        "opening_text", ("description", "empty"), "Is a ticket's opening text its description?",
        "Where it is, verification wants it there.", judging.of_opening,
    ),
    Question(
        "inbox_title", ("whole", "trimmed", "shortened", "escaped"), "How does a conversation show a ticket's title?",
        "Where it is cut off or another one, takes only the ticket's own title for edited.", judging.of_inbox_title,
    ),
    Question(
        "ticket_list_values", ("id", "label"), "How is a list attribute read back?",
        "Takes both.", judging.of_list_value,
    ),
    Question(
        "ticket_dates_shown", ("unix", "iso"), "How is a date attribute read back?",
        "Takes both.", judging.of_date,
    ),
    Question(
        "empty_value", ("null", "absent", "empty"), "How is an attribute without a value read back?",
        "Takes all of them for none.", by_value({"null": "null", "absent": "absent", "empty": "empty"}),
    ),
    Question(
        "filesize", ("bytes", "zero", "absent"), "Is the size of a file shown?",
        "Compares it where it is.", judging.of_size,
    ),
    Question(
        "redacted_text", ("words", "empty"), "What is left of a redacted message?",
        "Goes by its being redacted.", by_value({True: "words", False: "empty"}),
    ),
)  # fmt: skip

READING = (
    Question(
        "search_finds", ("at_once", "later"), "Does a search find a ticket that was just made?",
        "Waits for twice as long before it takes a ticket for missing.", judging.of_lag,
    ),
    Question(
        "page_sizes", ("small", "large"), "How many records has a page of a list?",
        "Names the size in each call.", by_value({15: "small", 10: "small", 20: "large", 50: "large"}),
    ),
    Question(
        "ticket_dates", ("all", "strict"), "Does a search take >= and <= for times?",
        "Uses > and < only.", refusing("strict", "all"),
    ),
    Question(
        "request_id", ("uuid", "token"), "What do Intercom's ids of requests look like?",
        "Keeps them as they come.", judging.of_request_id,
    ),
)  # fmt: skip

QUESTIONS = (*PEOPLE, *TICKETS, *READING)
TIMED = "search_finds"
"""The question whose reading is a time in seconds."""


A_MOMENT = 1_000_000_000
"""A whole number from here on is a moment, in unix seconds."""
INTERRUPTED = "interrupted"
"""The reading that a step of the probe has failed, so that what was not read may yet be."""
ASK_AGAIN = "ask_again"
"""What an answer has that was not found because a step failed: how many probes have failed to find it."""
ASKED_AT_MOST = 3
"""Probes after which a run asks no more by itself: what has failed that often is refused, and not interrupted."""


def answers(readings: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Return the answer to every question: `answer`, `seen` in words, and the `seconds` of what takes time."""
    return {question.name: _answer(question, readings) for question in QUESTIONS}


def unanswered(found: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """Return the questions that are to be asked again: a step of the probe failed, and not too often yet."""
    return [name for name, one in found.items() if 0 < one.get(ASK_AGAIN, 0) < ASKED_AT_MOST]


def with_earlier(
    found: Mapping[str, Mapping[str, Any]], earlier: Mapping[str, Mapping[str, Any]]
) -> dict[str, Mapping[str, Any]]:
    """Return what was found, and in place of what this time was not, what an earlier probe had."""
    return {
        name: one if one["answer"] is not None else _not_found_again(one, earlier.get(name, {}))
        for name, one in found.items()
    }


def _not_found_again(one: Mapping[str, Any], earlier: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return what is known of a question that was not answered this time."""
    if earlier.get("answer") is not None:
        return earlier
    return {**one, ASK_AGAIN: earlier.get(ASK_AGAIN, 0) + 1} if one.get(ASK_AGAIN) else one


def _answer(question: Question, readings: Mapping[str, Any]) -> dict[str, Any]:
    if question.judge is None or question.name not in readings:
        missing = {"answer": None, "seen": question.not_asked or "It could not be seen.", "seconds": None}
        return {**missing, ASK_AGAIN: 1} if question.judge is not None and readings.get(INTERRUPTED) else missing
    reading = readings[question.name]
    way = question.judge(reading)
    seconds = reading if question.name == TIMED else None
    return {"answer": OTHER_WAY if way is None else way, "seen": _in_words(reading)[:SEEN_LENGTH], "seconds": seconds}


def _in_words(reading: Any) -> str:  # noqa: ANN401 - any reading
    if isinstance(reading, judging.WrittenAndShown):
        moments = (reading.sent, reading.shown)
        if all(isinstance(one, int) and one > A_MOMENT for one in moments):
            sent, shown = (datetime.fromtimestamp(one, UTC).strftime("%Y-%m-%d %H:%M:%S") for one in moments)
            return f"sent {sent}, shown {shown}"
        return f"sent {reading.sent!r}, shown {reading.shown!r}"
    if isinstance(reading, list | tuple):
        return "; ".join(map(_in_words, reading)) or "nothing"
    return str(reading)
