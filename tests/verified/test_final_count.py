"""What is present is what Intercom shows at the end of the run, of every object, not what the load step saw."""

import pytest

from tests.intercom.test_files import put
from tests.support import target_tables as tt


@pytest.fixture
def with_files(ticket_route):
    """The small target with two files at a message of ticket t1."""
    site = ticket_route.site
    carrier, *others = site.tables["parts"]
    site.target(
        attachments=[put(site, tt, "f1", "m1"), put(site, tt, "f2", "m1", b"two", 2)],
        file_headings=[tt.heading("m1")],
        parts=[carrier | {"attachments": ["f1", "f2"]}, *others],
    )
    ticket_route.run()
    return ticket_route


def fewer(before, after):
    return {name: before[name] - number for name, number in after.items() if number != before[name]}


def test_where_nobody_did_anything_all_is_counted_as_before_and_the_calls_were_told(with_files):
    before = with_files.present()
    assert before["attachment"] == 2
    assert with_files.end() == before
    assert with_files.calls["total"] == with_files.told


def test_a_record_more_is_no_call_more(with_files):
    with_files.end()
    calls = with_files.calls["total"]
    site = with_files.site
    site.target(
        contacts=[*site.tables["contacts"], *(tt.contact(f"n{number}") for number in range(20))],
        conversations=[
            *site.tables["conversations"],
            *(tt.conversation(f"s{number}", f"n{number}") for number in range(20)),
        ],
    )
    with_files.calls = None
    with_files.run()
    with_files.end()
    assert with_files.calls["total"] == calls


def test_what_was_deleted_after_its_load_step_is_not_present(with_files):
    before = with_files.present()
    ((company,),) = with_files.site.rows("SELECT intercom_id FROM plan.journal WHERE object = 'company'")
    contact = with_files.id_of("contact", "c2")
    with_files.site.call(lambda client: client.delete_contact(contact))
    with_files.site.call(lambda client: client.delete_company(company))
    gone = fewer(before, with_files.end())
    assert (gone["contact"], gone["company"]) == (1, 1)


def test_a_ticket_that_was_deleted_after_its_load_step_is_not_present_nor_are_its_parts_and_files(with_files):
    """Neither where the run has written nothing: its count saw the ticket, and no search says that it is gone."""
    with_files.run()
    before = with_files.present()
    gone = with_files.id_of("conversation", "t1")
    with_files.site.call(lambda client: client.delete_ticket(gone))
    # Ticket t1 has three messages.
    assert fewer(before, with_files.end()) == {"conversation": 1, "part": 3, "attachment": 2}
    lost = with_files.site.rows("SELECT object, source_key FROM observed.deleted_in_intercom ORDER BY ALL")
    assert lost == [("conversation", "t1"), ("part", "m1"), ("part", "m2"), ("part", "m3")]


def test_files_that_were_taken_out_after_their_load_step_are_not_present(with_files):
    before = with_files.present()
    ticket, part = with_files.id_of("conversation", "t1"), with_files.id_of("part", "m1")
    with_files.site.call(lambda client: client.redact_part(ticket, part))
    assert fewer(before, with_files.end()) == {"attachment": 2}
