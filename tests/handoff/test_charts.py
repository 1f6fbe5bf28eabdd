import pytest

from migration_assets.handoff.charts import LEAST, Segment, columns, stacked_bar, widths


@pytest.mark.parametrize("values", [[1, 999_999], [1, 1, 1, 1_000_000], [500, 500], [0, 7], [3]])
def test_widths_fill_the_bar_and_nothing_is_invisible(values):
    shares = widths(values, 1000, sum(values))
    assert sum(shares) == pytest.approx(1000)
    assert all(share >= LEAST if value else share == 0 for value, share in zip(values, shares, strict=True))


def test_an_empty_bar_has_only_its_track():
    assert widths([0, 0], 1000, 0) == [0.0, 0.0]
    assert stacked_bar([Segment("loaded", "loaded", 0)]).count("<rect") == 1


def test_a_bar_of_a_larger_whole_leaves_the_track_bare():
    assert 'width="500.0"' in stacked_bar([Segment("loaded", "loaded", 5)], total=10)


def test_names_are_escaped():
    bar = stacked_bar([Segment("loaded", "<b>", 5)], label='"><script>')
    assert "<script>" not in bar
    assert "<b>" not in bar


def test_columns_stand_in_proportion():
    months = [{"month": "2024-01", "tickets": 10, "loaded": 5}, {"month": "2024-02", "tickets": 5, "loaded": 5}]
    chart = columns(months)
    assert chart.count("<rect") == 4
    assert "2024-01: 5 of 10 tickets loaded" in chart
    assert 'height="120.0"' in chart
    assert chart.count('height="60.0"') == 3


def test_no_months_no_chart():
    assert columns([]) == ""
