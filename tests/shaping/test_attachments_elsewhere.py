"""A file that names one ticket and a message of another: a doubt, and the file of the ticket that it names."""

import pytest

from tests.shaping.test_attachments import MESSAGES, OTHERS, row, run
from tests.support.clean_tables import AGENT, customer, ticket


def elsewhere(shaped):
    query = "SELECT key, found, file, line FROM doubt.rows WHERE step = 'target/attachments' AND code = ?"
    rows = shaped.rows(query, "attachment_elsewhere")
    assert all(row["file"] == "attachments.csv" and row["line"] for row in rows)
    return {row["key"]: row["found"] for row in rows}


@pytest.mark.parametrize(
    ("ticket_id", "message_id", "found"),
    [
        ("T1", "N1", "ticket T1, message N1 of ticket T2"),
        ("T2", "M0", "ticket T2, message M0 of ticket T1"),
        ("T2", "M2", "ticket T2, message M2 of ticket T1"),
    ],
)
def test_a_file_of_one_ticket_and_a_message_of_another_is_a_doubt_and_the_tickets(shaped, ticket_id, message_id, found):
    shaped.file(f"{ticket_id}/a.pdf")
    loaded = run(shaped, row("F1", message_id=message_id, ticket_id=ticket_id), row("F2", "b.pdf", "N0", "T2"))
    assert (loaded["F1"]["ticket_id"], loaded["F1"]["message_id"]) == (ticket_id, None)
    assert elsewhere(shaped) == {"F1": found}
    (carrier,) = [part for part in shaped.parts(ticket_id) if part["attachments"] == ["F1"]]
    assert carrier["kind"] == "note"


@pytest.mark.parametrize("name_only", [True, False])
def test_a_file_that_is_not_there_is_a_doubt_all_the_same_where_its_references_contradict(shaped, name_only):
    run(shaped, row("F1", message_id="N1"), attachments="name_only" if name_only else "upload")
    assert set(elsewhere(shaped)) == {"F1"}


def test_no_doubt_where_both_references_agree_or_one_ticket_is_merged_into_the_other(shaped):
    tickets = [ticket("T1", merged_into_ticket_id="T2"), ticket("T2"), ticket("T3")]
    rows = [row("F1", message_id="N1", ticket_id="T1"), row("F2", message_id="M1", ticket_id="T2"),
            row("F3", message_id=None), row("F4", message_id="M1"), row("F5", message_id="gone")]  # fmt: skip
    shaped.run(customers=[customer("C1")], agents=[AGENT], tickets=tickets, messages=[*MESSAGES, *OTHERS],
               attachments=rows)  # fmt: skip
    assert elsewhere(shaped) == {}
    shaped.run(customers=[customer("C1")], agents=[AGENT], tickets=tickets, messages=[*MESSAGES, *OTHERS],
               attachments=[row("F1", message_id="N1", ticket_id="T3")])  # fmt: skip
    assert set(elsewhere(shaped)) == {"F1"}
