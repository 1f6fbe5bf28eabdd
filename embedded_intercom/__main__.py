"""The command: `python -m embedded_intercom [serve | inbox | wipe] --port 8080 --state folder`."""

import sys
from collections.abc import Callable
from typing import Literal

from pydantic import Field, ValidationError
from pydantic_settings import CliApp, CliPositionalArg

from embedded_intercom.faults.plan import FaultPlanError
from embedded_intercom.inbox_command import serve_inbox
from embedded_intercom.protocol.behaviours import BehaviourError, choose, listed, parse
from embedded_intercom.server import PortInUse, serve
from embedded_intercom.settings import ServerSettings
from embedded_intercom.state.folder import StateInUse
from embedded_intercom.state.private import NotPrivate, close_folder, keep_private
from embedded_intercom.wipe import wipe


class ServerCommand(
    ServerSettings,
    cli_prog_name="embedded_intercom",
    cli_kebab_case=True,
    cli_implicit_flags=True,
    cli_hide_none_type=True,
    cli_avoid_json=True,
):
    """Serve a workspace that speaks Intercom's REST API. Every option has an environment variable, EMBEDDED_*."""

    command: CliPositionalArg[Literal["serve", "inbox", "wipe"]] = Field(
        default="serve",
        description="serve the API and the inbox; serve what is there already and print the inbox's address; or empty "
        "the workspace, say what was in it, and end",
    )
    behaviours: bool = Field(
        default=False, description="list what Intercom leaves undocumented, with the ways of each, and end"
    )
    quiet: bool = Field(default=False, description="print no token, only the address once it listens")


def main(arguments: list[str] | None = None) -> int:
    """Do what was asked for; 2 when an option is no good, 1 when the state folder or the port cannot be had.

    The folder cannot be had where another server has it, or where others could read what is in it.
    """
    keep_private()
    try:
        asked = CliApp.run(ServerCommand, sys.argv[1:] if arguments is None else arguments)
        if asked.behaviours:
            return _list(asked)
        if mended := close_folder(asked.state):
            print(mended, file=sys.stderr)
        return COMMANDS[asked.command](asked)
    except ValidationError as error:
        wrong = error.errors(include_url=False, include_context=False)
        return _refused(" ".join(f"{'.'.join(map(str, one['loc']))}: {one['msg']}." for one in wrong), 2)
    except (FaultPlanError, BehaviourError) as error:
        return _refused(str(error), 2)
    except (PortInUse, StateInUse, NotPrivate) as error:
        return _refused(str(error), 1)


def _serve(asked: ServerCommand) -> int:
    serve(asked.options(), asked.port, asked.plan(), quiet=asked.quiet)
    return 0


def _list(asked: ServerCommand) -> int:
    print(listed(choose(parse(asked.behaviour))))
    return 0


def _wipe(asked: ServerCommand) -> int:
    print(wipe(asked.state))
    return 0


def _refused(sentence: str, code: int) -> int:
    print(sentence, file=sys.stderr)
    return code


COMMANDS: dict[str, Callable[[ServerCommand], int]] = {"serve": _serve, "inbox": serve_inbox, "wipe": _wipe}


if __name__ == "__main__":
    raise SystemExit(main())
