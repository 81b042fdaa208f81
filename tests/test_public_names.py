"""What a module says it offers is what it has: `__all__` is read by people, and by the documentation."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from places import ROOT

SIM = ROOT / "sim"
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


@pytest.mark.parametrize("name", MODULES)
def test_all_is_what_is_there(name: str) -> None:
    tree = ast.parse(MODULES[name].read_text(encoding="utf-8"))
    names, there = offered(tree), defined(tree)
    if names is None:
        is_command = known(tree) >= COMMAND
        assert is_command or not there, "has public functions or classes and no __all__"
        return
    assert len(names) == len(set(names)), "names something twice"
    assert there - set(names) == set(), "are public and not in __all__ (or should begin with _)"
    lazy = "__getattr__" in known(tree)  # sim itself
    assert lazy or set(names) - known(tree) == set(), "are in __all__ and not there"


def imports_of_ours(path: Path) -> list[tuple[str, str]]:
    """File and name of everything that a file imports from a module of the package."""
    found = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "sim":
            file = f"{str(node.module).replace('.', '/')}.py"
            found += [(file, alias.name) for alias in node.names if file in MODULES]
    return found


def test_what_other_modules_use_is_offered() -> None:
    """Constants too; :mod:`sim.engine.columns` and :mod:`sim.engine.decisions` offer all that they have."""
    trees = {name: ast.parse(path.read_text(encoding="utf-8")) for name, path in MODULES.items()}
    missing = {
        (file, name)
        for path in MODULES.values()
        for file, name in imports_of_ours(path)
        if (names := offered(trees[file])) is not None and name not in names
    }
    assert missing == set()
