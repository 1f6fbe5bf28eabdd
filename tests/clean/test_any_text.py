"""No cell kills a run: every parser is fed texts of every Unicode category, and digits of other scripts are digits."""

from datetime import datetime

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from migration_assets.clean.batch import ReadingPlan, clean_batch
from migration_assets.clean.custom import CustomColumns
from migration_assets.clean.profile import Profile
from migration_assets.clean.reading import Reader
from migration_assets.clean.tidy import tidy
from schemas.column_types import KINDS
from schemas.source import OBJECTS

CATEGORIES = (
    *("Lu", "Ll", "Lt", "Lm", "Lo", "Mn", "Mc", "Me", "Nd", "Nl", "No", "Pc", "Pd", "Ps", "Pe", "Pi", "Pf", "Po"),
    *("Sm", "Sc", "Sk", "So", "Zs", "Zl", "Zp", "Cc", "Cf", "Co", "Cn"),
)
ANY = st.one_of(*(st.text(st.characters(categories=[name]), max_size=12) for name in CATEGORIES))
"""Texts of one category each, so that every category comes."""
DIGIT = st.characters(categories=["Nd", "No", "Nl"])
SHAPES = (
    *(
        "{}{}{}{}-{}{}-{}{}",
        "{}/{}/{}{}{}{}",
        "{}.{}.{}{}{}{} {}{}:{}{}",
        "{}{}{}{}{}",
        "{}{}{}{}{}{}{}{}{}{}",
        "{}e+{}{}",
    ),
    *("{},{}{}{}", "{}.{}", "+{}{} {}{}{}", "[{}, {}]", "{}@{}.{}"),
)
SHAPED = st.builds(
    lambda shape, digits: shape.format(*digits), st.sampled_from(SHAPES), st.lists(DIGIT, min_size=12, max_size=12)
)
"""Texts that look like dates, numbers, phones or lists, with whatever counts as a digit somewhere."""

READER = Reader(Profile("Europe/Berlin", datetime.fromisoformat("2026-01-01 00:00")), region="DE")
FILES = "f.csv"


@pytest.mark.parametrize("kind", sorted(KINDS))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(cells=st.lists(st.one_of(ANY, SHAPED, st.text(max_size=8)), min_size=1, max_size=20))
def test_every_reader_takes_every_text(kind, cells):
    texts = pl.Series(cells, dtype=pl.String)
    tidied = pl.DataFrame({"c": texts}).select(tidy("c", kind))["c"]
    for text in (texts, tidied):
        read = READER.read("c", kind, text, pl.Series([FILES] * len(text)))
        assert (len(read.values), len(read.rules)) == (len(cells), len(cells))
        assert read.values.dtype == KINDS[kind].dtype or read.values.null_count() == len(cells)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_every_row_is_kept_or_has_a_fault(data):
    item = OBJECTS["tickets"]
    cells = {column.name: data.draw(st.one_of(ANY, SHAPED)) for column in item.columns}
    place = {"_file": FILES, "_line": 2, "_row": 1, "_hash": "h"}
    raw = pl.DataFrame({name: [value] for name, value in (place | cells).items()})
    batch = clean_batch(raw, ReadingPlan(item, READER, CustomColumns()))
    held = batch.faults.filter(pl.col("severity") == "row").height > 0
    assert batch.rows.height == (0 if held else 1)


@pytest.mark.parametrize(
    ("kind", "cell", "value"),
    [
        ("timestamp", "٢٠٢٤-٠٣-٠٥ ١٠:٣٠", datetime.fromisoformat("2024-03-05 09:30")),
        ("timestamp", "２０２４－０３－０５ １０：３０", datetime.fromisoformat("2024-03-05 09:30")),
        ("timestamp", "२५/०३/२०२४", datetime.fromisoformat("2024-03-24 23:00")),
        ("timestamp", "١٧١٠٠٠٠٠٠٠", datetime.fromisoformat("2024-03-09 16:00")),
        ("date", "05.03.２０２４", 1709596800),
        ("integer", "١٢٣", 123),
        ("integer", "１，２３４", 1234),
        ("number", "٣٫٥", 3.5),
        ("number", "−2,5", -2.5),
        ("phone", "０３０ ２３１２５１２３", "+493023125123"),
    ],
)
def test_digits_of_other_scripts_are_digits(kind, cell, value):
    text = pl.DataFrame({"c": [cell]}).select(tidy("c", kind))["c"]
    read = READER.read("c", kind, text, pl.Series([FILES]))
    assert (read.values[0], read.rules[0]) == (value, None)


@pytest.mark.parametrize(("kind", "cell"), [("timestamp", "②⓪②④-03-05"), ("integer", "10²"), ("number", "½")])
def test_what_only_looks_like_a_digit_is_refused_like_any_bad_value(kind, cell):
    raw = {"company_id": "1", "name": "n", "created_at": None, "size": None} | {
        "created_at" if kind == "timestamp" else "size": cell
    }
    item = OBJECTS["companies"]
    place = {"_file": FILES, "_line": 2, "_row": 1, "_hash": "h"}
    frame = pl.DataFrame({name: [None] for name in item.by_name}, schema=dict.fromkeys(item.by_name, pl.String))
    frame = frame.with_columns(pl.lit(value).cast(pl.String).alias(name) for name, value in raw.items())
    frame = pl.DataFrame({name: [value] for name, value in place.items()}).hstack(frame)
    batch = clean_batch(frame, ReadingPlan(item, READER, CustomColumns()))
    assert batch.rows.height == 1
    assert batch.faults["severity"].to_list() == ["value"]


def test_the_order_of_day_and_month_is_proven_by_other_digits_too(lab):
    lab.extract("UTC")
    cells = ["٠٥/٠٣/٢٠٢٤", "٢٥/٠٣/٢٠٢٤"]
    lab.land("companies", [{"company_id": cell, "name": "n", "created_at": cell} for cell in cells])
    lab.clean("companies")
    assert [str(row["created_at"]) for row in lab.table("companies")] == ["2024-03-05 00:00:00", "2024-03-25 00:00:00"]
