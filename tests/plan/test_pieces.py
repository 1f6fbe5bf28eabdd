"""The plan and the load know objects by the registry only: a room that is added there is planned, held and limited."""

import dagster as dg
import polars as pl
import pytest

from migration_assets.intercom import assets as intercom_assets
from migration_assets.intercom import checks as intercom_checks
from migration_assets.intercom.loads import load_assets
from migration_assets.objects import registry
from migration_assets.objects.declaration import Declaration, Requirement
from migration_assets.objects.fields import FieldList, ObjectField
from migration_assets.objects.room import Room
from migration_assets.plan.guards import keyed_objects
from migration_assets.plan.pieces import unplanned
from resources.warehouse import insert_frame, scalar
from tests.support import target_tables as tt

GUIDE = Declaration(
    name="guide",
    plural="guides",
    meaning="One row per guide.",
    sources=("articles",),
    references=(Requirement("contact", "author_key"),),
    fields=FieldList((ObjectField("title", "What it is called."), ObjectField("author_key", "Who wrote it."))),
)


@pytest.fixture
def guides(bench, monkeypatch):
    """Two contacts, a conversation of the first one, and a guide by each of them, all only declared."""
    monkeypatch.setattr(registry, "ROOMS", (*registry.ROOMS, Room(GUIDE, loader=lambda _chosen: None)))
    with bench.warehouse.connect() as connection:
        rows = [(key, f"Guide {key}", author, f"mark-{key}") for key, author in (("g1", "c1"), ("g2", "c2"))]
        columns = dict.fromkeys(("source_key", "title", "author_key", "fingerprint"), pl.String)
        insert_frame(connection, "target.guides", pl.DataFrame(rows, schema=columns, orient="row"), create=True)
    bench.target(
        contacts=[tt.contact("c1"), tt.contact("c2"), tt.contact("c3")],
        conversations=[tt.conversation("t1", "c1"), tt.conversation("t2", "c3", created_at=1_700_000_000)],
    )
    return bench


def test_a_declared_object_is_planned_as_one_call_per_record(guides):
    plan = guides.plan()
    assert plan.records["guide", "create"] == 2
    assert guides.rows("SELECT * EXCLUDE (present) FROM plan.writes WHERE source_key = 'g1'") == [
        ("guide", "g1", None, "create", 0, "mark-g1", "send", None, "guide", "g1", False, False)
    ]
    guides.pretend("confirmed")
    assert guides.plan().records["guide", "unchanged"] == 2
    with guides.warehouse.connect() as connection:
        assert scalar(connection, unplanned()) == 0
        connection.execute("DELETE FROM plan.actions WHERE source_key = 'g2'")
        assert scalar(connection, unplanned()) == 1


def test_what_it_needs_holds_it_back(guides):
    guides.plan()
    guides.pretend("rejected", "source_key = 'c2'", code="422")
    guides.plan()
    assert guides.verdicts("guide") == {
        ("g1", "create"): ("send", None),
        ("g2", "create"): ("held", "contact_failed"),
    }
    assert guides.action("guide", "g2") == ("blocked", "contact_failed", 0)


def test_a_limit_takes_what_it_needs_along(guides):
    guides.plan(limit=1)
    # The first conversation's contact, and those of the guides, which nothing else needs.
    assert set(guides.verdicts("contact")) == {("c1", "create"), ("c2", "create")}
    assert set(guides.verdicts("guide")) == {("g1", "create"), ("g2", "create")}


@pytest.mark.usefixtures("guides")
def test_its_asset_and_checks_are_made():
    (load,) = [load for load in load_assets() if load.name == "guides"]
    assert (load.objects, load.counted, load.sources) == (("guide",), ("guide",), ("articles",))
    assert (load.after, load.description) == (("contacts",), "One row per guide that is in Intercom.")
    made = {asset.key.path[-1]: asset for asset in intercom_assets.assets()}
    assert made["guides"].dependency_keys == {dg.AssetKey(["intercom", "contacts"])}
    assert dg.AssetKey(["intercom", "guides"]) in made["deleted_in_source"].dependency_keys
    names = {(spec.asset_key.path[-1], spec.name) for check in intercom_checks.checks() for spec in check.check_specs}
    assert {("guides", "row_counts_reconcile"), ("guides", "source_rows_reconcile")} <= names
    # Its keys are none of the source's, so that none of it vanishes there.
    assert "guide" not in keyed_objects()
