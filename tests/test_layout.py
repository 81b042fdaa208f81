"""Imports point downwards: what a room may know is what stands below it, and no two rooms know each other."""

from __future__ import annotations

import ast
from collections.abc import Iterator
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
    ("report",),
    ("testing", "documentation"),
    ("commands",),
    ("cli",),
    ("__init__", "__main__"),
)
"""From the ground up. A room may import from itself and from every floor below its own."""

HEIGHT = {room: height for height, floor in enumerate(FLOORS) for room in floor}

ALLOWED_UPWARDS = {
    ("experiments/comparison.py", "sim.report"): "Comparison.plot draws itself when it is asked to",
    (
        "experiments/comparison.py",
        "sim.report.page",
    ): "Comparison.report writes its page when asked to",
}


def room_of(path: Path) -> str:
    """The room that a file stands in: its folder below sim, or itself."""
    inside = path.relative_to(SIM)
    return inside.parts[0] if len(inside.parts) > 1 else inside.stem


def imports_of(path: Path) -> Iterator[tuple[int, str]]:
    """Line and module of every import from the package, wherever it stands."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
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
