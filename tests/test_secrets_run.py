"""A whole migration in which everything goes wrong, and then a search for the token, a password and a customer.

The token and the password of an address for alerts may be nowhere. The customer may be where the migration keeps
customers' data on purpose (`ON_PURPOSE`), and nowhere else: not in logs, Dagster's storage, the journal, the reports,
the plan, or anything that was printed.
"""

import base64
import csv
import shutil
import zlib

import httpx
import pytest
import yaml

from embedded_intercom.process import EmbeddedProcess, Quotas
from resources.warehouse import Warehouse
from schemas.settings import PROJECT, Settings
from tests.support import faulty, traces
from tests.support.cli import Cli
from tests.support.steps import steps

pytestmark = [pytest.mark.slow, pytest.mark.rehearsal]

TOKEN = "dG9rOm1hcmtlcl90b2tlbl82ZjE5YzdhMmI4ZDQ0OjE6MA"
PASSWORD = "pelican9Umbrella7Quartz"
"""Of the address that is told, which never answers."""
ZEB = {
    "customer_id": "991",
    "name": "Zebulon Quist-Marker",
    "email": "zeb.quist@marker-customer.example",
    "phone": "+49 30 901827364",
    "external_id": "X-991",
}
OTTO = {
    "customer_id": "992",
    "name": "Ottoline Brandt-Marker",
    "email": "otto.brandt@marker-customer.example",
    "phone": "+49 30 901827365",
}
MINA = {"customer_id": "993", "name": "Wilhelmina Falk-Marker", "email": "mina.falk@marker-customer.example"}
BROKEN = {
    "customer_id": "994",
    "name": "Quetzal Marker-Faulty",
    "email": "ocelot marker at nowhere",
    "created_at": "quetzal marker date 3319",
    "phone": "quetzal marker phone 3319",
}
STRANGER = {"author_name": "Lysander Stranger-Marker", "author_email": "lys.7788@marker-unknown.example"}
SUBJECT = "Purple walrus marker subject {}, for {}"
BODY = "The heron of marker {} flies at midnight and {} was charged twice."
TICKETS = 9
"""Tickets of the marker customer; each meets another fault."""

ON_PURPOSE = ("raw", "clean", "quarantine", "target", "observed")
"""The warehouse's schemas that hold customers' data: what was exported, how it was read, what Intercom should hold, and
whom it has already.

Beside them only `rejects/`, which gives quarantined rows back in the customer's own columns, and the extract itself.
Intercom (here the embedded workspace, which stands for it) has the data, and knows the token.
"""


def words_of_the_customer():
    """Return what must not be found: every value of the marker customers, as exported and as normalised."""
    people = [value for who in (ZEB, OTTO, MINA, BROKEN, STRANGER) for name, value in who.items() if name[-3:] != "_id"]
    return [
        *people,
        "+4930901827364",
        "+4930901827365",
        "Purple walrus marker",
        "The heron of marker",
        "lynx marker 44",
    ]


def write_extract(source, folder):
    """Copy an extract and add the marker customers with their tickets."""
    shutil.copytree(source, folder)
    customers = [
        {"company_id": "101", "created_at": "2023-01-01T10:00:00Z", **who} for who in (ZEB, OTTO, MINA, BROKEN)
    ]
    tickets, messages = [], []
    owners = [ZEB] * TICKETS + [OTTO, MINA, BROKEN]
    for number, who in enumerate(owners, start=1):
        key, day = f"99{number:04}", f"2024-02-{number:02}"
        tickets.append(
            {
                "ticket_id": key, "ticket_number": f"NC-{key}", "subject": SUBJECT.format(number, who["name"]),
                "status": "closed", "priority": "high", "channel": "email", "customer_id": who["customer_id"],
                "agent_id": "111", "team_id": "2", "created_at": f"{day}T10:00:00Z", "updated_at": f"{day}T12:00:00Z",
                "closed_at": f"{day}T12:00:00Z", "tags": "account", "cf_order_value": "lynx marker 44" * (number == 1),
            }
        )  # fmt: skip
        author = {"author_type": "customer", "author_id": who["customer_id"]}
        authors = [author | {"author_name": who["name"], "author_email": who["email"]}] * 2
        authors += [{"author_type": "customer", **STRANGER}] * (number == 2)
        for part, written_by in enumerate(authors):
            text = BODY.format(f"{number}-{part}", who["name"])
            sent = {"message_id": f"{key}{part}", "ticket_id": key, "kind": "reply", "body": text}
            messages.append(sent | written_by | {"created_at": f"{day}T10:{part:02}:00Z"})
    for name, rows in (("customers", customers), ("tickets", tickets), ("messages", messages)):
        _append(folder / f"{name}.csv", rows)
    stated = yaml.safe_load((folder / "extract.yaml").read_text(encoding="utf-8"))
    for name, rows in (("customers", customers), ("tickets", tickets), ("messages", messages)):
        stated["row_counts"][f"{name}.csv"] += len(rows)
    stated.pop("sha256")
    (folder / "extract.yaml").write_text(yaml.safe_dump(stated), encoding="utf-8")
    return folder


def _append(path, rows):
    with path.open(encoding="utf-8-sig", newline="") as file:
        names = next(csv.reader(file))
    with path.open("a", encoding="utf-8", newline="") as file:
        csv.DictWriter(file, names, restval="").writerows(rows)


ECHO = f"{TOKEN} of {ZEB['email']}, {ZEB['phone']}, sent {{sent}}"
"""What a careless server says: all that it was sent."""


def everything_goes_wrong():
    """Return the faults of the first run, one of every kind; the writes of one ticket each meet one."""

    def rule(*given, **more):
        return faulty.Rule(*given, **more)

    def words(code, said=ECHO):
        return faulty.error(code, said)

    reply, page = r"/tickets/\d+/reply", {"headers": {"Content-Type": "text/html"}}
    return [
        rule("GET", "/me", status=429, body=words("rate_limit_exceeded")),
        rule("GET", "/me", "reset"),
        rule("GET", "/tags", status=503, body=words("service_unavailable")),
        rule("POST", "/contacts", status=400, body=words("parameter_invalid"), holding=OTTO["email"], times=9),
        rule("POST", "/contacts", status=500, body=words("server_error"), holding=ZEB["email"], effect=True),
        rule("GET", r"/contacts/find_by_external_id/.*", "reset"),
        rule("POST", "/tickets", "malformed", holding=SUBJECT.format(1, ""), effect=True),
        rule("POST", reply, "reset", holding=BODY.format("2-1", "")[:26], effect=True),
        rule("POST", reply, "silence", holding=BODY.format("3-1", "")[:26], effect=True),
        rule("POST", reply, status=422, body=words("validation_error"), holding=BODY.format("4-1", "")[:26]),
        rule("POST", reply, status=200, body=f"<p>{ECHO}</p>", holding=BODY.format("5-1", "")[:26], **page),
        rule("POST", "/tickets", status=403, body=words(ZEB["email"]), holding=SUBJECT.format(6, "")),
        rule("POST", "/tickets", status=409, body=words(TOKEN), holding=SUBJECT.format(7, "")),
        rule("POST", "/tickets", status=502, body=f"<h1>{ECHO}</h1>", holding=SUBJECT.format(8, ""), **page),
        rule("PUT", r"/conversations/\d+", status=403, body=words("api_plan_restricted")),
        rule("PUT", r"/tickets/\d+", status=404, body=words("ticket_state_not_found")),
        rule("POST", r"/tickets/\d+/tags", status=400, body=words("parameter_not_found")),
    ]


class Left:
    """What a run left behind: how it ended, which faults never struck, and where the searched words were found."""

    def __init__(self, finished, rules, folder, server):
        self.finished = finished
        self.unused = [(rule.method, rule.path, rule.holding) for rule in rules if not rule.struck]
        self.report = (folder / "state" / "report.html").read_text(encoding="utf-8")
        wanted = [TOKEN, PASSWORD, *words_of_the_customer()]
        self.said = traces.in_text(finished.said, wanted)
        self.files = traces.traces(folder, wanted)
        self.server = traces.traces(server, wanted)
        with Warehouse(database=str(folder / "state" / "warehouse.duckdb")).connect() as connection:
            self.tables = traces.in_tables(connection, wanted)

    def holding(self, secret):
        places = {"said": self.said, **self.files, **self.tables}
        return {place for place, found in places.items() if any(text == secret for text, _ in found)}


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    """Two runs over one state folder: everything goes wrong, then the token is revoked in the middle."""
    from sample_data.generate import main

    root = tmp_path_factory.mktemp("secrets")
    main(["--tickets", "6", "--out", str(root / "small")])
    extract = write_extract(root / "small", root / "extract")
    server, left = root / "intercom", root / "left"
    for folder in (server, left / "tmp", left / "home"):
        folder.mkdir(parents=True)
    (server / "token").write_text(TOKEN)
    seed = PROJECT / "sample_data" / "workspace_seed.json"
    found = []
    with EmbeddedProcess(server, Quotas(100_000, 100_000), seed) as intercom, faulty.Faulty(intercom.url) as between:
        assert intercom.token == TOKEN
        _there_already(intercom)
        run = Cli(
            left / "state",
            MIGRATION_EXTRACT=extract,
            INTERCOM_BASE_URL=between.url,
            INTERCOM_ACCESS_TOKEN=TOKEN,
            INTERCOM_WORKSPACE="Nordlicht Commerce",
            MIGRATION_ALERT_URLS=f"json://ann:{PASSWORD}@127.0.0.1:9/{PASSWORD}?-x-key={PASSWORD}",
            MIGRATION_CALL_DEADLINE=3,
            MIGRATION_SETTLE_SECONDS=1,
            TMPDIR=left / "tmp",
            HOME=left / "home",
        )
        for rules, arguments in (
            (everything_goes_wrong(), ["migrate"]),
            (_token_is_revoked(), ["migrate", "--retry", "failed"]),
        ):
            between.rules = rules
            found.append(Left(run(*arguments), rules, left, server))
    return found


def _there_already(intercom):
    """Make one of the marker customers in Intercom beforehand, so that creating them ends in a 409."""
    headers = {"Authorization": f"Bearer {TOKEN}", "Intercom-Version": "2.16"}
    body = {"role": "user", "email": MINA["email"], "name": MINA["name"]}
    httpx.post(f"{intercom.url}/contacts", json=body, headers=headers, trust_env=False).raise_for_status()


def _token_is_revoked():
    return [faulty.Rule("POST", "/contacts", status=401, body=faulty.error("token_revoked", ECHO))]


def test_every_fault_struck_and_every_run_ended_with_a_verdict(runs):
    assert [run.unused for run in runs] == [[], []]
    assert [run.finished.code for run in runs] == [0, 1], [run.finished.err for run in runs]
    revoked = " ".join(runs[1].finished.err.split())
    assert runs[0].finished.certificate["verdict"] == "partial"
    assert "POST /contacts for contact 992: stop (token_revoked, HTTP 401, request id marker-request-1)" in revoked


def test_a_person_sees_intercoms_words_and_the_record_without_the_customer(runs):
    report = runs[0].report
    assert "[masked] of [e-mail address], [telephone number], sent" in report
    for key, code in (("992", "parameter_invalid"), ("9900041", "validation_error"), ("990006", "http_403")):
        assert key in report
        assert code in report


def test_the_token_and_the_password_are_nowhere(runs):
    assert "could not be delivered" in runs[1].finished.err, "who is to be told was tried"
    for run in runs:
        assert run.holding(TOKEN) == set()
        assert run.holding(PASSWORD) == set()
        # The server keeps its own token: it is what Intercom would know.
        knows = {name for (name, _), found in run.server.items() if any(text == TOKEN for text, _ in found)}
        assert knows <= {"token", "endpoint.json"}


def test_the_customer_is_only_where_customers_are_kept_on_purpose(runs):
    for run in runs:
        assert run.said == set()
        elsewhere = {
            place: found
            for place, found in run.files.items()
            if place[0] != "state/warehouse.duckdb" and not place[0].startswith("state/rejects/")
        }
        assert elsewhere == {}
        assert {table: found for table, found in run.tables.items() if table.split(".")[0] not in ON_PURPOSE} == {}
        assert {name for name, _ in run.server} <= {
            "token",
            "endpoint.json",
            "workspace.sqlite3",
            "workspace.sqlite3-wal",
        }


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ({"status": 302, "headers": {"Location": f"https://elsewhere.example/?t={TOKEN}"}}, "is not Intercom's API"),
        ({"status": 401, "body": TOKEN}, "does not accept the access token (http_401)"),
        ({"status": 403, "body": ECHO}, "lacks the permission"),
    ],
)
def test_a_run_that_may_not_begin_does_not_repeat_the_token(tmp_path, monkeypatch, answer, words):
    with faulty.Faulty("http://127.0.0.1:9", [faulty.Rule("GET", "/me", **answer)]) as server:
        monkeypatch.setenv("INTERCOM_ACCESS_TOKEN", TOKEN)
        monkeypatch.setenv("INTERCOM_BASE_URL", server.url)
        (said,) = steps(Settings(state=tmp_path / "state"), "workspace/preflight")
    assert words in said
    assert traces.in_text(said, [TOKEN]) == set()
    assert traces.traces(tmp_path, [TOKEN]) == {}


def test_the_search_finds_what_is_there(runs, tmp_path):
    assert {table.split(".")[0] for table in runs[0].tables} == set(ON_PURPOSE)
    seen = {text for found in runs[0].tables.values() for text, _ in found}
    assert seen >= set(words_of_the_customer()) - {"ocelot marker at nowhere"}
    assert any(name == "workspace.sqlite3" for name, _ in runs[0].server)
    for number, needle in enumerate(traces.spellings(TOKEN).values()):
        (tmp_path / str(number)).write_bytes(b"before" + needle + b"after")
    (tmp_path / "packed").write_bytes(zlib.compress(b"before " + TOKEN.encode()))
    (tmp_path / "base64").write_bytes(base64.b64encode(b"Authorization: Bearer " + TOKEN.encode()))
    assert {name for name, _ in traces.traces(tmp_path, [TOKEN])} == {path.name for path in tmp_path.iterdir()}
