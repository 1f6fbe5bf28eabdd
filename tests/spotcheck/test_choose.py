"""Which conversations are looked at."""

from migration_assets.spotcheck.choose import pick

RANDOM = "drawn at random"


def rows(why, *tickets):
    drawn = why == RANDOM
    return [
        {"key": one, "shown": f"#{one}", "why": why, "drawn": drawn, "rank": rank}
        for rank, one in enumerate(tickets, 1)
    ]


LONG = rows("a long thread", "L1", "L2", "L3", "L4")
FILES = rows("many attachments", "F1", "L1", "F3")
DRAWN = rows(RANDOM, *(f"R{n}" for n in range(20)), "L1")


def keys(sample):
    return [item.key for item in sample]


def test_the_ugliest_of_every_kind_come_first_and_the_rest_is_drawn():
    sample = pick([*DRAWN, *LONG, *FILES], 8)
    assert keys(sample) == ["L1", "F1", "L2", "L3", "R0", "R1", "R2", "R3"]
    assert [item.why for item in sample[:2]] == ["a long thread", "many attachments"]


def test_each_ticket_is_there_once():
    sample = keys(pick([*DRAWN, *LONG, *FILES], 50))
    assert len(sample) == len(set(sample)) == 26


def test_without_ugly_ones_all_are_drawn():
    assert keys(pick(DRAWN, 3)) == ["R0", "R1", "R2"]


def test_a_small_workspace_gives_a_small_sample():
    assert keys(pick(rows(RANDOM, "R0"), 30)) == ["R0"]
    assert pick([], 30) == []
