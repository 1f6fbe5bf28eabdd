"""The normalisations: every way in which Intercom may show a value otherwise than it was sent, with its reason.

A field declares which of them it may be explained by; what is particular to an object stands in its room. Nothing else
is forgiven anywhere. Here are those that any field may declare, and those that hold for a record and so for all fields.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from migration_assets.writing.workspace_answers import OTHER_WAY


@dataclass(frozen=True, slots=True)
class Normalisation:
    """One way in which two values may differ and yet say the same.

    Attributes:
        name: as it is counted.
        reason: why Intercom does so, in a sentence for people.
        holds: the SQL condition over the view `joined` of verified/fields/compare.sql: field, expected, found, and
            what is known of the record.
        because: the question to a workspace and the answer for which it is so; a workspace that was seen to answer
            otherwise is not forgiven. None where no question decides it.
    """

    name: str
    reason: str
    holds: str
    because: tuple[str, str] | None = None

    def may_be(self, answers: Mapping[str, str]) -> bool:
        """Whether a workspace does so, by what a probe has seen of it; what was not seen may be."""
        return self.because is None or answers.get(self.because[0]) in (None, OTHER_WAY, self.because[1])


LETTER_CASE = Normalisation(
    "letter_case",
    "Intercom takes upper and lower case for the same in e-mail addresses, tags, options and states.",
    "lower(expected) = lower(found)",
)
BLANK_SPACE = Normalisation(
    "blank_space",
    "Intercom trims names and short texts, and may make one space of several.",
    "single_spaced(expected) = single_spaced(found)",
)
NUMBER_WRITTEN_OTHERWISE = Normalisation(
    "number_written_otherwise",
    "The same number, written in another way: 12 and 12.0.",
    "TRY_CAST(expected AS DOUBLE) = TRY_CAST(found AS DOUBLE)",
)
MOMENT_WRITTEN_OTHERWISE = Normalisation(
    "moment_written_otherwise",
    "The same moment: sent in unix seconds, shown as a date and time.",
    "TRY_CAST(expected AS BIGINT) = epoch(TRY_CAST(found AS TIMESTAMPTZ))",
)
SEEN_SINCE = Normalisation(
    "seen_since",
    "Intercom moves the time at which a contact was last seen on by itself.",
    "found IS NOT NULL AND (expected IS NULL OR TRY_CAST(found AS BIGINT) > TRY_CAST(expected AS BIGINT))",
)
OF_VALUES = (LETTER_CASE, BLANK_SPACE, NUMBER_WRITTEN_OTHERWISE, MOMENT_WRITTEN_OTHERWISE, SEEN_SINCE)
"""In the order in which they are tried, after those of the object's room."""

OF_RECORDS = (
    Normalisation(
        "adopted",
        "The record stood in Intercom before the migration: only its empty fields were filled, this one was not empty.",
        # Another e-mail may be another person's.
        "adopted AND NOT filled AND field NOT IN ('present', 'email') AND found IS NOT NULL",
    ),
    Normalisation(
        "edit_kept",
        "It was changed in Intercom since, and the setting edited_in_intercom has the migration keep that.",
        "kept AND field NOT IN ('present', 'email')",
    ),
    Normalisation(
        "accepted_by_the_mapping",
        "Intercom showed it otherwise than it was sent, and accepted_answers in mapping.yaml accept the field as "
        "Intercom shows it.",
        "accepted",
    ),
)
"""What may explain any field of a record but whether it is there; tried last."""
