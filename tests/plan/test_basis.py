"""A plan is carried out only while all that it was made of is as it was."""

from dataclasses import replace

import polars as pl
import pytest

from migration_assets.ground.made import Made
from migration_assets.plan.basis import Basis, keep_basis, last_writer, options_in_words, planned_by, stale
from migration_assets.plan.plan_options import PlanOptions
from resources.warehouse import Warehouse

PLANNED = Basis("acme > w1", "drop", "map", "limit=None, route=ticket", "r1", 0)
MADE = [Made("itco/tags", "r2", 1, "map"), Made("clean/tags", "r2", 2, "map"), Made("target/tags", "r2", 3, "map"),
        Made("plan/actions", "r2", 4, "map")]  # fmt: skip


def test_a_plan_of_the_present_is_carried_out():
    assert stale(PLANNED, PLANNED, MADE) is None


@pytest.mark.parametrize(
    ("now", "why", "what"),
    [
        ({"drop": "other"}, "extract's files", "itco/extract and all"),
        ({"migration": "acme > w2"}, "the migration acme > w1", "itco/extract and all"),
        ({"mapping": "other"}, "mapping", "itco/extract and all"),
        ({"options": "limit=5, route=ticket"}, "other options (limit=None)", "plan/actions"),
        ({"written_by": "r9"}, "older than what the run r9 wrote", "plan/actions"),
        ({"wipes": 1}, "wiped", "plan/actions"),
    ],
)
def test_whatever_has_changed_is_named_with_what_to_materialize(now, why, what):
    said = stale(PLANNED, replace(PLANNED, **now), MADE)
    assert said is not None
    assert said.startswith("Nothing was sent: ")
    assert why in said
    assert f"Materialize {what}" in said
    assert "make migrate" in said


@pytest.mark.parametrize(
    ("asset", "why", "what"),
    [
        ("itco/tags", "the clean tables were made before the landed files", "clean/*, target/* and plan/actions"),
        ("clean/tags", "the target tables were made before the clean tables", "target/* and plan/actions"),
        ("target/tags", "the plan was made before the target tables", "plan/actions"),
    ],
)
def test_what_was_made_again_since_is_named(asset, why, what):
    made = [*(one for one in MADE if one.asset != asset), Made(asset, "r3", 9, "map")]
    said = stale(PLANNED, PLANNED, made)
    assert why in said
    assert f"Materialize {what}" in said


def test_without_a_plan_nothing_is_sent():
    assert "there is no plan" in stale(None, PLANNED, MADE)


def test_only_writing_runs_make_a_plan_old():
    runs = pl.DataFrame({"run_id": ["r1", "r2", "r3", "mine"], "kind": ["load", "rollback", "verify", "load"]})
    assert last_writer(runs, "mine") == "r2"
    assert last_writer(runs.head(0), "mine") is None


def test_it_is_kept_in_the_warehouse(tmp_path):
    with Warehouse(database=str(tmp_path / "w.duckdb")).connect() as connection:
        assert planned_by(connection) is None
        for basis in (PLANNED, replace(PLANNED, written_by=None, wipes=None)):
            keep_basis(connection, "r2", basis)
            assert planned_by(connection) == ("r2", basis)


def test_the_options_are_the_same_text_for_the_same_choices():
    def chosen(**given):
        return options_in_words(PlanOptions(**{"run_id": "r1", "route": "ticket", "unmatched": "hold",
                                              "migration_admin": "m@x", "ticket_type": "T"} | given))  # fmt: skip

    assert chosen() == chosen(run_id="r2")
    assert chosen() != chosen(limit=5)
