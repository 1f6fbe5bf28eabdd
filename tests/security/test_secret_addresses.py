"""Passwords of alert addresses and of the journal's database, and the token: in no file, message or command line."""

import time
from pathlib import Path

import pytest
from sqlalchemy.engine import make_url

from resources.notifier.sending import without
from tests.support import traces
from tests.support.cli import Cli

WORD = "hunter2Zebra"
SHORT = "x9!k"
"""A password whose pieces between marks are short."""

JOURNALS = [
    f"postgresql://u:{WORD}@127.0.0.1:1/x",
    f"postgresql://host:{WORD}/x",
    f"postgresql://u:p@{WORD}:{WORD}/x",
    f"postgresql+psycopg://u:{WORD}@[::1/x",
    f"postgresql://u:{WORD}@127.0.0.1:1/x?password={WORD}",
    f"mysql://u:{WORD}@h/x",
    f"nonsense {WORD}",
]
ALERTS = [
    f"json://user:{WORD}@",
    f"json://user:{WORD}@127.0.0.1:1/p?-x-key={WORD}",
    f"mailto://u:{WORD}@",
    f"nonsense://{WORD}",
    f"slack://{WORD}",
    f"json://{WORD}:{SHORT}@127.0.0.1:1/{WORD}",
]


def said_nothing(finished, *words):
    assert "Traceback" not in finished.said
    assert traces.in_text(finished.said, words) == set()


@pytest.mark.parametrize("url", JOURNALS)
def test_a_journal_that_cannot_be_opened_keeps_its_password(tmp_path, url):
    run = Cli(tmp_path / "state", MIGRATION_JOURNAL_URL=url)
    for command in ("status", "backup"):
        finished = run(command)
        assert finished.code == 1
        assert "journal" in finished.err.lower()
        said_nothing(finished, WORD)
    assert not run.state.exists() or traces.traces(run.state, [WORD]) == {}


@pytest.mark.parametrize("url", ALERTS)
def test_an_alert_address_that_does_not_work_keeps_its_password(tmp_path, url):
    finished = Cli(tmp_path / "state", MIGRATION_ALERT_URLS=url)("alert-test")
    assert finished.code in (1, 2)
    assert "Address 1" in finished.said
    said_nothing(finished, WORD)
    assert SHORT not in finished.said


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("json://user:x9!k@host.example/p", "could not log in with x9!k"),
        ("json://user:a%2Fb@host.example/p", "refused a/b and a%2Fb"),
        ("mailtos://ann:p@ss@mail.example", "535 for ann: p@ss"),
        ("json://host.example/?-x-k=q!w", "header q!w"),
    ],
)
def test_what_a_service_says_is_repeated_without_the_password(address, said):
    left = without(said, address)
    assert not any(secret in left for secret in ("x9!k", "a/b", "a%2Fb", "p@ss", "q!w"))


def command_lines():
    """Return the command lines of every process of the machine that can be read."""
    found = set()
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            found.add(path.read_bytes())
        except OSError:
            continue
    return found


def watched(run, command):
    """Run a command to its end; return what it printed, and every command line that was there meanwhile."""
    process, seen = run.start(command), set()
    while process.poll() is None:
        seen |= command_lines()
        time.sleep(0.1)
    return *process.communicate(), seen


@pytest.mark.slow
def test_a_whole_run_has_no_secret_in_a_file_or_a_command_line(tmp_path, postgres):
    from sample_data.generate import main

    main(["--tickets", "6", "--out", str(tmp_path / "extract")])
    journal = make_url(postgres()).set(password=WORD).render_as_string(hide_password=False)
    run = Cli(
        tmp_path / "state",
        MIGRATION_EXTRACT=tmp_path / "extract",
        MIGRATION_JOURNAL_URL=journal,
        MIGRATION_ALERT_URLS=f"json://ann:{WORD}@127.0.0.1:1/{WORD}?-x-key={WORD}",
        TMPDIR=tmp_path / "state",
    )
    run.state.mkdir(mode=0o700)
    out, err, seen = watched(run, "migrate")
    (tmp_path / "extract" / "customers.csv").write_text("nothing of a customer")  # the next one fails, and is told
    more = watched(run, "migrate")
    out, err, seen = out + more[0], err + more[1], seen | more[2]
    assert "could not be delivered" in err
    token = (run.state / "embedded" / "token").read_text()
    assert any(b"embedded_intercom" in line for line in seen), "its server was seen"
    assert [line for line in seen if WORD.encode() in line or token.encode() in line] == []
    assert traces.in_text(out + err, [WORD, token]) == set()
    found = {name for name, _ in traces.traces(run.state, [WORD, token])}
    assert found <= {"embedded/token", "embedded/endpoint.json"}
