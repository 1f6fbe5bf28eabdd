"""Rules about the source itself: which package may import which, sizes of files, and what no module may do."""

import ast
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[1]
PACKAGES = ("migration_assets", "resources", "schemas", "sample_data")
MODULES = sorted(path for package in PACKAGES for path in (PROJECT / package).rglob("*.py"))
TREES = {path: ast.parse(path.read_text(encoding="utf-8"), str(path)) for path in MODULES}
MAY_IMPORT = {
    "migration_assets": {"migration_assets", "resources", "schemas"},
    "resources": {"resources", "schemas"},
    "schemas": {"schemas"},
    # What makes the sample knows the shape of ITCO's files, and nothing of the program that reads them.
    "sample_data": {"sample_data", "schemas"},
}
MOST_LINES = 300


def package_of(path):
    return path.relative_to(PROJECT).parts[0]


def place(path):
    return path.relative_to(PROJECT).as_posix()


def imported(tree):
    """Yield (line, module) of every import, wherever in the module it stands."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, name.name) for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.lineno, ("." * node.level) + (node.module or "")


def is_dagster_side(tree):
    return any(
        isinstance(node, ast.Attribute) and node.attr in ("asset", "multi_asset", "asset_check", "multi_asset_check")
        for node in ast.walk(tree)
    )


def test_the_packages_are_there():
    assert {package_of(path) for path in MODULES} == set(PACKAGES)


@pytest.mark.parametrize("package", PACKAGES)
def test_imports_go_one_way(package):
    wrong = [
        f"{place(path)}:{line} imports {module}"
        for path, tree in TREES.items()
        if package_of(path) == package
        for line, module in imported(tree)
        if module.split(".")[0] in PACKAGES and module.split(".")[0] not in MAY_IMPORT[package]
    ]
    assert wrong == []


def test_no_program_imports_the_tests_or_the_sample():
    wrong = [
        f"{place(path)}:{line}"
        for path, tree in TREES.items()
        for line, module in imported(tree)
        if module.split(".")[0] in ("tests", "benchmarks") or module.startswith(".")
    ]
    assert wrong == []


def test_modules_with_assets_or_checks_keep_their_annotations_real():
    sides = [path for path, tree in TREES.items() if is_dagster_side(tree)]
    assert len(sides) >= 13
    wrong = [place(path) for path in sides if "__future__" in {module for _, module in imported(TREES[path])}]
    assert wrong == []


def test_no_file_is_longer_than_a_person_reads():
    """Lists of data are no code: the sample's own texts may be longer."""
    lengths = {place(path): len(path.read_text(encoding="utf-8").splitlines()) for path in MODULES}
    assert {name: lines for name, lines in lengths.items() if lines > MOST_LINES} == {}


def test_every_module_says_what_it_holds():
    silent = [place(path) for path, tree in TREES.items() if ast.get_docstring(tree) is None and tree.body]
    assert silent == []


def test_only_the_warehouse_opens_duckdb():
    opened = {
        place(path)
        for path, tree in TREES.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and node.attr == "connect"
        and isinstance(node.value, ast.Name)
        and node.value.id == "duckdb"
    }
    assert opened == {"resources/warehouse.py"}
    named = {
        place(path)
        for path, tree in TREES.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module == "duckdb" and "connect" in {n.name for n in node.names}
    }
    assert named == set()


def test_no_fault_is_swallowed():
    """`except Exception: pass` would lose a record in silence."""
    silent = [
        f"{place(path)}:{node.lineno}"
        for path, tree in TREES.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.ExceptHandler)
        and (node.type is None or (isinstance(node.type, ast.Name) and node.type.id in ("Exception", "BaseException")))
        and all(isinstance(line, ast.Pass | ast.Continue) for line in node.body)
    ]
    assert silent == []
