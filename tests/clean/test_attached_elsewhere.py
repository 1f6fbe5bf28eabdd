"""An attachment whose message is another ticket's would be shown to somebody else: a doubt, above the limit a stop."""

import pytest

from migration_assets.accounting import doubts
from schemas.doubt_kind import DoubtState
from schemas.doubts import DoubtCode
from tests.clean.test_comparisons import message, ticket

KEYS = [str(number) for number in range(901, 913)]


@pytest.mark.parametrize(
    ("tickets", "weighed"),
    [
        (KEYS, []),
        (KEYS[1:] + KEYS[:1], [(12, DoubtState.STOPS)]),
        (KEYS[-1:] + KEYS[:-1], [(12, DoubtState.STOPS)]),
        ([*KEYS[:8], *KEYS[9:], KEYS[8]], [(4, DoubtState.OPEN)]),
        ([*KEYS[:-1], KEYS[0]], [(1, DoubtState.OPEN)]),
    ],
)
def test_the_ticket_of_an_attachment_is_that_of_its_message(lab, tickets, weighed):
    lab.empty("agents", "companies", "teams")
    lab.land("customers", [{"customer_id": "1", "name": "Ann"}])
    lab.clean("customers")
    lab.land("tickets", [ticket(key, customer_id="1") for key in KEYS])
    lab.land("messages", [message(f"{key}0", ticket_id=key) for key in KEYS])
    files = [
        {"attachment_id": f"{key}5", "ticket_id": shown, "message_id": f"{key}0", "file_name": "a.pdf"}
        for key, shown in zip(KEYS, tickets, strict=True)
    ]
    # One that names no message, or an unknown one, says nothing.
    files += [
        {**files[0], "attachment_id": "1", "message_id": None},
        {**files[0], "attachment_id": "2", "message_id": "7"},
    ]
    lab.land("attachments", files)
    for name in ("tickets", "messages", "attachments"):
        lab.clean(name)
    found = doubts.weigh(lab.connection, lab.mapping(), "clean/attachments")
    assert [(one.rows, one.state) for one in found] == weighed
    assert {(one.code, one.where) for one in found} <= {(DoubtCode.REFERENCE_CONTRADICTS, "attachments.ticket_id")}
    told = [
        row["found"]
        for row in lab.rows("SELECT found FROM doubt.rows WHERE step = 'clean/attachments' ORDER BY line DESC")
    ]
    assert not told or told[0] == f"of ticket {tickets[-1]}; its message 9120 is of ticket 912"
