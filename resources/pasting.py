"""What a person is shown to paste into a shell, with names in it that somebody else has chosen.

A workspace's name comes from Intercom, where any of its teammates may change it: it must mean nothing to the shell.
"""

import shlex


def assignment(variable: str, value: str) -> str | None:
    """Return `VARIABLE=value` as a shell reads it exactly; None where no line can be pasted safely.

    A terminal may act on control characters, and a line end runs what is before it; make takes away the blanks at the
    beginning of a value.
    """
    if not value.isprintable() or value[:1].isspace():
        return None
    return f"{variable}={shlex.quote(value)}"


def shown(value: str) -> str:
    """Return a name in quotes, with everything that does not print escaped."""
    return repr(value)


def unpasteable(variable: str, value: str) -> str:
    """Say what is to be typed where no line can be pasted."""
    return (
        f"The name {shown(value)} holds characters that no line for pasting can (here they are escaped): "
        f"set {variable} in the environment to exactly that name, or give the workspace a plain one in Intercom."
    )
