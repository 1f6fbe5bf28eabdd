"""Other users of the machine: whatever a migration writes can be read by its owner only, also where it wrote before."""

import grp
import os
import pwd
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from embedded_intercom.process import EmbeddedProcess
from embedded_intercom.state.private import NotPrivate, close_folder
from migration_assets.cli.runs import prepare_home
from resources.private_files import NotPrivateError, keep_private, make_private
from schemas.settings import PROJECT, Settings
from tests.support.cli import Cli

FREEZE = "2026-11-02T07:00:00Z"
"""Before the sample's export."""
NOBODY = 65534
slow = pytest.mark.slow
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can make files that belong to another user")


@pytest.fixture(autouse=True)
def usual_rights():
    """Let files be made as a usual shell has it, whatever an earlier test left: everybody may read them."""
    before = os.umask(0o022)
    yield
    os.umask(before)


def open_to_others(folder):
    """Return {path: rights} of what in a folder others may do anything with."""
    there = [folder, *folder.rglob("*")]
    assert len(there) > 1
    modes = {path: path.lstat().st_mode for path in there if path.exists() and not path.is_symlink()}
    return {str(path.relative_to(folder.parent)): stat.filemode(mode) for path, mode in modes.items() if mode & 0o077}


def stood_before(folder):
    """Make a state folder as an earlier version left it."""
    (folder / "known_keys" / "x").mkdir(parents=True)
    for name in ("warehouse.duckdb.old", "known_keys/x/customers.parquet"):
        (folder / name).write_text("a customer")
        (folder / name).chmod(0o666)
    folder.chmod(0o755)
    return folder


@slow
def test_a_whole_migration_leaves_nothing_that_others_can_read(tmp_path):
    from sample_data.generate import main

    main(["--tickets", "6", "--out", str(tmp_path / "extract")])
    run = Cli(stood_before(tmp_path / "state"), MIGRATION_EXTRACT=tmp_path / "extract")
    first = run("migrate")
    assert first.code == 0, first.said
    assert "could be read by others on this machine: 5 files and folders" in first.err
    assert open_to_others(run.state) == {}
    for command in (["backup"], ["failures"], ["verify"], ["cutover", "--freeze", FREEZE], ["hypercare"]):
        ended = run(*command)
        assert ended.code == 0, ended.said
        assert "could be read by others" not in ended.said
        assert open_to_others(run.state) == {}, command
    names = {path.name for path in run.state.iterdir()}
    assert names >= {
        "backups",
        "handover",
        "certificate.json",
        "embedded",
        "dagster",
        "journal.sqlite3",
    }


def test_dagsters_own_processes_keep_what_they_write(tmp_path, monkeypatch):
    run = Cli(tmp_path / "state")
    monkeypatch.setenv("DAGSTER_HOME", "")
    keep_private()  # as every command does first
    prepare_home(Settings(state=run.state))
    os.umask(0o022)
    environment = run.environment | {"DAGSTER_HOME": str(run.state / "dagster")}
    command = [sys.executable, "-m", "dagster", "instance", "info"]
    info = subprocess.run(command, env=environment, cwd=tmp_path, capture_output=True, text=True)
    assert info.returncode == 0, info.stderr
    assert list(run.state.rglob("*.db")), "its databases were made"
    assert open_to_others(run.state) == {}


def test_a_code_server_keeps_what_it_writes(tmp_path):
    (tmp_path / "state" / "rejects").mkdir(parents=True)
    run = Cli(tmp_path / "state")
    code = "import os, migration_assets.definitions; print(oct(os.umask(0)))"
    said = subprocess.run([sys.executable, "-c", code], env=run.environment, capture_output=True, text=True)
    assert said.stdout.strip() == oct(0o077), said.stderr
    assert "could be read by others" in said.stderr
    assert open_to_others(run.state) == {}


def test_the_embedded_workspace_keeps_its_folder(tmp_path):
    folder = tmp_path / "embedded"
    folder.mkdir()
    (folder / "token").write_text("embedded_" + "a" * 48)
    with EmbeddedProcess(folder):
        assert {"token", "endpoint.json", "server.log", "server.lock"} <= {path.name for path in folder.iterdir()}
        assert open_to_others(folder) == {}
    assert "could be read by others" in (folder / "server.log").read_text()
    assert open_to_others(folder) == {}


def test_what_others_could_read_is_closed_and_said_once(tmp_path):
    state = stood_before(tmp_path / "state")
    assert make_private(state).startswith(f"{state} could be read by others on this machine: 5 files and folders")
    assert open_to_others(state) == {}
    assert make_private(state) is None


def test_a_folder_that_is_not_there_is_not_made(tmp_path):
    assert make_private(tmp_path / "state") is None
    assert not (tmp_path / "state").exists()


def test_a_link_to_elsewhere_is_refused_and_one_within_is_not(tmp_path):
    state, elsewhere = stood_before(tmp_path / "state"), tmp_path / "elsewhere"
    elsewhere.mkdir(mode=0o755)
    (state / "latest").symlink_to(state / "known_keys")
    assert make_private(state)
    (state / "lists").symlink_to(elsewhere)
    with pytest.raises(NotPrivateError, match="lists is a link to elsewhere"):
        make_private(state)
    assert elsewhere.stat().st_mode & 0o777 == 0o755


@as_root
def test_what_belongs_to_another_user_is_refused(tmp_path):
    state = stood_before(tmp_path / "state")
    os.chown(state / "warehouse.duckdb.old", NOBODY, NOBODY)
    with pytest.raises(NotPrivateError, match=f"old belongs to another user of this machine \\(number {NOBODY}\\)"):
        make_private(state)
    os.chown(state, NOBODY, NOBODY)
    with pytest.raises(NotPrivateError, match=f"{state} belongs to another user"):
        make_private(state)
    with pytest.raises(NotPrivate, match="belongs to another user"):
        close_folder(state)


def test_a_disk_that_keeps_no_rights_is_refused(tmp_path, monkeypatch):
    state = stood_before(tmp_path / "state")
    monkeypatch.setattr(Path, "chmod", lambda *_: None)
    with pytest.raises(NotPrivateError, match="its disk keeps no rights of files"):
        make_private(state)


def test_a_place_where_anybody_may_put_another_folder_is_refused(tmp_path):
    shared = tmp_path / "shared"
    shared.mkdir()
    shared.chmod(0o777)
    run = Cli(shared / "below" / "state")
    for command in ("migrate", "status", "backup"):
        finished = run(command)
        assert finished.code in (1, 2)
        assert f"lies in {shared}, where anybody on this machine may put another folder" in finished.err
    assert list(shared.iterdir()) == []
    shared.chmod(0o1777)
    assert run("status").code == 0


@pytest.mark.parametrize(("others", "refused"), [(["ann"], True), ([], False)])
def test_a_place_where_others_of_a_group_may_put_another_folder_is_refused(tmp_path, monkeypatch, others, refused):
    shared = tmp_path / "shared"
    shared.mkdir()
    shared.chmod(0o775)
    me = pwd.getpwuid(os.geteuid())
    users = [me, *(pwd.struct_passwd((name, "x", 7_000_000, 7_000_000, "", "/", "")) for name in others)]
    monkeypatch.setattr(pwd, "getpwall", lambda: users)
    group = grp.struct_group(("team", "x", shared.stat().st_gid, [me.pw_name, *others]))
    monkeypatch.setattr(grp, "getgrgid", lambda number: group)
    if refused:
        with pytest.raises(
            NotPrivateError, match=f"lies in {shared}, where other users of its group \\(ann\\) may put"
        ):
            make_private(shared / "state")
    shared.chmod(0o755 if refused else 0o775)
    assert make_private(shared / "state") is None


def test_a_backup_is_not_put_where_anybody_may_replace_it(tmp_path):
    from resources.journal.database import open_database

    state, shared = tmp_path / "state", tmp_path / "shared"
    state.mkdir(mode=0o700)
    open_database(f"sqlite:///{state / 'journal.sqlite3'}").dispose()
    shared.mkdir()
    shared.chmod(0o777)
    run = Cli(state)
    refused = run("backup", "--file", str(shared / "copy.sqlite3"))
    assert refused.code == 1
    assert "anybody on this machine may put another" in refused.err
    assert list(shared.iterdir()) == []
    shared.chmod(0o755)
    made = run("backup", "--file", str(shared / "copy.sqlite3"))
    assert made.code == 0, made.said
    assert (shared / "copy.sqlite3").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("folder", [PROJECT, PROJECT.parent, Path("/")])
def test_no_folder_that_holds_more_is_closed(folder):
    with pytest.raises(NotPrivateError, match="holds more than what is to be kept from others"):
        make_private(folder)
    with pytest.raises(NotPrivate, match="holds more than a workspace"):
        close_folder(folder)


def test_a_home_folder_is_not_closed(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path / "home" / "ann"))
    for folder in (tmp_path / "home" / "ann", tmp_path / "home"):
        with pytest.raises(NotPrivateError, match="Name a folder of its own"):
            make_private(folder)


def test_a_link_in_the_place_of_a_file_that_is_made_is_not_followed(tmp_path):
    from resources.journal.database import open_database
    from resources.journal.records import JournalError

    (tmp_path / "journal.sqlite3").symlink_to(tmp_path / "of-somebody-else")
    with pytest.raises(JournalError):
        open_database(f"sqlite:///{tmp_path / 'journal.sqlite3'}").dispose()
    assert not (tmp_path / "of-somebody-else").exists()
    state = tmp_path / "embedded"
    state.mkdir()
    (state / "server.log").symlink_to(tmp_path / "other-log")
    with pytest.raises(OSError, match="symbolic links"):
        EmbeddedProcess(state).start()
    assert not (tmp_path / "other-log").exists()
    shutil.rmtree(state)
