"""The generator: the committed sample is what it writes, every size is whole, and memory does not grow."""

import csv
import hashlib
import subprocess
import sys
import tracemalloc
from collections import Counter
from pathlib import Path

import pytest
import yaml

from sample_data import catalogue
from sample_data.clean import write_clean
from sample_data.generate import SEED, main
from sample_data.people import company_count, customer_count
from schemas.source import OBJECTS

PROJECT = Path(__file__).resolve().parents[2]
COMMITTED = PROJECT / "sample_data" / "extract"
MEGABYTE = 1 << 20


def digest(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def rows(folder: Path, name: str) -> list[dict[str, str]]:
    with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def clean(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("clean") / "extract"
    main(["--clean", "--out", str(folder)])
    return folder


def test_the_committed_sample_is_what_the_generator_writes_whatever_the_hash_seed(tmp_path: Path) -> None:
    for seed in ("1", "2"):
        command = [sys.executable, "-m", "sample_data.generate", "--out", str(tmp_path / seed)]
        subprocess.run(command, check=True, cwd=PROJECT, env={"PYTHONHASHSEED": seed, "TZ": "Asia/Tokyo"})
    assert digest(tmp_path / "1") == digest(tmp_path / "2") == digest(COMMITTED)


def test_the_committed_sample_is_small() -> None:
    assert sum(path.stat().st_size for path in COMMITTED.rglob("*")) < 5 * MEGABYTE


def test_another_seed_gives_another_sample(tmp_path: Path) -> None:
    main(["--seed", "7", "--clean", "--out", str(tmp_path / "a")])
    main(["--clean", "--out", str(tmp_path / "b")])
    assert digest(tmp_path / "a")["messages.csv"] != digest(tmp_path / "b")["messages.csv"]


@pytest.mark.parametrize("tickets", [1, 7, 400, 3000])
def test_every_size_has_the_rows_that_it_states(tmp_path: Path, tickets: int) -> None:
    folder = tmp_path / "extract"
    main(["--tickets", str(tickets), "--clean", "--out", str(folder)])
    manifest = yaml.safe_load((folder / "extract.yaml").read_text(encoding="utf-8"))
    counts = {path.name: len(rows(folder, path.stem)) for path in folder.glob("*.csv")}
    assert counts == manifest["row_counts"]
    assert counts["tickets.csv"] == tickets
    assert counts["customers.csv"] == customer_count(tickets)
    assert counts["companies.csv"] == company_count(tickets)
    for name, stated in manifest["sha256"].items():
        assert hashlib.sha256((folder / name).read_bytes()).hexdigest() == stated


def test_keys_are_unique_and_every_reference_leads_somewhere(tmp_path: Path) -> None:
    folder = tmp_path / "extract"
    main(["--tickets", "3000", "--out", str(folder)])
    tables = {name: rows(folder, name) for name in OBJECTS}
    for name, item in OBJECTS.items():
        keys = Counter(tuple(row[column] for column in item.key) for row in tables[name])
        assert max(keys.values()) == 1, name
        missing = [row for row in tables[name] if not all(row[column] for column in item.required_columns)]
        assert not missing, name
    assert max(Counter(row["email"] for row in tables["customers"]).values()) == 1
    assert max(Counter(row["domain"] for row in tables["companies"]).values()) == 1
    ids = {name: {row[OBJECTS[name].key[0]] for row in tables[name]} for name in OBJECTS}
    for name, column, target in (
        ("customers", "company_id", "companies"),
        ("tickets", "customer_id", "customers"),
        ("tickets", "company_id", "companies"),
        ("tickets", "agent_id", "agents"),
        ("tickets", "team_id", "teams"),
        ("messages", "ticket_id", "tickets"),
        ("attachments", "message_id", "messages"),
    ):
        assert {row[column] for row in tables[name]} - {""} <= ids[target], (name, column)
    for kind in ("agent", "customer"):
        authors = {row["author_id"] for row in tables["messages"] if row["author_type"] == kind}
        assert authors <= ids[f"{kind}s"]


def test_threads_are_in_order_and_open_when_their_ticket_opens(clean: Path) -> None:
    tickets = {row["ticket_id"]: row for row in rows(clean, "tickets")}
    threads: dict[str, list[dict[str, str]]] = {}
    for row in rows(clean, "messages"):
        threads.setdefault(row["ticket_id"], []).append(row)
    assert threads.keys() == tickets.keys()
    for ticket_id, messages in threads.items():
        times = [row["created_at"] for row in messages]
        assert times == sorted(set(times)), ticket_id
        assert times[0] == tickets[ticket_id]["created_at"]
        assert all(row["body"].strip() for row in messages)
        last = tickets[ticket_id]["closed_at"] or tickets[ticket_id]["updated_at"]
        assert times[-1] <= last <= "2026-11-01"


def test_nobody_writes_after_having_left(clean: Path) -> None:
    for row in rows(clean, "messages"):
        if row["author_type"] == "agent":
            assert row["created_at"] < catalogue.LEFT.get(row["author_id"], "2027"), row["message_id"]


def test_the_sample_has_the_promised_variety(clean: Path) -> None:
    tickets, messages = rows(clean, "tickets"), rows(clean, "messages")
    assert len(tickets) == 400
    assert {row["status"] for row in tickets} == {"open", "pending", "resolved", "closed"}
    assert {row["priority"] for row in tickets} == {"urgent", "high", "medium", "low", ""}
    assert {row["channel"] for row in tickets} == {"email", "chat", "phone", "web"}
    assert {row["kind"] for row in messages} == {"reply", "note", "assignment", "status_change"}
    assert tickets[0]["created_at"] < "2023-10-03"
    assert tickets[-1]["created_at"] > "2026-10-15"
    fields = rows(clean, "custom_fields")
    assert len(fields) == 9
    assert {row["type"] for row in fields} == {"string", "boolean", "date", "number", "select", "multi_select"}
    bodies = "\n".join(row["body"] for row in messages)
    assert not [letter for letter in "éßñãのعї🎉" if letter not in bodies]


def test_memory_does_not_grow_with_the_size(tmp_path: Path) -> None:
    peaks = {}
    for tickets in (50, 5000):
        tracemalloc.start()
        write_clean(tmp_path / str(tickets), SEED, tickets)
        peaks[tickets] = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    # The people of a small number of customers are remembered; a hundred times the tickets is no hundred times that.
    assert peaks[5000] < peaks[50] + 8 * MEGABYTE


def test_a_folder_that_is_no_extract_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("keep me")
    with pytest.raises(SystemExit, match=r"has no extract\.yaml"):
        main(["--tickets", "3", "--out", str(tmp_path)])
    assert (tmp_path / "letter.txt").read_text() == "keep me"


@pytest.mark.parametrize("arguments", [["--tickets", "0"], ["--clean", "--messy"], ["--tickets", "90", "--messy"]])
def test_arguments_that_make_no_sense_are_refused(tmp_path: Path, arguments: list[str]) -> None:
    with pytest.raises(SystemExit):
        main([*arguments, "--out", str(tmp_path / "extract")])
    assert not (tmp_path / "extract").exists()
