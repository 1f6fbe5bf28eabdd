"""Every command that the program can print, found in its own texts."""

import ast
import re

from schemas import run_options
from schemas.settings import PROJECT

PACKAGES = ("migration_assets", "resources", "schemas")
TARGETS = set(re.findall(r"^([a-z][a-z-]*):", (PROJECT / "Makefile").read_text(encoding="utf-8"), re.M))
_COMMAND = re.compile(r"\bmake ([a-z]+(?:-[a-z]+)*)((?: [A-Z]+=[^\s`\",;.)<]+)*)")
_OUTSIDE = "migration_assets/cli/"
"""The command line itself, whose texts name its own options."""


def texts():
    """Yield (file, text) for every text in the program that a person may be shown; docstrings are none."""
    for package in PACKAGES:
        for path in sorted((PROJECT / package).rglob("*")):
            name = path.relative_to(PROJECT).as_posix()
            if path.suffix == ".jinja":
                yield name, " ".join(path.read_text(encoding="utf-8").split())
            elif path.suffix == ".py":
                for text in _strings(ast.parse(path.read_text(encoding="utf-8"))):
                    yield name, text


def printed_commands():
    """Return every complete command, by the files that print it; what make is said to do in English is none."""
    found = {}
    for name, text in texts():
        for target, variables in _COMMAND.findall(text):
            if target in TARGETS:
                found.setdefault(f"make {target}{variables}", set()).add(name)
    return found


def named_flags():
    """Return the options of the command line that a text names, by its file: each is half a command."""
    found = {}
    for name, text in texts():
        # A text that begins with one is a word of another program's command, and nobody's to read.
        flags = re.findall(r"(?<=[\s(])--[a-z][a-z-]+", text)
        if flags and not name.startswith(_OUTSIDE) and name != "schemas/run_options.py":
            found[name] = flags
    return found


def _strings(tree):
    """Yield the texts of a module, f-strings as they read, with the commands that they name filled in."""
    silent = {id(node.body[0].value) for node in ast.walk(tree) if _has_docstring(node)}
    parts = {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in ast.walk(node)}
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            yield "".join(_said(part) for part in node.values)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in silent | parts:
            yield node.value
        elif isinstance(node, ast.Call) and _is_make(node):
            yield _made(node)


def _has_docstring(node):
    kinds = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    return isinstance(node, kinds) and ast.get_docstring(node) is not None


def _said(part):
    if isinstance(part, ast.Constant):
        return part.value
    return _made(part.value) if isinstance(part.value, ast.Call) and _is_make(part.value) else "…"


def _is_make(node):
    words = bool(node.args) and all(isinstance(argument, ast.Constant) for argument in node.args)
    return isinstance(node.func, ast.Name) and node.func.id == "make" and words


def _made(node):
    return run_options.make(*(ast.literal_eval(argument) for argument in node.args))
