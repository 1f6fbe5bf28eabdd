"""The command line: `python -m resources.embedded --state DIR`."""

import argparse
import sys
from pathlib import Path

from resources.embedded.server import StateInUse, serve
from resources.embedded.workspace import Options


def main() -> int:
    """Read the options and serve; 1 when another server has the state folder."""
    parser = argparse.ArgumentParser(prog="resources.embedded", description="Serve the embedded Intercom workspace.")
    parser.add_argument("--state", type=Path, required=True, help="folder that holds the workspace")
    parser.add_argument("--port", type=int, default=0, help="0: any free port")
    parser.add_argument("--app-quota", type=int, default=1667, help="calls per 10-second window and app")
    parser.add_argument("--workspace-quota", type=int, default=4167, help="calls per window, all apps together")
    parser.add_argument("--seed", type=Path, help="JSON file that names workspace, admins, teams, ticket_states")
    parser.add_argument("--start-time", type=int, help="unix seconds at which the workspace's clock starts")
    parser.add_argument("--search-lag", type=int, default=0, help="seconds until a search finds what was created")
    given = parser.parse_args()
    options = Options(
        state=given.state.resolve(),
        app_quota=given.app_quota,
        workspace_quota=given.workspace_quota,
        seed=given.seed,
        start_time=given.start_time,
        search_lag=given.search_lag,
    )
    try:
        serve(options, given.port)
    except StateInUse as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
