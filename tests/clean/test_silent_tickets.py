"""Tickets without a message are a doubt; ids in another form, or that join nothing at all, are none of that."""

import pytest

from migration_assets.accounting import doubts
from schemas.doubt_kind import DoubtState
from tests.clean.test_comparisons import message, ticket

KEYS = [str(number) for number in range(901, 909)]


@pytest.fixture
def told(lab):
    """Clean eight tickets, and messages that name them by the given ids; return the doubts with their rows."""
    lab.empty("agents", "companies", "teams")
    lab.land("customers", [{"customer_id": "1", "name": "Ann"}])
    lab.clean("customers")
    lab.land("tickets", [ticket(key, customer_id="1") for key in KEYS])
    lab.clean("tickets")

    def tell(ids, mapping=None):
        lab.land("messages", [message(str(row), ticket_id=cell) for row, cell in enumerate(ids)])
        lab.clean("messages", mapping)
        return {one.code: one.rows for one in doubts.weigh(lab.connection, mapping or lab.mapping(), "clean/messages")}

    return tell


@pytest.mark.parametrize(
    ("spoken", "state"),
    [
        (KEYS[:5], DoubtState.OPEN),
        (KEYS[3:], DoubtState.OPEN),
        (KEYS[:1] * 9, DoubtState.STOPS),
        ([], DoubtState.STOPS),
    ],
)
def test_a_ticket_that_no_message_names_is_doubted_and_above_the_limit_stops(lab, told, spoken, state):
    assert told(spoken) == {"ticket_without_message": len(KEYS) - len(set(spoken))}
    [one] = doubts.weigh(lab.connection, lab.mapping(), "clean/messages")
    assert (one.where, one.state) == ("tickets", state)


@pytest.mark.parametrize(
    ("ids", "reading"),
    [
        ([f"{key}.0" for key in KEYS], "drop_decimal"),
        ([f"{key},0" if key < "905" else key for key in KEYS], "drop_decimal"),
        ([f"000{key}" for key in KEYS], "drop_zeros"),
    ],
)
def test_ids_in_another_form_are_told_as_that_and_the_mappings_line_settles_it(lab, told, ids, reading):
    found = told(ids)
    assert set(found) == {"id_formatted"}
    assert told(ids, lab.mapping(ids={"messages.ticket_id": reading})) == {}


@pytest.mark.parametrize("ids", [[f"T-{key}" for key in KEYS], ["a7c1-77", "b2d4-78"], ["5001"]])
def test_where_no_message_joins_at_all_it_is_the_ids_that_are_said(lab, told, ids):
    assert "ticket_without_message" not in told(ids)
    assert len([row for row in lab.faults("messages") if "ticket" in str(row)]) == len(ids)


def test_cells_that_a_spreadsheet_wrote_as_formulas_are_read(told):
    assert told([f'="{key}"' for key in KEYS]) == {}
