"""Which records are read back: all, a share, a number, the ugly ones always; and what that costs."""

import pytest

from migration_assets.objects.read_back import in_pages, pages
from migration_assets.verified.fields.estimate import calls_of
from migration_assets.verified.fields.scope import NothingVerifiedError, require_verified
from schemas.verification_sample import VerificationSample
from tests.support import target_tables as tt


@pytest.mark.parametrize(
    ("text", "records", "drawn", "shown"),
    [("all", 7, None, "all"), ("5%", 50, 3, "5%"), ("12.5 %", 8, 1, "12.5%"), ("2000", 7, 2000, "2000")],
)
def test_a_sample_is_all_a_share_or_a_number(text, records, drawn, shown):
    sample = VerificationSample.parse(text)
    assert (sample.of(records), str(sample)) == (drawn, shown)


@pytest.mark.parametrize("text", ["", "0", "0%", "101%", "-3", "some", "1.5"])
def test_anything_else_is_refused(text):
    with pytest.raises(ValueError, match=r"all, a share such as 5%, or a number of records"):
        VerificationSample.parse(text)


@pytest.mark.rehearsal
def test_the_ugly_ones_are_always_in_a_sample_and_the_seed_decides_the_rest(small, verify):
    more = [tt.conversation(f"s{number}", "c1", created_at=1_600_400_000 + number) for number in range(20)]
    small.target(conversations=[*small.tables["conversations"], *more])
    small.migrate()
    drawn = set()
    for seed in (1, 2, 3):
        assert verify(sample="2", seed=seed) == {}
        chosen = {key for (key,) in small.rows("SELECT source_key FROM verified.chosen WHERE object = 'conversation'")}
        ugly = {key for (key,) in small.rows("SELECT source_key FROM verified.ugly WHERE object = 'conversation'")}
        assert {"t1", "t2", "t4"} <= ugly <= chosen
        assert len(chosen - ugly) <= 2
        assert verify.counts()["conversation", "title"][0] == len(chosen)
        drawn.add(frozenset(chosen))
    assert len(drawn) > 1
    again = frozenset(drawn)
    verify(sample="2", seed=3)
    assert {
        key for (key,) in small.rows("SELECT source_key FROM verified.chosen WHERE object = 'conversation'")
    } in again
    # Counting is of all of them, whatever is compared.
    assert small.rows("SELECT planned, present FROM verdict.loads WHERE object = 'conversation'") == [(24, 24)]


def test_nothing_can_be_looked_at_again_before_the_first_time(small):
    with small.warehouse.connect() as connection, pytest.raises(NothingVerifiedError, match="run make verify first"):
        require_verified(connection)


def test_calls_are_estimated_by_pages():
    assert (pages(0), pages(150), pages(151)) == (1, 1, 2)
    chosen = {"contact": (300, 300), "company": (9, 9), "conversation": (100_000, 100_000)}
    assert calls_of(chosen) == {"attributes": 4, "contacts": 4, "companies": 2, "tags": 1, "conversations": 1335}
    # Few of ours among a great many of others': they are asked for one by one.
    assert (in_pages(10, 1500), in_pages(9, 1500)) == (True, False)
