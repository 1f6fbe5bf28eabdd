"""The picture in docs/architecture.md is what is imported and what the graph reads; its tables name what is there."""

import ast
import csv
import re

import polars as pl
import pytest
import yaml

from migration_assets.clean.timestamps import Clock, read_timestamps, to_seconds
from tests.test_imports import LAYERS, PROJECT, TREES, modules_of, package_of

TEXT = (PROJECT / "docs" / "architecture.md").read_text(encoding="utf-8")
PICTURE = re.search(r"^```mermaid\n(.*?)^```", TEXT, re.M | re.S).group(1)
SUBGRAPHS = dict(re.findall(r"^    subgraph (\w+) .*?\n(.*?)^    end", PICTURE, re.M | re.S))
BOXES = re.findall(r'^ +(\w+)\["(\w+)<br>', PICTURE, re.M)
COMMON = set(re.findall(r"^ +(\w+)\[", SUBGRAPHS["common"], re.M))
READS = set(re.findall(r"^    (\w+) --> (\w+)$", PICTURE, re.M))
USES = set(re.findall(r"^    (\w+) -\.-> (\w+)$", PICTURE, re.M))
WAY = re.findall(r"^\| \w* ?\| `([^`]+)` `([^`]+)` \|", TEXT, re.M)
EXTRACT = PROJECT / "sample_data" / "extract"


def imports():
    """Return (room, other room that it imports) of every import between rooms."""
    found = set()
    for path in TREES:
        own = path.relative_to(PROJECT).parts[1]
        if package_of(path) != "migration_assets" or own not in LAYERS:
            continue
        for _, module in modules_of(path):
            parts = module.split(".")
            if parts[0] == "migration_assets" and parts[1:2] != [own] and parts[1:]:
                found.add((own, parts[1]))
    return found


def flows():
    """Return (room, room that reads what it wrote), from the assets of the pinned graph."""
    found, own = set(), ""
    assets = (PROJECT / "tests" / "graph.txt").read_text(encoding="utf-8").split("\nchecks")[0]
    for line in assets.splitlines()[1:]:
        stage = re.match(r" +(?:<- )?(\w+)/", line).group(1)
        room = "shaping" if stage == "target" else stage
        own = own if "<-" in line else room
        found |= {(room, own)} if room != own else set()
    return found


def test_every_room_is_drawn_in_the_order_of_the_layers():
    assert [name for name, _ in BOXES] == list(LAYERS)
    assert [shown for _, shown in BOXES] == list(LAYERS)


def test_every_arrow_of_the_picture_is_read():
    lines = [line.strip() for line in PICTURE.splitlines() if "->" in line]
    assert len(lines) == len(READS) + len(USES)


def test_what_passes_through_the_warehouse_is_drawn():
    assert flows() == READS


def test_what_is_drawn_as_an_import_is_one():
    assert USES - imports() == set()
    assert [arrow for arrow in USES if LAYERS.index(arrow[1]) > LAYERS.index(arrow[0])] == []


def test_every_import_is_drawn_or_goes_to_what_all_use_or_along_what_is_read():
    left = {
        (room, other)
        for room, other in imports()
        if (other not in COMMON or room in COMMON) and (other, room) not in READS
    }
    assert left == USES


def names_in(path):
    """Return what a file defines, in Python; every word, in SQL."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".sql":
        return set(re.findall(r"\w+", text))
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    return {node.name for node in ast.walk(ast.parse(text)) if isinstance(node, kinds)}


def test_the_way_of_a_ticket_goes_through_the_stages_in_order():
    rows = re.findall(r"^\| (\w*) ?\| `migration_assets/(\w+)/", TEXT, re.M)
    assert len(WAY) >= 20
    stages = [stage for stage, _ in rows if stage]
    assert stages == [room for room in LAYERS if room in stages]
    assert {"itco", "clean", "shaping", "plan", "intercom", "verified", "handoff"} == set(stages)


@pytest.mark.parametrize(("file", "name"), WAY, ids=[f"{file}:{name}" for file, name in WAY])
def test_the_way_of_a_ticket_names_what_is_there(file, name):
    assert name in names_in(PROJECT / file)


def cell(file, key, column, encoding, delimiter):
    """Return the line on which a record of the sample begins, and one of its fields."""
    with (EXTRACT / file).open(encoding=encoding, newline="") as lines:
        reader = csv.reader(lines, delimiter=delimiter)
        head = next(reader)
        while True:
            line = reader.line_num + 1
            row = next(reader)
            if row[0] == key:
                return line, row[head.index(column)]


def test_the_times_of_the_way_are_those_of_the_sample():
    """Both times are read as the text says, from what the sample has, at the place that it names."""
    zone = yaml.safe_load((EXTRACT / "extract.yaml").read_text(encoding="utf-8"))["time_zone"]
    line, written = cell("messages-2024.csv", "100088006", "created_at", "utf-8-sig", ",")
    _, opened = cell("tickets-2024.csv", "100088", "Erstellt", "cp1252", ";")
    read = read_timestamps(pl.Series([written, opened]), pl.Series([None, None]), Clock(zone, None))
    assert [str(one) for one in read.values] == ["2024-06-01 12:18:35", "2024-05-31 16:35:44"]
    seconds = [str(one) for one in to_seconds(read).values]
    shown = [f"line {line}", written, opened, zone, *(str(one) for one in read.values), *seconds]
    assert [value for value in shown if value not in TEXT] == []


def test_it_says_what_a_second_source_would_have_to_bring():
    said = TEXT.split("## What a second source would have to bring")[1]
    assert "`schemas/itco.py`" in said
    assert "from the tables of `clean` on the model is neutral" in " ".join(said.split())
