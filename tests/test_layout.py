"""Imports point downwards, no two files know each other, and what a module says it offers is what it has."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from places import ROOT

SIM = ROOT / "sim"

FLOORS: tuple[tuple[str, ...], ...] = (
    ("errors",),
    ("registry", "files"),
    ("engine",),
    ("parameters",),
    ("organisation",),
    ("mechanisms",),
    ("programme", "outcomes"),
    ("scenario",),
    ("extensions",),
    ("simulation",),
    ("agents", "pair_lists"),
    ("studies",),
    ("calibration",),
    ("experiments",),
    ("analysis",),
    ("deciding", "pilots"),
    ("report",),
    ("testing", "documentation"),
    ("app",),
    ("commands",),
    ("cli",),
    ("__init__", "__main__"),
)
"""From the ground up. A room may import from itself and from every floor below its own."""

HEIGHT = {room: height for height, floor in enumerate(FLOORS) for room in floor}

ALLOWED_UPWARDS = {
    ("deciding/best.py", "sim.report.deciding"): "Best.save writes its page beside its tables",
    ("deciding/update.py", "sim.report.deciding"): "Updated.save writes its page beside its tables",
    ("experiments/comparison.py", "sim.report"): "Comparison.plot draws itself when it is asked to",
    (
        "experiments/comparison.py",
        "sim.report.page",
    ): "Comparison.report writes its page when asked to",
    ("pilots/pilot.py", "sim.report.pilots.page"): "Pilot.save writes its page beside the tables",
}


@cache
def tree_of(path: Path) -> ast.Module:
    """A file as Python reads it."""
    return ast.parse(path.read_text(encoding="utf-8"))


def room_of(path: Path) -> str:
    """The room that a file stands in: its folder below sim, or itself."""
    inside = path.relative_to(SIM)
    return inside.parts[0] if len(inside.parts) > 1 else inside.stem


def imports_of(path: Path) -> Iterator[tuple[int, str]]:
    """Line and module of every import from the package, wherever it stands."""
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module == "sim":
            names = [f"sim.{alias.name}" for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names = [node.module or ""]
        else:
            continue
        for name in names:
            if name.split(".")[0] == "sim" and name != "sim":
                yield node.lineno, name


def upward_imports() -> list[tuple[str, int, str]]:
    """File, line and module of every import that does not point downwards."""
    found = []
    for path in sorted(SIM.rglob("*.py")):
        own = room_of(path)
        for line, module in imports_of(path):
            other = module.split(".")[1]
            if own != other and HEIGHT[other] >= HEIGHT[own]:
                found.append((path.relative_to(SIM).as_posix(), line, module))
    return found


def test_every_room_has_its_floor() -> None:
    assert {room_of(path) for path in SIM.rglob("*.py")} <= set(HEIGHT)


@pytest.mark.long
def test_imports_point_downwards() -> None:
    found = upward_imports()
    unexplained = [one for one in found if (one[0], one[2]) not in ALLOWED_UPWARDS]
    assert unexplained == []
    assert {(file, module) for file, _, module in found} == set(ALLOWED_UPWARDS)


@pytest.mark.parametrize("room", sorted({room_of(path) for path in SIM.rglob("*.py")}))
def test_a_room_has_no_circle(room: str) -> None:
    """Within a room, no file is imported by what it imports."""
    graph: dict[str, set[str]] = {}
    for path in SIM.rglob("*.py"):
        if room_of(path) == room:
            name = ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
            graph[name] = {module for _, module in imports_of(path)}
    graph = {name: {one for one in known if one in graph} for name, known in graph.items()}
    while True:
        free = [name for name, known in graph.items() if not known]
        if not free:
            break
        graph = {name: known - set(free) for name, known in graph.items() if known}
    assert graph == {}


# --- what modules offer -------------------------------------------------------------------------------
MODULES = {path.relative_to(ROOT).as_posix(): path for path in sorted(SIM.rglob("*.py"))}

COMMAND = {"NAME", "MEANING", "add_options", "call"}
"""What every file of a command has, and :mod:`sim.commands.command` describes: it needs no list."""


def offered(tree: ast.Module) -> list[str] | None:
    """The names in `__all__`; None if a module has none."""
    for node in tree.body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__":
            return list(ast.literal_eval(node.value))
    return None


def defined(tree: ast.Module) -> set[str]:
    """Public functions and classes."""
    kinds = (ast.FunctionDef, ast.ClassDef)
    names = {node.name for node in tree.body if isinstance(node, kinds)}
    return {name for name in names if not name.startswith("_")}


def known(tree: ast.Module) -> set[str]:
    """Every name that a module has at its top: defined, assigned or imported."""
    names = set()
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            names.add(node.name)
        for part in ast.walk(node):
            if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Store):
                names.add(part.id)
            if isinstance(part, ast.alias):
                names.add(part.asname or part.name)
    return names


def faults_of(tree: ast.Module) -> Iterator[str]:
    """What a module offers and does not have, or has and does not offer (without _ at its beginning)."""
    names, there = offered(tree), defined(tree)
    if names is None:
        if there and not known(tree) >= COMMAND:
            yield "has public functions or classes and no __all__"
        return
    if len(names) > len(set(names)):
        yield "names something twice in __all__"
    yield from (f"{name} is public and not in __all__" for name in sorted(there - set(names)))
    if "__getattr__" not in known(tree):  # sim itself is lazy
        yield from (f"{name} is in __all__ and not there" for name in set(names) - known(tree))


def test_all_is_what_is_there() -> None:
    found = {name: list(faults_of(tree_of(path))) for name, path in MODULES.items()}
    assert {name: faults for name, faults in found.items() if faults} == {}


def imports_of_ours(path: Path) -> list[tuple[str, str]]:
    """File and name of everything that a file imports from a module of the package."""
    found = []
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "sim":
            file = f"{str(node.module).replace('.', '/')}.py"
            found += [(file, alias.name) for alias in node.names if file in MODULES]
    return found


def test_what_other_modules_use_is_offered() -> None:
    """Constants too; :mod:`sim.engine.columns` and :mod:`sim.engine.decisions` offer all that they have."""
    offers = {name: offered(tree_of(path)) for name, path in MODULES.items()}
    missing = {
        (file, name)
        for path in MODULES.values()
        for file, name in imports_of_ours(path)
        if (names := offers[file]) is not None and name not in names
    }
    assert missing == set()


def test_only_rules_and_kernels_are_untyped() -> None:
    """numba types them from what they are called with; mypy's settings let them be, and nothing else."""
    compiled = {"rule", "inlined_rule", "kernel"}
    untyped = []
    for file, path in MODULES.items():
        for node in ast.walk(tree_of(path)):
            if not isinstance(node, ast.FunctionDef):
                continue
            given = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
            typed = all(one.annotation or one.arg in ("self", "cls") for one in given)
            marks = {ast.unparse(mark) for mark in node.decorator_list}
            if not (typed and node.returns) and not marks & compiled:
                untyped.append((file, node.name))
    assert untyped == []


def undescribed(body: list[ast.stmt], owner: str = "") -> Iterator[str]:
    """Public functions, classes, methods and properties that do not say what they are."""
    for node in body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_"):
            if ast.get_docstring(node) is None:
                yield f"{owner}{node.name}"
            if isinstance(node, ast.ClassDef):
                yield from undescribed(node.body, f"{owner}{node.name}.")


def test_what_is_public_says_what_it_is() -> None:
    found = {name: list(undescribed(tree_of(path).body)) for name, path in MODULES.items()}
    assert {name: lacking for name, lacking in found.items() if lacking} == {}
