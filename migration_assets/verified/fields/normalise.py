"""The normalisations: every way in which Intercom may show a value otherwise than it was sent, with its reason.

A field whose two values differ is `explained` by the first of these that holds, and counted under its name; one that
none of them explains is a difference. Nothing else is forgiven anywhere.
"""

from dataclasses import dataclass

import duckdb

MACROS = r"""
CREATE OR REPLACE TEMP MACRO entities(x) AS
    replace(replace(replace(replace(replace(replace(replace(replace(x, '&lt;', '<'), '&gt;', '>'), '&quot;', '"'),
        '&#39;', ''''), '&#x27;', ''''), '&apos;', ''''), '&nbsp;', ' '), '&amp;', '&');
CREATE OR REPLACE TEMP MACRO without_blanks(x) AS regexp_replace(x, '[\s\p{Z}]+', '', 'g');
CREATE OR REPLACE TEMP MACRO single_spaced(x) AS trim(regexp_replace(x, '[\s\p{Z}]+', ' ', 'g'));
CREATE OR REPLACE TEMP MACRO words_of(x) AS without_blanks(entities(regexp_replace(x, '<[^>]*>', '', 'g')));
CREATE OR REPLACE TEMP MACRO links_of(x) AS
    list_transform(regexp_extract_all(x, 'href="([^"]*)"', 1), lambda link: entities(link));
CREATE OR REPLACE TEMP MACRO images_of(x) AS len(regexp_extract_all(x, '<img\b'))
"""
"""What the conditions below are put into words with. DuckDB's, and gone with the connection."""


@dataclass(frozen=True)
class Normalisation:
    """One way in which two values may differ and yet say the same.

    Attributes:
        name: as it is counted.
        reason: why Intercom does so, in a sentence for people.
        holds: the SQL condition over the view `joined` of compare.sql: object, field, expected, found, and
            what is known of the record.
    """

    name: str
    reason: str
    holds: str


NORMALISATIONS = (
    Normalisation(
        "html_written_anew",
        "Intercom writes a message's HTML in its own way. Every word, link and image of it is there, in order.",
        "field = 'text' AND words_of(expected) = words_of(found) AND links_of(expected) = links_of(found) "
        "AND images_of(expected) = images_of(found)",
    ),
    Normalisation(
        "text_shown_as_html",
        "The opening text is sent as plain text, and Intercom shows it as HTML.",
        "field IN ('opening', 'description') AND without_blanks(expected) = words_of(found)",
    ),
    Normalisation(
        "opening_is_description",
        "A ticket's opening text is its description, which is compared by itself; Intercom need not show it twice.",
        "field = 'opening' AND found IS NULL",
    ),
    Normalisation(
        "title_is_attribute",
        "A ticket's title is its attribute, which is compared by itself; Intercom need not show it twice.",
        "field = 'inbox_title' AND found IS NULL",
    ),
    Normalisation(
        "letter_case",
        "Intercom takes upper and lower case for the same in e-mail addresses, tags, options and states.",
        "(field IN ('email', 'ticket_state', 'tags', 'options') OR starts_with(field, 'attribute.') "
        "OR (object IN ('tag', 'ticket_type') AND field = 'name')) AND lower(expected) = lower(found)",
    ),
    Normalisation(
        "blank_space",
        "Intercom trims names and short texts, and may make one space of several.",
        "field NOT IN ('text', 'opening') AND single_spaced(expected) = single_spaced(found)",
    ),
    Normalisation(
        "number_written_otherwise",
        "The same number, written in another way: 12 and 12.0.",
        "(starts_with(field, 'attribute.') OR field = 'size') "
        "AND TRY_CAST(expected AS DOUBLE) = TRY_CAST(found AS DOUBLE)",
    ),
    Normalisation(
        "moment_written_otherwise",
        "The same moment: sent in unix seconds, shown as a date and time.",
        "starts_with(field, 'attribute.') AND TRY_CAST(expected AS BIGINT) = epoch(TRY_CAST(found AS TIMESTAMPTZ))",
    ),
    Normalisation(
        "data_type",
        "Intercom shows an attribute with options as text that has options, and a date as date or datetime.",
        "field = 'data_type' AND ((expected = 'options' AND found IN ('string', 'options')) "
        "OR (expected IN ('date', 'datetime') AND found IN ('date', 'datetime')))",
    ),
    Normalisation(
        "seen_since",
        "Intercom moves the time at which a contact was last seen on by itself.",
        "field = 'last_seen_at' AND found IS NOT NULL "
        "AND (expected IS NULL OR TRY_CAST(found AS BIGINT) > TRY_CAST(expected AS BIGINT))",
    ),
    Normalisation(
        "adopted",
        "The record stood in Intercom before the migration: only its empty fields were filled, this one was not empty.",
        "adopted AND NOT filled AND field <> 'present' AND found IS NOT NULL",
    ),
    Normalisation(
        "edit_kept",
        "Somebody has edited it in Intercom, and the setting edited_in_intercom has the migration keep that.",
        "kept AND field <> 'present'",
    ),
    Normalisation(
        "reply_that_reopened",
        "A contact's reply to a closed conversation is shown as what opened it again.",
        "object = 'part' AND field = 'kind' AND expected = 'comment' AND found = 'open'",
    ),
    Normalisation(
        "same_second",
        "Intercom orders messages of the same second by the order of writing, which a later message cannot get into.",
        "object = 'part' AND field = 'order' AND tied",
    ),
    Normalisation(
        "long_thread",
        "In a thread that is too long for one ticket, what was written stays in the ticket that it was written to.",
        "object = 'part' AND field = 'conversation' AND split_part(expected, '#', 1) = split_part(found, '#', 1)",
    ),
    Normalisation(
        "priority_refused",
        "Intercom refused its own priority, which only the Preview version can set; the ticket attribute has it.",
        "object = 'conversation' AND field = 'priority' AND priority_refused AND found = 'none'",
    ),
    Normalisation(
        "words_about_files",
        "A message names its files as they were when it was sent; the files themselves are compared one by one.",
        "object = 'part' AND field = 'text' AND (files_of IS NOT NULL "
        "OR (said <> expected AND starts_with(words_of(found), words_of(said))) "
        "OR (said LIKE '%(empty message)%' AND words_of(found) LIKE '%(attachmentonly%'))",
    ),
)
"""In the order in which they are tried."""


def define_macros(connection: duckdb.DuckDBPyConnection) -> None:
    """Make what the conditions use known to a connection."""
    connection.execute(MACROS)


def explaining() -> str:
    """Return the SQL expression for the name of the normalisation that explains a row, NULL for none."""
    cases = "\n".join(f"    WHEN {item.holds} THEN '{item.name}'" for item in NORMALISATIONS)
    return f"CASE\n{cases}\nEND"
