"""One key for two unlike records within a drop: the older gives way, and that is a doubt; a later version is none."""

import pytest

from migration_assets.accounting import doubts
from schemas.doubt_codes import DoubtCode
from schemas.doubt_kind import DoubtState
from tests.clean.test_comparisons import message, ticket

LATER = {"updated_at": "2024-05-01 10:00"}
OLAF = {
    "customer_id": "5", "name": "Olaf Kern", "email": "olaf@kern.example", "phone": "+4930123456", "external_id": "X-1",
    "updated_at": "2024-01-01 10:00",
}  # fmt: skip
DIAZ = {"company_id": "7", "name": "Diaz GmbH", "domain": "diaz.example", "updated_at": "2024-01-01 10:00"}
OTHER = {"email": "zoe@zander.example", "phone": "+4940654321", "external_id": "X-2"}
NOBODY = dict.fromkeys(OTHER)


@pytest.fixture
def doubted(lab):
    """Clean two rows of one key, beside enough others; return what is doubted."""

    def run(name, first, second, *more):
        lab.empty("agents", "teams", *(["companies"] if name != "companies" else []))
        if name != "customers":
            lab.land("customers", [{"customer_id": key, "name": key} for key in ("1", "2")])
            lab.clean("customers")
        if name == "messages":
            lab.land("tickets", [ticket("1", customer_id="1"), ticket("2", customer_id="2")])
            lab.clean("tickets")
        lab.land(name, [first, second, *more])
        lab.clean(name)
        found = doubts.weigh(lab.connection, lab.mapping(), f"clean/{name}")
        return [(one.rows, one.state) for one in found if one.code == DoubtCode.KEY_TWICE]

    return run


ONE = [(1, DoubtState.OPEN)]


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"name": "Zoe Zander", **OTHER}, ONE),
        ({"name": "Olaf Berg", **OTHER}, ONE),
        ({"name": "Zoe Zander", **NOBODY, "phone": "+4940654321"}, ONE),
        ({"name": "Zoe Zander", **NOBODY, "external_id": "X-9"}, ONE),
        ({"name": "Zoe Zander", **NOBODY}, ONE),
        ({**OTHER, "name": None}, ONE),
        # Later versions: another name, another address, both with the same phone or id, fewer or more values.
        ({"name": "Olaf Kern-Maier"}, []),
        ({"name": "KERN, Olaf ", **NOBODY}, []),
        ({"name": "Olaf Berg", "email": "olaf@berg.example"}, []),
        ({"email": "olaf@new.example"}, []),
        (OTHER, []),
        ({"name": None, **NOBODY}, []),
        ({"email": "OLAF@Kern.example", "phone": None, "external_id": None, "name": "O. K."}, []),
    ],
)
def test_customers(doubted, changed, expected):
    assert doubted("customers", OLAF, OLAF | LATER | changed) == expected


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"name": "Roth GmbH", "domain": "roth.example"}, ONE),
        ({"name": "Roth AG", "domain": None}, ONE),
        ({"name": "Roth AG"}, []),
        ({"domain": "diaz-group.example"}, []),
        ({"name": "Diaz Group", "domain": None}, []),
    ],
)
def test_companies(doubted, changed, expected):
    assert doubted("companies", DIAZ, DIAZ | LATER | changed) == expected


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"customer_id": "2", "subject": "Kuendigung"}, ONE),
        ({"customer_id": "2", "created_at": "2024-03-09 10:00"}, ONE),
        ({"subject": "Kuendigung", "created_at": "2024-03-09 10:00"}, ONE),
        ({"subject": "RE: printer"}, []),
        ({"customer_id": "2"}, []),
        ({"created_at": "2024-03-09 10:00"}, []),
        ({"customer_id": "2", "created_at": "2024-03-01 10:00:30"}, []),
        ({"status": "Open", "tags": "a;b"}, []),
    ],
)
def test_tickets(doubted, changed, expected):
    first = ticket("9", customer_id="1", subject="Printer", created_at="2024-03-01 10:00", updated_at="2024-03-02")
    assert doubted("tickets", first, first | LATER | changed) == expected


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"ticket_id": "2"}, ONE),
        ({"author_id": "2"}, ONE),
        ({"created_at": "2024-03-09 10:00"}, ONE),
        ({"body": "corrected"}, []),
    ],
)
def test_messages_that_correct_a_faulty_one(doubted, changed, expected):
    first = message("9", ticket_id="1", author_id="1", created_at="2024-03-01 10:00", cc="nobody")
    assert doubted("messages", first, first | {"cc": None} | changed) == expected


def test_many_stop_the_run_and_both_are_told(doubted, lab):
    zoe = OLAF | LATER | OTHER | {"name": "Zoe Zander"}
    pairs = [row | {"customer_id": f"5{n}", "external_id": None} for n in range(4) for row in (OLAF, zoe)]
    assert doubted("customers", *pairs) == [(4, DoubtState.STOPS)]
    [told] = lab.rows("SELECT file, line, found FROM doubt.rows WHERE code = 'key_twice' AND key = '52'")
    assert (told["file"], told["line"]) == ("customers.csv", 6)
    assert told["found"].startswith(
        "name Olaf Kern, there Zoe Zander; email olaf@kern.example, there zoe@zander.example"
    )
    assert told["found"].endswith("; what stands in customers.csv:7 is loaded")
