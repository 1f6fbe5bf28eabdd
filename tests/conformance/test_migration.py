"""Whole migrations against Intercom's description: every request that is sent and every answer that is given."""

import json
from dataclasses import replace

import pytest

from tests.conformance.tally import told

pytestmark = [pytest.mark.conformance, pytest.mark.slow]


def test_the_recorded_runs_end_as_others_do(recorded):
    ticket, conversation = recorded["ticket"], recorded["conversation"]
    for finished in (*ticket.runs, *conversation.runs):
        assert finished.code == 0, finished.err
    assert [finished.certificate["verdict"] for finished in ticket.runs] == ["partial", "partial"]
    assert [finished.certificate["verdict"] for finished in conversation.runs] == ["complete"]
    assert ticket.runs[1].certificate["calls"]["writes"] == 0
    # A certificate is kept per state folder: the last run's is the one that can be compared.
    assert ticket.runs[1].certificate["calls"]["total"] == len(ticket.exchanges[1])
    assert ticket.lost > 5 and conversation.lost > 5


@pytest.mark.parametrize("route", ["ticket", "conversation"])
def test_every_request_and_answer_is_as_described(recorded, checker, tally, route):
    exchanges = [exchange for run in recorded[route].exchanges for exchange in run]
    violations = tally.check(checker, exchanges)
    assert not violations, told(violations)
    assert len(exchanges) > {"ticket": 4000, "conversation": 500}[route]


def test_the_calls_that_find_out_about_lost_answers_were_made(recorded, checker):
    called = {
        route: {checker.endpoint(exchange) for run in one.exchanges for exchange in run}
        for route, one in recorded.items()
    }
    assert {"GET /tickets/{ticket_id}", "POST /tickets/search"} <= called["ticket"]
    assert {"GET /conversations/{conversation_id}", "POST /conversations/search"} <= called["conversation"]


def test_a_wrong_answer_and_a_wrong_request_are_caught_at_every_endpoint(recorded, checker):
    of_each = {}
    for one in recorded.values():
        for run in one.exchanges:
            of_each |= {checker.endpoint(exchange): exchange for exchange in run if exchange.status == 200}
    assert len(of_each) > 25
    for endpoint, exchange in of_each.items():
        assert checker.check(replace(exchange, answer=b'{"type": 5}')), endpoint
        body = json.loads(exchange.body) if exchange.body else {}
        for name, value in body.items():
            other = 5 if isinstance(value, dict) else {"un": "known"}
            wrong = replace(exchange, body=json.dumps(body | {name: other}).encode())
            assert checker.check(wrong), (endpoint, name)
        misspelt = replace(exchange, body=json.dumps(body | {"skip_notificatons": True}).encode())
        assert checker.check(misspelt), endpoint
