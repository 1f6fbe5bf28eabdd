"""The command: `python -m embedded_intercom [serve | inbox | wipe] --port 8080 --state folder`."""

import argparse
import sys
from collections.abc import Callable

from pydantic import ValidationError

from embedded_intercom.faults.plan import FaultPlanError
from embedded_intercom.inbox_command import serve_inbox
from embedded_intercom.server import PortInUse, serve
from embedded_intercom.settings import ServerSettings
from embedded_intercom.state.folder import StateInUse
from embedded_intercom.wipe import wipe

DESCRIPTION = "Serve a workspace that speaks Intercom's REST API. Every option has an environment variable, EMBEDDED_*."


def main(arguments: list[str] | None = None) -> int:
    """Do what was asked for; 1 when another server has the state folder or the port, 2 when an option is no good."""
    parser = argparse.ArgumentParser(prog="embedded_intercom", description=DESCRIPTION)
    parser.add_argument(
        "command",
        nargs="?",
        choices=list(COMMANDS),
        default="serve",
        help="serve the API and the inbox; serve what is there already and print the inbox's address; or empty the "
        "workspace, say what was in it, and end",
    )
    parser.add_argument("--quiet", action="store_true", help="print no token, only the address once it listens")
    for name, field in ServerSettings.model_fields.items():
        parser.add_argument(f"--{name.replace('_', '-')}", help=field.description)
    given = {name: value for name, value in vars(parser.parse_args(arguments)).items() if value is not None}
    command, quiet = given.pop("command"), given.pop("quiet")
    try:
        return COMMANDS[command](ServerSettings(**given), quiet)
    except ValidationError as error:
        wrong = error.errors(include_url=False, include_context=False)
        return _refused(" ".join(f"{'.'.join(map(str, one['loc']))}: {one['msg']}." for one in wrong), 2)
    except FaultPlanError as error:
        return _refused(str(error), 2)
    except (PortInUse, StateInUse) as error:
        return _refused(str(error), 1)


def _serve(settings: ServerSettings, quiet: bool) -> int:
    serve(settings.options(), settings.port, settings.plan(), quiet=quiet)
    return 0


def _inbox(settings: ServerSettings, quiet: bool) -> int:  # noqa: ARG001 - every command's signature
    return serve_inbox(settings)


def _wipe(settings: ServerSettings, quiet: bool) -> int:  # noqa: ARG001 - every command's signature
    print(wipe(settings.state))
    return 0


def _refused(sentence: str, code: int) -> int:
    print(sentence, file=sys.stderr)
    return code


COMMANDS: dict[str, Callable[[ServerSettings, bool], int]] = {"serve": _serve, "inbox": _inbox, "wipe": _wipe}


if __name__ == "__main__":
    raise SystemExit(main())
