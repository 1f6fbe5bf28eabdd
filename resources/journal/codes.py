"""The program's own codes of writes in the journal. Beside them stand Intercom's and its client's."""

from enum import StrEnum


class WriteCode(StrEnum):
    """Why a write is in its state, in its column `error_code`."""

    EDITS = "edits"
    """Confirmed: fields of the record hold what somebody else put there. The remark names them, by `EditOutcome`."""
    ANSWERED = "answered"
    """Confirmed: the answer showed fields otherwise than they were sent, or as sent again where it had not before. The
    remark names them, by `AnswerOutcome`; with edits as well, the code is that of edits."""
    FOUND_AGAIN = "found_again"
    """Confirmed: its answer was lost, and it was found in Intercom. What an answer would have shown is not known."""
    FOLLOWED_MERGE = "followed_merge"
    """Undone because a contact was merged into another one, or confirmed as what took its place."""
    UNSENDABLE = "unsendable"
    """Rejected: it cannot be put into words for Intercom."""
    TOO_MANY_ATTEMPTS = "too_many_attempts"
    """Rejected: it was sent again and again without a clear answer."""
    PRIORITY_IGNORED = "priority_ignored"
    """Rejected: Intercom answered with another priority than it was sent."""
    STATE_IGNORED = "state_ignored"
    """Rejected: Intercom took a ticket's state and left the ticket in another, whichever way it was asked."""
    PROCESS_DIED = "process_died"
    """Ambiguous: it was under way when its process ended, so it may have left at any moment until then."""
    ASSUMED = "assumed"
    """Ambiguous: an older journal may have known of it, so it is looked up before it is sent."""
    DECLINED = "declined"
    """Undone: we would rather not send it after all. The remark says why: `{"declined": code}`."""
    REPEATABLE = "repeatable"
    """Undone: nobody knows whether it arrived, and it may be sent again without harm."""
    NOT_FOUND = "not_found"
    """Undone: nobody knew whether it arrived, and Intercom does not have it."""
    STILL_THERE = "still_there"
    """Undone: nobody knew whether it was taken out of Intercom, and it is there still."""
    ROLLED_BACK = "rolled_back"
    """Undone: a rollback has taken it back."""
    TAKEN_OFF = "taken_off"
    """Undone, in the warehouse's copy only: what was put on a record was taken off it again."""


class EditOutcome(StrEnum):
    """What became of fields that were not as we left them; each a list of names in the remark of a write."""

    KEPT = "kept"
    """Somebody had edited them, and they were left so."""
    OVERWRITTEN = "overwritten"
    """Somebody had edited them."""
    TAKEN_OVER = "taken_over"
    """A record that stood before us had them."""


class AnswerOutcome(StrEnum):
    """How an answer showed fields that were sent; each a list of names in the remark of a write."""

    OTHERWISE = "otherwise"
    """Not as they were sent, and no normalisation explains it."""
    AS_SENT = "as_sent"
    """As they were sent, where an earlier answer had shown them otherwise."""


class LossCode(StrEnum):
    """Why Intercom has no more what was loaded: of a write undone for it, and in `observed.deleted_in_intercom`."""

    DELETED = "deleted_in_intercom"
    ARCHIVED = "archived_in_intercom"
    MERGED = "merged_in_intercom"
