"""Whether a record that stands in Intercom can be the same person by its name."""

import polars as pl
import pytest

from migration_assets.objects.person_names import NAME_WORDS, alike, names_agree
from migration_assets.objects.short_forms import SAME_NAMES
from migration_assets.objects.two_names import TWO_NAMES
from resources.warehouse import scratch


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
        ("Ben Roth", "Ben Roth jun.", False),
        ("Mutter von Lia Roth", None, True),
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


def test_a_company_has_no_younger_one_and_no_mother():
    assert names_agree("Roth & Kern", "Roth Kern", of_people=False)
    assert not names_agree("Roth & Kern", "Roth Kern")


def test_the_listed_names_are_words_as_they_are_compared():
    words = pl.concat([SAME_NAMES["short"], TWO_NAMES["short"]]).unique().to_list()
    with scratch() as connection:
        connection.execute(NAME_WORDS.read_text(encoding="utf-8"))
        others = connection.execute(
            "SELECT word, name_words(word) FROM (SELECT unnest(?) AS word) WHERE name_words(word) <> [word]", [words]
        ).fetchall()
    assert others == []


def test_no_listed_form_is_a_name_of_the_other_sex():
    other_sex = [("nico", "nicole"), ("nick", "nicole"), ("gabi", "gabriel"), ("rob", "roberta"), ("tony", "antonia"),
                 ("jo", "johanna"), ("mike", "michala"), ("fred", "friederike"), ("toni", "tony")]  # fmt: skip
    frame = pl.DataFrame(other_sex, ["short", "long"], orient="row")
    assert alike(frame).to_list() == [False] * len(other_sex)
