"""Turns the clean sample into the committed one: plants every declared fault, and what needs more than one cell."""

from sample_data import catalogue
from sample_data.faults import FAULTS
from sample_data.faults_attachments import FILES
from sample_data.layout import COLUMNS
from sample_data.moments import iso, parse_iso
from sample_data.tables import Row, SampleTables

AWAY_AGENT = ("100330", "100341", "100352", "100363")
"""Tickets of the agent who is not in Intercom."""
AWAY_TEAM = ("100335", "100346", "100357")
"""Tickets of the team that is not in Intercom."""
GIVEN_TO = {"100271": "9990", "100397": "602", "100394": "601", "100396": "603"}
"""Tickets whose customer is another one: deleted, or the second record of somebody."""
LOOP, LOOP_MESSAGES = "100310", 560
OLDER = {"100240": "tickets (2).csv", "100245": "tickets (2).csv", "100250": "tickets (2).csv", "100170": "tickets.csv"}
"""Tickets that another part has in an older version."""


def plant(sample: SampleTables) -> None:
    """Plant the mess; the order matters, because single cells are the last word."""
    _missing_in_intercom(sample)
    _mail_loop(sample)
    _add_records(sample)
    for ticket_id in GIVEN_TO:
        _give(sample, ticket_id)
    _older_versions(sample)
    for fault in FAULTS:
        if fault.cells and not fault.add:
            sample.rows[fault.object][fault.key].update(fault.cells)
    sample.files.update(FILES)
    for row in sample.rows["tickets"].values():
        row["cf_old_priority"] = {"urgent": "P1", "high": "P2"}.get(row["priority"], "P3")


def _missing_in_intercom(sample: SampleTables) -> None:
    agent, name, email = catalogue.MISSING_AGENT[:3]
    sample.put("agents", dict(zip(COLUMNS["agents"], catalogue.MISSING_AGENT, strict=True)))
    sample.put("teams", dict(zip(COLUMNS["teams"], catalogue.MISSING_TEAM, strict=True)))
    sample.put("team_members", {"team_id": catalogue.MISSING_TEAM[0], "agent_id": agent})
    for ticket_id in AWAY_AGENT:
        ticket = sample.rows["tickets"][ticket_id]
        before = catalogue.AGENT_NAMES[ticket["agent_id"]]
        ticket["agent_id"] = agent
        for row in sample.thread(ticket_id):
            row["body"] = row["body"].replace(before, name).replace(before.split()[0], name.split()[0])
            if row["author_type"] == "agent":
                row |= {"author_id": agent, "author_name": name, "author_email": email}
    for ticket_id in AWAY_TEAM:
        sample.rows["tickets"][ticket_id]["team_id"] = catalogue.MISSING_TEAM[0]


def _give(sample: SampleTables, ticket_id: str) -> None:
    customer = GIVEN_TO[ticket_id]
    sample.rows["tickets"][ticket_id] |= {"customer_id": customer, "company_id": ""}
    known = sample.rows["customers"].get(customer, {"name": "Deleted user", "email": ""})
    for row in sample.thread(ticket_id):
        if row["author_type"] == "customer":
            row |= {"author_id": customer, "author_name": known["name"], "author_email": known["email"]}


def _mail_loop(sample: SampleTables) -> None:
    """Let an out-of-office notice and an automatic confirmation answer each other, every two minutes."""
    first, *rest = sample.thread(LOOP)
    for row in rest:
        del sample.rows["messages"][row["message_id"]]
    now = parse_iso(first["created_at"]) or 0
    for number in range(2, LOOP_MESSAGES + 2):
        now += 120
        away: Row = {**first, "body": f"Automatic reply: I am out of the office until Monday. (Notice {number // 2})"}
        if number % 2 == 0:
            away |= {"author_type": "system", "author_id": "", "author_name": "Automation", "author_email": ""}
            away["body"] = f"We have received your message no. {number // 2} and will answer soon."
        message_id = str(int(LOOP) * 1000 + number)
        sample.put("messages", {**away, "message_id": message_id, "created_at": iso(now)})
    sample.rows["tickets"][LOOP] |= {"status": "closed", "updated_at": iso(now + 60), "closed_at": iso(now + 60)}


def _add_records(sample: SampleTables) -> None:
    for fault in FAULTS:
        if fault.add:
            sample.put(fault.object, dict(fault.cells))


def _older_versions(sample: SampleTables) -> None:
    for ticket_id, file in OLDER.items():
        ticket = sample.rows["tickets"][ticket_id]
        opened = parse_iso(ticket["created_at"]) or 0
        older = {**ticket, "status": "open", "updated_at": iso(opened + 600), "closed_at": "", "cf_old_priority": ""}
        sample.copies.append((file, "tickets", older))
