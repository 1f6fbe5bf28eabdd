"""When a run asks the workspace, what it keeps of the answers, and that a broken promise stops it."""

import asyncio

import pytest

from embedded_intercom.process import EmbeddedProcess, Quotas
from migration_assets.objects.probe.judging import WrittenAndShown
from migration_assets.objects.probe.questions import QUESTIONS, answers
from migration_assets.objects.probe.run_probe import WouldBeTold, profile_of
from migration_assets.workspace.probing import decide_asking, what_is_open, write_profile
from migration_assets.workspace.profile_table import profile_table
from migration_assets.writing.workspace_answers import answered, known_answers, search_lag
from resources.complete_commands import complete, folders
from resources.intercom.budget import Budget
from resources.intercom.client import Intercom
from resources.journal.workspace_profiles import ProbeRecord, WorkspaceProfile, WorkspaceProfiles
from resources.warehouse import Warehouse
from tests.support.cli import Cli, query

FIRST = {"always": False, "writes": True, "setting": "first_run", "known": False}


@pytest.mark.parametrize(
    ("given", "asks", "words"),
    [
        ({}, True, "never probed"),
        ({"known": True}, False, "probed before"),
        ({"known": True, "still_open": "2 questions have no answers"}, True, "2 questions have no answers"),
        ({"known": True, "still_open": "1 promise is broken", "setting": "never"}, False, "probed before"),
        ({"known": True, "still_open": "1 promise is broken", "writes": False}, False, "what an earlier probe saw"),
        ({"known": True, "always": True}, True, "anew"),
        ({"setting": "never"}, False, "MIGRATION_PROBE is never"),
        ({"setting": "never", "always": True}, True, "anew"),
        ({"writes": False}, False, "writes nothing"),
        ({"writes": False, "known": True}, False, "what an earlier probe saw is used"),
    ],
)
def test_who_asks(given, asks, words):
    decided = decide_asking(**FIRST | given)
    assert decided.asks is asks
    assert words in decided.sentence


def test_what_a_failed_step_left_unanswered_is_asked_again_and_the_rest_is_kept():
    first = profile_of({"phone": WrittenAndShown("+49 1", "+491"), "interrupted": True}, WouldBeTold())
    missing = len([question for question in QUESTIONS if question.judge is not None]) - 1
    assert what_is_open(first) == f"{missing} questions have no answers"
    again = profile_of({"default_role": "lead", "lost": 1, "interrupted": True}, WouldBeTold(), first)
    assert {name for name, one in again.answers.items() if one["answer"] is not None} == {"phone", "default_role"}
    assert what_is_open(again) == f"{missing - 1} questions have no answers and 1 promise is broken"
    # Where no step failed, what has no answer has none to give.
    assert what_is_open(profile_of({"default_role": "lead"}, WouldBeTold())) == ""
    assert what_is_open(None) == ""


@pytest.fixture
def warehouse(tmp_path):
    return Warehouse(database=str(tmp_path / "w.duckdb"))


def test_what_is_known_is_read_from_the_warehouse(warehouse):
    profile = WorkspaceProfile(1.0, answers({"search_finds": 3.5, "open_wakes_snoozed": False}), [])
    with warehouse.connect() as connection:
        assert (known_answers(connection), search_lag(connection)) == ({}, 0.0)
        write_profile(connection, profile, stops=True)
        assert known_answers(connection) == {"search_finds": "later", "open_wakes_snoozed": "no"}
        assert search_lag(connection) == 7.0
        rows = connection.execute("SELECT question FROM observed.profile WHERE differs ORDER BY 1").fetchall()
        assert rows == [("open_wakes_snoozed",), ("search_finds",)]
        assert profile_table(connection).row_count == len(QUESTIONS)
        write_profile(connection, None, stops=True)
        assert (known_answers(connection), search_lag(connection)) == ({}, 0.0)


def test_an_answer_says_what_was_seen_where_no_word_does():
    assert [answered("yes", "True"), answered("other", "sent 1, shown 2"), answered(None, "It could not be seen.")] == [
        "yes", "another one: sent 1, shown 2", "not known: It could not be seen.",
    ]  # fmt: skip


QUOTAS = {"EMBEDDED_APP_QUOTA": 100_000, "EMBEDDED_WORKSPACE_QUOTA": 100_000}


def left_in(cli):
    """Contacts, companies with contacts, and notifications in the workspace of a state folder."""
    with EmbeddedProcess(cli.state / "embedded", quotas=Quotas(100_000, 100_000)) as process:

        async def read():
            async with Intercom(process.url, process.token, budget=Budget()) as client:
                contacts = [one.name async for page in client.iter_contacts() for one in page]
                return contacts, [one.name async for page in client.iter_companies() for one in page]

        return (*asyncio.run(read()), process.notifications("contact") + process.notifications("teammate"))


def profiles_of(cli):
    return WorkspaceProfiles(f"sqlite:///{cli.state / 'journal.sqlite3'}")


@pytest.mark.slow
def test_make_probe_shows_the_answers_and_leaves_nothing(tmp_path):
    ways = {"open_wakes_snoozed": "no", "html": "wrapped", "opening_text": "empty", "search_finds": "later"}
    behaviour = " ".join(f"{name}={way}" for name, way in ways.items())
    cli = Cli(tmp_path / "state", EMBEDDED_BEHAVIOUR=behaviour, **QUOTAS)
    finished = cli("probe")
    assert finished.code == 0, finished.said
    rows = query(cli.state, "SELECT question, answer FROM observed.profile WHERE differs")
    assert {row["question"]: row["answer"] for row in rows} == ways
    assert "open_wakes_snoozed" in finished.err and "wrapped" in finished.err
    assert left_in(cli) == ([], [], 0)
    # An answer is kept until the workspace is asked anew.
    cli.environment["EMBEDDED_BEHAVIOUR"] = "html=bare"
    assert cli("probe").code == 0
    rows = query(cli.state, "SELECT question, answer FROM observed.profile WHERE differs")
    assert rows == [{"question": "html", "answer": "bare"}]


@pytest.mark.slow
def test_a_workspace_that_moves_times_is_not_written_to(tmp_path, small_extract):
    given = {"MIGRATION_EXTRACT": small_extract, "MIGRATION_PROBE": "first_run", **QUOTAS}
    cli = Cli(tmp_path / "state", EMBEDDED_BEHAVIOUR="created_at=minute", **given)
    finished = cli("migrate")
    assert finished.code == 1
    assert "Intercom does not keep the times of tickets and messages" in finished.said
    assert left_in(cli) == ([], [], 0)
    # A run that writes nothing is not stopped.
    dry = cli("dry-run")
    assert dry.code == 0, dry.said
    # The next run asks again by itself, once, and goes on where the workspace keeps them now.
    cli.environment["EMBEDDED_BEHAVIOUR"] = ""
    assert cli("migrate").code == 0
    assert query(cli.state, "SELECT answer FROM observed.profile WHERE question = 'created_at'") == [{"answer": "kept"}]


@pytest.mark.slow
def test_a_load_without_a_probe_removes_what_an_earlier_one_left(tmp_path, small_extract):
    cli = Cli(tmp_path / "state", MIGRATION_EXTRACT=small_extract, EMBEDDED_BEHAVIOUR="html=wrapped", **QUOTAS)
    assert cli("probe").code == 0
    profiles = profiles_of(cli)
    app_id = query(cli.state, "SELECT app_id FROM observed.workspace")[0]["app_id"]
    profiles.note(app_id, ProbeRecord("contact", "itco-probe-left"))
    assert cli("dry-run").code == 0
    assert profiles.left(app_id) == [ProbeRecord("contact", "itco-probe-left")]
    assert cli("migrate").code == 0
    assert profiles.left(app_id) == []
    assert profiles.profile(app_id) is not None
    profiles.close()
    unknown = len(query(cli.state, "SELECT 1 FROM observed.profile WHERE answer IS NULL"))
    assert unknown > 0, "nothing silent makes some of the calls"
    report = (cli.state / "report.html").read_text(encoding="utf-8")
    assert "What this Intercom does" in report
    assert f"Answers other than the assumed one: 1 of {len(QUESTIONS)}; not known: {unknown}." in report
    assert "<strong>wrapped</strong>" in report and "<strong>kept</strong>" not in report


@pytest.mark.slow
def test_what_a_killed_probe_left_is_named_by_status_and_taken_away_by_a_rollback(tmp_path):
    cli = Cli(tmp_path / "state", **QUOTAS)
    assert cli("probe").code == 0
    app_id, profiles = app_id_of(cli), profiles_of(cli)

    def make_one():
        with EmbeddedProcess(cli.state / "embedded", quotas=Quotas(100_000, 100_000)) as process:

            async def make():
                async with Intercom(process.url, process.token, budget=Budget()) as client:
                    return await client.create_contact({"external_id": "itco-probe-left", "role": "user"})

            return asyncio.run(make()).id

    profiles.note(app_id, ProbeRecord("contact", "itco-probe-left", make_one()))
    profiles.note(app_id, ProbeRecord("contact", "itco-probe-other"))
    left = f"A probe left 2 records in the workspace {app_id}; `make probe` or `make rollback` takes them away."
    left = complete(left, folders(state=cli.state))
    assert left in " ".join(cli("status").said.split())
    looked = cli("rollback")
    assert looked.code == 0, looked.said
    assert "A probe has left 2 records of its own: taken away as well." in " ".join(looked.said.split())
    assert len(profiles.left(app_id)) == 2
    done = cli("rollback", "--confirm", "yes")
    assert done.code == 0, done.said
    assert "The 2 records that a probe had left are taken away." in " ".join(done.said.split())
    assert profiles.left(app_id) == []
    assert left_in(cli) == ([], [], 0)
    assert cli("status").said.startswith("Nothing was written")
    # With nothing left, there is nothing that a rollback could mean.
    assert "no migration into this workspace" in cli("rollback").said
    profiles.close()


@pytest.fixture
def somebodys(tmp_path):
    """A workspace that is not the run's own embedded one, as a real one is not."""
    with EmbeddedProcess(tmp_path / "somebodys", quotas=Quotas(100_000, 100_000)) as process:
        yield process


@pytest.mark.slow
def test_a_real_workspace_is_named_first_and_told_what_is_made_in_it(somebodys, tmp_path):
    given = {"INTERCOM_BASE_URL": somebodys.url, "INTERCOM_ACCESS_TOKEN": somebodys.token}
    cli = Cli(tmp_path / "state", MIGRATION_SETTLE_SECONDS=0, **given)
    refused = cli("probe")
    assert refused.code == 1
    assert "To write to it, name it: INTERCOM_WORKSPACE=" in refused.said
    assert profiles_of(cli).profile(app_id_of(cli)) is None
    assert "makes up to" not in refused.said
    cli.environment["INTERCOM_WORKSPACE"] = query(cli.state, "SELECT name FROM observed.workspace")[0]["name"]
    finished = cli("probe")
    assert finished.code == 0, finished.said
    said = " ".join(finished.err.split())
    assert "makes up to 7 contacts, 2 companies, 2 tags and 1 ticket of its own" in said
    assert "It removes them at the end" in said
    assert profiles_of(cli).left(app_id_of(cli)) == []
    assert somebodys.notifications("contact") + somebodys.notifications("teammate") == 0


def app_id_of(cli):
    return query(cli.state, "SELECT app_id FROM observed.workspace")[0]["app_id"]
