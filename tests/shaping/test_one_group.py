"""What an e-mail and an external id make one person together: no row joins two that contradict each other."""

import pytest

from tests.support.clean_tables import customer, mapping

MAIL, ID = "k@x.org", "X-900"
BY_NAME = [("Koch", None), ("Karl Koch", None), ("Anna Koch", None)]
BY_PHONE = [("Sand", None), ("Emil Sand", "+4930111111"), ("Emil Sand", "+4930222222")]
NAMELESS = [(None, None), ("Ute Graf", None), ("Jo Berg", None)]
BY_TITLE = [("Maier", None), ("Herr Maier", None), ("Frau Maier", None)]
BY_MARK = [(None, "+4930111111"), ("Ben Roth", None), ("Ben Roth jun.", None)]
BOTH = {("email_shared", "C1"), ("email_shared", "C3"), ("external_id_shared", "C1"), ("external_id_shared", "C2")}


def three(rows):
    """Return a row with the e-mail and the id, one with the id and one with the e-mail."""
    values = ({"email": MAIL, "external_id": ID}, {"email": None, "external_id": ID}, {"email": MAIL})
    return [customer(f"C{n}", name=name, phone=phone, **own)
            for n, ((name, phone), own) in enumerate(zip(rows, values, strict=True), 1)]  # fmt: skip


def doubted(shaped):
    return {(row["code"], row["key"]) for row in shaped.rows("SELECT code, key FROM doubt.rows")}


@pytest.mark.parametrize("rows", [BY_NAME, BY_PHONE, NAMELESS, BY_MARK])
def test_a_row_that_fits_two_who_contradict_joins_neither(shaped, rows):
    shaped.run(customers=three(rows))
    contacts = shaped.by_key("contacts")
    assert {key: (row["email"], row["phone"], row["external_id"]) for key, row in contacts.items()} == {
        f"C{n}": (None, phone, f"itco-C{n}") for n, (_, phone) in enumerate(rows, 1)
    }
    assert doubted(shaped) == BOTH
    found = shaped.rows("SELECT found FROM doubt.rows WHERE code = 'email_shared' AND key = 'C3'")[0]["found"]
    assert found == f"{MAIL}: {rows[0][0] or 'no name'} (C1), {rows[2][0]} (C3)"


def test_of_a_group_that_is_split_the_ones_of_one_name_are_still_one(shaped):
    shaped.run(customers=three(BY_TITLE))
    contacts = shaped.by_key("contacts")
    assert {key: row["email"] for key, row in contacts.items()} == {"C1": MAIL, "C2": None}
    assert ID not in {row["external_id"] for row in contacts.values()}
    assert doubted(shaped) == {("external_id_shared", "C1"), ("external_id_shared", "C2")}


@pytest.mark.parametrize("rows", [
    [("Koch", None), ("Karl Koch", None), ("K. Koch", None)],
    [(None, "+4930111111"), ("Emil Sand", "+4930111111"), ("Emil Sand", None)],
    [("Herr Maier", None), ("Tim Maier", None), ("Maier", None)],
])  # fmt: skip
def test_three_who_agree_are_one(shaped, rows):
    shaped.run(customers=three(rows))
    (contact,) = shaped.by_key("contacts").values()
    assert (contact["email"], contact["external_id"]) == (MAIL, ID)
    assert doubted(shaped) == set()


def test_what_a_person_says_of_one_of_the_two_leaves_the_other_one(shaped):
    people = three(BY_NAME)
    shaped.run(mapping(same_email={MAIL: "merge"}), customers=people)
    assert {key: row["email"] for key, row in shaped.by_key("contacts").items()} == {"C1": MAIL, "C2": None}
    assert doubted(shaped) == {("external_id_shared", "C1"), ("external_id_shared", "C2")}
    shaped.run(mapping(same_email={MAIL: "separate"}), customers=people)
    assert {key: row["external_id"] for key, row in shaped.by_key("contacts").items()} == {"C1": ID, "C3": "itco-C3"}
    assert doubted(shaped) == set()
    shaped.run(mapping(same_email={MAIL: "merge"}, same_external_id={ID: "merge"}), customers=people)
    assert set(shaped.by_key("contacts")) == {"C1"}
    assert doubted(shaped) == set()
