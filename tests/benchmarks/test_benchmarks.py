"""The benchmarks run, at a small size."""

import asyncio

from benchmarks import journal, landing, words
from benchmarks.table import extract_of


def test_the_load_loop_is_measured_with_and_without_the_journal(tmp_path, monkeypatch):
    monkeypatch.setattr(journal, "RECORDS", 6)
    monkeypatch.setattr(journal, "STEPS", 2)
    assert asyncio.run(journal.load(journal.NoJournal(), None)) > 0
    with journal.Journal(f"sqlite:///{tmp_path / 'j.sqlite3'}", "benchmark") as opened:
        opened.begin_run(journal.Run(run_id="benchmark"))
        # The sink lets 0.05 s of lateness be made up for, so that a few writes may come faster than offered.
        assert 0 < asyncio.run(journal.load(opened, 100.0)) < 200
        assert opened.tally() == {"part": "confirmed 12"}


def test_landing_is_measured_on_every_file(monkeypatch, capsys):
    monkeypatch.setattr(landing, "TICKETS", 30)
    landing.main()
    printed = capsys.readouterr().out
    assert all(name in printed for name in landing.OBJECTS)


def test_the_words_check_is_measured_and_finds_nothing_lost(tmp_path):
    found = words.measure(tmp_path, extract_of(tmp_path, 30))
    assert found["texts"] > 100
    assert found["losing"] == 0
    assert 0 < found["check"] < found["shaping"]
