"""What tests of the whole share: the command line in a process of its own, and one run of it over the sample."""

import json
import tempfile

import pytest

import resources.warehouse
from tests.support import postgres as postgresql
from tests.support import receivers
from tests.support.cli import Cli
from tests.support.workspace import read_workspace

resources.warehouse.THREADS = 1  # the tests run side by side, and theirs are small tables

TOGETHER = {
    "test_end_to_end.py": "end_to_end",
    "test_fates.py": "end_to_end",
    "test_proof.py": "end_to_end",
    "test_rollback.py": "end_to_end",
    "test_verify.py": "end_to_end",
    "test_corrections.py": "end_to_end",
    "test_dry_run.py": "dry_run",
    "test_rehearsal.py": "rehearsal",
    "test_secrets_run.py": "secrets_run",
    "test_named_files.py": "named_files",
    "test_printed_commands.py": "printed_commands",
    "security/test_ui.py": "served_ui",
    "ui/test_dagster_ui.py": "dagster_ui",
    "ui/test_default_launches.py": "default_launches",
}
"""Files, from this folder on, whose tests share a run that takes long, by the name of the run."""

CHANGES_THE_RUN = "test_verify.py"


SLOW_SECONDS = 900
"""Seconds that a test which starts whole runs may take, on a busy machine too."""


def pytest_collection_modifyitems(items):
    # The longest first: begun last, one of them would keep everybody waiting for its end. And of those that share a
    # run, the one that changes what is in Intercom comes after the others, in whichever order they are named.
    items.sort(key=lambda item: (item.get_closest_marker("slow") is None, item.path.name == CHANGES_THE_RUN))
    for item in items:
        if item.get_closest_marker("slow") and not item.get_closest_marker("timeout"):
            item.add_marker(pytest.mark.timeout(SLOW_SECONDS))


def pytest_xdist_make_scheduler(config, log):
    """Give the tests of a shared run to one worker; every other test goes to whoever is free.

    pytest-xdist's own groups do nothing with pytest 9: they are written into an attribute that it no longer has.
    """
    if config.getvalue("dist") != "loadgroup":
        return None
    from xdist.scheduler import LoadScopeScheduling

    class BySharedRun(LoadScopeScheduling):
        def _split_scope(self, nodeid):
            return TOGETHER.get(nodeid.split("::")[0].removeprefix("tests/"), nodeid)

    return BySharedRun(config, log)


@pytest.fixture
def webhook():
    """A web server that receives alerts."""
    with receivers.webhook() as hook:
        yield hook


@pytest.fixture
def mailbox():
    """An SMTP server that receives alerts."""
    with receivers.mailbox() as box:
        yield box


@pytest.fixture(scope="session")
def postgres():
    """Return a function that makes an empty PostgreSQL database and returns its SQLAlchemy URL."""
    try:
        # Not among pytest's own folders, which another pytest closes to other users, such as the server's.
        with tempfile.TemporaryDirectory(prefix="postgres-") as folder, postgresql.server(folder) as start:
            yield lambda: postgresql.make_database(start)
    except postgresql.NoPostgresError as error:
        pytest.skip(str(error))


@pytest.fixture(scope="session")
def small_extract(tmp_path_factory):
    """An extract of 40 tickets without any fault."""
    from sample_data.generate import main

    folder = tmp_path_factory.mktemp("small") / "extract"
    main(["--tickets", "40", "--out", str(folder)])
    return folder


@pytest.fixture(scope="session")
def seed_without_an_agent(tmp_path_factory):
    """Return (file, the agent's address, his name): a workspace that lacks one agent who has tickets."""
    from schemas.settings import PROJECT

    seed = json.loads((PROJECT / "sample_data" / "workspace_seed.json").read_text(encoding="utf-8"))
    gone = next(admin for admin in seed["admins"] if admin["name"] == "Daniel Osei")
    seed["admins"].remove(gone)
    path = tmp_path_factory.mktemp("seed") / "seed.json"
    path.write_text(json.dumps(seed), encoding="utf-8")
    return path, gone["email"], gone["name"]


@pytest.fixture
def changed_mapping(tmp_path):
    """Return a function that writes the sample's mapping with other settings, and returns the file."""
    import yaml

    from schemas.settings import PROJECT

    def write(**settings):
        content = yaml.safe_load((PROJECT / "sample_data" / "mapping.yaml").read_text(encoding="utf-8"))
        content["settings"] |= settings
        path = tmp_path / "mapping.yaml"
        path.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
        return path

    return write


class EndToEnd:
    """The committed sample, loaded once: how the run ended, and what is in Intercom afterwards."""

    def __init__(self, folder):
        # Pacing has tests of its own; with the default quota this run would mostly wait.
        quotas = {"EMBEDDED_APP_QUOTA": 100_000, "EMBEDDED_WORKSPACE_QUOTA": 100_000}
        self.cli = Cli(folder, MIGRATION_PROBE="first_run", **quotas)
        self.state = folder
        self.finished = self.cli("migrate")
        self._intercom = None

    @property
    def intercom(self):
        if self._intercom is None:
            self._intercom = read_workspace(self.state)
        return self._intercom


@pytest.fixture(scope="session")
def end_to_end(tmp_path_factory):
    """One run of `migrate` over the committed sample into the embedded workspace."""
    return EndToEnd(tmp_path_factory.mktemp("end_to_end") / "state")
