"""docs/intercom_unknowns.md says what the embedded workspace can be told."""

from embedded_intercom.protocol.unknowns import UNKNOWNS
from tests.docs.unknowns import PAGE, page


def test_the_page_is_made_from_the_list():
    assert PAGE.read_text(encoding="utf-8") == page()
    assert len(UNKNOWNS) >= 25
