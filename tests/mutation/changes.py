"""What can be changed in a line: operators, limits, constants, columns, conditions."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_OPERATORS: dict[type[ast.AST], tuple[str, str]] = {
    ast.Add: ("+", "-"),
    ast.Sub: ("-", "+"),
    ast.Mult: ("*", "/"),
    ast.Div: ("/", "*"),
    ast.Lt: ("<", "<="),
    ast.LtE: ("<=", "<"),
    ast.Gt: (">", ">="),
    ast.GtE: (">=", ">"),
    ast.Eq: ("==", "!="),
    ast.NotEq: ("!=", "=="),
    ast.And: ("and", "or"),
    ast.Or: ("or", "and"),
}


@dataclass(frozen=True, slots=True)
class Change:
    """One line of a file as it would be."""

    file: Path
    line: int
    before: str
    after: str


def changes_of(file: Path) -> Iterator[Change]:
    """Every change of a file, within functions, messages and declarations left alone."""
    source = file.read_text(encoding="utf-8")
    lines = source.splitlines()
    for function in ast.walk(ast.parse(source)):
        if isinstance(function, ast.FunctionDef):
            for statement in function.body:
                for node in _meant(statement):
                    yield from _changes_at(file, lines, node)


def _meant(node: ast.AST) -> Iterator[ast.AST]:
    """The nodes of a statement, but for what is raised and for annotations."""
    if isinstance(node, ast.Raise | ast.Assert | ast.FunctionDef):
        return
    yield node
    for name, field in ast.iter_fields(node):
        if name not in ("annotation", "returns"):
            for one in field if isinstance(field, list) else [field]:
                if isinstance(one, ast.AST):
                    yield from _meant(one)


def _changes_at(file: Path, lines: list[str], node: ast.AST) -> Iterator[Change]:
    """What can be done to one node."""
    if isinstance(node, ast.BinOp) and not isinstance(node.left, ast.JoinedStr):
        yield from _between(file, lines, node.left, node.right, type(node.op))
    elif isinstance(node, ast.Compare) and len(node.ops) == 1:
        yield from _between(file, lines, node.left, node.comparators[0], type(node.ops[0]))
    elif isinstance(node, ast.BoolOp):
        yield from _between(file, lines, node.values[0], node.values[1], type(node.op))
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and len(node.args) > 1:
        other = {"min": "max", "max": "min"}.get(node.func.id)
        if other:
            yield from _replaced(file, lines, node.func, other)
    elif isinstance(node, ast.Constant) and type(node.value) in (int, float):
        if node.value + 1 != node.value:
            yield from _replaced(file, lines, node, repr(node.value + 1))


def _between(
    file: Path, lines: list[str], left: ast.expr, right: ast.expr, kind: type[ast.AST]
) -> Iterator[Change]:
    if kind not in _OPERATORS or left.end_lineno != right.lineno:
        return
    old, new = _OPERATORS[kind]
    number = right.lineno
    line = lines[number - 1].encode()
    first, end = int(left.end_col_offset or 0), right.col_offset
    part = line[first:end].decode()
    if part.count(old) == 1:
        changed = line[:first] + part.replace(old, new).encode() + line[end:]
        yield Change(file, number, lines[number - 1], changed.decode())


def _replaced(file: Path, lines: list[str], node: ast.expr, text: str) -> Iterator[Change]:
    if node.end_lineno == node.lineno:
        line = lines[node.lineno - 1].encode()
        changed = line[: node.col_offset] + text.encode() + line[node.end_col_offset :]
        yield Change(file, node.lineno, lines[node.lineno - 1], changed.decode())


def is_python(change: Change) -> bool:
    """Whether the file still is Python with the change; looked at only where one is chosen."""
    lines = change.file.read_text(encoding="utf-8").splitlines()
    try:
        ast.parse("\n".join([*lines[: change.line - 1], change.after, *lines[change.line :]]))
    except SyntaxError:
        return False
    return True
