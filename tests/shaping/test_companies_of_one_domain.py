"""Companies of one domain are one; where their names have nothing in common they stay apart, and a person must look."""

import pytest

from tests.support.clean_tables import mapping

ONE = "holding.org"
APART = [
    ("Alpha Bau", "Beta Pharma"),
    ("Alpha GmbH", "Beta GmbH"),
    ("Alpha Bau", "Zenit", "Beta Pharma"),
    ("Alpha Bau", "Alpha Pharma", "Beta Pharma"),
    ("Müller & Söhne", "Nordlicht Commerce", None),
]
TOGETHER = [
    ("Acme GmbH", "ACME"),
    ("Nordlicht Commerce", "Nord Licht Commerce Ltd"),
    ("Müller & Söhne", "Mueller und Soehne KG"),
    ("Petersen", "Peterson"),
    ("Acme", None),
]


def companies(names):
    return [{"company_id": str(number), "name": name, "domain": ONE} for number, name in enumerate(names, 1)]


def doubted(shaped):
    return {row["key"]: row["found"] for row in shaped.rows("SELECT key, found FROM doubt.rows")}


@pytest.mark.parametrize("names", APART)
def test_names_that_have_nothing_in_common_stay_apart_and_are_doubted(shaped, names):
    shaped.run(companies=companies(names))
    loaded = shaped.by_key("companies")
    assert {key: (row["name"], row["website"]) for key, row in loaded.items()} == {
        str(number): (name, ONE) for number, name in enumerate(names, 1)
    }
    found = doubted(shaped)
    assert set(found) == set(loaded)
    assert all(name in found["1"] for name in names if name)
    assert found["1"].endswith(f"; {names[0]} is loaded as a company of its own")


@pytest.mark.parametrize("names", TOGETHER)
def test_names_that_are_alike_are_one_company(shaped, names):
    shaped.run(companies=companies(names))
    assert set(shaped.by_key("companies")) == {"1"}
    assert doubted(shaped) == {}
    told = shaped.rows("SELECT message FROM target.findings WHERE code = 'merged_value_left'")
    assert len(told) == len([name for name in names if name]) - 1


def test_of_those_who_stay_apart_the_rows_of_one_name_are_one(shaped):
    shaped.run(companies=companies(("Acme GmbH", "Beta Pharma", "ACME")))
    assert set(shaped.by_key("companies")) == {"1", "2"}
    assert shaped.fate("companies", "3")["disposition"] == "merged"


@pytest.mark.parametrize(("choice", "left"), [("merge", {"1"}), ("separate", {"1", "2"})])
@pytest.mark.parametrize("names", APART[:2])
def test_a_person_decides_whether_they_are_one(shaped, names, choice, left):
    shaped.run(mapping(same_domain={ONE.upper(): choice}), companies=companies(names))
    assert set(shaped.by_key("companies")) == left
    assert doubted(shaped) == {}


def test_more_names_than_are_compared_stay_apart(shaped):
    shaped.run(companies=companies([f"Firm{number:03}" for number in range(60)]))
    assert len(shaped.by_key("companies")) == len(doubted(shaped)) == 60
