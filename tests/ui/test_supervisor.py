"""How `make ui` begins and ends: a taken port is said, where it is served is known, nothing is left behind."""

import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time

import pytest

from migration_assets.ui.supervisor import EndRequest, cannot_be_used, end_group, serve, supervise
from resources.ui_address import say_ended, say_served, served_at
from schemas.settings import Settings

LEAVES_ONE = """
import subprocess, sys
child = subprocess.Popen([sys.executable, "-c", "import time; print('up', flush=True); time.sleep(600)"])
print(child.pid, flush=True)
"""
STUBBORN = LEAVES_ONE.replace("import time;", "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN);")


def left_behind(program):
    """Run a program in a group of its own that ends and leaves a process behind; return the two process ids."""
    parent = subprocess.Popen(
        [sys.executable, "-c", program], stdout=subprocess.PIPE, text=True, start_new_session=True
    )
    lines = {parent.stdout.readline().strip(), parent.stdout.readline().strip()}
    parent.wait(30)
    (child,) = lines - {"up"}
    return parent.pid, int(child)


def is_there(pid):
    found = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True).stdout.strip()
    return bool(found) and not found.startswith("Z")


def test_what_a_process_has_left_behind_is_ended_with_it():
    group, child = left_behind(LEAVES_ONE)
    assert is_there(child)
    end_group(group, 5)
    assert not is_there(child)


def test_what_does_not_want_to_end_is_killed():
    group, child = left_behind(STUBBORN)
    end_group(group, 0.5)
    deadline = time.monotonic() + 10
    while is_there(child) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not is_there(child)


def test_nothing_is_done_where_nothing_is_left():
    process = subprocess.Popen([sys.executable, "-c", ""], start_new_session=True)
    process.wait(30)
    end_group(process.pid)


@pytest.fixture(autouse=True)
def heard():
    """Signals are heard by this process and what it starts, also where the tests were started with nohup."""
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGHUP, signal.SIG_DFL)
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.fixture
def asked():
    """Whether this process is asked to end."""
    return EndRequest()


def after(seconds, *numbers):
    """Send this process signals, each that much later than the one before."""

    def send():
        for number in numbers:
            time.sleep(seconds)
            os.kill(os.getpid(), number)

    threading.Thread(target=send, daemon=True).start()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_what_was_started_and_what_that_has_started(asked, number, capfd):
    after(1.5, number)
    assert supervise([sys.executable, "-c", LEAVES_ONE + "import time; time.sleep(600)"], asked, patience=5) == 0
    said = capfd.readouterr().out
    assert not is_there(int(re.search(r"^\d+$", said, re.M)[0]))
    assert "Ending" in said


SUPERVISES = """
import sys
from migration_assets.ui.supervisor import EndRequest, supervise
asked = EndRequest()
raise SystemExit(supervise([sys.executable, "-c", sys.argv[1]], asked, patience=5))
"""


def test_it_ends_what_was_started_also_where_nobody_reads_what_it_says(tmp_path):
    told = tmp_path / "told"
    program = f"import os, time; open({str(told)!r}, 'w').write(str(os.getpid())); time.sleep(600)"
    process = subprocess.Popen([sys.executable, "-c", SUPERVISES, program], stdout=subprocess.PIPE)
    process.stdout.close()
    deadline = time.monotonic() + 60
    while not (told.exists() and told.read_text()) and time.monotonic() < deadline:
        time.sleep(0.1)
    process.send_signal(signal.SIGHUP)
    process.wait(60)
    assert not is_there(int(told.read_text()))


def test_who_asks_twice_does_not_wait(asked, capfd):
    after(1.5, signal.SIGINT, signal.SIGINT)
    began = time.monotonic()
    waits = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN);" + STUBBORN + "import time; time.sleep(600)"
    assert supervise([sys.executable, "-c", waits], asked, patience=60) == 0
    assert time.monotonic() - began < 30
    child = int(re.search(r"^\d+$", capfd.readouterr().out, re.M)[0])
    while is_there(child) and time.monotonic() - began < 30:
        time.sleep(0.05)  # killed is not gone yet
    assert not is_there(child)


def test_what_ends_by_itself_ends_with_its_own_code(asked):
    assert supervise([sys.executable, "-c", "raise SystemExit(7)"], asked) == 7


@pytest.fixture
def taken():
    """A port that somebody else listens on."""
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        yield other.getsockname()[1]


def test_a_taken_port_is_one_sentence_that_names_a_free_one(asked, taken, tmp_path, capsys):
    assert serve(Settings(state=tmp_path), taken) == 1
    said = capsys.readouterr().err
    free = int(re.search(r"make ui PORT=(\d+)$", said.strip())[1])
    assert said == f"Port {taken} cannot be used (Address already in use). Take another one: make ui PORT={free}\n"
    with socket.socket() as tried:
        tried.bind(("127.0.0.1", free))
    assert served_at(tmp_path) is None


def test_another_port_is_named_only_where_there_can_be_one():
    said = cannot_be_used(65535, OSError(98, "Address already in use"))
    assert said.endswith("make ui PORT=0")
    assert int(cannot_be_used(80, OSError(13, "Permission denied")).rpartition("=")[2]) >= 1024


def test_where_the_ui_is_served_is_known_as_long_as_it_is(tmp_path, taken):
    assert served_at(tmp_path) is None
    say_served(tmp_path, f"http://127.0.0.1:{taken}")
    assert served_at(tmp_path) == f"http://127.0.0.1:{taken}"
    say_ended(tmp_path)
    assert served_at(tmp_path) is None


def test_what_a_killed_ui_has_left_is_no_address(tmp_path, taken):
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait(30)
    say_served(tmp_path, f"http://127.0.0.1:{taken}")
    served = tmp_path / "ui.served"
    kept = served.read_text()
    served.write_text(kept.replace(str(os.getpid()), str(ended.pid)))
    assert served_at(tmp_path) is None
    say_ended(tmp_path)
    assert served.exists()
    # Its process id belongs to another program by now, and nobody listens there.
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        served.write_text(kept.replace(f":{taken}", f":{free.getsockname()[1]}"))
        assert served_at(tmp_path) is None
    served.write_text(kept.replace(socket.gethostname(), "another-machine"))
    assert served_at(tmp_path) is None
    served.write_text("{}")
    assert served_at(tmp_path) is None
