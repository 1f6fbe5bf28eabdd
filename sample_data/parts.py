"""The files of the committed sample: which records stand in which part, and how each part is written."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from sample_data.layout import COLUMNS
from sample_data.moments import TimeStyle, german, spaced, twelve_hour
from sample_data.tables import Row

_LAST_OF_2024 = 100_163
_LAST_OF_COPY = 100_236
_LAST_CURRENT_CUSTOMER = 210

GERMAN_TICKETS = {
    "ticket_id": "Ticket", "ticket_number": "Nummer", "subject": "Betreff", "status": "Status",
    "priority": "Priorität", "channel": "Kanal", "customer_id": "Kunde", "company_id": "Firma",
    "agent_id": "Bearbeiter", "team_id": "Team ID", "created_at": "Erstellt", "updated_at": "Geändert",
    "closed_at": "Geschlossen", "tags": "Schlagwörter", "merged_into_ticket_id": "Zusammengeführt in",
    "cf_region": "Region", "cf_modules": "Module", "cf_order_value": "Bestellwert", "cf_escalated": "Eskaliert",
    "cf_order_number": "Bestellnummer",
}  # fmt: skip
SPOKEN_TICKETS = {name: name.replace("_", " ").capitalize().replace(" id", " ID") for name in COLUMNS["tickets"]} | {
    name: name for name in COLUMNS["tickets"] if name.startswith("cf_")
}
ENGLISH_CUSTOMERS = {
    "customer_id": " Customer ID ", "external_id": "External ID", "name": "Full name", "email": "EMAIL",
    "phone": "Phone", "company_id": "Company ID", "created_at": "Created at", "last_seen_at": "Last activity",
    "updated_at": "Updated at", "cf_vip": "VIP customer", "cf_language": "CF_Language",
}  # fmt: skip
GERMAN_CUSTOMERS = {
    "customer_id": "Kundennummer", "external_id": "Externe Nummer", "name": "Name des Kunden",
    "email": "E-Mail-Adresse", "phone": "Telefon", "company_id": "Firma", "created_at": "Angelegt am",
    "last_seen_at": "Zuletzt gesehen", "updated_at": "Geändert am", "cf_vip": "VIP", "cf_language": "Sprache",
}  # fmt: skip

_GERMAN_WORDS = {
    "status": {"open": "Offen", "pending": "Wartet auf Kunde", "resolved": "Gelöst", "closed": "Erledigt"},
    "priority": {"urgent": "Dringend", "high": "Hoch", "medium": "Mittel", "low": "Niedrig"},
    "cf_escalated": {"true": "Ja", "false": "Nein"},
}
_FRENCH_WORDS = {
    "status": {"open": "Ouvert", "pending": "En attente", "resolved": "Résolu", "closed": "Fermé"},
    "cf_escalated": {"true": "Oui", "false": "Non"},
}


@dataclass(frozen=True)
class SamplePart:
    """One file: its text form, its header (canonical column -> header), and the words of its language."""

    file: str
    object: str
    encoding: str = "utf-8"
    delimiter: str = ","
    newline: str = "\n"
    header: Mapping[str, str] = field(default_factory=dict)
    first_line: str = ""
    times: TimeStyle | None = None
    words: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    decimal_comma: bool = False
    takes: Callable[[Row], bool] = lambda _: True
    extra_columns: tuple[str, ...] = ()
    last_newline: bool = True

    @property
    def columns(self) -> tuple[str, ...]:
        """The canonical columns that the file has, in order."""
        return (*(self.header or COLUMNS[self.object]), *self.extra_columns)


def _number(row: Row, column: str) -> int:
    return int(row[column]) if row[column].isdecimal() else 10**9


def _western(row: Row) -> bool:
    try:
        row["subject"].encode("cp1252")
    except UnicodeEncodeError:
        return False
    return True


def _old_ticket(row: Row) -> bool:
    return _number(row, "ticket_id") <= _LAST_OF_2024 and _western(row)


def _copied_ticket(row: Row) -> bool:
    return _number(row, "ticket_id") <= _LAST_OF_COPY and not _old_ticket(row)


def _current_customer(row: Row) -> bool:
    return _number(row, "customer_id") <= _LAST_CURRENT_CUSTOMER


PARTS: tuple[SamplePart, ...] = (
    SamplePart("companies.csv", "companies", "utf-16", "\t"),
    SamplePart("customers.csv", "customers", "utf-8-sig", header=ENGLISH_CUSTOMERS, takes=_current_customer),
    SamplePart("customers-archive.csv", "customers", "utf-8", ";", "\r\n", GERMAN_CUSTOMERS, "sep=;", spaced,
         takes=lambda row: not _current_customer(row)),
    SamplePart("agents.csv", "agents", words={"active": {"true": "Ja", "false": "Nein"}}),
    SamplePart("teams.csv", "teams", last_newline=False),
    SamplePart("team_members.csv", "team_members"),
    SamplePart("tickets.csv", "tickets", takes=lambda row: _number(row, "ticket_id") > _LAST_OF_COPY,
         extra_columns=("cf_old_priority",)),
    SamplePart("tickets-2024.csv", "tickets", "cp1252", ";", "\r\n", GERMAN_TICKETS, "", german, _GERMAN_WORDS, True,
         _old_ticket),
    SamplePart("tickets (2).csv", "tickets", header=SPOKEN_TICKETS, times=twelve_hour, words=_FRENCH_WORDS,
         takes=_copied_ticket),
    SamplePart("messages.csv", "messages", takes=lambda row: _number(row, "ticket_id") > _LAST_OF_2024),
    SamplePart("messages-2024.csv", "messages", last_newline=False,
         takes=lambda row: _number(row, "ticket_id") <= _LAST_OF_2024),
    SamplePart("attachments.csv", "attachments"),
    SamplePart("custom_fields.csv", "custom_fields"),
    SamplePart("tags.csv", "tags"),
    SamplePart("articles.csv", "articles"),
    SamplePart("automations.csv", "automations", newline="mixed"),
)  # fmt: skip
"""The parts of the committed sample."""
