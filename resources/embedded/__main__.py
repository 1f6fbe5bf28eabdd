"""The command line: `python -m resources.embedded --state DIR`."""

import argparse
import sys
from pathlib import Path

from resources.embedded.server import StateInUse, serve
from resources.embedded.wipe import wipe
from resources.embedded.workspace import Options
from schemas.faults import FaultPlan, FaultPlanError, parse_faults


def main() -> int:
    """Read the options and serve; 1 when another server has the state folder, 2 when the fault plan is no good."""
    parser = argparse.ArgumentParser(prog="resources.embedded", description="Serve the embedded Intercom workspace.")
    parser.add_argument("--state", type=Path, required=True, help="folder that holds the workspace")
    parser.add_argument("--port", type=int, default=0, help="0: any free port")
    parser.add_argument("--app-quota", type=int, default=1667, help="calls per 10-second window and app")
    parser.add_argument("--workspace-quota", type=int, default=4167, help="calls per window, all apps together")
    parser.add_argument("--seed", type=Path, help="JSON file that names workspace, admins, teams, ticket_states")
    parser.add_argument("--start-time", type=int, help="unix seconds at which the workspace's clock starts")
    parser.add_argument("--search-lag", type=int, default=0, help="seconds until a search finds what was created")
    parser.add_argument("--faults", help="what goes wrong on purpose: JSON, a JSON file, or before=0.01 slow=0.01")
    parser.add_argument("--fault-seed", type=int, default=1, help="seed of a fault plan that names none")
    parser.add_argument("--company-delete-delay", type=float, default=0, help="seconds until a deleted company goes")
    parser.add_argument("--job-delay", type=float, default=0.05, help="seconds until a queued ticket or a bulk job")
    parser.add_argument("--wipe", action="store_true", help="empty the workspace, say what was in it, and end")
    given = parser.parse_args()
    if given.wipe:
        return _wiped(given.state.resolve())
    try:
        plan = parse_faults(given.faults, given.fault_seed) if given.faults else FaultPlan()
    except FaultPlanError as error:
        return _refused(error, 2)
    options = Options(
        state=given.state.resolve(),
        app_quota=given.app_quota,
        workspace_quota=given.workspace_quota,
        seed=given.seed,
        start_time=given.start_time,
        search_lag=given.search_lag,
        job_delay=given.job_delay,
        company_delete_delay=given.company_delete_delay,
        faults=plan,
    )
    try:
        serve(options, given.port)
    except StateInUse as error:
        return _refused(error, 1)
    except FaultPlanError as error:
        return _refused(error, 2)
    return 0


def _wiped(state: Path) -> int:
    try:
        print(wipe(state))
    except StateInUse as error:
        return _refused(error, 1)
    return 0


def _refused(error: Exception, code: int) -> int:
    print(error, file=sys.stderr)
    return code


if __name__ == "__main__":
    raise SystemExit(main())
