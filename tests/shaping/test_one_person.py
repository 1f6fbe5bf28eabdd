"""Who is one person: rows of one e-mail or external id are merged only where nothing else contradicts."""

import pytest

from tests.support.clean_tables import customer, mapping, message, ticket

MAIL = "one@x.org"
SAME = [
    ("Rosa Diaz", "Díaz, Rosa"),
    ("Jürgen Müller", "JUERGEN  MUELLER"),
    ("Dr. Anna Berg", "A. Berg"),
    ("Alex Kuhn", "Alexander Kuhn"),
    ("Anna Berg", "Anna Maria Berg"),
    ("Michael Petersen", "Micheal Peterson"),
    ("Max Pol", "Max Pol 2"),
    ("Sofia Roth", "Sophia Roth"),
    ("Ute Wolf", None),
    ("Ute Wolf", "ute.wolf@x.org"),
    ("Ольга Иванова", "Иванова Ольга"),
]
OTHERS = [
    ("Rosa Diaz", "Ben Roth"),
    ("Anna Berg", "Bernd Berg"),
    ("Maria Lopez", "Mario Lopez"),
    ("Daniel Roth", "Daniela Roth"),
    ("A. Berg", "B. Berg"),
    ("Customer 1", "Customer 2"),
    ("Robert Smith Jr", "Robert Smith Sr"),
    ("李伟", "王芳"),
]


def doubted(shaped):
    return {(row["code"], row["key"]) for row in shaped.rows("SELECT code, key FROM doubt.rows")}


@pytest.mark.parametrize(("one", "other"), SAME)
def test_names_that_differ_in_spelling_are_one_person(shaped, one, other):
    shaped.run(customers=[customer("C1", email=MAIL, name=one), customer("C2", email=MAIL, name=other)])
    (contact,) = shaped.by_key("contacts").values()
    assert contact["email"] == MAIL
    assert doubted(shaped) == set()


@pytest.mark.parametrize(("one", "other"), OTHERS)
def test_names_that_differ_beyond_spelling_stay_apart_and_nobody_gets_the_address(shaped, one, other):
    shaped.run(customers=[customer("C1", email=MAIL, name=one), customer("C2", email=MAIL, name=other)])
    contacts = shaped.by_key("contacts")
    assert {key: (row["name"], row["email"]) for key, row in contacts.items()} == {
        "C1": (one, None),
        "C2": (other, None),
    }
    assert doubted(shaped) == {("email_shared", "C1"), ("email_shared", "C2")}


@pytest.mark.parametrize("field", ["phone", "external_id"])
def test_another_phone_or_external_id_speaks_against_one_person(shaped, field):
    values = {"phone": ("+4930123", "+4930124"), "external_id": ("x1", "x2")}[field]
    shaped.run(customers=[customer(f"C{n}", email=MAIL, name="Ann Lee", **{field: value})
                          for n, value in enumerate(values, 1)])  # fmt: skip
    contacts = shaped.by_key("contacts")
    assert [contacts[key][field] for key in ("C1", "C2")] == list(values)
    assert [contacts[key]["email"] for key in ("C1", "C2")] == [None, None]
    assert doubted(shaped) == {("email_shared", "C1"), ("email_shared", "C2")}


@pytest.mark.parametrize("address", ["info@x.org", "No-Reply@x.org", "nomail+1@x.org", "support.de@x.org"])
def test_a_role_address_makes_one_person_of_nobody(shaped, address):
    people = [customer("C1", email=address.lower(), name=None), customer("C2", email=address.lower(), name="Ann Lee")]
    more = {"role_addresses": ["supportde"]}
    shaped.run(mapping(**more), customers=people)
    assert {row["email"] for row in shaped.by_key("contacts").values()} == {None}
    assert len(shaped.by_key("contacts")) == 2
    assert doubted(shaped) == {("email_shared", "C1"), ("email_shared", "C2")}
    shaped.run(mapping(**more), customers=people[:1])
    assert [row["email"] for row in shaped.by_key("contacts").values()] == [address.lower()]
    assert doubted(shaped) == set()


@pytest.mark.parametrize(
    ("choice", "emails"),
    [("merge", {"C1": MAIL}), ("separate", {"C1": None, "C2": None}), ("customer C2", {"C1": None, "C2": MAIL})],
)
def test_a_person_decides_whose_an_address_is(shaped, choice, emails):
    people = [customer("C1", email=MAIL, name="Ann Lee"), customer("C2", email=MAIL, name="Kai Ohm")]
    shaped.run(mapping(same_email={MAIL.upper(): choice}), customers=people)
    assert {key: row["email"] for key, row in shaped.by_key("contacts").items()} == emails
    assert doubted(shaped) == set()


def test_the_setting_says_what_becomes_of_them_meanwhile_and_they_are_listed_all_the_same(shaped):
    people = [customer("C1", email=MAIL, name="Ann Lee"), customer("C2", email=MAIL, name="Kai Ohm")]
    shaped.run(mapping(settings={"same_email": "merge"}), customers=people)
    assert set(shaped.by_key("contacts")) == {"C1"}
    assert doubted(shaped) == {("email_shared", "C1"), ("email_shared", "C2")}


def test_of_those_who_stay_apart_the_ones_of_one_name_are_one(shaped):
    names = ("Ann Lee", "Kai Ohm", "Lee, Ann", None)
    shaped.run(customers=[customer(f"C{n}", email=MAIL, name=name) for n, name in enumerate(names, 1)])
    assert set(shaped.by_key("contacts")) == {"C1", "C2", "C4"}
    assert shaped.fate("customers", "C1")["disposition"] == "merged"


def test_more_names_than_can_be_one_persons_are_not_compared_and_stay_apart(shaped):
    shaped.run(customers=[customer(f"C{n}", email=MAIL, name=f"Person {n:03}") for n in range(60)])
    assert len(shaped.by_key("contacts")) == 60
    assert len(doubted(shaped)) == 60
    assert shaped.rows("SELECT count(*) AS n FROM target.word_pairs") == [{"n": 0}]


def test_one_external_id_of_contradicting_people_is_nobodys(shaped):
    bare = {"external_id": "e", "email": None}
    shaped.run(customers=[customer("C1", name="Ann Lee", phone="+4930123", **bare),
                          customer("C2", name="Kai Ohm", phone="+4930124", **bare)])  # fmt: skip
    assert {key: row["external_id"] for key, row in shaped.by_key("contacts").items()} == {
        "C1": "itco-C1",
        "C2": "itco-C2",
    }
    assert doubted(shaped) == {("external_id_shared", "C1"), ("external_id_shared", "C2")}


def test_a_message_from_a_shared_address_is_by_the_one_of_its_name(shaped):
    bare = {"author_id": None, "author_email": MAIL}
    shaped.run(
        customers=[customer("C1", email=MAIL, name="Ann Lee"), customer("C2", email=MAIL, name="Kai Ohm"),
                   customer("C3")],
        tickets=[ticket("T1"), ticket("T2", "C3")],
        messages=[message("M0"), message("M1", author_name="Kai Ohm", **bare), message("M2", author_name=None, **bare),
                  message("M3", author_name="Eva Noll", **bare), message("M4", "T2", author_name="Eva Noll", **bare)],
    )  # fmt: skip
    authors = {row["source_key"]: row["author_key"] for row in shaped.rows("FROM target.parts")}
    assert (authors["M1"], authors["M2"]) == ("C2", "C1")
    assert authors["M3"] == authors["M4"]
    eva = shaped.by_key("contacts")[authors["M3"]]
    assert (eva["name"], eva["email"]) == ("Eva Noll", None)


def test_every_value_that_gives_way_in_a_merge_is_told_with_both(shaped):
    shaped.run(customers=[
        customer("C1", email=MAIL, name="Ann Lee", custom={"cf_a": "1", "cf_b": "x"}),
        customer("C2", email=MAIL, name="LEE Ann", custom={"cf_a": "2", "cf_b": "x"}),
        customer("C3", email=MAIL, name="Ann Lee", custom={"cf_a": "3"}),
    ])  # fmt: skip
    told = shaped.rows("SELECT message FROM target.findings WHERE code = 'merged_value_left' ORDER BY message")
    assert [row["message"].partition(";")[0] for row in told] == [
        'cf_a: "1" of customer C1 gives way to "3" of customer C3',
        'cf_a: "2" of customer C2 gives way to "3" of customer C3',
        'name: "LEE Ann" of customer C2 gives way to "Ann Lee" of customer C3',
    ]
