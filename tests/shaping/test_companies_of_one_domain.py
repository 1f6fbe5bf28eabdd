"""Companies of one domain are one; where their names have nothing in common, a person must look."""

import pytest

ONE = "holding.org"


def company(key, name):
    return {"company_id": key, "name": name, "domain": ONE}


@pytest.mark.parametrize(
    ("names", "doubted"),
    [
        (("Alpha Bau", "Beta Pharma"), {"1"}),
        (("Alpha GmbH", "Beta GmbH"), {"1"}),
        (("Alpha Bau", "Zenit", "Beta Pharma"), {"1", "2"}),
        (("Acme GmbH", "ACME"), set()),
        (("Nordlicht Commerce", "Nord Licht Commerce Ltd"), set()),
        (("Müller & Söhne", "Mueller und Soehne KG"), set()),
        (("Petersen", "Peterson"), set()),
        (("Acme", None), set()),
    ],
)
def test_names_that_have_nothing_in_common_are_doubted_and_told(shaped, names, doubted):
    shaped.run(companies=[company(str(number), name) for number, name in enumerate(names, 1)])
    found = shaped.rows("SELECT key, found FROM doubt.rows WHERE code = 'company_domain_shared'")
    assert {row["key"] for row in found} == doubted
    assert all(names[-1] in row["found"] for row in found)
    told = shaped.rows("SELECT message FROM target.findings WHERE code = 'merged_value_left'")
    assert len(told) == len([name for name in names if name not in {None, names[-1]}]) - (names[-1] is None)
