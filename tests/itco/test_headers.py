import pytest

from migration_assets.ground.column_name import normalise
from migration_assets.itco.headers import HeaderError, match_header
from schemas.source import OBJECTS

TAGS, TICKETS = OBJECTS["tags"], OBJECTS["tickets"]
BASE = ["ticket_id", "subject", "status", "customer_id", "created_at"]


def columns(cells, item=TICKETS, given=None):
    return [cell.column for cell in match_header(cells, item, given or {})]


def test_spelling_does_not_matter():
    assert columns(["Ticket ID", " SUBJECT ", "\ufeffstatus", "customerId", "Created-At"]) == BASE


def test_a_person_decides_over_everything_else():
    cells = ["Nr.", "Betreff", "status", "customer_id", "created_at", "Priorität"]
    given = {"nr": "ticket_id", "BETREFF": "subject", "Priorität": "cf_Priority"}
    assert columns(cells, given=given) == [*BASE[:2], *BASE[2:], "cf_priority"]


def test_custom_unknown_own_and_nameless_columns():
    cells = [*BASE, "CF Region", "cf_modules", "Größe (cm)", "_reason", "", " "]
    assert columns(cells)[5:] == [
        "cf_region",
        "cf_modules",
        "x_grosse_cm",
        None,
        "x_column_10",
        "x_column_11",
    ]


def test_two_cells_for_one_column_are_refused_by_name():
    with pytest.raises(HeaderError, match=r"'tag', 'Tag '.*column tag"):
        columns(["tag", "Tag "], TAGS)
    with pytest.raises(HeaderError, match="x_a_b"):
        columns(["tag", "a-b", "A b"], TAGS)


def test_a_missing_column_names_the_nearest_and_the_line_to_add():
    with pytest.raises(HeaderError) as caught:
        columns(["ticket_idd", *BASE[1:]])
    assert "required column ticket_id is missing" in str(caught.value)
    assert "headers: {tickets: {'ticket_idd': ticket_id}}" in str(caught.value)


def test_names_keep_letters_of_every_script():
    assert normalise("  Création d'un Ticket ") == "creation_d_un_ticket"
    assert normalise("Статус") == "статус"
    assert normalise("a_-_b") == "a_b"
