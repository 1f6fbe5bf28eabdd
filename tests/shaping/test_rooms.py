"""The stage knows objects by the registry only: a room that is added there is shaped, checked and told of."""

import json

import dagster as dg
import pytest

from migration_assets.objects import registry
from migration_assets.objects.declaration import Declaration
from migration_assets.objects.fields import FieldList, ObjectField
from migration_assets.objects.room import Room
from migration_assets.objects.shaping import CountingCheck, Shaping
from migration_assets.shaping.assets import assets, in_order
from migration_assets.shaping.checks import by_table, checks
from migration_assets.shaping.contracts import broken_rules
from tests.support.clean_tables import customer, ticket

SHAPE = """
CREATE OR REPLACE TABLE target.guides AS
WITH with_payload AS (
    SELECT source_key, title, {payload} AS payload
    FROM (SELECT article_id AS source_key, title FROM clean.articles))
SELECT *, sha256(payload::VARCHAR) AS fingerprint FROM with_payload;
"""
LINEAGE = """
SELECT 'articles' AS object, _row AS row, article_id AS key, 'guides' AS target_object, article_id AS target_key,
    'load' AS disposition, NULL AS reason
FROM clean.articles
"""


@pytest.fixture
def guides(tmp_path, monkeypatch):
    """A room whose object is shaped as a simple one is: a shape.sql and a lineage.sql, both in its folder."""
    (tmp_path / "shape.sql").write_text(SHAPE)
    (tmp_path / "lineage.sql").write_text(LINEAGE)
    fields = FieldList((ObjectField("title", "What it is called."), ObjectField("kind", "Its kind.", constant="a")))
    few = CountingCheck("guides_are_few", "There are no guides.", {"guides": "SELECT count(*) FROM target.guides"})
    room = Room(
        Declaration(
            name="guide", plural="guides", meaning="One row per guide.", sources=("articles",),
            fields=fields,
        ),
        shaping=Shaping(
            folder=tmp_path, after=("clean/articles", "target/tags"), lineage={"articles": "lineage"},
            checks=(few,),
        ),
    )  # fmt: skip
    monkeypatch.setattr(registry, "ROOMS", (*registry.ROOMS, room))


@pytest.mark.usefixtures("guides")
def test_a_room_of_the_registry_is_an_asset_with_checks():
    (asset,) = [asset for asset in assets() if asset.key == dg.AssetKey(["target", "guides"])]
    assert asset.dependency_keys == {dg.AssetKey(["clean", "articles"]), dg.AssetKey(["target", "tags"])}
    (lineage,) = [asset for asset in assets() if asset.key == dg.AssetKey(["target", "lineage"])]
    assert dg.AssetKey(["target", "guides"]) in lineage.dependency_keys
    assert in_order().index("guides") > in_order().index("tags")
    names = {(spec.asset_key.path[1], spec.name) for check in checks() for spec in check.check_specs}
    expected = {"matches_contract", "keys_are_unique", "guides_are_few", "doubts_are_settled"}
    assert {name for table, name in names if table == "guides"} == expected


@pytest.mark.usefixtures("guides")
def test_its_rows_have_the_payload_of_its_fields_and_a_fate(shaped):
    article = {"article_id": "A1", "title": "How to begin"}
    shaped.run(customers=[customer("C1")], tickets=[ticket("T1")], articles=[article])
    assert shaped.numbers["guides"]["rows_in"] == shaped.numbers["guides"]["rows_out"] == 1
    (row,) = shaped.rows("SELECT * FROM target.guides")
    assert json.loads(row["payload"]) == {"kind": "a", "title": "How to begin"}
    fate = shaped.fate("articles", "A1")
    assert (fate["target_object"], fate["target_key"], fate["disposition"]) == ("guides", "A1", "load")
    assert broken_rules(shaped.connection, "guides") == {}
    shaped.connection.execute("UPDATE target.guides SET title = ''")
    assert set(broken_rules(shaped.connection, "guides")) == {"title: str_length(1, None)"}
    (few,) = [check for check in by_table()["guides"] if check.name == "guides_are_few"]
    assert not few.answer(shaped.connection).passed


def test_without_a_room_the_same_rows_are_skipped_with_a_reason(shaped):
    shaped.run(articles=[{"article_id": "A1", "title": "How to begin"}])
    fate = shaped.fate("articles", "A1")
    assert (fate["target_object"], fate["disposition"]) == (None, "skipped")
    assert fate["reason"].startswith("articles are not loaded yet")
