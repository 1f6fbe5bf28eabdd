"""Messages whose author's id names one person, and whose name or address another: loaded by the id, and doubted."""

import pytest

from tests.support.clean_tables import agent_message, customer, mapping, message, ticket

ANN = {"author_name": "Ann Lee", "author_email": "ann@x.org"}
KAI = {"author_name": "Kai Ohm", "author_email": "kai@x.org"}
PEOPLE = [customer("C1", name="Ann Lee", email="ann@x.org"), customer("C2", name="Kai Ohm", email="kai@x.org")]
AGENTS = [
    {"agent_id": "A1", "name": "Julia Brandt", "email": "julia@desk.org", "active": True},
    {"agent_id": "A2", "name": "Daniel Osei", "email": "daniel@desk.org", "active": True},
]
JULIA = {"author_name": "Julia Brandt", "author_email": "julia@desk.org"}
DANIEL = {"author_name": "Daniel Osei", "author_email": "daniel@desk.org"}


def doubted(shaped):
    return {row["key"] for row in shaped.rows("SELECT key FROM doubt.rows WHERE code = 'author_contradicts'")}


def run(shaped, *messages, people=PEOPLE, **changes):
    return shaped.run(
        mapping(**changes), customers=people, agents=AGENTS, tickets=[ticket("T1")], messages=[message("M"), *messages]
    )


@pytest.mark.parametrize(
    "said",
    [
        KAI,
        {"author_name": "Kai Ohm", "author_email": None},
        {"author_name": None, "author_email": "kai@x.org"},
        {"author_name": "Kai Ohm", "author_email": "ann@x.org"},
        {"author_name": "Eva Noll", "author_email": "eva@else.org"},
        {"author_name": "Julia Brandt", "author_email": "julia@desk.org"},
    ],
)
def test_a_customers_id_under_the_name_or_address_of_another_is_doubted(shaped, said):
    run(shaped, message("M1", **said), message("M2", **ANN))
    assert doubted(shaped) == {"M1"}
    (found,) = shaped.rows("SELECT found, object, line FROM doubt.rows WHERE key = 'M1'")
    assert found["found"].startswith("author C1, ")
    assert found["found"].endswith("; loaded as by Ann Lee")


@pytest.mark.parametrize(
    "said", [JULIA, {"author_name": None, "author_email": "julia@desk.org"}, JULIA | {"author_id": "9"}]
)
def test_a_customer_who_gives_an_agents_address_is_doubted(shaped, said):
    run(shaped, message("M1", **{"author_id": None, **said}), message("M2", **ANN))
    assert doubted(shaped) == {"M1"}


@pytest.mark.parametrize("said", [DANIEL, {"author_name": "Daniel Osei"}, {"author_email": "daniel@desk.org"}, KAI])
def test_an_agents_id_under_the_name_or_address_of_another_is_doubted(shaped, said):
    run(shaped, agent_message("M1", **said), agent_message("M2", **JULIA), agent_message("M3", author_name="J. Brandt"))
    assert doubted(shaped) == {"M1"}


@pytest.mark.parametrize(
    "said",
    [
        {"author_name": "Lee, Ann"},
        {"author_name": "A. Lee", "author_email": "new@x.org"},
        {"author_name": "Ann Schmidt", "author_email": "ann@x.org"},  # the address says that it is she
        {"author_name": "ann", "author_email": "ann@x.org"},
        {"author_name": "ann@x.org"},
        {"author_name": "Customer Service"},
        {"author_email": "ann.private@else.org"},
        {"author_email": "info@x.org"},
        {},
    ],
)
def test_what_says_nothing_else_is_not(shaped, said):
    role = customer("C3", name="Office", email="info@x.org")
    run(shaped, message("M1", **said), people=[*PEOPLE, role])
    assert doubted(shaped) == set()


def test_a_name_that_many_have_is_nobodys(shaped):
    people = [customer(f"C{n}", name=f"Person Nr{n}") for n in range(1, 8)]
    many = [message(f"M{n}", author_id=f"C{n}", author_name="Guest of Acme") for n in range(1, 8)]
    many += [agent_message(f"M{key}", author_id=key, author_name="Acme Care") for key in ("A1", "A2")]
    run(shaped, *many, people=people)
    assert doubted(shaped) == set()


def test_an_address_of_several_people_says_nothing_of_whose_the_id_is(shaped):
    both = [customer("C1", name="Ann Lee", email="home@x.org"), customer("C2", name="Kai Ohm", email="home@x.org")]
    run(shaped, message("M1", author_name="Ann Lee", author_email="home@x.org"), people=both)
    assert doubted(shaped) == set()
    run(shaped, message("M1", author_name="Kai Ohm", author_email="home@x.org"), people=both)
    assert doubted(shaped) == {"M1"}


def test_one_of_the_names_that_a_merged_person_has_is_enough(shaped):
    both = [customer("C1", name="Ann Lee", email="ann@x.org"), customer("C2", name="Ann Schmidt", email="ann@x.org")]
    run(shaped, message("M1", author_name="Ann Schmidt"), people=both, same_email={"ann@x.org": "merge"})
    assert doubted(shaped) == set()


@pytest.mark.parametrize(
    ("other", "agents", "codes"),
    [
        ("Tom Ellery", {}, {"A1", "A3"}),
        ("Julian Brandt", {}, {"A1", "A3"}),
        ("Julia Brandtt", {}, {"A1", "A3"}),
        ("Julia Bradnt", {}, set()),
        ("Brandt, J.", {}, set()),
        ("Tom Ellery", {"A1": "a@desk.org", "A3": "b@desk.org"}, set()),
    ],
)
def test_agents_of_one_address_and_other_names_are_doubted(shaped, other, agents, codes):
    third = {"agent_id": "A3", "name": other, "email": "julia@desk.org", "active": True}
    shaped.run(
        mapping(agents=agents),
        customers=PEOPLE,
        agents=[*AGENTS, third],
        tickets=[ticket("T1")],
        messages=[message("M")],
    )
    rows = shaped.rows("SELECT key, found FROM doubt.rows WHERE code = 'agent_email_shared'")
    assert {row["key"] for row in rows} == codes
    assert all("Julia Brandt (A1)" in row["found"] and other in row["found"] for row in rows)
