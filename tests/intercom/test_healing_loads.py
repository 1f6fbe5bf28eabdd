"""A record that was refused for something that Intercom lacked is loaded by the next run, without anybody asking."""

import pytest

from resources.intercom.errors import IntercomError
from resources.intercom.outcomes import CallOutcome

LACKED = [
    (400, "parameter_invalid", "Custom attribute 'Plan' does not exist"),
    (403, "api_plan_restricted", "Active subscription needed."),
    (403, "forbidden", "Forbidden request"),
    (404, "not_found", "User Not Found"),
]


def refusing(method, status, code, message, asked):
    """Let every call of a method be refused."""

    def wrap(client):
        async def refuse(*_, **__):
            asked.append(code)
            raise IntercomError(CallOutcome.REJECTED, status, code, message, "r-1", "POST /contacts")

        setattr(client, method, refuse)

    return wrap


@pytest.mark.parametrize("lacked", LACKED, ids=lambda lacked: f"{lacked[0]} {lacked[1]}")
def test_it_is_loaded_once_what_it_lacked_is_there(small, lacked):
    asked = []
    first = small.migrate(wrap=refusing("create_contact", *lacked, asked))
    assert (first["contact"].failed, first["conversation"].blocked) == (2, 4)
    assert len(asked) == 2, "not twice in one run"
    second = small.migrate()
    assert (second["contact"].created, second["conversation"].created) == (2, 4)
    assert small.plan().calls == 0
    assert small.control("state")["counts"]["tickets"] == 4


def test_while_it_still_lacks_it_every_run_tries_once(small):
    asked = []
    for run in (1, 2, 3):
        result = small.migrate(wrap=refusing("create_contact", *LACKED[0], asked))
        assert (result["contact"].failed, len(asked)) == (2, 2 * run)


def test_a_tag_that_is_refused_heals_and_the_ticket_stands_meanwhile(small):
    asked = []
    first = small.migrate(wrap=refusing("tag_ticket", 404, "tag_not_found", "Tag not found", asked))
    assert (first["conversation"].created, first["conversation"].failed) == (3, 1)
    assert small.control("state")["counts"]["tickets"] == 4
    assert asked
    small.migrate()
    assert small.plan().calls == 0
    states = "SELECT DISTINCT state FROM plan.journal WHERE object = 'conversation_tag'"
    assert small.rows(states) == [("confirmed",)]


def test_what_is_about_the_content_waits_for_a_change(small):
    asked = []
    small.migrate(wrap=refusing("create_contact", 400, "parameter_invalid", "Email is invalid", asked))
    result = small.migrate(wrap=refusing("create_contact", 400, "parameter_invalid", "Email is invalid", asked))
    assert (result["contact"].failed, len(asked)) == (2, 2)
