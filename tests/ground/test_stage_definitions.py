"""What an asset has from its stage, and what it may say itself."""

import dagster as dg

from migration_assets.ground.stage_definitions import stage_definitions


@dg.asset(key=["plan", "changed"], code_version="1.1")
def changed() -> None: ...


@dg.asset(key=["plan", "same"])
def same() -> None: ...


def test_an_asset_whose_own_rule_changed_keeps_its_own_version():
    graph = stage_definitions([changed, same], [], "1").resolve_asset_graph()
    versions = {key.path[1]: graph.get(key).code_version for key in graph.get_all_asset_keys()}
    assert versions == {"changed": "1.1", "same": "1"}
