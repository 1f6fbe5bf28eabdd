"""How Intercom may show what is in a conversation otherwise than it was sent."""

from migration_assets.objects.normalisations import Normalisation

HTML_WRITTEN_ANEW = Normalisation(
    "html_written_anew",
    "Intercom writes a message's HTML in its own way. Every word, link and image of it is there, in order.",
    "words_of(expected) = words_of(found) AND links_of(expected) = links_of(found) "
    "AND images_of(expected) = images_of(found)",
)
TEXT_SHOWN_AS_HTML = Normalisation(
    "text_shown_as_html",
    "The opening text is sent as plain text, and Intercom shows it as HTML.",
    "without_blanks(expected) = words_of(found)",
)
OPENING_IS_DESCRIPTION = Normalisation(
    "opening_is_description",
    "A ticket's opening text is its description, which is compared by itself; Intercom need not show it twice.",
    "found IS NULL",
    because=("opening_text", "empty"),
)
TITLE_IS_ATTRIBUTE = Normalisation(
    "title_is_attribute",
    "A ticket's title is its attribute, which is compared by itself; Intercom need not show it twice.",
    "found IS NULL",
)
TITLE_CUT_OFF = Normalisation(
    "title_cut_off",
    "A conversation shows the beginning of its ticket's title, which is compared by itself.",
    "length(found) < length(expected) AND length(rtrim(found, '.… ')) > 0 "
    "AND starts_with(expected, rtrim(found, '.… '))",
    because=("inbox_title", "shortened"),
)
TITLE_ESCAPED = Normalisation(
    "title_escaped",
    "A conversation shows its ticket's title with the characters of HTML as references.",
    "entities(found) = expected",
    because=("inbox_title", "escaped"),
)
REPLIER_TAKES_PART = Normalisation(
    "replier_takes_part",
    "Whoever replies in a ticket may become one of its participants. Whose ticket it is stands first, and the others "
    "have written in it.",
    "starts_with(found, expected || ', ') "
    "AND list_has_all(list_append(coalesce(writers, []), expected), string_split(found, ', '))",
    because=("replier_participates", "yes"),
)
REPLY_THAT_REOPENED = Normalisation(
    "reply_that_reopened",
    "A contact's reply to a closed conversation is shown as what opened it again.",
    "expected = 'comment' AND found = 'open'",
    because=("reply_to_closed", "open"),
)
SAME_SECOND = Normalisation(
    "same_second",
    "Intercom orders messages of the same second by the order of writing, which a later message cannot get into.",
    "tied",
)
LONG_THREAD = Normalisation(
    "long_thread",
    "In a thread that is too long for one ticket, what was written stays in the ticket that it was written to.",
    "split_part(expected, '#', 1) = split_part(found, '#', 1)",
)
PRIORITY_REFUSED = Normalisation(
    "priority_refused",
    "Intercom refused its own priority, which only the Preview version can set; the ticket attribute has it.",
    "extra_refused AND found = 'none'",
)
TAG_PUT_ON_SINCE = Normalisation(
    "tag_put_on_since",
    "Somebody has put a further tag on it since; all of those that were migrated are there.",
    "NOT coalesce(own_tag_to_go, FALSE) AND (expected IS NULL AND found IS NOT NULL "
    "OR len(string_split(found, ', ')) > len(string_split(expected, ', ')) "
    "AND list_has_all(string_split(lower(found), ', '), string_split(lower(expected), ', ')))",
)
WORDS_ABOUT_FILES = Normalisation(
    "words_about_files",
    "A message names its files as they were when it was sent; the files themselves are compared one by one.",
    "files_of IS NOT NULL OR (said <> expected AND starts_with(words_of(found), words_of(said))) "
    "OR starts_with(words_of(found), words_of(files_alone))",
)
SIZE_NOT_SHOWN = Normalisation(
    "size_not_shown",
    "Intercom need not show the size of a file, and may show it as 0 where the file came as its text.",
    "found IS NULL OR found = '0'",
)
