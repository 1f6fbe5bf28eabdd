"""A simple object is read back and compared by its declaration and a line of its room alone."""

import duckdb
import pytest

from migration_assets.objects import registry
from migration_assets.objects.declaration import Declaration
from migration_assets.objects.explaining import define_macros, explaining
from migration_assets.objects.fields import ATTRIBUTES, NUMBER, TEXTS, FieldList, ObjectField, only_here
from migration_assets.objects.normalisations import BLANK_SPACE, LETTER_CASE
from migration_assets.objects.read_back import from_list
from migration_assets.objects.room import Room
from migration_assets.verified.assets import assets
from migration_assets.verified.checks import checks
from migration_assets.verified.fields.estimate import calls_of
from migration_assets.verified.fields.expected import define_expected
from migration_assets.verified.fields.groups import drawn_with, groups
from migration_assets.verified.fields.recorder import AnswersKnown
from schemas.intercom import Admin

TOY = Declaration(
    name="toy",
    plural="toys",
    meaning="One row per toy.",
    fields=FieldList(
        (
            ObjectField("name", "Its name.", normalisations=(LETTER_CASE, BLANK_SPACE)),
            ObjectField("email", "Where to write to.", expected="lower(t.email)"),
            ObjectField("team_ids", "Where it is.", TEXTS, column="rooms", compared="rooms"),
            ObjectField("weight", "In grams.", NUMBER, shown=lambda answer: answer.model_extra["weight"]),
            only_here("note", "Told to nobody."),
            ObjectField("custom_attributes", "More.", ATTRIBUTES, shown=lambda answer: {"Colour": answer.name}),
        )
    ),
    where="t.note <> 'lost'",
)


@pytest.fixture
def toy(monkeypatch):
    room = Room(TOY, read_back=from_list(TOY, Admin, lambda client: client.list_admins()))
    monkeypatch.setattr(registry, "ROOMS", (*registry.ROOMS, room))


def test_it_has_an_asset_and_a_check_after_the_others(toy):
    assert list(groups())[-1] == "toys"
    made = {asset.key.to_user_string(): asset for asset in assets()}
    before = {key.to_user_string() for key in made["verified/toys"].asset_deps[made["verified/toys"].key]}
    assert before == {"verified/conversations"}
    assert made["verified/toys"].descriptions_by_key[made["verified/toys"].key] == (
        "One row per toy that was read back and compared."
    )
    assert "verified/toys" in {
        key.to_user_string() for key in made["verified/differences"].asset_deps[made["verified/differences"].key]
    }
    named = {key.asset_key.to_user_string() for check in checks() for key in check.check_keys}
    assert "verified/toys" in named


def test_it_comes_in_one_list_that_is_never_drawn(toy):
    assert calls_of({})["toys"] == 1
    assert drawn_with()["toy"] is None


def test_an_answer_shows_its_declared_fields(toy):
    answer = Admin.model_validate(
        {"id": "7", "name": "Bear", "email": "", "team_ids": [2, 1], "weight": 3.0, "note": "not compared"}
    )
    known = AnswersKnown.of_registry()
    assert (known.source_of(answer).name, known.source_of(answer).key(answer)) == ("toy", "7")
    assert list(known.rows_of(answer, None)) == [
        ("toy", "7", "present", "true"),
        ("toy", "7", "name", "Bear"),
        ("toy", "7", "email", None),
        ("toy", "7", "rooms", "1, 2"),
        ("toy", "7", "weight", "3"),
        ("toy", "7", "attribute.Colour", "Bear"),
    ]


def test_what_it_should_show_comes_from_the_target(toy):
    with duckdb.connect() as connection:
        connection.execute("""
            CREATE SCHEMA target;
            CREATE TABLE target.attributes AS SELECT 'toy' AS model, 'Colour' AS name
                UNION ALL SELECT 'contact', 'Not its own';
            CREATE TABLE target.toys AS
                SELECT 't1' AS source_key, 'Bear' AS name, 'A@B' AS email, ['2', '1', '2'] AS rooms, 3 AS weight,
                    'kept' AS note, '{"Colour": "brown"}' AS custom_attributes
                UNION ALL SELECT 't2', 'Cat', NULL, [], NULL, 'lost', '{}'
        """)
        define_expected(connection, "toy")
        rows = connection.execute("SELECT object, source_key, field, value FROM expected_toy").fetchall()
    assert sorted(rows) == [
        ("toy", "t1", "attribute.Colour", "brown"),
        ("toy", "t1", "email", "a@b"),
        ("toy", "t1", "name", "Bear"),
        ("toy", "t1", "present", "true"),
        ("toy", "t1", "rooms", "1, 2"),
        ("toy", "t1", "weight", "3"),
    ]


@pytest.mark.parametrize(
    ("field", "found", "reason"),
    [
        ("name", "BEAR", "letter_case"),
        ("name", " Bear", "blank_space"),
        ("email", "BEAR", None),
        ("note", " Bear", None),
        ("attribute.Colour", "BEAR", "letter_case"),
    ],
)
def test_only_what_a_field_declares_explains_a_difference(toy, field, found, reason):
    known = (
        "FALSE AS adopted, FALSE AS filled, FALSE AS kept, FALSE AS extra_refused, FALSE AS accepted, FALSE AS tied, "
        "NULL::VARCHAR AS said, NULL::VARCHAR AS files_of, NULL::VARCHAR AS files_alone, "
        "NULL::VARCHAR[] AS writers, NULL::BOOLEAN AS own_tag_to_go"
    )
    with duckdb.connect() as connection:
        define_macros(connection)
        row = f"SELECT 'toy' AS object, ? AS field, 'Bear' AS expected, ? AS found, {known}"
        assert connection.execute(f"SELECT {explaining()} FROM ({row})", [field, found]).fetchone()[0] == reason
