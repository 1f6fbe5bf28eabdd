"""Rules about the source itself: which package may import which, sizes of files, and what no module may do."""

import ast
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[1]
PACKAGES = ("migration_assets", "resources", "schemas", "sample_data", "embedded_intercom")
MODULES = sorted(path for package in PACKAGES for path in (PROJECT / package).rglob("*.py"))
TREES = {path: ast.parse(path.read_text(encoding="utf-8"), str(path)) for path in MODULES}
MAY_IMPORT = {
    "migration_assets": {"migration_assets", "resources", "schemas"},
    "resources": {"resources", "schemas"},
    "schemas": {"schemas"},
    # What makes the sample knows the shape of ITCO's files, and nothing of the program that reads them.
    "sample_data": {"sample_data", "schemas"},
    # A product of its own, which knows nothing of this project; see LAUNCHER.
    "embedded_intercom": {"embedded_intercom"},
}
LAUNCHER = "resources/embedded_launcher.py"
"""The one module that may import the embedded workspace: everything else knows a URL and a token."""
MOST_LINES = 300
LAYERS = (
    "ground",
    "writing",
    "objects",
    "accounting",
    "undoing",
    "itco",
    "clean",
    "shaping",
    "workspace",
    "plan",
    "intercom",
    "verified",
    "delta",
    "hypercare",
    "handoff",
    "alerts",
    "spotcheck",
    "rollback",
    "ui",
)
"""The rooms of migration_assets, each of which imports only those before it: the ground, then the stages in order.

`rollback` stands beside the stages: it comes last, and none of them imports it. How one record is taken back is in
`undoing`, since what was deleted at source goes that way too. The modules beside the rooms (definitions, graph, jobs,
launch) put everything together and are imported by none of them.
"""
ABOVE = {
    "migration_assets/__main__.py": "starts the command line, which calls what launches",
    "migration_assets/objects/conversation/conversations.py": "sends by the routes, which know the declared fields",
    "migration_assets/objects/conversation/room.py": "what the stages get of the object, in one place",
    "migration_assets/objects/conversation/shaping.py": "the steps, which stand in the folder beside it",
    "migration_assets/objects/registry.py": "lists the rooms, which stand on the files beside it",
    "resources/assembly.py": "makes the resources of a run",
    "resources/migration_run.py": "what a run works with, in one object",
    "resources/workspace.py": "the resource over the client",
}
"""Files that put the packages beside them together, which stand on others of the files there; no more may be added."""
ROLES = {
    "__init__.py": "says what the package is",
    "assets.py": "a stage's assets",
    "checks.py": "a stage's checks",
    "defs.py": "what a stage gives to the definitions",
    "room.py": "the room, which the registry lists",
    "declaration.py": "what the room's object is, as data",
    "shaping.py": "how the room's target table is made",
    "shape.sql": "the same, in SQL",
    "lineage.sql": "what becomes of the source's rows in the room's table",
    "holds.sql": "which of the room's records must wait",
    "count.py": "how the room's records are counted in Intercom",
    "read_back.py": "how the room's records are read and compared",
    "standing.py": "what of the room's object stands in Intercom before a plan",
    "resource.py": "the Dagster resource over what the package holds",
}
"""Names that say what a file does for its package, which packages beside each other may share; no more may be added."""
COMMAND_LINE = "cli"
"""Stands above all of them, beside the modules that put everything together; no room imports it."""


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


def modules_of(path):
    """Yield (line, module) of what a file imports, a name of a package as the module it is."""
    for node in ast.walk(TREES[path]):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, name.name) for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            for name in node.names:
                whole = f"{node.module}.{name.name}"
                yield node.lineno, whole if file_of(whole) else node.module


def file_of(module):
    """Return the file of a module of the project, None for others."""
    base = PROJECT.joinpath(*module.split("."))
    return next((path for path in (base.with_suffix(".py"), base / "__init__.py") if path in TREES), None)


def circles(arrows):
    """Return the groups of two and more that import each other, whichever way around (Tarjan)."""
    index, low, stack, found = {}, {}, [], []

    def visit(one):
        index[one] = low[one] = len(index)
        stack.append(one)
        for other in arrows.get(one, ()):
            if other not in index:
                visit(other)
                low[one] = min(low[one], low[other])
            elif other in stack:
                low[one] = min(low[one], index[other])
        if low[one] == index[one]:
            group = [stack.pop()]
            while group[-1] != one:
                group.append(stack.pop())
            found.append(sorted(group))

    for one in sorted(arrows):
        if one not in index:
            visit(one)
    return [group for group in found if len(group) > 1]


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
        if not (place(path) == LAUNCHER and module.split(".")[0] == "embedded_intercom")
    ]
    assert wrong == []


def test_the_rooms_are_the_ones_of_the_list():
    there = {path.relative_to(PROJECT).parts[1] for path in MODULES if package_of(path) == "migration_assets"}
    assert {name for name in there if not name.endswith(".py")} == {*LAYERS, COMMAND_LINE}


def test_stages_import_only_what_stands_before_them():
    wrong = []
    for path in MODULES:
        own = path.relative_to(PROJECT).parts[1]
        if package_of(path) != "migration_assets" or own.endswith(".py") or own == COMMAND_LINE:
            continue
        for line, module in modules_of(path):
            parts = module.split(".")
            if parts[0] != "migration_assets" or len(parts) < 2:
                continue
            if parts[1] not in LAYERS or LAYERS.index(parts[1]) > LAYERS.index(own):
                wrong.append(f"{place(path)}:{line} imports {module}")
    assert wrong == []


def test_stages_know_rooms_by_the_registry():
    """A stage imports nothing from inside a room."""
    rooms = {path.parent.name for path in MODULES if path.parts[-3] == "objects" and path.name == "room.py"}
    assert {"contact", "conversation", "tag"} <= rooms
    found = set()
    for path in MODULES:
        if package_of(path) != "migration_assets" or path.relative_to(PROJECT).parts[1] == "objects":
            continue
        for _, module in modules_of(path):
            parts = module.split(".")
            if parts[:2] == ["migration_assets", "objects"] and parts[2:] and parts[2] in rooms:
                found.add((path.relative_to(PROJECT / "migration_assets").as_posix(), ".".join(parts[2:])))
    assert found == set()


def test_no_files_import_each_other_in_a_circle():
    arrows = {
        place(path): {
            place(other) for _, module in modules_of(path) if (other := file_of(module)) is not None and other != path
        }
        for path in MODULES
    }
    assert circles(arrows) == []


def test_nothing_in_one_folder_imports_each_other_in_a_circle():
    """A package with all that is inside it is one; it is compared with the packages and the files beside it."""
    arrows = {}
    for path in MODULES:
        own = path.relative_to(PROJECT).parts
        for _, module in modules_of(path):
            other = file_of(module)
            if other is None:
                continue
            theirs = other.relative_to(PROJECT).parts
            shared = next((n for n, pair in enumerate(zip(own, theirs, strict=False)) if len(set(pair)) > 1), None)
            if shared is not None:
                arrows.setdefault("/".join(own[: shared + 1]), set()).add("/".join(theirs[: shared + 1]))
    assert circles(arrows) == []


def test_a_package_and_what_is_inside_it_import_one_way():
    """The files of a package are either the ground of its sub-packages or above them, as `ABOVE` has it."""
    down, up = {}, {}
    for path in MODULES:
        own = path.parent
        for _, module in modules_of(path):
            other = file_of(module)
            if other is None or own == other.parent:
                continue
            if own in other.parents:
                down.setdefault((own, other.relative_to(own).parts[0]), set()).add(place(path))
            elif other.parent in own.parents:
                up.setdefault((other.parent, own.relative_to(other.parent).parts[0]), set()).add(place(other))
    assert {file for both in down.keys() & up.keys() for file in down[both]} == set(ABOVE)
    assert {file for files in up.values() for file in files} & set(ABOVE) == set()


def test_no_two_classes_have_one_name():
    named = {}
    for path, tree in TREES.items():
        for node in ast.walk(tree):
            if isinstance(node, ast.ClassDef):
                named.setdefault(node.name, []).append(place(path))
    assert {name: places for name, places in named.items() if len(places) > 1} == {}


def test_a_file_name_stands_once_among_packages_beside_each_other():
    """But for the names of roles: whoever looks for a file finds one, and knows by its name what it holds."""
    named = {}
    for package in PACKAGES:
        for path in (PROJECT / package).rglob("*"):
            if path.suffix in (".py", ".sql") and path.parent != PROJECT / package:
                named.setdefault((place(path.parent.parent), path.name), []).append(path.parent.name)
    shared = {key: sorted(among) for key, among in named.items() if len(among) > 1}
    assert {key: among for key, among in shared.items() if key[1] not in ROLES} == {}
    assert {name for _, name in shared} == set(ROLES), "a role that only one package has needs no exception"


def test_only_its_launcher_imports_the_embedded_workspace():
    benchmarks = {path: ast.parse(path.read_text(encoding="utf-8")) for path in (PROJECT / "benchmarks").rglob("*.py")}
    assert benchmarks
    imports = {
        place(path)
        for path, tree in {**TREES, **benchmarks}.items()
        if package_of(path) != "embedded_intercom"
        for _, module in imported(tree)
        if module.split(".")[0] == "embedded_intercom"
    }
    assert imports == {LAUNCHER}


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
