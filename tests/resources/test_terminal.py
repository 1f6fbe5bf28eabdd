import io
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from rich.console import Console

from migration_assets.handoff.closing_table import closing, summary_table
from resources.terminal import LiveProgress, PlainProgress, progress, telling


class Clock:
    def __init__(self):
        self.now = 100.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def log():
    return Console(file=io.StringIO(), width=80)


def lines(console):
    return console.file.getvalue().splitlines()


def test_plain_lines_come_at_most_every_five_seconds(log, clock):
    plain = PlainProgress(log, clock)
    plain.stage("contacts", 150)
    for _ in range(120):
        clock.now += 0.05
        plain.advance(1, calls=2)
    assert len(lines(log)) == 1
    assert re.fullmatch(r"contacts 10[01]/150, 40 calls/s, about 2 s left", lines(log)[0])


def test_a_stage_that_never_called_shows_records_per_second(log, clock):
    plain = PlainProgress(log, clock)
    plain.stage("contacts", 150)
    clock.now += 6
    plain.advance(120)
    assert lines(log) == ["contacts 120/150, 20/s, about 2 s left"]


def test_every_stage_ends_with_a_line(log, clock):
    plain = PlainProgress(log, clock)
    plain.stage("contacts", 2)
    plain.advance(2, calls=2)
    clock.now += 3
    plain.stage("conversations", 1000)
    clock.now += 62
    plain.advance(400)
    plain.done()
    plain.done()
    assert lines(log) == [
        "contacts 2 done in 3 s, 2 calls",
        "conversations 400/1,000, 6/s, about 1 min 33 s left",
        "conversations 400 of 1,000 done in 1 min 2 s",
    ]


def test_the_time_left_follows_a_change_of_pace(log, clock):
    plain = PlainProgress(log, clock)
    plain.stage("parts", 10_000)
    for _ in range(100):
        clock.now += 1
        plain.advance(50)
    for _ in range(60):
        clock.now += 1
        plain.advance(1)
    assert lines(log)[-1].startswith("parts 5,060/10,000, 1/s, about 1 h 22 min left")


def test_a_long_line_is_not_folded(log, clock):
    plain = PlainProgress(log, clock)
    plain.stage("x" * 200, 1)
    plain.done()
    assert len(lines(log)) == 1


@pytest.mark.parametrize("kind", [PlainProgress, LiveProgress])
def test_progress_before_a_stage_is_an_error(log, kind):
    with pytest.raises(RuntimeError, match="before any stage"):
        kind(log).advance()


def test_a_terminal_has_bars_with_the_time_left(clock):
    console = Console(file=io.StringIO(), force_terminal=True, width=100, color_system=None)
    bars = LiveProgress(console, clock)
    bars.stage("contacts", 150)
    clock.now += 2
    bars.advance(100, calls=124)
    bars._bars.refresh()
    bars.stage("tags", 0)
    bars.done()
    shown = console.file.getvalue()
    assert "100/150" in shown
    assert "62 calls/s, about 1 s left" in shown
    contacts, tags = [line for line in shown.splitlines() if "in " in line][-2:]
    assert "contacts" in contacts
    assert "in 2 s" in contacts
    assert "tags" in tags


def test_what_is_not_a_terminal_gets_lines(log):
    assert isinstance(progress(log), PlainProgress)
    terminal = Console(file=io.StringIO(), force_terminal=True, _environ={"TERM": "xterm"})
    assert isinstance(progress(terminal), LiveProgress)


def test_an_engine_that_tells_totals_is_counted_in_steps(log, clock):
    plain = PlainProgress(log, clock)
    tell = telling(plain)
    tell("contacts", 0, 10, 5)
    tell("contacts", 4, 10, 13)
    tell("contacts", 10, 10, 25)
    tell("tickets", 0, 3, 25)
    tell("tickets", 3, 3, 40)
    plain.done()
    assert lines(log) == ["contacts 10 done in 0.0 s, 20 calls", "tickets 3 done in 0.0 s, 15 calls"]


def test_plain_progress_goes_to_stderr_even_while_descriptor_2_is_a_log_file(tmp_path):
    program = """
import os, sys
from resources.terminal import keep_stderr, progress
keep_stderr()
log = os.open(sys.argv[1], os.O_CREAT | os.O_WRONLY)
os.dup2(log, 2)
shown = progress()
shown.stage("contacts", 1)
shown.advance(1, calls=3)
shown.done()
"""
    log = tmp_path / "captured"
    done = subprocess.run(
        [sys.executable, "-c", program, str(log)], capture_output=True, text=True, check=True, cwd=Path.cwd()
    )
    assert done.stdout == ""
    assert log.read_text() + done.stderr == "contacts 1 done in 0.0 s, 3 calls\n"


def test_bars_reach_the_terminal_even_while_descriptor_2_is_a_log_file(tmp_path):
    program = """
import os, sys
from resources.terminal import keep_stderr, progress
keep_stderr()
os.dup2(os.open(sys.argv[1], os.O_CREAT | os.O_WRONLY), 2)
shown = progress()
shown.stage("contacts", 1)
shown.advance(1, calls=3)
shown.done()
"""
    log = tmp_path / "captured"
    ours, theirs = os.openpty()
    environment = os.environ | {"TERM": "xterm"}
    subprocess.run(
        [sys.executable, "-c", program, str(log)], stderr=theirs, check=True, cwd=Path.cwd(), env=environment
    )
    os.close(theirs)
    seen = os.read(ours, 100_000).decode()
    os.close(ours)
    assert "contacts" in seen
    assert "1/1" in seen
    assert log.read_text() == ""


COUNTS = {"rows": 0, "loaded": 0, "merged": 0, "superseded": 0, "skipped": 0, "quarantined": 0, "failed": 0}
LOAD = {"planned": 0, "created": 0, "updated": 0, "adopted": 0, "unchanged": 0, "failed": 0, "present": 0}


def certificate(**changes):
    return {
        "source": {
            "customers": COUNTS | {"rows": 12345, "loaded": 12340, "quarantined": 5},
            "tickets": COUNTS | {"rows": 7, "loaded": 7},
            "articles": COUNTS,
        },
        "intercom": {
            "contacts": LOAD | {"planned": 12340, "created": 12340, "present": 12340},
            "contact_companies": LOAD | {"planned": 3, "failed": 1, "present": 2},
        },
        "calls": {"total": 20000, "writes": 19000, "by_endpoint": {}, "rate_limited": 0, "seconds": 1.0},
        "notifications_sent": 0,
        "verdict": "partial",
        "reasons": [f"reason {n} [bold]as it is[/bold]" for n in range(15)],
    } | changes


def shown(content, width=140, folder=".migration"):
    console = Console(file=io.StringIO(), width=width)
    console.print(summary_table(content, folder))
    return console.file.getvalue()


def test_the_summary_has_one_table_with_both_sides_in_a_line():
    text = shown(certificate())
    line = next(line for line in text.splitlines() if line.startswith("customers"))
    assert line.split() == [
        "customers",
        "12,345",
        "12,340",
        "0",
        "0",
        "0",
        "5",
        "0",
        "contacts",
        "12,340",
        "0",
        "12,340",
    ]
    assert "articles" not in text
    assert any(line.split() == ["contact", "companies", "3", "1", "2"] for line in text.splitlines())


def test_the_summary_has_the_verdict_twelve_reasons_and_where_to_look():
    text = shown(certificate())
    assert "partial  20,000 calls, 19,000 writes, 0 notifications to contacts" in text
    assert text.count("- reason") == 12
    assert "reason 0 [bold]as it is[/bold]" in text
    assert "and 3 more: see the report" in text
    for place in (".migration/report.html", ".migration/certificate.html", ".migration/rejects", "make ui"):
        assert place in text


def test_a_complete_run_has_no_reasons_and_no_rejects():
    clean = {"tickets": COUNTS | {"rows": 7, "loaded": 7}}
    text = shown(certificate(verdict="complete", reasons=[], source=clean, notifications_sent=None))
    assert "complete" in text
    assert "notifications are not told" in text
    assert "rejects" not in text


def test_the_summary_goes_to_stderr_and_nothing_to_stdout(capfd):
    closing(certificate())
    captured = capfd.readouterr()
    assert captured.out == ""
    assert "12,340" in captured.err


def test_a_narrow_terminal_still_shows_every_number():
    text = shown(certificate(), width=80).splitlines()
    assert ["customers", "12,345", "12,340", "0", "0", "0", "5", "0"] in [line.split() for line in text]
    assert ["contacts", "12,340", "0", "12,340"] in [line.split() for line in text]
    assert "superseded" in text[1]
