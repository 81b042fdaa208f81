"""On which line of a TOML file each key stands.

Python's reader of TOML gives values without positions. This one gives positions without values: it
follows headers, dotted and quoted keys, inline tables and strings, and nothing else. Whatever it
finds is compared with what the real reader found; if the two differ, no line is given at all.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

__all__ = ["BeyondUseError", "Position", "Scan", "scan_lines"]

Position = tuple[str | int, ...]
"""Keys and, within lists of tables, indices: ``("variant", 1, "programme", "policy")``."""

_DEEPEST = 32
_LONGEST_KEY = 32
_MOST_VALUES = 100_000
_TOO_DEEP = "it is nested too deeply"

_BLANK = re.compile(r"[ \t]*+")
_BLANK_LINES = re.compile(r"(?:[ \t\n]|#[^\n]*+)*+")
_BARE_KEY = re.compile(r"[A-Za-z0-9_-]++")
_BASIC = re.compile(r'"(?:[^"\\\n]++|\\.)*+"')
_LITERAL = re.compile(r"'[^'\n]*+'")
_LONG_BASIC = re.compile(r'"""(?:[^"\\]++|\\[\s\S]|"{1,2}(?!"))*+"{3,5}')
_LONG_LITERAL = re.compile(r"'''(?:[^']++|'{1,2}(?!'))*+'{3,5}")
_OTHER_VALUE = re.compile(r"[^,\]}#\n]++")
_UNICODE_ESCAPE = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))")
_SHORT_ESCAPES = {"b": "\b", "t": "\t", "n": "\n", "f": "\f", "r": "\r", "e": "\x1b"}


class BeyondUseError(ValueError):
    """Nested too deeply or too long for any scenario; `line` says where."""

    def __init__(self, problem: str, line: int) -> None:
        super().__init__(problem)
        self.line = line


class _UnexpectedError(Exception):
    """The text is not what this scanner understands."""


@dataclass(frozen=True, slots=True)
class Scan:
    """What a scan of a file found.

    Attributes
    ----------
    lines
        Line of each key and of each table in a list, from 1.
    complete
        Whether all of the text was understood.
    last_statement
        Line on which the last key or header begins.
    """

    lines: dict[Position, int]
    complete: bool
    last_statement: int

    def agreeing_with(self, document: Mapping[str, Any]) -> dict[Position, int]:
        """Return the lines if their keys are those of `document`, else none."""
        keys = {position for position in self.lines if isinstance(position[-1], str)}
        return self.lines if self.complete and keys == set(_keys(document, ())) else {}


def scan_lines(text: str) -> Scan:
    """Find the line of every key of a TOML file with ``\\n`` line ends.

    Raises
    ------
    BeyondUseError
        If something is nested more than 32 deep, or there are more than 100,000 values; the real
        reader might then keep the user waiting for very long.
    """
    scanner = _Scanner(text)
    try:
        scanner.document()
    except _UnexpectedError:
        return Scan(scanner.lines, False, scanner.last_statement)
    return Scan(scanner.lines, True, scanner.last_statement)


def _keys(value: Any, place: Position) -> Iterator[Position]:
    """Yield the position of every key within `value`, lists of tables included."""
    if isinstance(value, Mapping):
        for key, item in value.items():
            yield (*place, key)
            yield from _keys(item, (*place, key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _keys(item, (*place, index))


class _Scanner:
    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.lines: dict[Position, int] = {}
        self.values = 0
        self.last_statement = 1
        self.entries: dict[Position, int] = {}  # tables so far of each [[list of tables]]
        self.line_ends = [match.start() for match in re.finditer("\n", text)]

    def document(self) -> None:
        header: Position = ()
        self.skip(_BLANK_LINES)
        while self.at < len(self.text):
            self.last_statement = self.line()
            if self.text[self.at] == "[":
                header = self.header()
            else:
                self.pair(header, 0)
            self.skip(_BLANK)
            if self.at < len(self.text) and self.text[self.at] not in "#\n":
                raise _UnexpectedError
            self.skip(_BLANK_LINES)

    def header(self) -> Position:
        """Read ``[key]`` or ``[[key]]`` and return where its keys belong."""
        self.count()
        line = self.line()
        brackets = 2 if self.text.startswith("[[", self.at) else 1
        self.at += brackets
        place: Position = ()
        parts = self.key()
        self.expect("]" * brackets)
        for part in parts[:-1]:
            place = self.latest((*place, part), line)
        place = (*place, parts[-1])
        self.lines.setdefault(place, line)
        if brackets == 1:
            return place
        index = self.entries.get(place, -1) + 1
        self.entries[place] = index
        place = (*place, index)
        self.lines[place] = line
        return place

    def latest(self, place: Position, line: int) -> Position:
        """Return `place`, or the last of its tables if it is a list of them."""
        self.lines.setdefault(place, line)
        return (*place, self.entries[place]) if place in self.entries else place

    def pair(self, place: Position, depth: int) -> None:
        """Read ``key = value``, the key perhaps dotted."""
        line = self.line()
        for part in self.key():
            place = (*place, part)
            self.lines.setdefault(place, line)
        self.expect("=")
        self.skip(_BLANK)
        self.value(place, depth)

    def key(self) -> list[str]:
        parts: list[str] = []
        while True:
            if len(parts) == _LONGEST_KEY:
                raise BeyondUseError(_TOO_DEEP, self.line())
            self.skip(_BLANK)
            parts.append(self.key_part())
            self.skip(_BLANK)
            if not self.text.startswith(".", self.at):
                return parts
            self.at += 1

    def key_part(self) -> str:
        if self.text.startswith('"', self.at):
            return _UNICODE_ESCAPE.sub(_unescaped, self.take(_BASIC)[1:-1])
        if self.text.startswith("'", self.at):
            return self.take(_LITERAL)[1:-1]
        return self.take(_BARE_KEY)

    def value(self, place: Position, depth: int) -> None:
        self.count()
        if depth > _DEEPEST:
            raise BeyondUseError(_TOO_DEEP, self.line())
        first = self.text[self.at : self.at + 1]
        if first == "[":
            self.list_of_values(place, depth)
        elif first == "{":
            self.inline_table(place, depth)
        elif first in ("'", '"'):
            long, short = (_LONG_BASIC, _BASIC) if first == '"' else (_LONG_LITERAL, _LITERAL)
            self.take(long if self.text.startswith(first * 3, self.at) else short)
        else:
            self.take(_OTHER_VALUE)

    def list_of_values(self, place: Position, depth: int) -> None:
        self.at += 1
        index = 0
        while True:
            self.skip(_BLANK_LINES)
            if self.text.startswith("]", self.at):
                self.at += 1
                return
            if self.text.startswith("{", self.at):
                self.lines[(*place, index)] = self.line()
            self.value((*place, index), depth + 1)
            index += 1
            self.skip(_BLANK_LINES)
            if not self.text.startswith("]", self.at):
                self.expect(",")

    def inline_table(self, place: Position, depth: int) -> None:
        self.at += 1
        while True:
            self.skip(_BLANK_LINES)
            if self.text.startswith("}", self.at):
                self.at += 1
                return
            self.pair(place, depth + 1)
            self.skip(_BLANK_LINES)
            if not self.text.startswith("}", self.at):
                self.expect(",")

    def count(self) -> None:
        """Count one more header or value."""
        self.values += 1
        if self.values > _MOST_VALUES:
            raise BeyondUseError(f"there are more than {_MOST_VALUES:,} values", self.line())

    def line(self) -> int:
        return bisect_right(self.line_ends, self.at - 1) + 1

    def skip(self, pattern: re.Pattern[str]) -> None:
        match = pattern.match(self.text, self.at)
        self.at = match.end() if match else self.at

    def take(self, pattern: re.Pattern[str]) -> str:
        match = pattern.match(self.text, self.at)
        if match is None:
            raise _UnexpectedError
        self.at = match.end()
        return match.group()

    def expect(self, word: str) -> None:
        if not self.text.startswith(word, self.at):
            raise _UnexpectedError
        self.at += len(word)


def _unescaped(match: re.Match[str]) -> str:
    digits = match[1] or match[2]
    if digits:
        code = int(digits, 16)
        return chr(code) if code < 0x110000 else match[0]
    return _SHORT_ESCAPES.get(match[3], match[3])
