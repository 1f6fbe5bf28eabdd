"""Whether a record that stands in Intercom can be the same person by its name."""

import polars as pl
import pytest

from migration_assets.objects.person_names import alike, names_agree


@pytest.mark.parametrize(
    ("one", "other", "agree"),
    [
        ("Herr Maier", "Frau Maier", False),
        ("Mr. Smith", "Mrs. Smith", False),
        ("Andrea Rossi", "Andreas Rossi", False),
        ("Herr Maier", "Maier, Tim", True),
        ("Prof. Dr. Eva Groß", "Frau Gross", True),
        ("Jonh Reed", "John Reed", True),
        ("Frau", "Anna Berg", True),
        (None, "Anna Berg", True),
    ],
)
def test_names_agree_where_neither_words_nor_titles_speak_against_it(one, other, agree):
    assert names_agree(one, other) is agree
    assert names_agree(other, one) is agree


def test_no_pairs_and_other_letters_are_compared_as_well():
    empty = pl.DataFrame(schema={"short": pl.String, "long": pl.String})
    assert alike(empty).to_list() == []
    pairs = [("иван", "ивана"), ("ивна", "иван"), ("ναος", "νοας"), ("ab1", "ba1"), ("伟", "伟明")]
    frame = pl.DataFrame(pairs, ["short", "long"], orient="row")
    assert alike(frame).to_list() == [False, False, True, False, True]
