# ruff: noqa: DTZ001 - UTC without a zone is what the tables hold
"""A later drop's keys are held against what they stood for: another record stops, lost seconds are the same record."""

from datetime import datetime
from itertools import pairwise

import duckdb
import polars as pl
import pytest

from migration_assets.accounting import doubts
from migration_assets.clean.known_keys import FOLDER, give_back_seconds
from migration_assets.delta.keys import STEP, compare_keys, remember_keys
from resources.warehouse import insert_frame
from schemas.column_types import KINDS
from schemas.doubt_codes import DoubtCode
from schemas.doubt_kind import DoubtState
from schemas.source import OBJECTS
from tests.accounting.test_doubts import mapping

COUNT = 400


def when(number, second=None):
    return datetime(
        2026, 1, 2 + number // 60 // 24, number // 60 % 24, number % 60, number % 60 if second is None else second
    )


def message(number, **more):
    row = {
        "message_id": str(number), "ticket_id": str(number // 4), "author_id": str(number % 3),
        "body": f"Text {number}", "created_at": when(number),
    }  # fmt: skip
    return row | more


def ticket(number, **more):
    return {
        "ticket_id": str(number),
        "subject": f"About {number}",
        "customer_id": str(number % 9),
        "created_at": when(number * 4),
    } | more


def customer(number, **more):
    return {"customer_id": str(number), "name": f"Person {number}", "email": f"p{number}@a.example"} | more


@pytest.fixture
def warehouse():
    with duckdb.connect() as connection:
        connection.execute("CREATE SCHEMA raw; CREATE SCHEMA clean; CREATE SCHEMA plan")
        connection.execute("CREATE TABLE raw.extract AS SELECT 'demo.example' AS source_instance")
        connection.execute("CREATE TABLE plan.objects (object VARCHAR, keyed_by VARCHAR)")
        objects = [("conversation", "tickets"), ("contact", "customers"), ("company", "companies")]
        connection.executemany("INSERT INTO plan.objects VALUES (?, ?)", objects)
        connection.execute("CREATE TABLE plan.journal (object VARCHAR, source_key VARCHAR, intercom_id VARCHAR)")
        yield connection


class Story:
    """Drops that come one after the other, over one state folder."""

    def __init__(self, connection, state):
        self.connection, self.state = connection, state

    def drop(self, messages=(), tickets=(), customers=(), agents=(), companies=()):
        """Let a drop come as far as the check; returns what is in doubt."""
        given = {
            "messages": messages, "tickets": tickets, "customers": customers, "agents": agents, "companies": companies,
        }  # fmt: skip
        self.connection.execute("CREATE OR REPLACE TABLE raw.files (object VARCHAR, records BIGINT)")
        for name, rows in given.items():
            types = {"_file": "VARCHAR", "_line": "BIGINT"}
            types |= {column.name: KINDS[column.kind].sql_type for column in OBJECTS[name].columns}
            columns = ", ".join(f'"{column}" {kind}' for column, kind in types.items())
            self.connection.execute(f"CREATE OR REPLACE TABLE clean.{name} ({columns})")
            self.connection.execute("INSERT INTO raw.files VALUES (?, ?)", [name, len(rows)])
            if rows:
                frame = pl.DataFrame([{"_file": f"{name}.csv", "_line": n + 2, **row} for n, row in enumerate(rows)])
                insert_frame(self.connection, f"clean.{name}", frame)
        self.given_back = give_back_seconds(self.connection, self.state, "messages")
        compare_keys(self.connection, self.state)
        found = doubts.weigh(self.connection, mapping(), STEP)
        if all(one.state is not DoubtState.STOPS for one in found):
            remember_keys(self.connection, self.state)
        return [(one.object, one.rows, one.state) for one in found]

    def load(self):
        """Write what the drop has."""
        self.connection.execute("DELETE FROM plan.journal")
        self.connection.execute("INSERT INTO plan.journal SELECT 'conversation', ticket_id, '9' FROM clean.messages")
        self.connection.execute("INSERT INTO plan.journal SELECT 'contact', customer_id, '9' FROM clean.customers")
        self.connection.execute("INSERT INTO plan.journal SELECT 'company', company_id, '9' FROM clean.companies")


@pytest.fixture
def story(warehouse, tmp_path):
    return Story(warehouse, tmp_path)


FIRST = [message(number) for number in range(COUNT)]


def loaded(story, **first):
    assert story.drop(**(first or {"messages": FIRST})) == []
    story.load()


def test_the_same_drop_again_and_a_later_one_are_in_no_doubt(story):
    loaded(story)
    assert story.drop(FIRST) == []
    edited = [message(0, body="Text 0, edited"), *FIRST[2:], message(COUNT), message(COUNT + 1)]
    assert story.drop(edited) == []


@pytest.mark.parametrize("at", [0, 200, 380])
def test_keys_that_are_numbers_of_rows_stop_when_a_row_comes_in_between(story, at):
    loaded(story)
    rows = [*FIRST[:at], message(999), *FIRST[at:]]
    renumbered = [row | {"message_id": str(number)} for number, row in enumerate(rows)]
    assert story.drop(renumbered) == [("messages", COUNT - at, DoubtState.STOPS)]
    assert story.drop(renumbered) == [("messages", COUNT - at, DoubtState.STOPS)], "what stopped was not remembered"


@pytest.mark.parametrize(
    "change",
    [
        {"ticket_id": "77"},
        {"created_at": datetime(2026, 1, 2, 5)},
        {"author_id": "8"},
        {"ticket_id": "77", "created_at": datetime(2027, 1, 2), "body": "Another"},
    ],
)
@pytest.mark.parametrize(("many", "state"), [(1, DoubtState.OPEN), (4, DoubtState.OPEN), (5, DoubtState.STOPS)])
def test_another_ticket_time_or_author_is_a_doubt_and_above_the_share_it_stops(story, change, many, state):
    loaded(story)
    later = [row | change if 10 <= number < 10 + many else row for number, row in enumerate(FIRST)]
    assert story.drop(later) == [("messages", many, state)]
    story.load()
    assert story.drop(later) == [("messages", many, state)], "it stays what it was loaded as"


def test_what_was_not_loaded_is_only_what_the_latest_drop_says(story):
    assert story.drop(FIRST) == []
    renumbered = [message(number + 1, message_id=str(number)) for number in range(COUNT)]
    assert story.drop(renumbered) == []
    story.load()
    assert story.drop(FIRST)[0][2] is DoubtState.STOPS


def test_an_author_without_an_id_is_told_by_the_address(story):
    first = [message(n, author_id=None, author_email=f"p{n}@a.example") for n in range(COUNT)]
    loaded(story, messages=first)
    assert story.drop([row | {"author_email": row["author_email"].upper()} for row in first]) == []
    assert story.drop([row | {"author_email": "x@a.example"} for row in first])[0][1] == COUNT
    assert story.drop([row | {"author_email": None} for row in first]) == [], "not known is not another one"


def test_a_ticket_is_another_one_with_both_another_customer_and_another_time(story):
    first = [ticket(number) for number in range(COUNT // 4)]
    loaded(story, messages=FIRST, tickets=first)
    handed_over = [row | {"customer_id": "99"} for row in first]
    assert story.drop(FIRST, handed_over) == []
    other = [row | {"customer_id": "99", "created_at": when(7777)} for row in first]
    assert story.drop(FIRST, other) == [("tickets", COUNT // 4, DoubtState.STOPS)]
    of_one_time = [row | {"customer_id": "99", "subject": f"Other {row['subject']}"} for row in first]
    assert story.drop(FIRST, of_one_time) == [("tickets", COUNT // 4, DoubtState.STOPS)]


def test_a_customer_is_another_one_with_both_another_name_and_another_address(story):
    first = [customer(number) for number in range(50)]
    loaded(story, customers=first)
    assert story.drop(customers=[row | {"name": "Married Now"} for row in first]) == []
    assert story.drop(customers=[row | {"email": "new@a.example"} for row in first]) == []
    shifted = [customer(number + 1, customer_id=str(number)) for number in range(50)]
    assert story.drop(customers=shifted) == [("customers", 50, DoubtState.STOPS)]


def called(number, **more):
    names = ("Rosa Diaz", "Ben Roth", "Tina Joss", "Olaf Kern", "Ida Lund", "Paul Graf", "Nora Wolf")
    return {"customer_id": str(number), "name": names[number % 7], "phone": f"+49301234{number:03}"} | more


PHONE_ONLY = [called(number) for number in range(20)]
NAME_ONLY = [row | {"phone": None} for row in PHONE_ONLY]
MAIL_ONLY = [{"customer_id": str(number), "email": f"p{number}@a.example", "name": None} for number in range(20)]
OWN_ID = [row | {"phone": None, "external_id": f"X-{row['customer_id']}"} for row in PHONE_ONLY]
COMPANIES = [{"company_id": str(n), "name": f"{'ABCDEFGHIJKLMNOPQRST'[n]}otto GmbH"} for n in range(20)]


def shifted(rows, key="customer_id"):
    return [following | {key: row[key]} for row, following in pairwise(rows)]


@pytest.mark.parametrize("first", [PHONE_ONLY, NAME_ONLY, MAIL_ONLY, OWN_ID])
def test_customers_renumbered_stop_by_whatever_identifies_them(story, first):
    loaded(story, customers=first)
    assert story.drop(customers=first) == []
    assert story.drop(customers=shifted(first)) == [("customers", 19, DoubtState.STOPS)]


def test_companies_without_a_domain_are_told_by_their_name(story):
    loaded(story, companies=COMPANIES)
    assert story.drop(companies=[row | {"name": row["name"].replace("GmbH", "AG")} for row in COMPANIES]) == []
    assert story.drop(companies=shifted(COMPANIES, "company_id")) == [("companies", 19, DoubtState.STOPS)]


@pytest.mark.parametrize(
    ("first", "change"),
    [
        (PHONE_ONLY, {"name": "Married Now"}),
        (PHONE_ONLY, {"phone": "+4940999"}),
        (PHONE_ONLY, {"phone": None, "email": "new@a.example"}),
        (OWN_ID, {"name": "Married Now", "phone": "+4940999"}),
        (MAIL_ONLY, {"name": "Known Now"}),
        (MAIL_ONLY, {"email": None}),
        ([row | {"name": "Rosa Diaz"} for row in NAME_ONLY], {"name": "DIAZ, Rosa M."}),
    ],
)
def test_a_customer_whose_name_or_number_changes_is_the_same(story, first, change):
    loaded(story, customers=first)
    assert story.drop(customers=[row | change for row in first]) == []


def test_a_folder_of_an_earlier_version_is_read_and_learns(story):
    loaded(story, customers=PHONE_ONLY)
    (path,) = (story.state / FOLDER).rglob("customers.parquet")
    pl.read_parquet(path).drop("phone", "external_id", "words").write_parquet(path)
    assert story.drop(customers=shifted(PHONE_ONLY)) == [("customers", 19, DoubtState.STOPS)]
    assert story.drop(customers=PHONE_ONLY) == []
    assert story.drop(customers=[row | {"name": "Married Now"} for row in PHONE_ONLY]) == []


@pytest.mark.parametrize(
    ("first", "later"),
    [
        (when, lambda n: when(n, 0)),
        (lambda n: when(n, 0), when),
        (lambda n: when(n).replace(microsecond=n * 1000), when),
        (lambda n: when(n, 40), lambda n: when(n + 1, 0)),
    ],
    ids=["seconds lost", "seconds won", "milliseconds lost", "rounded to minutes"],
)
def test_a_drop_that_lost_only_its_seconds_is_the_same(story, first, later):
    loaded(story, messages=[message(number, created_at=first(number)) for number in range(COUNT)])
    assert story.drop([message(number, created_at=later(number)) for number in range(COUNT)]) == []
    assert story.given_back["created_at"] > COUNT * 0.9
    kept = story.connection.execute("SELECT message_id::INT, created_at FROM clean.messages ORDER BY 1").fetchall()
    assert kept == [(number, first(number)) for number in range(COUNT)]


def test_what_is_remembered_has_no_text_and_stands_in_the_state_folder(story):
    loaded(story, messages=FIRST, customers=[customer(1)])
    files = sorted((story.state / FOLDER).rglob("*.parquet"))
    assert [path.stem for path in files] == ["agents", "companies", "customers", "messages", "tickets"]
    said = " ".join(str(pl.read_parquet(path).rows()) for path in files)
    assert "Text" not in said
    assert "Person" not in said
    assert "@" not in said


def test_the_doubt_says_what_differs(story):
    loaded(story)
    story.drop([message(1, ticket_id="5", body="No")])
    [(code, found)] = story.connection.execute("SELECT code, found FROM doubt.rows").fetchall()
    assert code == DoubtCode.KEY_REUSED
    assert found == "belonged to 0, now to 5; says something else"


def agent(number, of=None):
    return {"agent_id": str(number), "name": f"Agent {of or number}", "email": f"a{of or number}@desk.example"}


@pytest.mark.parametrize(
    ("later", "found"),
    [
        ([agent(1, of=2), agent(2, of=1), agent(3)], [("agents", 2, DoubtState.OPEN)]),
        ([agent(number, of=number + 1) for number in range(1, 7)], [("agents", 6, DoubtState.STOPS)]),
        (
            [agent(1) | {"email": "a2@desk.example"}, agent(2) | {"email": "a1@desk.example"}, agent(3)],
            [("agents", 2, DoubtState.OPEN)],
        ),
        ([agent(1) | {"name": "Agent 2"}, agent(2) | {"name": "AGENT  1"}, agent(3)], [("agents", 2, DoubtState.OPEN)]),
        (
            [agent(1) | {"email": "new@desk.example"}, agent(9) | {"email": "A1@desk.example"}],
            [("agents", 1, DoubtState.OPEN)],
        ),
        ([agent(1) | {"name": "Agent Wed"}, agent(2) | {"email": "new@desk.example"}, agent(9)], []),
    ],
)
def test_an_agents_key_that_is_another_agent_now_is_a_doubt(story, later, found):
    assert story.drop(agents=[agent(number) for number in range(1, 7)]) == []
    assert story.drop(agents=later) == found


def test_an_agent_who_is_not_in_one_drop_is_still_known(story):
    story.drop(agents=[agent(1), agent(2)])
    assert story.drop(agents=[agent(2)]) == []
    assert story.drop(agents=[agent(1, of=7), agent(2)]) == [("agents", 1, DoubtState.OPEN)]
