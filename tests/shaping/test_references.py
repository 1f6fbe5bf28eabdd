"""Columns that join everywhere and are wrong everywhere: what else the rows say contradicts them."""

import pytest

from tests.support.clean_tables import AGENT, agent_message, at, customer, message, ticket

NUMBERS = range(1, 13)
NAMES = ["", "Abel", "Birk", "Cole", "Dorn", "Eder", "Fink", "Graf", "Holz", "Iven", "Jahn", "Kern", "Lang"]


def people(**same):
    return [
        customer(f"C{n}", name=f"Person Nr{n}", email=f"p{n}@{NAMES[n].lower()}.example", company_id=f"K{n}") | same
        for n in NUMBERS
    ]


def companies(**same):
    return [
        {"company_id": f"K{n}", "name": f"{NAMES[n]} GmbH", "domain": f"{NAMES[n].lower()}.example"} | same
        for n in NUMBERS
    ]


def threads(rows=("C", "A", "C")):
    """For each ticket messages of its customer (C) and an agent (A), in the order of the file."""
    return [
        (message if who == "C" else agent_message)(
            f"M{n:02}{at_}", f"T{n}", created_at=at(f"2024-05-{n:02}T1{at_}:00:00"),
            **({"author_id": f"C{n}"} if who == "C" else {}),
        )
        for n in NUMBERS for at_, who in enumerate(rows)
    ]  # fmt: skip


def shifted(rows, column, by, first=0):
    """Move a column by some rows against the others, from one row on; the ends change places."""
    part = rows[first:]
    moved = [part[(number + by) % len(part)][column] for number in range(len(part))]
    return rows[:first] + [row | {column: value} for row, value in zip(part, moved, strict=True)]


def doubted(shaped, **tables):
    own = {"customers": people(), "companies": companies(), "agents": [AGENT], "messages": threads()}
    own["tickets"] = [ticket(f"T{n}", f"C{n}", company_id=f"K{n}") for n in NUMBERS]
    shaped.run(**(own | tables))
    query = """
        SELECT object, "column", count(*) AS rows FROM doubt.rows WHERE code = 'reference_contradicts' GROUP BY ALL
    """
    return {f"{row['object']}.{row['column']}": row["rows"] for row in shaped.rows(query)}


TICKETS = [ticket(f"T{n}", f"C{n}") for n in NUMBERS]


def test_a_drop_that_agrees_is_not_doubted(shaped):
    assert doubted(shaped) == {}


@pytest.mark.parametrize(("by", "first", "rows"), [(1, 0, 12), (-1, 0, 12), (5, 0, 12), (1, 6, 6), (1, 9, 3)])
def test_customers_of_tickets_that_are_shifted(shaped, by, first, rows):
    assert doubted(shaped, tickets=shifted(TICKETS, "customer_id", by, first)) == {"tickets.customer_id": rows}
    found = shaped.rows("SELECT found FROM doubt.rows WHERE key = 'T12'")[0]["found"]
    assert found.endswith("who writes nothing in it; written by customer C12, Person Nr12")


@pytest.mark.parametrize(("rows", "by"), [("CAC", 1), ("CAC", -1), ("CCA", -1), ("CAAC", 1), ("CAAC", -1), ("C", 1)])
def test_tickets_of_messages_that_are_shifted(shaped, rows, by):
    found = doubted(shaped, tickets=TICKETS, messages=shifted(threads(rows), "ticket_id", by))
    assert found["tickets.customer_id"] > 6


def test_authors_of_messages_that_are_shifted(shaped):
    assert doubted(shaped, tickets=TICKETS, messages=shifted(threads("C"), "author_id", 1)) == {
        "tickets.customer_id": 12
    }


def test_a_helpdesk_of_one_company_has_the_same_doubt(shaped):
    mine = [person | {"email": f"p{n}@firm.example"} for n, person in enumerate(people(company_id=None))]
    moved = shifted(TICKETS, "customer_id", 1)
    assert doubted(shaped, customers=mine, companies=[], tickets=moved) == {"tickets.customer_id": 12}


def test_colleagues_who_write_for_each_other_are_none(shaped):
    team = [person | {"company_id": f"K{(n + 3) // 4}", "email": None} for n, person in enumerate(people(), 1)]
    moved = [ticket(f"T{n}", f"C{n - 1 if n % 4 == 0 else n}") for n in NUMBERS]
    assert doubted(shaped, customers=team, tickets=moved) == {}


def test_one_who_writes_for_a_stranger_is_none(shaped):
    moved = [ticket(f"T{n}", "C5" if n == 7 else f"C{n}") for n in NUMBERS]
    beside = [
        message(f"X{n}", f"T{n}", author_id=f"C{n + 1}", created_at=at("2024-06-01T10:00:00")) for n in range(1, 5)
    ]
    assert doubted(shaped, tickets=moved, messages=[*threads(), *beside]) == {}


@pytest.mark.parametrize(("by", "first", "rows"), [(1, 0, 12), (-1, 0, 12), (1, 6, 6)])
@pytest.mark.parametrize("firms", [companies(), companies(domain=None)], ids=["domains", "names"])
def test_companies_of_customers_that_are_shifted(shaped, by, first, rows, firms):
    found = doubted(shaped, customers=shifted(people(), "company_id", by, first), companies=firms, tickets=TICKETS)
    assert found == {"customers.company_id": rows}
    [told] = shaped.rows("SELECT found FROM doubt.rows WHERE key = 'C12'")
    assert "; the address p12@lang.example is of company K12, Lang GmbH" in told["found"]


def test_free_mail_and_an_address_of_nobodys_company_say_nothing(shaped):
    mine = [
        person | {"email": f"p{n}@{('gmail.com', 'web.de', 'own.example')[n % 3]}"} for n, person in enumerate(people())
    ]
    firms = [*companies(), {"company_id": "G", "name": "Gmail.com", "domain": "gmail.com"}]
    assert doubted(shaped, customers=mine, companies=firms, tickets=TICKETS) == {}


def test_daughters_that_bear_the_name_of_their_mother_agree(shaped):
    firms = [{"company_id": f"K{n}", "name": f"Acme Branch {n}", "domain": None} for n in NUMBERS]
    firms.append({"company_id": "K0", "name": "Acme", "domain": "acme.example"})
    mine = [person | {"email": f"p{n}@acme.example"} for n, person in enumerate(people())]
    assert doubted(shaped, customers=mine, companies=firms, tickets=TICKETS) == {}


def test_companies_of_tickets_that_are_shifted(shaped):
    tickets = [ticket(f"T{n}", f"C{n}", company_id=f"K{n}") for n in NUMBERS]
    assert doubted(shaped, tickets=shifted(tickets, "company_id", 1)) == {"tickets.company_id": 12}
    assert doubted(shaped, tickets=shifted(tickets, "company_id", 1, 10)) == {}
