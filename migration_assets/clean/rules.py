"""Every rule that a row or a value can break, once: what was expected, and what a person does about it.

The names stand in `quarantine.faults.rule` and in `rejects/<object>.csv`. Whether a broken rule holds back the
whole row or drops one value is not a property of the rule but of the column (`faults`).
"""

from dataclasses import dataclass

import polars as pl

from schemas.source import SOURCE


@dataclass(frozen=True)
class Rule:
    """A rule: what the cell should have held (`expected`) and what to do so that it does (`action`)."""

    expected: str
    action: str


RULES: dict[str, Rule] = {
    "missing_value": Rule("a value; this column must not be empty", f"Fill in the value as {SOURCE} shows it."),
    "scientific_id": Rule(
        "an id with all its digits",
        "A spreadsheet shortened the id and the last digits are lost. Export the file again and do not open it in "
        "a spreadsheet before handing it in, or set the column to Text before opening it.",
    ),
    "excel_error": Rule(
        "a value, not a spreadsheet's error",
        f"The spreadsheet replaced the value by an error. Export again, or type the value in as {SOURCE} shows it.",
    ),
    "bad_timestamp": Rule(
        "a date with four-digit year and an optional time, best 2024-03-05T14:30:00Z",
        "Write the date in that form. Times without a zone are read in the extract's time zone.",
    ),
    "bad_date": Rule("a date with four-digit year, best 2024-03-05", "Write the date in that form."),
    "ambiguous_date": Rule(
        "a date whose day and month cannot be mistaken, best 2024-03-05",
        "Nothing in this column of this file tells whether the day or the month stands first, or both orders occur. "
        "Export dates as YYYY-MM-DD, or state dmy or mdy for the column under `dates` in mapping.yaml.",
    ),
    "impossible_date": Rule(
        "a day that exists, after 1 January 1970 and not after the day of the export",
        "Correct the date. Intercom takes seconds since 1970; 0 stands for a date that was never set.",
    ),
    "dst_gap": Rule(
        "a local time that the clocks showed",
        "The clocks were put forward over this time, so it never was. Correct it, or write it with its zone, "
        "e.g. 2024-03-31T01:30:00Z.",
    ),
    "bad_email": Rule("an e-mail address such as anna@example.com", "Correct the address, or leave the cell empty."),
    "several_emails": Rule(
        "one e-mail address",
        "The first address was used, the others were left out. Put the right one alone into the cell if it is not "
        "the first.",
    ),
    "bad_phone": Rule(
        "a phone number that exists, best with its country code: +49 30 1234567",
        "Correct the number, or state the country of numbers without a code as `default_region` in mapping.yaml.",
    ),
    "several_phones": Rule(
        "one phone number",
        "The first number was used, the others were left out. Put the right one alone into the cell if it is not "
        "the first.",
    ),
    "phone_extension": Rule(
        "a phone number without extension",
        "The number was used without its extension, which Intercom's phone field cannot hold. Nothing has to be done.",
    ),
    "bad_domain": Rule("an internet domain such as example.com", "Correct the domain, or leave the cell empty."),
    "bad_number": Rule(
        "a number whose decimal mark cannot be mistaken, at most 15 digits, best 1234.5",
        "Write the number without thousands separators and with a point before the decimals.",
    ),
    "bad_boolean": Rule(
        "yes or no",
        "Write yes or no, or add the word under `booleans` in mapping.yaml.",
    ),
    "unknown_ticket": Rule(
        "the id of a ticket in the extract",
        "No file of the extract has this ticket. Correct the id, or export the tickets again, together with this file; "
        "write yes under _leave_out if the row is to be left out.",
    ),
    "ticket_quarantined": Rule(
        "a ticket that is not held back itself",
        "The ticket is held back for a fault of its own: correct it in rejects/tickets.csv. Nothing is wrong with this "
        "row; it follows the ticket.",
    ),
    "unknown_company": Rule(
        "the id of a company in the extract", "Export the companies again, or correct the company's id."
    ),
    "unknown_agent": Rule("the id of an agent in the extract", "Export the agents again, or correct the agent's id."),
    "unknown_team": Rule("the id of a team in the extract", "Export the teams again, or correct the team's id."),
    "unknown_parent": Rule(
        "the id of a team in the extract", "The team was kept without a team above it. Correct parent_team_id."
    ),
    "team_cycle": Rule(
        "a team above this one that is not below it as well",
        "These teams stand above each other in a circle; they were kept side by side. Correct parent_team_id.",
    ),
    "unknown_merge_target": Rule(
        "the id of a ticket in the extract that is not held back",
        "The ticket was kept as one that was not merged. Correct merged_into_ticket_id, or hand in that ticket.",
    ),
    "merge_cycle": Rule(
        "a ticket that was not itself merged into this one",
        "These tickets were merged into each other in a circle; they were kept apart. Correct merged_into_ticket_id.",
    ),
    "duplicate_key_conflict": Rule(
        "a key that occurs once, or whose rows are the same",
        "Another row with this key says something else and nothing tells which is newer; the first was kept. If that "
        "is right, write yes under _leave_out. If this is another record, give it its own key; any other correction "
        "of it takes the first one's place.",
    ),
}
"""Every rule by name."""


def rules_frame() -> pl.DataFrame:
    """Return the rules as a table: rule, expected, action."""
    return pl.DataFrame(
        [(name, rule.expected, rule.action) for name, rule in RULES.items()],
        schema={"rule": pl.String, "expected": pl.String, "action": pl.String},
        orient="row",
    )
