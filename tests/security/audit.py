"""What `make audit` does: bandit over the packages, and the lock file held against the advisories that are known.

Advisories are asked for over the network. Where it cannot be had, that is said, and the code alone decides.
"""

import json
import subprocess
import sys
from dataclasses import dataclass

from tests.test_imports import PACKAGES, PROJECT

LOCK = "requirements.lock"
SECONDS = 180
NOT_ASKED = (
    f"{LOCK} was not held against known advisories: none could be had ({{}}). Run `make audit` where the network is."
)


@dataclass(frozen=True)
class Advice:
    """What is known of the locked versions: a sentence each, or why nothing could be asked."""

    asked: bool
    sentences: tuple[str, ...]


def read_advice(out, err):
    """Return what pip-audit said. It ends with 1 both where it found something and where it reached nobody."""
    try:
        found = json.loads(out)["dependencies"]
    except (ValueError, KeyError, TypeError):
        why = err.strip().splitlines()
        return Advice(False, (NOT_ASKED.format(why[-1].partition("(")[0][:100] if why else "it said nothing"),))
    return Advice(
        True,
        tuple(
            f"{one['name']} {one['version']}: {known['id']}, mended in {' or '.join(known['fix_versions']) or 'none'}."
            for one in found
            for known in one.get("vulns", [])
        ),
    )


def look_at_code(folder=PROJECT, packages=PACKAGES):
    """Run bandit and return its exit code; what it finds it prints."""
    configuration = ["-c", str(PROJECT / "pyproject.toml")]
    command = [sys.executable, "-m", "bandit", "-q", *configuration, "-r", *packages]
    return subprocess.run(command, cwd=folder).returncode


def ask_for_advice(program=(sys.executable, "-m", "pip_audit")):
    """Run pip-audit over the lock file, which names every version: nothing is installed or resolved for it."""
    options = ["--requirement", LOCK, "--disable-pip", "--format", "json", "--progress-spinner", "off"]
    options += ["--vulnerability-service", "osv", "--timeout", "15"]
    try:
        done = subprocess.run([*program, *options], cwd=PROJECT, capture_output=True, text=True, timeout=SECONDS)
    except (OSError, subprocess.TimeoutExpired) as error:
        return read_advice("", type(error).__name__)
    return read_advice(done.stdout, done.stderr)


def main(code=look_at_code, advice=ask_for_advice):
    """Look, say what was found, and return 1 where there was something."""
    faulty = code() != 0
    known = advice()
    print("\n".join(known.sentences) or f"{LOCK}: no advisory is known of any version in it.")
    if not faulty:
        print("The code: nothing found.")
    return int(faulty or (known.asked and bool(known.sentences)))


if __name__ == "__main__":
    raise SystemExit(main())
