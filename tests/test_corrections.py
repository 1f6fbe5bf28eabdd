"""The one procedure for corrections, over the sample: in place, in the files of rejects, then `migrate` once more."""

import csv
import shutil

import pytest
import yaml

from schemas.settings import PROJECT
from tests.support.cli import Cli, query

pytestmark = pytest.mark.slow

EXTRACT = PROJECT / "sample_data" / "extract"
FILES = {"100370/lost.pdf": 48211, "100374/notes.txt": 12, "100377/half.pdf": 1048576}
"""What no line of a file of rejects can put right: the files that the export lacks, with the sizes that it states."""
INSTEAD = {
    "agents": {"112": "joana.reis@nordlicht-commerce.example"},
    "teams": {"Logistics Iberia": "Billing & Payments"},
}
"""Who has the tickets of the agent and of the team that Intercom lacks: a decision, in the mapping."""
FOLLOWS = "ticket_quarantined"
LEFT_OUT = {"_leave_out": "yes"}


def message(key, kind, author_type, author_id, author_name, body, created_at):
    """Return what is filled into the line of a message that could not be read."""
    told = {"message_id": key, "ticket_id": key[:6], "kind": kind, "author_type": author_type}
    return told | {"author_id": author_id, "author_name": author_name, "body": body, "created_at": created_at}


ROWS = {
    # What a person writes into each line, by a word of its reason.
    "attachments": {"unknown_ticket": LEFT_OUT},
    "messages": {
        "nul_byte": message("100238098", "note", "agent", "104", "Matteo Ricci", "Rückruf", "2025-07-24T09:00:00Z"),
        "duplicate_key_conflict": {"message_id": "100275009"},
        "bad_timestamp": {"created_at": "2025-11-20T09:00:00Z"},
        "unknown_ticket": {"ticket_id": "100300"},
        "bad_encoding": message("100121098", "note", "agent", "110", "Youssef A.", "Rückruf", "2024-09-01T10:00:00Z"),
        "cut_off": message("100140099", "reply", "customer", "154", "Emre", "Noch eine?", "2024-10-01T10:00:00Z"),
    },
    "tags": {"stray_quote": {"tag": "display", "description": 'Scanner with 7" display'}},
    "team_members": {"unknown_agent": {"agent_id": "101"}},
    "tickets": {
        "bad_timestamp": {"created_at": "2026-01-12T08:00:00Z"},
        "ragged_short": {
            "ticket_id": "199401", "ticket_number": "NC-199401", "subject": "Where is my parcel?", "status": "open",
            "priority": "medium", "channel": "email", "customer_id": "105", "created_at": "2026-10-01T08:00:00Z",
        },
        "ragged_long": {
            "ticket_id": "199402", "ticket_number": "NC-199402", "subject": "Labels, slips and stickers print twice",
            "status": "open", "customer_id": "105", "created_at": "2026-10-02T08:00:00Z",
        },
        "scientific_id": {"ticket_id": "123456789012"},
        "missing_value": {"status": "open"},
        "repeated_header": LEFT_OUT,
        "totals_row": LEFT_OUT,
    },
}  # fmt: skip
VALUES = {
    "articles": {"ambiguous_date": {"updated_at": "2025-04-03"}},
    "companies": {
        "impossible_date": {"created_at": "2019-01-01T00:00:00Z"},
        "bad_number": {"size": "80"},
        "bad_date": {"cf_contract_end": ""},
    },
    "customers": {
        "several_emails": {"EMAIL": "hannah.rivera@kestrel-outdoor.example"},
        "bad_email": {"EMAIL": "grace.doyle@maplestreetpottery.example"},
        "phone_extension": {"Phone": "+44 20 7946 0321"},
        "bad_phone": {"Phone": ""},
        "scientific_id": {"External ID": "4820000000000001"},
        "several_phones": {"Phone": "+44 20 7946 0859"},
        "unknown_company": {"Company ID": "117"},
        "dst_gap": {"Last activity": "2025-03-30T01:30:00Z"},
        "impossible_date": {"Last activity": "2026-05-04T10:00:00Z"},
    },
    "tickets": {
        "agent_id: excel_error": {"agent_id": "101"},
        "closed_at: excel_error": {"closed_at": "2025-11-23T13:11:28Z"},
        "closed_at: bad_timestamp": {"closed_at": ""},
        "closed_at: impossible_date": {"closed_at": ""},
        "bad_number": {"cf_order_value": "300"},
        "bad_boolean": {"cf_escalated": "yes"},
        "merge_cycle": {"merged_into_ticket_id": ""},
        "unknown_merge_target": {"merged_into_ticket_id": ""},
    },
}


def correct(folder, name, changes):
    """Write into every line of a file what a person would, and return the words of which there was none."""
    path = folder / f"{name}.csv"
    with path.open(encoding="utf-8-sig", newline="") as file:
        lines = list(csv.DictReader(file))
    left = set(changes)
    for line in lines:
        fitting = [word for word in changes if word in line["_reason"]]
        assert fitting or FOLLOWS in line["_reason"], line["_reason"]
        for word in fitting:
            assert set(changes[word]) <= set(line), (changes[word], list(line))
            line.update(changes[word])
        left -= set(fitting)
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, list(lines[0]))
        writer.writeheader()
        writer.writerows(lines)
    return left


def complete_files(folder):
    """Put right what the report says of the attachments: two files are exported again, the name of one is mended."""
    for name, size in FILES.items():
        path = folder / "attachments" / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b"%PDF-1.4\n".ljust(size, b" "))
    listed = folder / "attachments.csv"
    text = listed.read_text(encoding="utf-8")
    assert text.count(",../../etc/passwd,") == 1
    listed.write_text(text.replace(",../../etc/passwd,", ",notes.txt,"), encoding="utf-8")


@pytest.fixture(scope="module")
def corrected(end_to_end, tmp_path_factory):
    """The sample's run, corrected in place and run again: doubts are accepted, files exported, people decided about."""
    folder = tmp_path_factory.mktemp("corrected")
    state = folder / "state"
    shutil.copytree(end_to_end.state, state)
    for file, changes in [*ROWS.items(), *((f"{name}-values", of) for name, of in VALUES.items())]:
        assert correct(state / "rejects", file, changes) == set(), file
    mapping = yaml.safe_load((PROJECT / "sample_data" / "mapping.yaml").read_text(encoding="utf-8"))
    with (state / "rejects" / "doubts.csv").open(encoding="utf-8-sig", newline="") as file:
        doubts = {(line["code"], f"{line['object']}.{line['column']}") for line in csv.DictReader(file)}
    # The tickets that are loaded now have no messages: none of them was in the export.
    doubts.add(("ticket_without_message", "tickets"))
    mapping["accepted"] = [{"doubt": code, "of": of, "because": "it was looked at"} for code, of in sorted(doubts)]
    for table, decided in INSTEAD.items():
        mapping[table] |= decided
    complete_files(shutil.copytree(EXTRACT, folder / "extract"))
    (folder / "mapping.yaml").write_text(yaml.safe_dump(mapping, allow_unicode=True), encoding="utf-8")
    cli = Cli(state, MIGRATION_MAP=folder / "mapping.yaml", MIGRATION_EXTRACT=folder / "extract")
    return cli, cli("migrate")


def test_every_kind_of_quarantined_row_is_corrected_in_place_and_the_run_ends_complete(corrected):
    cli, run = corrected
    assert run.code == 0, run.said
    assert run.certificate["reasons"] == []
    assert run.certificate["verdict"] == "complete"
    assert sum(counts["quarantined"] for counts in run.certificate["source"].values()) == 0
    assert query(cli.state, "FROM quarantine.faults") == []
    given = {path.name for path in (cli.state / "rejects").iterdir()}
    assert given <= {"merged_values.csv", "doubts.csv"}


def test_what_was_corrected_is_in_intercom(corrected):
    cli, _ = corrected
    fates = query(cli.state, "SELECT object, fate, reason, count(*) AS rows FROM verdict.source_rows GROUP BY ALL")
    by_person = {(row["object"], row["reason"]): row["rows"] for row in fates if row["fate"] == "superseded"}
    assert by_person["tickets", "left out by a person"] == 2
    assert by_person["messages", "corrected by a person"] == 6
    keys = "SELECT source_key FROM plan.journal WHERE object = 'conversation' AND state = 'confirmed'"
    loaded = {row["source_key"] for row in query(cli.state, keys)}
    assert {"100300", "199401", "199402", "199404", "123456789012"} <= loaded


def test_what_a_person_left_out_or_corrected_stands_among_the_certificates_decisions(corrected):
    cli, run = corrected
    made = {(one["kind"], one["what"]): one["rows"] for one in run.certificate["decisions"]}
    assert {what: rows for (kind, what), rows in made.items() if kind == "left out"} == {"attachments": 1, "tickets": 2}
    assert made["corrected", "messages"] == 6
    page = (cli.state / "certificate.html").read_text(encoding="utf-8")
    assert "rows that a person has left out, by rejects/tickets.csv" in page


def test_a_further_run_finds_the_corrections_again_and_writes_nothing(corrected):
    cli, first = corrected
    again = cli("migrate")
    assert again.certificate["source"] == first.certificate["source"]
    assert sum(counts["created"] + counts["updated"] for counts in again.certificate["intercom"].values()) == 0
