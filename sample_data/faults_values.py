"""Faults of single values: what spreadsheets do to ids and dates, e-mails, phones, numbers, yes and no."""

from sample_data.fault import Becomes, SampleFault

_OLD_TICKETS = "tickets-2024.csv"
_COPY = "tickets (2).csv"


def _ticket(kind: str, key: str, becomes: Becomes, detail: str, rule: str = "", **cells: str) -> SampleFault:
    return SampleFault(kind, "tickets", "tickets.csv", key, becomes, detail, rule, cells)


def _customer(kind: str, key: str, becomes: Becomes, detail: str, rule: str = "", **cells: str) -> SampleFault:
    return SampleFault(kind, "customers", "customers.csv", key, becomes, detail, rule, cells)


def _message(kind: str, key: str, becomes: Becomes, detail: str, rule: str = "", **cells: str) -> SampleFault:
    return SampleFault(kind, "messages", "messages.csv", key, becomes, detail, rule, cells)


def _company(kind: str, key: str, becomes: Becomes, detail: str, rule: str = "", **cells: str) -> SampleFault:
    return SampleFault(kind, "companies", "companies.csv", key, becomes, detail, rule, cells)


_DROPPED = "The record goes on without the value."

IDS: tuple[SampleFault, ...] = (
    SampleFault("id in scientific notation", "tickets", "tickets.csv", "1.23457E+11", "quarantined",
          "Digits are lost; it cannot be told which ticket this is.", "scientific_id", add=True,
          cells={"ticket_id": "1.23457E+11", "subject": "Order import", "status": "open", "priority": "low",
                 "channel": "email", "customer_id": "105", "created_at": "2026-10-03T08:00:00Z"}),
    _customer("optional id in scientific notation", "151", "value dropped", "The customer_id stands in.",
              "scientific_id", external_id="4.82E+15"),
    SampleFault("id as a spreadsheet formula", "customers", "customers.csv", "156", "normalised",
          "Read as 0048595, with its zeros.", cells={"external_id": '="0048595"'}, find='=""0048595""'),
    _customer("leading apostrophe", "162", "normalised", "Read as 0048637.", external_id="'0048637"),
    _ticket("#N/A", "100281", "value dropped", _DROPPED, "excel_error", agent_id="#N/A"),
    _ticket("#####", "100282", "value dropped", _DROPPED, "excel_error", closed_at="########"),
    SampleFault("record without a value that it needs", "tickets", "tickets.csv", "199404", "quarantined",
          "A ticket without a status cannot be placed.", "missing_value", add=True,
          cells={"ticket_id": "199404", "subject": "Status is missing", "customer_id": "105",
                 "created_at": "2026-10-04T08:00:00Z", "updated_at": "2026-10-04T08:00:00Z"}),
)  # fmt: skip

TIMES: tuple[SampleFault, ...] = (
    _ticket("spreadsheet day number among written dates", "100290", "normalised",
            "46006.53428 is 15 December 2025, 12:49:22 local time.", created_at="46006.53428"),
    SampleFault("day and month with dots, local time", "tickets", _OLD_TICKETS, "100012", "normalised",
          "Read in the zone of the extract.", find="01.11.2023 23:16:16"),
    SampleFault("DD/MM/YYYY", "tickets", _COPY, "100169", "normalised",
          "Other days in the column are above 12, which proves the order.", find="12/01/2025 09:24:15 AM"),
    SampleFault("12-hour clock", "tickets", _COPY, "100181", "normalised", "AM and PM are read.",
          find="14/02/2025 08:25:48 PM"),
    SampleFault("spreadsheet-like local times", "customers", "customers-archive.csv", "245", "normalised",
          "Times without a zone are read in the zone of the extract.", find="2025-08-12 10:15:08"),
    _message("epoch seconds", "100256001", "normalised", "Ten digits are seconds.", created_at="1757613145"),
    _message("epoch milliseconds", "100259001", "normalised", "Thirteen digits are milliseconds.",
             created_at="1758336697000"),
    SampleFault("DD/MM or MM/DD, and nothing tells", "articles", "articles.csv", "4", "value dropped",
          "No other date in the column proves the order, and the mapping does not say.", "ambiguous_date",
          {"updated_at": "03/04/2025"}),
    _customer("local time that never was (clocks go forward)", "181", "value dropped", _DROPPED, "dst_gap",
              last_seen_at="2025-03-30 02:30:00"),
    _customer("local time that was twice (clocks go back)", "182", "normalised", "The earlier one is taken.",
              last_seen_at="2025-10-26 02:15:00"),
    _ticket("a word instead of a time", "100283", "value dropped", _DROPPED, "bad_timestamp",
            closed_at="yesterday"),
    _message("a word instead of a time that is needed", "100280003", "quarantined",
             "Where it belongs in the thread cannot be known.", "bad_timestamp", created_at="gestern"),
    _ticket("year 0001", "100284", "value dropped", _DROPPED, "impossible_date",
            closed_at="0001-01-01T00:00:00Z"),
    _company("year 1900", "116", "value dropped", _DROPPED, "impossible_date",
             created_at="1900-01-01T00:00:00Z"),
    _ticket("1 January 1970 for no time", "100286", "value dropped", _DROPPED, "impossible_date",
            closed_at="1970-01-01T00:00:00Z"),
    _customer("time in the future", "186", "value dropped", _DROPPED, "impossible_date",
              last_seen_at="2031-05-04T10:00:00Z"),
    _ticket("a day that the calendar lacks", "100288", "value dropped", _DROPPED, "impossible_date",
            closed_at="2026-02-30T10:00:00Z"),
    _ticket("closed before it was opened", "100287", "loaded", "A doubt; the times stay as they are.",
            closed_at="2025-12-01T08:00:00Z"),
    _message("message older than its ticket", "100261001", "loaded", "A doubt; the ticket opens with it.",
             created_at="2025-09-24T16:22:09Z"),
    _message("two messages in the same second", "100263003", "loaded", "The order of the file decides.",
             created_at="2025-10-01T06:50:00Z"),
    _message("two messages in the same second (the other)", "100263002", "loaded", "See above.",
             created_at="2025-10-01T06:50:00Z"),
)  # fmt: skip

CONTACT_DATA: tuple[SampleFault, ...] = (
    _customer("e-mail in capitals and with spaces", "106", "normalised", "Trimmed and in lower case.",
              email="  THOMAS.BARNES@NORTHGATE-CYCLES.EXAMPLE "),
    _customer("e-mail with a name", "112", "normalised", "Only the address is kept.",
              email="Grace Ashworth <grace.ashworth@redwood-robotics.example>"),
    _customer("two e-mails in one cell", "117", "normalised", "The first is taken, the fault is noted.",
              "several_emails", email="hannah.rivera@kestrel-outdoor.example; hannah@rivera.example"),
    _customer("no valid e-mail", "121", "value dropped", _DROPPED, "bad_email",
              email="grace.doyle(at)maplestreetpottery"),
    _customer("noreply address", "126", "loaded", "It is the customer's address all the same.",
              email="noreply@tern-logistics.example"),
    _customer("plus-addressing", "132", "loaded", "Not the same person as without the plus.",
              email="hannah.hughes+orders@bluebell-interiors.example"),
    _customer("customer who is also an agent", "129", "loaded", "A contact beside the admin; a finding.",
              email="daniel.osei@nordlicht-commerce.example"),
    _customer("customer without e-mail, only a phone", "187", "loaded", "Found again by external_id.",
              phone="+33 1 99 00 12 34", email=""),
    _customer("visitor without e-mail and phone", "172", "loaded", "Found again by external_id.",
              name="Visitor 48213", email="", phone=""),
    _customer("phone without country code", "137", "normalised", "The mapping's default_region is used.",
              phone="030 23125 456"),
    _customer("phone with an extension", "142", "normalised", "The extension is left out, and noted.",
              "phone_extension", phone="+44 20 7946 0321 ext. 12"),
    _customer("words instead of a phone number", "147", "value dropped", _DROPPED, "bad_phone",
              phone="call reception"),
    _customer("two phones in one cell", "153", "normalised", "The first is taken, the fault is noted.",
              "several_phones", phone="+44 20 7946 0859 / +44 20 7946 0860"),
    _company("address instead of a domain", "106", "normalised", "Read as northgate-cycles.example.",
             domain="https://www.northgate-cycles.example/shop"),
)  # fmt: skip

FIELDS: tuple[SampleFault, ...] = (
    _ticket("option in other case and with spaces", "100289", "normalised", "Case and spaces do not count.",
            cf_region=" emea "),
    _ticket("option that was renamed", "100291", "normalised", "The mapping leads Europe to EMEA.",
            cf_region="Europe"),
    _ticket("multi-select with bars", "100292", "normalised", "Two options.", cf_modules="Export|API"),
    _ticket("multi-select with commas", "100293", "normalised", "Two options, one of them renamed since.",
            cf_modules="Export, Sign-in"),
    _ticket("number with thousands separator", "100294", "normalised", "1234.5", cf_order_value="1,234.50"),
    SampleFault("number with decimal comma", "tickets", _OLD_TICKETS, "100020", "normalised", "1234.5",
          cells={"cf_order_value": "1.234,50"}),
    _ticket("words around a number", "100295", "value dropped", _DROPPED, "bad_number",
            cf_order_value="ca. 300"),
    _ticket("neither yes nor no", "100296", "value dropped", _DROPPED, "bad_boolean", cf_escalated="maybe"),
    _ticket("yes as TRUE", "100297", "normalised", "true", cf_escalated="TRUE"),
    SampleFault("yes as 1", "tickets", "tickets.csv", "100298", "normalised", "true", cells={"cf_escalated": "1"},
          find=",1,"),
    SampleFault("yes as x", "customers", "customers.csv", "202", "normalised", "true; the mapping lists the word.",
          cells={"cf_vip": "x"}, find=",x,"),
    _customer("yes as Oui", "205", "normalised", "true; the mapping lists the word.", cf_vip="Oui"),
    _company("date as a spreadsheet day number", "121", "normalised", "1 January 2027.",
             cf_contract_end="46388"),
    _company("a word instead of a date", "122", "value dropped", _DROPPED, "bad_date", cf_contract_end="bald"),
    _company("words instead of a whole number", "120", "value dropped", _DROPPED, "bad_number",
             size="about 80"),
    SampleFault("localised status (German)", "tickets", _OLD_TICKETS, "100012", "normalised",
          "The mapping leads Erledigt to closed.", find="Erledigt"),
    SampleFault("localised status (French)", "tickets", _COPY, "100181", "normalised",
          "The mapping leads En attente to snoozed.", find="En attente"),
    _ticket("status in capitals", "100325", "normalised", "Case does not count.", status="RESOLVED"),
    _ticket("priority in other words", "100323", "normalised", "The mapping leads normal to medium.",
            priority="Normal "),
    _ticket("tags in two spellings and with blanks", "100299", "normalised", "One tag for both spellings.",
            tags="Billing ; billing;  refund "),
)  # fmt: skip

VALUE_FAULTS = (*IDS, *TIMES, *CONTACT_DATA, *FIELDS)
