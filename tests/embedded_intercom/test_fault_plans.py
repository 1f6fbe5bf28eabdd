"""Plans of faults: which calls a rule is about, how often it strikes, what is repeatable, and how a plan is set."""

import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from embedded_intercom.api.routing import ApiAnswer, Call
from embedded_intercom.faults.chance import Identities
from embedded_intercom.faults.plan import parse_faults
from embedded_intercom.process import PROJECT, EmbeddedProcess

# -- which calls, and how often ---------------------------------------------------------------------------------------


def test_which_calls_a_rule_is_about(faulty):
    def struck(calls):
        faulty.use({"kind": "before", "share": 1, "calls": calls, "status": 500})
        contact = "/contacts/000000000000000000000000"
        asked = [("GET", "/me"), ("POST", "/contacts/search"), ("PUT", contact), ("GET", contact), ("POST", "/tags")]
        return [faulty.api.ask(*call, {} if call[0] != "GET" else None).status_code == 500 for call in asked]

    assert struck("all") == [True] * 5
    assert struck("reads") == [True, True, False, True, False]
    assert struck("writes") == [False, False, True, False, True]
    assert struck("PUT /contacts/{id}") == [False, False, True, False, False]
    assert struck("GET /contacts/{contact_id}") == [False, False, False, True, False]


def test_how_often_a_rule_strikes(faulty):
    def struck(**how):
        faulty.use({"kind": "before", "status": 500, **how})
        return [number for number in range(1, 9) if faulty.tag()[0].status_code == 500]

    assert struck(nth=3) == [3]
    assert struck(from_call=6) == [6, 7, 8]
    assert struck(from_call=4, times=2) == [4, 5]
    assert struck(share=0) == []
    assert struck(share=1, times=3) == [1, 2, 3]


def test_control_calls_are_never_struck(faulty):
    faulty.use({"kind": "reset_before", "share": 1}, {"kind": "revoked", "share": 1})
    assert isinstance(faulty.tag()[0], httpx.TransportError)
    for path in ("alive", "state", "notifications", "faults"):
        faulty.api.ok("GET", f"/__embedded/{path}")


def test_a_new_plan_counts_anew(faulty):
    faulty.use({"kind": "slow", "share": 1, "seconds": 0.01})
    faulty.tag()
    assert faulty.report()["rules"][0]["struck"] == 1
    faulty.use({"kind": "slow", "share": 1, "seconds": 0.01})
    assert faulty.report()["rules"][0]["matched"] == 0


@pytest.mark.parametrize(
    ("plan", "sentence"),
    [
        ({"rules": [{"kind": "befor", "share": 1}]}, "Rule 1, kind: there is no kind 'befor'; the kinds are before,"),
        ({"rules": [{"kind": "before", "share": 1.5}]}, "Rule 1, share: input should be less than or equal to 1"),
        (
            {"rules": [{"kind": "slow", "share": 1}, {"kind": "before"}]},
            "Rule 2: say how often by exactly one of share, nth and from_call.",
        ),
        (
            {"rules": [{"kind": "before", "nth": 1, "calls": "POST /teapots"}]},
            "The fault plan is about 'POST /teapots', which is no endpoint of the embedded workspace.",
        ),
        ({"seeds": 1}, "The fault plan says 'seeds', and there is nothing of that name."),
    ],
)
def test_a_bad_plan_is_refused_in_a_sentence(faulty, plan, sentence):
    faulty.use({"kind": "malformed", "nth": 9})
    assert faulty.api.refused(400, "parameter_invalid", "POST", "/__embedded/faults", plan).startswith(sentence)
    assert [rule["kind"] for rule in faulty.report()["rules"]] == ["malformed"], "the plan before stays in force"


# -- repeatable -------------------------------------------------------------------------------------------------------


class Migration:
    """The same tickets with their replies, each written until it is there, by several workers in any order."""

    def __init__(self, api):
        self.api, self.kind, self.contact = api, api.ticket_type(), api.contact()

    def write(self, http, path, body):
        """Return the statuses that it took, and the last answer."""
        statuses = []
        while not statuses or statuses[-1] != 200:
            answer = http.post(path, json=body)
            statuses.append(answer.status_code)
        return statuses, answer.json()

    def ticket(self, number):
        """Return {what was written: the statuses it took}."""
        with httpx.Client(base_url=self.api.process.url, headers=self.api.headers(), trust_env=False) as http:
            body = {"ticket_type_id": self.kind["id"], "contacts": [{"id": self.contact["id"]}],
                    "ticket_attributes": {"_default_title_": f"ticket {number}"}}  # fmt: skip
            seen = {}
            seen[number, 0], made = self.write(http, "/tickets", body)
            for reply in (1, 2):
                body = {"message_type": "comment", "type": "user", "intercom_user_id": self.contact["id"], "body": "+1"}
                path = f"/tickets/{made['id']}/reply"
                seen[number, reply], _ = self.write(http, path, body)
            return seen

    def run(self, order, workers):
        with ThreadPoolExecutor(workers) as pool:
            return {key: value for seen in pool.map(self.ticket, order) for key, value in seen.items()}


def test_the_same_calls_are_struck_in_whatever_order_they_come(faulty):
    """The ids of tickets differ from run to run; the third message equals the second one."""
    migration = Migration(faulty.api)
    rules = [{"kind": "before", "share": 0.2}, {"kind": "limited", "share": 0.1, "in_a_row": 1, "calls": "writes"}]

    def run(order, workers=6, seed=5):
        faulty.use(*rules, seed=seed)
        return migration.run(order, workers)

    numbers = list(range(30))
    first = run(numbers)
    assert {status for statuses in first.values() for status in statuses} == {200, 429, 500, 502, 503}
    assert run(list(reversed(numbers))) == first
    assert run(numbers, workers=1) == first
    assert run(numbers, seed=6) != first


def test_a_greater_share_strikes_the_same_calls_and_more(faulty):
    names = [f"share {number}" for number in range(60)]

    def struck(share, *others):
        faulty.use({"kind": "before", "share": share, "status": 500}, *others)
        return {name for name in names if faulty.api.ask("POST", "/tags", {"name": name}).status_code == 500}

    some, more = struck(0.2), struck(0.5)
    assert set() < some < more < set(names)
    assert struck(0.2, {"kind": "slow", "share": 0.3, "seconds": 0.001}) == some, "other rules change nothing"
    assert 60 * 0.05 < len(some) < 60 * 0.4


def call(path, body, method="POST"):
    return Call(method, path, {}, {}, json.dumps(body).encode(), "", None)


def test_an_id_stands_for_the_call_that_gave_it_out():
    option = {"id": "5d1c1b1e-0000-4000-8000-000000000001", "label": "red"}

    def words(ticket_id, option_id):
        known = Identities()
        for path, answer in (
            (
                "/ticket_types/7/attributes",
                {"id": "1", "input_options": {"list_options": [option | {"id": option_id}]}},
            ),
            ("/tickets", {"id": ticket_id}),
        ):
            made = call(path, {"name": path})
            known.learn(known.of(made), made, ApiAnswer(answer))
        asked = call(f"/tickets/{ticket_id}/reply", {"colour": option_id, "about": f"{ticket_id}"})
        return [known.of(asked).words for _ in range(2)], known.of(asked).occurrence

    one = words("215470000000001", option["id"])
    assert one == words("215470000000999", "5d1c1b1e-0000-4000-8000-00000000ffff")
    assert one[0][0] == one[0][1]
    assert one[1] == 3


# -- how it is set ----------------------------------------------------------------------------------------------------


def served(state, *options):
    command = [sys.executable, "-m", "embedded_intercom", "--state", str(state), *options]
    return subprocess.run(command, capture_output=True, text=True, cwd=PROJECT, check=False, timeout=60)


@pytest.mark.parametrize(
    ("plan", "sentence"),
    [
        ("befor=0.1", "Rule 1, kind: there is no kind 'befor'; the kinds are before, after"),
        ('{"rules": ', "The fault plan is not JSON: "),
        ("nowhere.json", "The fault plan nowhere.json cannot be read (FileNotFoundError)."),
        ("before=0.1,calls='POST /teapots'", "The fault plan is about 'POST /teapots', which is no endpoint"),
    ],
)
def test_the_server_does_not_start_with_a_bad_plan(tmp_path, plan, sentence):
    ended = served(tmp_path, "--faults", plan)
    assert (ended.returncode, ended.stdout) == (2, "")
    assert ended.stderr.startswith(sentence)
    assert "Traceback" not in ended.stderr


@pytest.mark.parametrize("form", ["short", "json", "file"])
def test_the_server_starts_with_a_plan_and_keeps_what_struck(tmp_path, form):
    plan = '{"rules": [{"kind": "before", "share": 1, "status": 503}]}'
    (tmp_path / "plan.json").write_text(plan)
    given = {"short": "before=1,status=503", "json": plan, "file": str(tmp_path / "plan.json")}[form]
    options = ("--faults", given, "--fault-seed", "9")
    with EmbeddedProcess(tmp_path / "state", options=options) as process:
        headers = {"Authorization": f"Bearer {process.token}"}
        assert httpx.get(f"{process.url}/me", headers=headers, trust_env=False).status_code == 503
    kept = json.loads((tmp_path / "state" / "faults.json").read_text())
    assert (kept["seed"], kept["calls_hit"]) == (9, {"before": 1})


def test_a_server_that_runs_already_gets_the_plan_and_loses_it_again(api):
    plan = parse_faults("before=1,status=503")
    with EmbeddedProcess(api.process._state, faults=plan) as second:
        assert second.reused
        assert api.ask("GET", "/me").status_code == 503
    assert api.ask("GET", "/me").status_code == 200
    with EmbeddedProcess(api.process._state):
        assert api.ask("GET", "/me").status_code == 200
