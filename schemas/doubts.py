"""The doubts: every finding that could mean a wrong person, a lost text or a missing row, in one list.

A doubt that is open makes a run partial; above its limit it stops the run before the first write. Nothing doubtful is
called complete. A person settles one in `mapping.yaml`: by the line that the doubt names, by `accepted`, or, where
only the limit is in the way, by `limits`.

What belongs elsewhere: what a doubt is (`doubt_kind`), finding them (the stages do), keeping and weighing them
(`accounting.doubts`).
"""

from schemas.doubt_codes import DoubtCode
from schemas.doubt_kind import NONE_AT_ALL, Doubt, Limit, Risk
from schemas.source import SOURCE

DOUBTS: dict[DoubtCode, Doubt] = {
    DoubtCode.CUSTOMER_UNKNOWN: Doubt(
        Risk.PERSON,
        "name a customer whom no row of the extract describes",
        "Export the customers again, whole. Until then such a ticket is loaded for whoever wrote its first message, "
        "and where that does not tell, for an unknown customer; rejects/doubts.csv says which.",
        Limit(share=0.01, rows=20),
    ),
    DoubtCode.UNKNOWN_COLUMN: Doubt(
        Risk.TEXT,
        "stand in a column that no rule knows",
        "Say in mapping.yaml what it is (headers), or that it is left behind (ignored_columns).",
        NONE_AT_ALL,
        tells=True,
    ),
    DoubtCode.EMPTY_FILE: Doubt(
        Risk.ROW,
        "are missing from a file that has a header only",
        "Export it again; if there is really nothing in it, state 0 for it under row_counts in extract.yaml.",
        NONE_AT_ALL,
        tells=True,
    ),
    DoubtCode.FILE_LEFT_OUT: Doubt(
        Risk.ROW,
        "stand in a file that is not read",
        "Name it after what it holds or take it away; or name it in mapping.yaml under ignored_files.",
        NONE_AT_ALL,
        tells=True,
    ),
    DoubtCode.UNKNOWN_FILE: Doubt(
        Risk.ROW,
        "stand in a file that is not read",
        "Take it away, or name it in mapping.yaml under ignored_files.",
        tells=True,
    ),
    DoubtCode.COPIED_FILE: Doubt(
        Risk.TEXT,
        "stand in a file that is a copy of another one with other contents",
        "Take the one away that is not meant, or name it in mapping.yaml under ignored_files.",
        NONE_AT_ALL,
        tells=True,
    ),
    DoubtCode.EMPTY_TEXT: Doubt(
        Risk.TEXT,
        "have neither a text nor an attachment",
        f"Compare some of them with {SOURCE}'s own screen; if they have a text there, export it again.",
        Limit(share=0.02, rows=5),
    ),
    DoubtCode.TICKET_WITHOUT_MESSAGE: Doubt(
        Risk.ROW,
        "have no message",
        f"Compare some of them with {SOURCE}'s own screen; if they have messages there, export the messages again.",
        Limit(share=0.02, rows=5),
    ),
    DoubtCode.KEY_REUSED: Doubt(
        Risk.ROW,
        "bear the key of a record that was loaded before and is another one",
        f"Export again with {SOURCE}'s own ids, for the number of a row is none; where only times differ, with the "
        "time zone of before.",
        Limit(share=0.01, rows=3),
    ),
    DoubtCode.CLOSED_BEFORE_CREATED: Doubt(
        Risk.TIME,
        "were closed before they were opened",
        f"See what {SOURCE} shows of them: with many, two columns are swapped or one is in another time zone.",
        Limit(share=0.1, rows=20),
    ),
    DoubtCode.MESSAGE_BEFORE_TICKET: Doubt(
        Risk.TIME,
        "were written before their ticket was opened",
        "The ticket is shown as opened with its earliest message, or they stand right after its question. With many, "
        "tickets and messages are in different time zones: write times with their zone.",
        Limit(share=0.25, rows=20),
    ),
    DoubtCode.ANSWER_BEFORE_QUESTION: Doubt(
        Risk.TIME,
        "answer a question that bears a later time",
        "They are shown by their times, so the answer comes first. Correct the times if that is wrong.",
        Limit(share=0.1, rows=20),
    ),
    DoubtCode.THREAD_WITHIN_SECONDS: Doubt(
        Risk.TIME,
        "have a whole thread written within seconds, as an import stamps it",
        f"Export the times at which people wrote, if {SOURCE} has them elsewhere.",
        Limit(share=0.5, rows=20),
    ),
    DoubtCode.TIME_AFTER_EXPORT: Doubt(
        Risk.TIME,
        "have a time after that of the export",
        "Check exported_at and time_zone in extract.yaml: with many, one of the two is not what it says.",
        Limit(share=0.1, rows=20),
    ),
    DoubtCode.WORDS_LOST: Doubt(
        Risk.TEXT,
        "have words that would not reach Intercom, or not in their order or lines",
        "The words are in rejects/doubts.csv. Correct the texts in the extract, or report it: no text should be lost.",
        Limit(share=0.001, rows=5),
    ),
    DoubtCode.TEXT_ENCODED: Doubt(
        Risk.TEXT,
        "have text that a program left encoded (=?UTF-8?Q?…?=, =C3=BC, =FC) and that cannot be decoded with certainty",
        "Correct them in the source or in the extract; they are loaded as they stand.",
    ),
    DoubtCode.MOJIBAKE: Doubt(
        Risk.TEXT,
        "have letters that were decoded wrongly, are lost or left escaped, such as fÃ¼r, fⁿr, f�r, gr??er or f\\u00fcr",
        "Export them again in the right encoding, or list the column under repair_mojibake in mapping.yaml.",
    ),
    DoubtCode.ID_FORMATTED: Doubt(
        Risk.PERSON,
        "name by an id what no row of the extract has as it stands, but one has in another form",
        "Say in mapping.yaml how these ids are to be read.",
        NONE_AT_ALL,
        by_line=True,
    ),
    DoubtCode.WORD_TAKEN_AWAY: Doubt(
        Risk.PERSON,
        "had a word for nothing, such as NULL or N/A, as a name or a tag, or a spreadsheet's error in place of a text; "
        "they go on without it",
        "rejects/doubts.csv lists them; a word that is meant is named under `meant_words` in mapping.yaml.",
    ),
    DoubtCode.WORD_KEPT: Doubt(
        Risk.TEXT,
        "have nothing but a word for nothing, such as NULL or None, as their subject, text or field; it is kept",
        "rejects/doubts.csv lists them; a word that is meant is named under `meant_words` in mapping.yaml.",
    ),
    DoubtCode.AUTHOR_UNKNOWN: Doubt(
        Risk.PERSON,
        "are by a customer whom no row of the extract describes",
        "Export the customers again, whole; until then they are loaded as by a contact of the name, address or id that "
        "they give.",
        Limit(share=0.01, rows=20),
    ),
    DoubtCode.AUTHOR_NAMES_DIFFER: Doubt(
        Risk.PERSON,
        "are by somebody who gives the address of a person of another name",
        "They are loaded as by a contact of that name without an address. Decide per address under same_email in "
        "mapping.yaml: merge, separate, or `customer ID` for the one whose address it is; or for all of them by "
        "`same_email: merge` under settings.",
        Limit(share=0.01, rows=20),
    ),
    DoubtCode.COMPANY_UNKNOWN: Doubt(
        Risk.ROW,
        "name a company that no row of the extract describes",
        "Export the companies again, whole; until then they are loaded without a company.",
        Limit(share=0.01, rows=20),
    ),
    DoubtCode.FILE_MISSING: Doubt(
        Risk.ROW,
        "name records of which the extract has no file",
        "Export that file too; until then they are loaded without what they name.",
    ),
    DoubtCode.KEY_FORMATTED: Doubt(
        Risk.ROW,
        "have a key that another record has in another form, such as 501.0 and 501",
        "If they are the same records, take the file away in which a program has formatted the keys, and export it "
        "again. If they are others, accept it.",
        NONE_AT_ALL,
    ),
    DoubtCode.EMAIL_SHARED: Doubt(
        Risk.PERSON,
        "have an e-mail address that others have too, and nothing says that they are one person",
        "Look at the names in rejects/doubts.csv and decide per address under same_email in mapping.yaml: merge, "
        "separate, or `customer ID` for the one whose address it is.",
    ),
    DoubtCode.EXTERNAL_ID_SHARED: Doubt(
        Risk.PERSON,
        "have an external id that others have too, and nothing says that they are one person",
        "Look at the names in rejects/doubts.csv and decide per external id under same_external_id in mapping.yaml: "
        "merge, separate, or `customer ID` for the one whose id it is.",
    ),
    DoubtCode.AUTHOR_CONTRADICTS: Doubt(
        Risk.PERSON,
        "bear an author's id that is one person's and a name or an address that is another's",
        "They are loaded as by whom the id names; rejects/doubts.csv has both. With many, a column is shifted: export "
        "the messages again.",
        Limit(share=0.01, rows=20),
    ),
    DoubtCode.AUTHOR_TYPE_UNKNOWN: Doubt(
        Risk.PERSON,
        "do not say whether a customer or an agent wrote them, and their author's id, address and name do not tell",
        "Until then they are notes, which no customer sees. Export the messages with author_type, or name its words "
        "under author_types in mapping.yaml.",
        Limit(share=0.01, rows=20),
    ),
    DoubtCode.AUTHOR_MISSING: Doubt(
        Risk.PERSON,
        "do not say who wrote them",
        "Export the messages with their authors. Until then a customer's is taken for the ticket's own customer's, "
        "and an agent's is written by the migration's admin, with the name in words.",
        Limit(share=0.01, rows=20),
    ),
    DoubtCode.AGENT_EMAIL_SHARED: Doubt(
        Risk.PERSON,
        "have an e-mail address that an agent of another name has too, so that what they wrote is one admin's",
        "Give each the address of their own admin under agents in mapping.yaml.",
    ),
    DoubtCode.COMPANY_DOMAIN_SHARED: Doubt(
        Risk.PERSON,
        "have the domain of a company of another name, and are loaded as companies of their own",
        "Look at the names in rejects/doubts.csv and decide per domain under same_domain in mapping.yaml: merge (they "
        "are one company), or separate.",
    ),
    DoubtCode.ROWS_IN_TEXT: Doubt(
        Risk.ROW,
        "stand within the text of another row",
        "Correct the quotes on that line or on the lines behind it, or export the file again. If it is text that "
        "somebody wrote, accept the doubt rows_in_text in mapping.yaml.",
        NONE_AT_ALL,
        tells=True,
    ),
    DoubtCode.REFERENCE_CONTRADICTS: Doubt(
        Risk.PERSON,
        "name a customer or a company that does not fit what else is known of them",
        "rejects/doubts.csv has both sides. With many, a column is shifted by a row or was sorted by itself: export "
        "that file again.",
        Limit(share=0.05, rows=5),
    ),
    DoubtCode.KEY_TWICE: Doubt(
        Risk.ROW,
        "bear the key of another record of the drop, which is loaded in their place",
        f"rejects/doubts.csv has both. Export again with {SOURCE}'s own ids, or give one of the two another key.",
        Limit(share=0.01, rows=3),
    ),
    DoubtCode.CHANGED_BEFORE_CREATED: Doubt(
        Risk.TIME,
        "were changed before they were created",
        "Of two versions the one that was changed last is loaded, so a wrong time may keep the older. With many, two "
        "columns are swapped: export that file again.",
        Limit(share=0.1, rows=20),
    ),
    DoubtCode.ATTACHMENT_ELSEWHERE: Doubt(
        Risk.PERSON,
        "name one ticket and a message of another",
        "They are loaded as files of the ticket that they name, in a note that only teammates see; rejects/doubts.csv "
        "has both. With many, a column is shifted: export the attachments again.",
        Limit(share=0.05, rows=5),
    ),
    DoubtCode.ORDER_UNKNOWN: Doubt(
        Risk.TIME,
        "bear the time of another message of their ticket, and neither ids nor the file tell which was first",
        "They are shown in the order that rejects/doubts.csv says. Export times with their seconds, or the messages "
        "in the order in which they were written.",
    ),
    DoubtCode.ENCODING_ASSUMED: Doubt(
        Risk.TEXT,
        "have letters that no Western language writes so, in a file that was read as Windows-1252",
        "Export it as UTF-8, or name its encoding in mapping.yaml, such as files: {FILE: {encoding: cp1250}}: cp1250 "
        "or iso8859_2 for Polish, Czech and Hungarian, cp1254 for Turkish, cp1257 for Baltic, cp1252 if all is right.",
        Limit(share=0.01, rows=3),
    ),
    DoubtCode.CELL_CUT: Doubt(
        Risk.TEXT,
        "stand in a file with cells that a program may have cut off",
        "Export it without Excel; if the texts end so, accept the doubt excel_cell_limit in mapping.yaml.",
        tells=True,
    ),
    DoubtCode.FILE_CUT: Doubt(
        Risk.ROW,
        "stand in a file that a program may have cut off",
        f"Compare with {SOURCE}'s own screen; if there are no more, accept the doubt row_cap in mapping.yaml.",
        tells=True,
    ),
    DoubtCode.QUOTE_MISPLACED: Doubt(
        Risk.TEXT,
        "follow a misplaced quote",
        "Correct the quotes; if the rows are whole, accept the doubt read_after_misplaced_quote in mapping.yaml.",
        tells=True,
    ),
    DoubtCode.MORE_ROWS_THAN_STATED: Doubt(
        Risk.ROW,
        "are more than extract.yaml states",
        "Correct the number, or export the file again; or accept the doubt more_rows_than_stated in mapping.yaml.",
        tells=True,
    ),
    DoubtCode.TEXT_IS_A_NAME: Doubt(
        Risk.TEXT,
        "have nothing but somebody's name as their text",
        "Two columns are swapped: name them in mapping.yaml under headers, or export the file again.",
        NONE_AT_ALL,
        tells=True,
    ),
}
"""Every kind of doubt, by its code."""
