"""The product stands alone: it imports nothing of this project, and its files and packages depend one way."""

import ast
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

import embedded_intercom

ROOT = Path(embedded_intercom.__file__).parent
FILES = {
    ".".join((ROOT.name, *path.relative_to(ROOT).with_suffix("").parts)).removesuffix(".__init__"): path
    for path in ROOT.rglob("*.py")
}
LOWEST_FIRST = ("state", "protocol", "api", "faults", "records", "routes", "inbox")
"""The packages; one may import those before it. The modules beside them put it together and may import all."""
OTHERS = {"migration_assets", "resources", "schemas", "sample_data", "tests", "benchmarks"}


def imports(path):
    """Return every module that a file imports, wherever in it, as dotted names."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {name.name for name in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, path
            # `from package import module` is about the module, not about what the package's own file says.
            named = {f"{node.module}.{name.name}" for name in node.names}
            found |= {name if name in FILES else node.module for name in named}
    return found


GRAPH = {name: {other for other in imports(path) if other in FILES and other != name} for name, path in FILES.items()}


def package(name):
    """Return the package that a module is in, or nothing for those beside the packages."""
    inner = name.split(".")[1:]
    return inner[0] if len(inner) > 1 or FILES[name].name == "__init__.py" else ""


def test_it_imports_nothing_of_this_project():
    assert len(FILES) > 60
    wrong = {(name, other) for name, path in FILES.items() for other in imports(path) if other.split(".")[0] in OTHERS}
    assert wrong == set()


def test_no_file_imports_itself_by_way_of_others():
    assert sum(map(len, GRAPH.values())) > 200
    try:
        list(TopologicalSorter(GRAPH).static_order())
    except CycleError as error:
        pytest.fail(f"a circle: {' -> '.join(error.args[1])}")


def test_packages_depend_one_way():
    inside = {name: others for name, others in GRAPH.items() if name != ROOT.name and package(name)}
    assert {package(name) for name in inside} == set(LOWEST_FIRST)
    wrong = {
        f"{name} imports {other}"
        for name, others in inside.items()
        for other in others
        if other == ROOT.name
        or package(other) not in LOWEST_FIRST
        or LOWEST_FIRST.index(package(other)) > LOWEST_FIRST.index(package(name))
    }
    assert wrong == set()
