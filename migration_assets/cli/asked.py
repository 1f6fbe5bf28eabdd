"""What several commands share: the settings that they run with."""

import sys

import typer
from pydantic import ValidationError

from resources.private_files import NotPrivateError, make_private
from schemas.settings import Settings, wrong_settings


def settings_or_exit(code: int, *, looks_only: bool = False) -> Settings:
    """Return the settings, with a state folder that others cannot read; where that cannot be, end with `code`.

    Args:
        code: the exit code; the reason was said on stderr.
        looks_only: whether the state folder is left as it is, because only settings are shown.

    Raises:
        typer.Exit: a setting cannot be used, or the state folder cannot be kept from others.
    """
    try:
        settings = Settings()
        mended = None if looks_only else make_private(settings.state)
    except ValidationError as error:
        print(wrong_settings(error), file=sys.stderr)
        raise typer.Exit(code) from None
    except NotPrivateError as error:
        print(error, file=sys.stderr)
        raise typer.Exit(code) from None
    if mended:
        print(mended, file=sys.stderr)
    return settings
