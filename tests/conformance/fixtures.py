"""Fixtures that more than one folder of tests uses; imported by name where they are."""

import pytest

from tests.conformance.checker import Checker
from tests.conformance.description import ABSENT, folder, read_descriptions
from tests.conformance.differences import Differences
from tests.conformance.tally import Tally

__all__ = ["checker", "maybe_checker", "tally"]


@pytest.fixture(scope="session")
def tally(request):
    """What was checked in this session; its summary is printed at the end of `make conformance`."""
    return request.config.stash.setdefault(Tally.KEY, Tally())


@pytest.fixture(scope="session")
def maybe_checker():
    """Return the checker, or None where the description is absent."""
    where = folder()
    return None if where is None else Checker(read_descriptions(where, Differences.read().differences))


@pytest.fixture(scope="session")
def checker(maybe_checker):
    """Return the checker over the description with the known differences laid over it."""
    if maybe_checker is None:
        pytest.skip(ABSENT)
    return maybe_checker
