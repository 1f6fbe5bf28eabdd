import pytest

from resources.wording import counted, duration, listed, number


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "0.0 s"),
        (0.44, "0.4 s"),
        (59.4, "59 s"),
        (59.6, "1 min"),
        (185, "3 min 5 s"),
        (7440, "2 h 4 min"),
        (3600, "1 h"),
        (266400, "3 d 2 h"),
    ],
)
def test_durations(seconds, words):
    assert duration(seconds) == words


def test_numbers_and_lists():
    assert number(1234567) == "1,234,567"
    assert counted(1, "row") == "1 row"
    assert counted(2000, "reply", "replies") == "2,000 replies"
    assert [listed(parts) for parts in ([], ["a"], ["a", "b"], ["a", "b", "c"])] == ["", "a", "a and b", "a, b and c"]
