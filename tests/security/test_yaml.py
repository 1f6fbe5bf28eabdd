"""What people and whoever delivers drops write into YAML files is bounded, and a bad drop is bad for itself alone."""

import os
import time
import tracemalloc
from pathlib import Path

import dagster as dg
import pytest

from migration_assets.delta.drops import many, newest_drop, next_drop
from migration_assets.delta.triggers import delta_schedule, new_drop_sensor
from migration_assets.itco.drop import open_drop
from migration_assets.itco.faults import LandingError
from migration_assets.itco.unread import inside
from resources.notifier.book import Book
from schemas.extract import ExtractError, load_extract
from schemas.mapping import MappingError, load_mapping
from schemas.settings import PROJECT, Settings

GOOD = "source_instance: demo\ntime_zone: UTC\nexported_at: 2026-11-{day:02d}T08:00:00Z\nexported_by: P\n"
NINE = ",".join(["{0}"] * 9)
BOMB = "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(
    f"{chr(98 + level)}: &{chr(98 + level)} [{NINE.format('*' + chr(97 + level))}]\n" for level in range(9)
)
ANCHORS, TAGS = "anchors (&) and aliases (*) are not read", "tags (!) are not read"
DEEP, MANY, LONG = "within each other are not read", "20,000 keys and values are not read", "10,000 letters is not read"
LINE = "a line of more than 20,000 letters is not read"
HOSTILE = {
    "a circle": ("x: &x [*x]", ":1: " + ANCHORS),
    "a bomb": (BOMB, ":1: " + ANCHORS),
    "a merge": ("a: 1\nb: &b {c: 1}\nd: {<<: *b}", ":2: " + ANCHORS),
    "an anchor": ("a:\n  - &" + "b" * 9_000 + " c", ":2: " + ANCHORS),
    "python": ("x: !!python/object/apply:os.system ['touch ran']", ":1: " + TAGS),
    "own tag": ("x: !ruby/object:Gem::Requirement {}", ":1: " + TAGS),
    "binary": ("a: 1\nx: !!binary aGk=", ":2: " + TAGS),
    "brackets": ("x: " + "[" * 100_000, ":1: " + LINE),
    "brackets in lines": ("x:\n" + " [\n" * 1_000, ":33: more than 32 lists and mappings " + DEEP),
    "braces": ("x: " + "{" * 19_000, ":1: more than 32 lists and mappings " + DEEP),
    "dashes": ("- " * 9_000, ":1: more than 32 lists and mappings " + DEEP),
    "steps": ("".join(" " * depth + "a:\n" for depth in range(1000)), ":32: more than 32 lists and mappings " + DEEP),
    "nodes": ("- 1\n" * 40_000, ":20000: more than " + MANY),
    "a long line": ("x: 1\ny: " + "y" * 900_000, ":2: " + LINE),
    "a long text": ("x:\n" + " y\n" * 40_000, ":2: a key or value of more than " + LONG),
    "lines": ("x:\n" + " y\n" * 300_000, ":50001: more than 50,000 lines are not read"),
    "comments": ("#\n" * 400_000, ":50001: more than 50,000 lines are not read"),
    "a long key": ("y" * 10_001 + ": 1", ":1: "),
    "digits": ("a: 1\nx: " + "9" * 5000, ":2: a date or number cannot be read"),
    "a date": ("a: 1\nx: 2026-02-31", ":2: a date or number cannot be read"),
    "twice": ("a: 1\nb: 2\na: 3", ":3: 'a' stands already on line 1; keep one"),
    "a tag of YAML's own": ("x: !!bool hunter2Zebra", ":1: " + TAGS),
    "a number by its tag": ("x: !!int hunter2Zebra", ":1: " + TAGS),
    "an empty number": ("x: !!int ''", ":1: " + TAGS),
    "a day before all days": (GOOD.format(day=1).replace("2026-11-01T08:00:00Z", "0001-01-01T00:00:00+23:59"), ""),
    "a day after all days": (GOOD.format(day=1).replace("2026-11-01T08:00:00Z", "9999-12-31T23:59:59-23:59"), ""),
    "twice, long": ("k" * 900 + ": 1\n" + "k" * 900 + ": 2", ":2: 'kkkk"),
    "a list as key": ("? [a, b]\n: 1", ":1: "),
    "two texts": ("a: 1\n--- \nb: 1", ":2: not YAML"),
    "no text": ("a: \0", "not YAML"),
    "an escape": ('a: "\\q' + "z" * 9000 + '"', ":1: not YAML"),
    "a number too long to be written": ("time_zone: 0x" + "f" * 9000, "found a very long number"),
}


def said_of(folder, text, name="extract.yaml"):
    """Return what is said of a file, and how many seconds this process computed for it."""
    path = folder / name
    path.write_text(text, encoding="utf-8")
    started = time.process_time()
    error, load = (ExtractError, load_extract) if name == "extract.yaml" else (MappingError, load_mapping)
    with pytest.raises(error) as caught:
        load(folder if name == "extract.yaml" else path)
    return str(caught.value), time.process_time() - started


@pytest.mark.parametrize("name", ["extract.yaml", "mapping.yaml"])
@pytest.mark.parametrize("what", HOSTILE)
def test_hostile_yaml_ends_at_once_in_a_short_sentence(what, name, tmp_path):
    text, words = HOSTILE[what]
    if what == "a number too long to be written" and name == "mapping.yaml":
        text = text.replace("time_zone", "default_region")
    said, seconds = said_of(tmp_path, text, name)
    assert words in said
    assert "hunter2" not in said
    assert str(tmp_path / name) in said
    assert all(len(line) < 500 + len(str(tmp_path)) for line in said.splitlines())
    assert len(said.splitlines()) <= 21
    assert seconds < 20, "one or two, and a bomb that goes off takes minutes"
    assert not Path("ran").exists()


def test_no_sentence_holds_the_value_of_a_key_that_nobody_knows(tmp_path):
    text = GOOD.format(day=1) + "password: s3cret\nrow_counts: {tickets.csv: {token: s3cret}}\nsha256: [s3cret]\n"
    said, _ = said_of(tmp_path, text)
    assert "password: There is no such key." in said
    assert "found keys and values" in said
    assert "s3cret" not in said
    said, _ = said_of(tmp_path, "version: 1\nsettings: {token: s3cret}\nsecret: s3cret\n", "mapping.yaml")
    assert "s3cret" not in said


def test_many_faults_are_some_and_a_number(tmp_path):
    text = GOOD.format(day=1) + "".join(f"unknown{number}: {'v' * 5000}\n" for number in range(100))
    lines = said_of(tmp_path, text)[0].splitlines()
    assert len(lines) == 21
    assert lines[-1] == "And 80 more faults like these."
    row = ", ".join(f"{'f' * 3000}{number}: -1" for number in range(100))
    said, _ = said_of(tmp_path, GOOD.format(day=1) + f"row_counts: {{{row}}}\n")
    assert len(said) < 500 + len(str(tmp_path))


def test_a_found_value_is_shown_by_its_beginning(tmp_path):
    said, _ = said_of(tmp_path, GOOD.format(day=1) + f"row_counts: {{tickets.csv: {'v' * 5000}}}\n")
    assert "(found 'vvvvvvv" in said
    assert len(said) < 400 + len(str(tmp_path))


# -- what is no small text in its place --------------------------------------------------------------------------


def fifo(path):
    os.mkfifo(path)


def huge(path):
    with path.open("wb") as file:
        file.truncate(2 * 1024**3)


def linked(target):
    return lambda path: path.symlink_to(target)


NOT_READ = {
    "fifo": (fifo, "not a file that can be read"),
    "folder": (Path.mkdir, "not a file that can be read"),
    "2 GB": (huge, "larger than 1,024 KB"),
    "device": (linked("/dev/zero"), "a link to a place outside the folder"),
    "passwd": (linked("/etc/passwd"), "a link to a place outside the folder"),
    "circle": (linked("extract.yaml"), "a link to a place outside the folder, or to nowhere"),
    "outside": (linked("../outside.yaml"), "a link to a place outside the folder"),
    "by a folder": (linked("way/outside.yaml"), "a link to a place outside the folder"),
    "nowhere": (linked("nothing.yaml"), "there is no such file"),
    "not UTF-8": (lambda path: path.write_bytes(b"a: \xff"), "cannot be read as UTF-8 text"),
}


@pytest.fixture
def drop(tmp_path):
    (tmp_path / "outside.yaml").write_text(GOOD.format(day=1))
    folder = tmp_path / "drop"
    folder.mkdir()
    (folder / "way").symlink_to(tmp_path)
    return folder


@pytest.mark.parametrize("what", NOT_READ)
def test_what_is_no_small_text_is_refused_without_waiting(what, drop):
    make, words = NOT_READ[what]
    make(drop / "extract.yaml")
    tracemalloc.start()
    started = time.process_time()
    with pytest.raises(ExtractError, match=words):
        load_extract(drop)
    assert time.process_time() - started < 5
    assert tracemalloc.get_traced_memory()[1] < 16_000_000
    tracemalloc.stop()


@pytest.mark.parametrize("what", sorted(set(NOT_READ) - {"circle"}))
def test_a_mapping_is_refused_in_the_same_way(what, drop, monkeypatch):
    make, words = NOT_READ[what]
    make(drop / "mapping.yaml")
    monkeypatch.setenv("MIGRATION_MAP", str(drop / "mapping.yaml"))
    with pytest.raises(MappingError, match=words):
        load_mapping(Settings().map)


def test_a_link_within_its_folder_is_followed(drop):
    (drop / "real.yaml").write_text(GOOD.format(day=1))
    (drop / "extract.yaml").symlink_to("real.yaml")
    assert load_extract(drop).source_instance == "demo"


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (fifo, "tickets.csv: not a file that can be read"),
        (linked("/etc/passwd"), "tickets.csv: a link to a place outside the folder"),
        (linked("way/tickets.csv"), "tickets.csv: a link to a place outside the folder"),
        (linked("/dev/zero"), "tickets.csv: a link to a place outside the folder"),
    ],
)
def test_a_table_of_a_drop_is_a_file_in_it(make, words, drop):
    (drop.parent / "tickets.csv").write_text("ticket_id\n1\n")
    (drop / "extract.yaml").write_text(GOOD.format(day=1))
    make(drop / "tickets.csv")
    with pytest.raises(LandingError) as caught:
        open_drop(drop)
    assert words in str(caught.value)


def test_a_table_in_another_folder_of_the_drop_is_not_looked_into_by_a_link(drop):
    (drop / "old").mkdir()
    (drop.parent / "tickets.csv").write_text("ticket_id,subject\n1,x\n")
    (drop / "old" / "tickets.csv").symlink_to(drop.parent / "tickets.csv")
    (drop / "old" / "more").symlink_to(drop.parent)
    assert inside(drop / "old", {}) == []


# -- one bad drop among others -----------------------------------------------------------------------------------


LATER = GOOD.format(day=2)


def deliver(folder, name, text=LATER):
    drop = folder / name
    drop.mkdir(parents=True)
    (drop / "tickets.csv").write_text(f"ticket_id\n{name.isascii()}\n")
    (drop / "extract.yaml").write_text(text)
    return drop


def spoil_with(make, file="extract.yaml"):
    def spoil(drops):
        drop = deliver(drops, "bad", GOOD.format(day=1))
        (drop / file).unlink()
        make(drop / file)

    return spoil


def of_no_name(drops):
    os.mkdir(os.fsencode(drops) + b"/ba\xffd")  # noqa: PTH102 - a name that is no text
    deliver(drops, "file").joinpath("extract.yaml").unlink()
    folder = os.fsencode(drops / "file")
    with open(folder + b"/\xff.csv", "w"), open(folder + b"/extract.yaml", "w") as file:  # noqa: PTH123
        file.write(GOOD.format(day=1))


def elsewhere(drops):
    (drops / "bad").symlink_to(deliver(drops.parent / "elsewhere", "x", GOOD.format(day=1)))


BAD = {
    **{what: spoil_with(lambda path, text=text: path.write_text(text)) for what, (text, _) in HOSTILE.items()},
    **{what: spoil_with(make) for what, (make, _) in NOT_READ.items() if what != "by a folder"},
    "a table elsewhere": spoil_with(linked("/etc/passwd"), "tickets.csv"),
    "a drop elsewhere": elsewhere,
    "lines in its name": lambda drops: deliver(drops, "bad\nname", GOOD.format(day=1)),
}


@pytest.mark.parametrize("what", BAD)
def test_one_bad_drop_never_keeps_another_from_being_loaded(what, tmp_path):
    drops = tmp_path / "drops"
    drops.mkdir()
    (tmp_path / "outside.yaml").write_text(GOOD.format(day=1))
    BAD[what](drops)
    deliver(drops, "good")
    seen, chosen, said = {}, [], ""
    for now in (0, 10, 20, 30):
        choice = next_drop(drops, seen, now, 5, {})
        seen, said = choice.seen, said + many(choice)
        chosen += [choice.drop.name] if choice.drop else []
    assert chosen == ["good"]
    assert "bad" in said
    assert len(said) < 4 * (800 + len(str(tmp_path)))
    newest = newest_drop(drops, time.time() + 1000, 5)
    assert newest.drop.name == "good"


def test_a_drop_that_never_stops_changing_is_not_waited_for_longer_than_a_day(tmp_path):
    bad = deliver(tmp_path, "bad", GOOD.format(day=1))
    deliver(tmp_path, "good")
    seen, chosen, said = {}, [], ""
    for hour in range(1, 30):
        (bad / "log.txt").write_text("x" * hour)
        choice = next_drop(tmp_path, seen, hour * 3600.0, 3600.0, {})
        seen, said = choice.seen, many(choice)
        chosen += [(hour, choice.drop.name)] if choice.drop else []
    assert chosen == [(26, "good")]
    assert said == "bad has been changing for more than 1 d; others do not wait for it."


def test_names_that_are_no_text_keep_nothing_from_being_loaded(tmp_path):
    of_no_name(tmp_path)
    deliver(tmp_path, "good")
    seen, chosen = {}, []
    for now in (0, 10, 20, 30):
        choice = next_drop(tmp_path, seen, now, 5, {})
        seen = choice.seen
        chosen += [choice.drop.name] if choice.drop else []
        many(choice).encode()
    assert chosen == ["file", "good"]


def test_a_drop_that_cannot_be_looked_at_is_a_fault_of_its_own(tmp_path, monkeypatch):
    from migration_assets.delta import drops

    deliver(tmp_path, "bad", GOOD.format(day=1))
    deliver(tmp_path, "good")
    look = drops.look_at

    def refuse(drop):
        if drop.name == "bad":
            raise PermissionError("s3cret")
        return look(drop)

    monkeypatch.setattr(drops, "look_at", refuse)
    first = next_drop(tmp_path, {}, 0, 5, {})
    second = next_drop(tmp_path, first.seen, 10, 5, {})
    assert second.drop.name == "good"
    assert second.faults == {"bad": "bad cannot be looked at (PermissionError). See that all of it is readable."}


def test_the_sensor_tells_of_a_bad_drop_once_and_of_a_changed_one_again(tmp_path, monkeypatch):
    drops = tmp_path / "drops"
    bad = deliver(drops, "bad", "x: &x [*x]")
    deliver(drops, "good")
    settings = Settings(
        state=tmp_path / "state", drops=drops, drop_quiet_seconds=0, alert_urls="json://127.0.0.1:9/", spot_check=1
    )
    sent = []
    monkeypatch.setattr("resources.notifier.Notifier.deliver", lambda notifier: sent.append(waiting(settings)))
    sensor, cursor, asked = new_drop_sensor(settings), None, []
    with dg.instance_for_test() as instance:
        for look in range(4):
            found = sensor(dg.build_sensor_context(instance=instance, cursor=cursor))
            cursor = found.cursor
            asked += [request.tags["migration/drop"] for request in found.run_requests or []]
            if look == 2:
                (bad / "extract.yaml").write_text("still: [bad")
        schedule = delta_schedule(settings.model_copy(update={"window_start": None}))
        assert schedule is not None
    assert asked == ["good"]
    titles = [message.title for message in sent[-1]]
    assert titles == ["ITCO to Intercom: a drop cannot be loaded"] * 2
    assert ANCHORS in sent[-1][0].body


def waiting(settings):
    return Book.model_validate_json((settings.state / "alerts.json").read_text()).waiting


def test_the_files_of_the_sample_are_within_the_bounds():
    assert load_mapping(PROJECT / "sample_data" / "mapping.yaml")
    assert load_extract(PROJECT / "sample_data" / "extract")
