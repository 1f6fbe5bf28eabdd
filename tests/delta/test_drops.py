"""Which drop is loaded next: whole, at rest, once, the oldest first; and what is said of the others."""

import hashlib
from datetime import UTC, datetime

import pytest

from migration_assets.delta.drops import many, newest_drop, next_drop, remembered_as_text, remembered_from

QUIET = 100.0
INSTANCE = "itco.example"


@pytest.fixture
def drops(tmp_path):
    folder = tmp_path / "drops"
    folder.mkdir()
    return folder


def deliver(folder, name, day, tickets="ticket_id\n1\n", stated=None):
    """Put a drop there; `stated` is the SHA-256 of tickets.csv that its extract.yaml names."""
    drop = folder / name
    drop.mkdir()
    (drop / "tickets.csv").write_text(tickets)
    text = f"source_instance: {INSTANCE}\ntime_zone: UTC\nexported_at: 2026-11-{day:02d}T08:00:00Z\nexported_by: P\n"
    if stated is not None:
        text += f"sha256:\n  tickets.csv: {stated}\n"
    (drop / "extract.yaml").write_text(text)
    return drop


class Looks:
    """Looks at the folder again and again, remembering as the sensor's cursor does."""

    def __init__(self, folder):
        self.folder, self.cursor, self.loaded = folder, None, {}

    def at(self, now):
        choice = next_drop(self.folder, remembered_from(self.cursor), now, QUIET, self.loaded)
        self.cursor = remembered_as_text(choice.seen)
        return choice.drop and choice.drop.name, many(choice)


def test_a_drop_is_chosen_once_it_has_looked_the_same_for_long_enough(drops):
    look = Looks(drops)
    assert look.at(0) == (None, f"Nothing new in {drops}: a run was asked for each of its 0 drops.")
    drop = deliver(drops, "a", 1)
    assert look.at(10)[0] is None
    assert look.at(109)[0] is None
    (drop / "messages.csv").write_text("still coming")
    assert "may still be on its way" in look.at(111)[1]
    assert look.at(200)[0] is None
    assert look.at(211)[0] == "a"
    assert look.at(1000)[0] is None, "once"


def test_one_look_is_never_enough(drops):
    deliver(drops, "a", 1)
    looks = Looks(drops)
    choice = next_drop(drops, {}, 0, 0.0, {})
    assert choice.drop is None
    looks.cursor = remembered_as_text(choice.seen)
    assert next_drop(drops, remembered_from(looks.cursor), 0, 0.0, {}).drop.name == "a"


def test_the_oldest_comes_first_and_later_ones_wait_for_it(drops):
    look = Looks(drops)
    deliver(drops, "later", 2)
    look.at(0)
    deliver(drops, "earlier", 1)
    assert look.at(150)[0] is None, "the earlier one is new"
    assert [look.at(now)[0] for now in (260, 261, 262)] == ["earlier", "later", None]


def test_a_drop_without_its_description_is_not_touched(drops):
    drop = deliver(drops, "a", 1)
    (drop / "extract.yaml").rename(drop / "extract.yaml.part")
    look = Looks(drops)
    look.at(0)
    assert look.at(500) == (None, "a has no extract.yaml yet.")
    (drop / "extract.yaml").write_text("exported_at: never\n")
    look.at(501)
    assert "a: " in look.at(800)[1]
    assert "extract.yaml" in look.at(800)[1]


def test_a_file_that_is_not_the_stated_one_is_refused_until_it_is_delivered_again(drops):
    right = "ticket_id\n1\n2\n"
    drop = deliver(drops, "a", 1, stated=hashlib.sha256(right.encode()).hexdigest())
    deliver(drops, "b", 2)
    look = Looks(drops)
    look.at(0)
    assert "a: tickets.csv is not the file that was exported" in look.at(200)[1]
    assert look.at(201)[0] == "b", "a drop that is broken holds nobody up"
    (drop / "tickets.csv").write_text(right)
    look.at(300)
    assert look.at(500)[0] == "a"


def test_a_drop_that_is_older_than_what_was_loaded_is_left_alone(drops):
    deliver(drops, "a", 1)
    look = Looks(drops)
    look.loaded = {INSTANCE: datetime(2026, 11, 5, tzinfo=UTC), "another": datetime(2020, 1, 1, tzinfo=UTC)}
    look.at(0)
    assert look.at(200) == (None, "a was exported before the drop that was loaded last, and is left alone.")
    look.loaded = {"another": datetime(2027, 1, 1, tzinfo=UTC)}
    assert look.at(201)[0] == "a"


def test_the_same_content_has_the_same_key_and_other_content_another(drops):
    def key(name):
        choice = newest_drop(drops / name, 1e12, QUIET)
        return choice.key

    deliver(drops, "a", 1)
    deliver(drops, "b", 1)
    deliver(drops, "c", 1, tickets="ticket_id\n2\n")
    assert key("a") == key("b") != key("c")
    (drops / "b" / "attachments").mkdir()
    (drops / "b" / "attachments" / "x.png").write_bytes(b"1")
    assert key("a") != key("b")


def test_a_folder_that_is_none_or_a_drop_itself_is_said(drops, tmp_path):
    assert "There is no folder" in Looks(tmp_path / "absent").at(0)[1]
    assert "is a drop itself" in Looks(deliver(drops, "a", 1)).at(0)[1]


def test_the_newest_whole_drop_is_chosen_for_the_window(drops):
    deliver(drops, "a", 1)
    deliver(drops, "b", 3, stated="f" * 64)
    deliver(drops, "c", 2)
    choice = newest_drop(drops, 1e12, QUIET)
    assert choice.drop.name == "c"
    assert "b: tickets.csv is not the file" in many(choice)
    now = (drops / "c" / "extract.yaml").stat().st_ctime
    assert newest_drop(drops, now + 1, QUIET).drop is None
    assert "was touched just now" in many(newest_drop(drops, now + 1, QUIET))
    assert newest_drop(drops / "a", 1e12, QUIET).drop.name == "a", "a drop itself"
