"""The known differences: well formed, applicable, and each one needed by some call that was made."""

import json
from collections import Counter

import pytest

from tests.conformance.checker import Checker
from tests.conformance.description import ABSENT, folder, read_descriptions
from tests.conformance.differences import Change, Differences

ALL = Differences.read()


def test_each_has_a_name_of_its_own_and_says_where_it_is_known_from():
    assert Counter(one.name for one in ALL.differences).most_common(1)[0][1] == 1
    for one in ALL.differences:
        assert one.description and one.service and one.source and one.changes, one.name


def test_each_one_has_its_place_in_the_descriptions():
    where = folder()
    if where is None:
        pytest.skip(ABSENT)
    bare, laid = read_descriptions(where), read_descriptions(where, ALL.differences)
    assert {version: one.sha256 for version, one in bare.items()} == {
        version: one.sha256 for version, one in laid.items()
    }


def test_a_change_is_made_where_it_says():
    document = {
        "paths": {"/a": {"get": {"responses": {}}, "parameters": []}, "/b": {"put": {"responses": {}}}},
        "l": [1],
    }
    Change(at=["paths", "*", "*", "responses", "default"], to=5).apply(document)
    Change(at=["l", "+"], to=2).apply(document)
    Change(at=["paths", "/a", "get"], to=None).apply(document)
    assert json.dumps(document) == json.dumps(
        {"paths": {"/a": {"get": None, "parameters": []}, "/b": {"put": {"responses": {"default": 5}}}}, "l": [1, 2]}
    )


@pytest.mark.parametrize("at", [["paths", "/nowhere", "get"], ["paths", "*", "put", "x"]])
def test_a_change_that_has_no_place_is_refused(at):
    with pytest.raises(LookupError):
        Change(at=at, to=1).apply({"paths": {}})


@pytest.mark.last
@pytest.mark.slow
@pytest.mark.conformance
@pytest.mark.parametrize("one", [one for one in ALL.differences if one.seen], ids=lambda one: one.name)
def test_each_one_is_needed(recorded, checker, tally, one):
    without = Checker(read_descriptions(folder(), ALL.without(one.name)))
    kept = tally.kept[one.seen]
    assert kept, f"no call of {one.seen} was checked in this session"
    assert any(without.check(exchange, requests=requests) for exchange, requests in kept), (
        f"every call of {one.seen} is as described without it: take it out of the file"
    )
