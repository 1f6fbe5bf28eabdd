"""What pyproject.toml says: each dependency is imported or explained, and what modules open is packed with them."""

import ast
import re
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[1]
FILE = PROJECT / "pyproject.toml"
PROGRAM = ("migration_assets", "resources", "schemas", "sample_data", "embedded_intercom")


def normal(name):
    return re.sub(r"[-_.]+", "-", name).lower()


def asked_for(*tables):
    return [normal(re.match(r"[\w.-]+", text)[0]) for table in tables for text in table]


def imported(*folders):
    """Return the distributions whose modules are imported anywhere in the folders."""
    known = packages_distributions()
    found = set()
    for path in (path for folder in folders for path in (PROJECT / folder).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [name.name for name in node.names] if isinstance(node, ast.Import) else []
            names += [node.module] if isinstance(node, ast.ImportFrom) and node.module and not node.level else []
            found |= {normal(made) for name in names for made in known.get(name.partition(".")[0], [])}
    return found


def explained():
    """Return the dependencies that have a comment behind them."""
    lines = re.findall(r'^ +"([\w.-]+)(?:\[[^\]]*\])?[<>=][^"]*",  # \S.*$', FILE.read_text(encoding="utf-8"), re.M)
    return {normal(name) for name in lines}


@pytest.fixture(scope="module")
def project():
    return tomllib.loads(FILE.read_text(encoding="utf-8"))["project"]


def test_every_dependency_of_the_program_is_imported_or_explained(project):
    wanted = asked_for(project["dependencies"])
    assert len(wanted) > 20
    assert set(wanted) - imported(*PROGRAM) - explained() == set()


def test_every_dependency_of_the_tests_is_imported_or_explained(project):
    wanted = asked_for(project["optional-dependencies"]["dev"])
    ours = {normal(project["name"])}
    assert set(wanted) - imported("tests", "benchmarks") - explained() - ours == set()


def test_what_is_imported_is_asked_for_or_an_extra(project):
    extras = project["optional-dependencies"]
    program = set(asked_for(project["dependencies"], extras["alerts"], extras["postgresql"]))
    assert imported(*PROGRAM) - {normal(project["name"])} - program == set()


def test_the_tests_have_every_extra(project):
    names = set(project["optional-dependencies"]) - {"dev"}
    assert f"{project['name']}[{','.join(sorted(names))}]" in project["optional-dependencies"]["dev"]
    locked = (PROJECT / "requirements.lock").read_text(encoding="utf-8")
    for name in asked_for(project["dependencies"], *project["optional-dependencies"].values()):
        assert name == normal(project["name"]) or re.search(rf"(?mi)^{name}(\[[\w,-]+\])?==", locked), name
    assert "://" not in locked, "the lock names no host"


def test_what_modules_open_is_packed_with_them():
    """Whatever lies in a package beside modules and texts for its readers is opened by something, or is the sample."""
    patterns = tomllib.loads(FILE.read_text(encoding="utf-8"))["tool"]["setuptools"]["package-data"]["*"]
    there = {path for folder in PROGRAM for path in (PROJECT / folder).rglob("*") if path.is_file()}
    data = {path for path in there if path.suffix not in (".py", ".pyc", ".md") and path.name != ".gitattributes"}
    assert PROJECT / "sample_data" / "workspace_seed.json" in data
    assert {path.name for path in data if not any(path.match(pattern) for pattern in patterns)} == set()
    assert {pattern for pattern in patterns if not any(path.match(pattern) for path in data)} == set()
