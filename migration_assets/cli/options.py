"""What the person who starts a run can choose on the command line, from the one list of options.

An option is read from the environment as well, where make puts the value as it was typed: in the text of a recipe the
shell would read it.
"""

from collections.abc import Callable
from inspect import Parameter, Signature
from pathlib import Path
from typing import Annotated, Any

import typer

from schemas.run_options import ROUTES, RunOption, by_variable


def at_least_one(text: str) -> int:
    """Read a number of tickets from the command line."""
    if not text.isdecimal() or int(text) < 1:
        raise typer.BadParameter(f"a whole number from 1 on is expected, not {text!r}")
    return int(text)


def absolute_path(text: str) -> Path:
    """Read a path from the command line, or from make, in whose folder the program is started."""
    return Path.cwd() / text


def with_zone(text: str) -> str:
    """Read a time with its zone from the command line."""
    from resources.run import moment

    try:
        moment(text)
    except ValueError as error:
        raise typer.BadParameter(str(error)) from None
    return text


def one_of(*allowed: str) -> Callable[[str], str]:
    """Return what reads one of these allowed from the command line."""

    def read(text: str) -> str:
        if text not in allowed:
            raise typer.BadParameter(f"{text!r} is not one of {', '.join(allowed)}")
        return text

    return read


def some_of(*allowed: str) -> Callable[[str], str]:
    """Return what reads one of these allowed, or several with commas between them, from the command line."""
    one = one_of(*allowed)
    return lambda text: ",".join(one(word.strip()) for word in text.split(","))


READERS: dict[str, Callable[[str], Any]] = {"limit": at_least_one, "route": one_of(*ROUTES), "freeze": with_zone}
"""How the word of an option is read that is not typed as it stands."""


def taking_options(command: str) -> Callable[[Callable[..., int]], Callable[..., int]]:
    """Give a function that takes the chosen options by name the signature from which typer reads what can be typed."""

    def give(function: Callable[..., int]) -> Callable[..., int]:
        def run(**typed: Any) -> int:  # noqa: ANN401 - what was typed for each option
            return function(**_chosen(command, typed))

        parameters = [_parameter(variable, options) for variable, options in by_variable(command).items()]
        run.__signature__ = Signature(parameters, return_annotation=int)  # type: ignore[attr-defined]
        return run

    return give


def _parameter(variable: str, options: list[RunOption]) -> Parameter:
    first, words = options[0], [option.word for option in options]
    kind = typer.Option(
        first.flag,
        parser=READERS.get(first.field) or some_of(*words),
        metavar="|".join(words),
        envvar=first.environment,
        help=" ".join(f"{option.word}: {option.meaning}" if first.fixed else option.meaning for option in options),
    )
    annotation = Annotated[str | None, kind]
    return Parameter(variable.lower(), Parameter.KEYWORD_ONLY, default=None, annotation=annotation)


def _chosen(command: str, typed: dict[str, Any]) -> dict[str, Any]:
    """Return the options of a run by their names, of what was typed; what was not typed is not among them."""
    chosen: dict[str, Any] = {}
    for variable, options in by_variable(command).items():
        text = typed[variable.lower()]
        for option in options:
            if text is not None and not option.fixed:
                chosen[option.field] = text
            elif text is not None and option.word in text.split(","):
                chosen[option.field] = True
    return chosen
