"""What several commands share: the settings that they run with."""

import sys

import typer
from pydantic import ValidationError

from schemas.settings import Settings, wrong_settings


def settings_or_exit(code: int) -> Settings:
    """Return the settings; where one is wrong, say so on stderr and end with `code`.

    Raises:
        typer.Exit: one of them cannot be used.
    """
    try:
        return Settings()
    except ValidationError as error:
        print(wrong_settings(error), file=sys.stderr)
        raise typer.Exit(code) from None
