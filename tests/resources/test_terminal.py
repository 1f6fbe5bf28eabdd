import io
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from rich.console import Console

from migration_assets.handoff.closing_table import closing, summary_table
from resources.progress import RunLogProgress, StageTotals
from resources.terminal import LiveProgress, PlainProgress, progress


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
    assert re.fullmatch(r"contacts 10[01]/150, 20[02] calls, 40 calls/s, about 2 s left", lines(log)[0])


def test_a_line_has_calls_and_nothing_else_per_second(log, clock):
    plain = PlainProgress(log, clock)
    plain.stage("contacts", 150)
    clock.now += 6
    plain.advance(120)
    assert lines(log) == ["contacts 120/150, 0 calls, 0 calls/s, about 2 s left"]


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
        "conversations 400/1,000, 0 calls, 0 calls/s, about 1 min 33 s left",
        "conversations 400 of 1,000 done in 1 min 2 s, 0 calls",
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
    assert lines(log)[-1].startswith("parts 5,060/10,000, 0 calls, 0 calls/s, about 1 h 22 min left")


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
    assert "in 2 s, 124 calls" in contacts
    assert "tags" in tags


def test_what_is_not_a_terminal_gets_lines(log):
    assert isinstance(progress(log), PlainProgress)
    terminal = Console(file=io.StringIO(), force_terminal=True, _environ={"TERM": "xterm"})
    assert isinstance(progress(terminal), LiveProgress)


def test_an_engine_that_tells_totals_is_counted_in_steps(log, clock):
    plain = PlainProgress(log, clock)
    tell = StageTotals(plain)
    tell("contacts", 0, 10, 5)
    tell("contacts", 4, 10, 13)
    tell("contacts", 10, 10, 25)
    tell("tickets", 0, 3, 25)
    tell("tickets", 3, 3, 40)
    plain.done()
    assert lines(log) == ["contacts 10 done in 0.0 s, 20 calls", "tickets 3 done in 0.0 s, 15 calls"]


def test_the_calls_of_the_first_stage_are_its_own_too(log, clock):
    plain = PlainProgress(log, clock)
    tell = StageTotals(plain)
    tell("contacts", 0, 10, 300)
    clock.now += 6
    tell("contacts", 5, 10, 306)
    tell("contacts", 10, 10, 312)
    plain.done()
    assert lines(log) == ["contacts 5/10, 6 calls, 1 calls/s, about 6 s left", "contacts 10 done in 6 s, 12 calls"]


def test_what_begins_again_is_another_stage(log, clock):
    plain = PlainProgress(log, clock)
    tell = StageTotals(plain)
    for done, total in ((0, 3), (3, 3), (0, 1), (1, 1)):
        tell("companies", done, total, done)
    plain.done()
    assert [line.split(" done")[0] for line in lines(log)] == ["companies 3", "companies 1"]


PAUSED = "paused (anna on desk); `make resume` lets it go on"


def test_a_paused_load_says_so_at_once_and_its_time_left_is_right_afterwards(log, clock):
    plain = PlainProgress(log, clock)
    tell = StageTotals(plain)
    tell("contacts", 0, 150, 0)
    clock.now += 2
    tell("contacts", 50, 150, 50)
    tell.attend("anna on desk")
    clock.now += 600
    tell.attend("anna on desk")
    tell.attend(None)
    clock.now += 2
    tell("contacts", 100, 150, 100)
    tell.end()
    assert lines(log) == [
        f"contacts 50/150, 50 calls, {PAUSED}",
        "goes on: contacts 50/150, 50 calls, 25 calls/s, about 4 s left",
        "contacts 100 of 150 done in 4 s, 100 calls",
    ]


def test_a_pause_shows_in_a_bar_and_in_the_next_stage(clock):
    console = Console(file=io.StringIO(), force_terminal=True, width=160, color_system=None)
    bars = LiveProgress(console, clock)
    tell = StageTotals(bars)
    tell("contacts", 0, 1, 0)
    tell.attend("anna on desk")
    bars._bars.refresh()
    assert console.file.getvalue().count(PAUSED) >= 1
    before = len(console.file.getvalue())
    tell("tickets", 0, 1, 0)
    bars._bars.refresh()
    tell.end()
    assert PAUSED in console.file.getvalue()[before:]


def test_the_runs_log_has_each_object_and_a_line_every_half_minute_even_where_nothing_moves(clock):
    said = []
    tell = StageTotals(RunLogProgress(said.append, clock))
    tell("contacts", 0, 150, 7)
    for second in range(120):
        clock.now += 1
        if second < 50:
            tell("contacts", second + 1, 150, 7 + 2 * (second + 1), second // 10)
        tell.attend(None)
    tell.end()
    assert said[0] == "contacts: 150 records to go"
    assert said[1] == "contacts 30/150, 60 calls, 2 failed, 2 calls/s, about 2 min left"
    assert said[-1] == "contacts 50 of 150 done in 2 min, 100 calls, 4 failed"
    assert len(said) == 6


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


def test_the_summary_has_the_verdict_twelve_reasons_and_where_to_look(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".migration" / "rejects").mkdir(parents=True)
    for page in ("report.html", "certificate.html", "reconciliation.html"):
        (tmp_path / ".migration" / page).touch()
    text = shown(certificate())
    assert "partial  20,000 calls, 19,000 writes, 0 notifications to contacts" in text
    assert text.count("- reason") == 12
    assert "reason 0 [bold]as it is[/bold]" in text
    assert "and 3 more: see the report" in text
    for place in (".migration/report.html", ".migration/certificate.html", ".migration/rejects", "make ui"):
        assert place in text
    assert ".migration/reconciliation.html" in text
    assert "differences.csv" not in text


def test_the_summary_names_no_file_that_is_not_there_or_that_an_earlier_run_left(tmp_path):
    (tmp_path / "report.html").touch()
    (tmp_path / "reconciliation.html").touch()
    different = {"contacts": {"name": dict.fromkeys(("compared", "equal", "explained", "unverifiable"), 1)}}
    different["contacts"]["name"]["different"] = 1
    text = shown(certificate(source={}, fields=different), folder=tmp_path, width=400)
    assert f"{tmp_path}/report.html" in text
    assert "certificate.html" not in text
    assert "reconciliation.html" not in text
    assert "differences.csv" not in text


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
