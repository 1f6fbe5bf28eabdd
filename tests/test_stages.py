"""The terminal is told once per stage, when its first step begins."""

import io

import dagster as dg
from rich.console import Console

from migration_assets.ground.stage_log import STAGES, StageHandler


def run_and_read(*keys):
    @dg.logger
    def told(_context):
        import logging

        logger = logging.Logger("told", level=logging.DEBUG)
        logger.addHandler(StageHandler(Console(file=out, width=200)))
        return logger

    def asset(key):
        @dg.asset(key=list(key))
        def made() -> None:
            return None

        return made

    out = io.StringIO()
    definitions = dg.Definitions(
        assets=[asset(key) for key in keys],
        jobs=[dg.define_asset_job("all")],
        loggers={"told": told},
        executor=dg.in_process_executor,
    )
    result = definitions.resolve_job_def("all").execute_in_process(run_config={"loggers": {"told": {}}})
    assert result.success
    return out.getvalue().splitlines()


def test_a_stage_is_told_once():
    lines = run_and_read(("itco", "a"), ("itco", "b"))
    assert len(lines) == 1
    assert lines[0].endswith(STAGES["itco"])


def test_what_is_no_stage_is_not_told():
    assert run_and_read(("elsewhere", "a")) == []


def test_every_group_of_the_graph_is_a_stage():
    from migration_assets.definitions import defs

    groups = {spec.group_name for spec in defs.resolve_all_asset_specs()}
    assert groups == set(STAGES)
