"""How `make ui` ends: nothing that it started is left behind."""

import subprocess
import sys
import time

from migration_assets.ui.webserver import end_group

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
