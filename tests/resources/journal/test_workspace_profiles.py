"""What the journal keeps of a workspace itself: its profile, what a probe has left there, and who is probing it."""

import pytest

from resources.journal import JournalBusyError
from resources.journal.copies import back_up, restore
from resources.journal.database import open_database
from resources.journal.workspace_profiles import ProbeRecord, WorkspaceProfile, WorkspaceProfiles

PROFILE = WorkspaceProfile(
    1_700_000_000.5, {"html": {"answer": "kept", "seen": "", "seconds": None}}, ["It moves times."]
)


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request, tmp_path):
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'journal.sqlite3'}"
    return request.getfixturevalue("postgres")()


@pytest.fixture
def profiles(url):
    made = WorkspaceProfiles(url)
    yield made
    made.close()


def test_a_profile_is_of_its_workspace_and_replaced_by_the_next(profiles):
    profiles.keep("app1", WorkspaceProfile(1.0, {}, []))
    profiles.keep("app1", PROFILE)
    assert profiles.profile("app1") == PROFILE
    assert profiles.profile("app2") is None


def test_what_was_made_is_known_until_it_is_removed_the_latest_first(profiles):
    profiles.note("app1", ProbeRecord("contact", "a"))
    profiles.note("app1", ProbeRecord("contact", "a", "17"))
    profiles.note("app1", ProbeRecord("ticket", "t"))
    profiles.note("app2", ProbeRecord("ticket", "t"))
    assert profiles.left("app1") == [ProbeRecord("ticket", "t"), ProbeRecord("contact", "a", "17")]
    profiles.forget("app1", ProbeRecord("ticket", "t"))
    assert profiles.left("app1") == [ProbeRecord("contact", "a", "17")]
    assert profiles.left("app2") == [ProbeRecord("ticket", "t")]


def test_one_probe_at_a_time_is_at_a_workspace(profiles, url):
    other = WorkspaceProfiles(url)
    with profiles.alone("app1", "r1"):
        with pytest.raises(JournalBusyError), other.alone("app1", "r2"):
            raise AssertionError("two are at it")
        with other.alone("app2", "r2"):
            pass
    with other.alone("app1", "r2"):
        pass
    other.close()


def test_a_copy_has_the_profile(profiles, url, tmp_path):
    profiles.keep("app1", PROFILE)
    profiles.note("app1", ProbeRecord("contact", "a", "17"))
    engine = open_database(url)
    back_up(engine, tmp_path / "copy.sqlite3")
    engine.dispose()
    target = f"sqlite:///{tmp_path / 'other.sqlite3'}"
    restore(tmp_path / "copy.sqlite3", target, tmp_path / "aside.sqlite3")
    copy = WorkspaceProfiles(target)
    assert (copy.profile("app1"), copy.left("app1")) == (PROFILE, [ProbeRecord("contact", "a", "17")])
    copy.close()
