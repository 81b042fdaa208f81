"""From a file to a table of texts: what kind of file it is, its encoding, its separator, its headings.

A planner's file comes from whatever system: CSV with commas, semicolons, tabs or bars, in UTF-8, UTF-16 or
the encoding of Windows, or an Excel workbook; with a title above the headings, short rows, blank rows.
Where the meaning is plain it is read and a word is said; where it is not, the file is refused.
"""

from __future__ import annotations

import csv
import io
import re
import stat
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from sim.errors import InputError
from sim.organisation.roster.column_names import Names
from sim.organisation.roster.findings import Findings, listed, quoted, rows_text
from sim.organisation.roster.lines import Line, cleaned, named_columns, one_line
from sim.organisation.roster.shape import joined_headings, without_sections, without_sums
from sim.organisation.roster.workbooks import read_workbook

__all__ = ["LARGEST_FILE", "RosterSource", "Table", "read_table"]

RosterSource = str | Path | bytes | BinaryIO
"""A path, the content of a file, or an open binary stream."""

LARGEST_FILE = 500_000_000
"""Bytes; two million people with twenty columns need less."""

_SEPARATORS = ",;\t|"
_SEPARATOR_NAMES = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "vertical bars"}
_LOOKED_AT = 40
"""Rows among which the one with the headings is looked for."""


@dataclass(frozen=True, slots=True)
class Table:
    """A file as a table of texts.

    Attributes
    ----------
    file
        As the planner named it.
    headings
        The texts of the row that names the columns, without line breaks.
    heading_line
        Line on which the headings stand, counted from 1.
    lines
        Line on which each row begins.
    columns
        The cells of each column, without surrounding blanks; as many as there are headings.
    above
        Texts of the lines above the headings.
    separator
        What separates cells; "" in a workbook.
    """

    file: str
    headings: tuple[str, ...]
    heading_line: int
    lines: tuple[int, ...]
    columns: tuple[tuple[str, ...], ...]
    above: tuple[str, ...]
    separator: str


def read_table(
    source: RosterSource,
    name: str | None,
    names: Names,
    findings: Findings,
    *,
    totals: bool = False,
) -> Table:
    """Read a file into a table of texts.

    Parameters
    ----------
    source, name
        The file, and how messages call it; by default its path.
    names
        Names of columns, by which the row of headings is told from others.
    findings
        Where what is noticed goes.
    totals
        Whether rows of sums below the table are kept, for whoever compares them.

    Raises
    ------
    InputError
        If the file cannot be read at all, or is no table.
    """
    data, file = _content(source, name)
    if data.startswith(b"PK\x03\x04"):
        rows, separator = read_workbook(data, file, names, findings), ""
    else:
        if data.startswith(b"\xd0\xcf\x11\xe0"):
            problem = "this is a workbook of an old Excel (.xls), or one with a password"
            raise InputError(problem, remedy="save it as .xlsx or as 'CSV UTF-8'", file=file)
        text = _decoded(data, file, findings)
        rows, separator = _parsed(text, file, names, findings)
    if not rows:
        remedy = "the first row must name the columns, each further row holds one entry"
        raise InputError("the file is empty", remedy=remedy, file=file)
    return _table(rows, file, separator, names, findings, totals=totals)


# --- bytes ----------------------------------------------------------------------------------------
def _content(source: RosterSource, name: str | None) -> tuple[bytes, str]:
    """Return the bytes of an ordinary file or of a stream, and what to call it."""
    if isinstance(source, bytes):
        return source, name or "the file"
    if not isinstance(source, str | Path):
        data = source.read(LARGEST_FILE + 1)
        file = name or str(getattr(source, "name", "the file"))
        if len(data) > LARGEST_FILE:
            raise _too_large(len(data), file)
        return data, file
    file = name or str(source)
    try:
        kind = Path(source).stat()
        if stat.S_ISDIR(kind.st_mode):
            raise InputError("this is a folder", remedy="name a CSV file in it", file=file)
        if not stat.S_ISREG(kind.st_mode):
            raise InputError("this is not an ordinary file", remedy="name a CSV file", file=file)
        if kind.st_size > LARGEST_FILE:
            raise _too_large(kind.st_size, file)
        return Path(source).read_bytes(), file
    except FileNotFoundError:
        remedy = "check the path; in a scenario it is relative to the scenario file"
        raise InputError("there is no such file", remedy=remedy, file=file) from None
    except (OSError, ValueError) as error:
        if isinstance(error, InputError):
            raise
        reason = getattr(error, "strerror", None) or str(error)
        remedy = "check the path and the permissions of the file"
        raise InputError(f"the file cannot be read ({reason})", remedy=remedy, file=file) from None


def _too_large(size: int, file: str) -> InputError:
    problem = f"the file has {size / 1e6:,.0f} MB"
    remedy = f"at most {LARGEST_FILE / 1e6:,.0f} MB are read; is this the right file?"
    return InputError(problem, remedy=remedy, file=file)


def _decoded(data: bytes, file: str, findings: Findings) -> str:
    """Return the text of a file in UTF-8, UTF-16 or an encoding of one byte per letter."""
    as_csv = "in a spreadsheet, save it as 'CSV UTF-8'"
    text = None
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        try:
            text = data.decode("utf-16")
        except UnicodeDecodeError:
            raise InputError("this is broken UTF-16 text", remedy=as_csv, file=file) from None
        findings.note("Encoding: UTF-16, as the file begins with its mark.")
    elif _looks_wide(data):
        order = "utf-16-le" if data[1:2] == b"\0" else "utf-16-be"
        text = data.decode(order, errors="replace")
        findings.note("Encoding: taken for UTF-16, as every other byte is zero.")
    if text is None:
        try:
            text = data.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            if data.startswith(b"\xef\xbb\xbf") or b"\0" in data:
                # error.object is what follows a byte order mark, error.start counts from there.
                line = error.object.count(b"\n", 0, error.start) + 1
                problem = f"byte 0x{error.object[error.start]:02x} is not UTF-8 text"
                raise InputError(problem, remedy=as_csv, file=file, line=line) from None
            text, system = _of_one_byte(data)
            findings.note(
                f"Encoding: not UTF-8; read as the Western European encoding of {system}. If names of "
                "departments or sites look wrong, save the file as 'CSV UTF-8'."
            )
    if (position := text.find("\0")) >= 0:
        line = text.count("\n", 0, position) + 1
        raise InputError("there is a NUL byte in the text", remedy=as_csv, file=file, line=line)
    return text.removeprefix("\ufeff")


_ONE_BYTE = (("cp1252", "Windows"), ("mac_roman", "old Macintosh computers"), ("cp850", "DOS"))
_LETTERS = frozenset("äöüÄÖÜßéèêëàâáçñíóúîïôûùãõìòÉÈÀÂÁÇÑÍÓÚÊÎÔÃÕåÅøØæÆœŒ€£’–°º")
"""What Western European texts hold beside plain letters."""


def _of_one_byte(data: bytes) -> tuple[str, str]:
    """The text of a file with one byte per letter, and of which system its encoding is.

    The encoding is taken that turns most of the other bytes into letters of Western European words.
    """
    best: tuple[int, int, str, str] | None = None
    for rank, (encoding, system) in enumerate(_ONE_BYTE):
        text = data.decode(encoding, errors="replace")
        others = Counter(character for character in text[:2_000_000] if ord(character) > 127)
        score = sum(count if one in _LETTERS else -count for one, count in others.items())
        # Capitals within words, as in "Fr‰ulein" read wrongly as "FrÄulein", speak against an encoding.
        score -= 2 * len(re.findall(r"[a-z][ÄÖÜÉÈÀÂÁÇÑÍÓÚÊÎÔÃÕÅØÆŒ€£–°][a-z]", text[:200_000]))
        if best is None or (score, -rank) > best[:2]:
            best = (score, -rank, text, system)
    assert best is not None
    text = best[2].replace("\ufffd", "?")
    return text, best[3]


def _looks_wide(data: bytes) -> bool:
    """Whether a file is UTF-16 without a mark: Latin text with a zero beside every letter."""
    start = data[:400]
    even, odd = start[0::2], start[1::2]
    return len(start) >= 20 and max(even.count(0) / len(even), odd.count(0) / len(odd)) > 0.6


# --- rows -----------------------------------------------------------------------------------------
def _parsed(text: str, file: str, names: Names, findings: Findings) -> tuple[list[Line], str]:
    """Return the rows that have any content, with the separator that makes most sense of them."""
    if found := re.match(r"\s*sep=(.)\r?\n?", text):  # Excel's own hint
        separator, skipped = found[1], found.end()
    else:
        separator, skipped = _separator(text, names), 0
    if separator != ",":
        findings.note(f"Separator: {_SEPARATOR_NAMES.get(separator, quoted(separator))}.")
    rows: list[Line] = []
    reader = csv.reader(io.StringIO(text[skipped:], newline=""), delimiter=separator, strict=True)
    first = 1 + bool(skipped)
    while True:
        line = reader.line_num + first
        try:
            cells = next(reader)
        except StopIteration:
            break
        except csv.Error as error:
            return _without_quotes(text[skipped:], separator, first, line, error, file, findings)
        cells = [cleaned(cell) for cell in cells]
        if any(cells):
            rows.append(Line(line, cells))
    return rows, separator


def _without_quotes(
    text: str,
    separator: str,
    first: int,
    line: int,
    error: Exception,
    file: str,
    findings: Findings,
) -> tuple[list[Line], str]:
    """Read a file whose quotation marks do not match line by line, if that gives an even table."""
    parts = text.splitlines()
    rows = [
        Line(number, [cleaned(cell.replace('"', "")) for cell in part.split(separator)])
        for number, part in enumerate(parts, first)
        if part.strip()
    ]
    even = len({len(row.cells) for row in rows}) == 1 and len(rows) > 1
    if not even or len(rows[0].cells) < 2 or max(map(len, parts)) > 10_000:
        raise InputError(
            f"the row that begins here cannot be taken apart ({_said(error, separator)})",
            remedy="look for a quotation mark that is not closed or not doubled",
            file=file,
            line=line,
        )
    findings.note(
        f"Quotation marks: one is not closed or not doubled (the row that begins on line {line}); every line "
        "has as many cells as the headings without them, so they were passed over."
    )
    return rows, separator


def _said(error: Exception, separator: str) -> str:
    """Why a row cannot be taken apart: the library shows separators as they are, even a tab."""
    text = str(error)
    if "expected after" in text:
        name = _SEPARATOR_NAMES.get(separator, quoted(separator))
        return f"a quotation mark closes in the middle of a cell; cells are separated by {name}"
    if "end of data" in text:
        return "a quotation mark is opened and never closed"
    if "field limit" in text:
        return f"a cell has more than {csv.field_size_limit():,} characters"
    return "a line ends where none should"


def _separator(text: str, names: Names) -> str:
    """Return the separator by which the first lines name most columns, or else fall into most cells."""
    start = text[:200_000]
    found: list[tuple[int, int, int, str]] = []
    for rank, separator in enumerate(_SEPARATORS):
        rows = []
        reader = csv.reader(io.StringIO(start, newline=""), delimiter=separator)
        try:
            for cells in reader:
                if any(cell.strip() for cell in cells):
                    rows.append(cells)
                if len(rows) >= _LOOKED_AT:
                    break
        except csv.Error:
            pass
        if not rows and text.strip():
            return separator  # nothing but separators
        named = max((named_columns(row, names) for row in rows[:_LOOKED_AT]), default=0)
        cells_in_first = len(rows[0]) if rows else 0
        found.append((named, cells_in_first, -rank, separator))
    return max(found)[3]


# --- table ----------------------------------------------------------------------------------------
def _table(
    rows: list[Line], file: str, separator: str, names: Names, findings: Findings, *, totals: bool
) -> Table:
    """Find the row of headings, and make all rows as long as it."""
    start = rows[:_LOOKED_AT]
    known = [named_columns(row.cells, names) for row in start]
    best = max(known)
    head = known.index(best) if best >= 2 else 0
    headings = [one_line(cell) for cell in rows[head].cells]
    while headings and not headings[-1]:
        headings.pop()
    headings = joined_headings(rows[head - 1] if head else None, headings, names)
    above = tuple(" ".join(cell for cell in row.cells if cell) for row in rows[:head])
    if above:
        findings.note(
            f"Headings: taken from line {rows[head].number}; passed over above them: "
            f"{listed([quoted(text, 60) for text in above], 4)}."
        )
    body = rows[head + 1 :]
    if head + 1 < len(start) and known[head + 1] >= max(2, best / 2):
        findings.note(f"Headings: line {body[0].number} names the columns once more; passed over.")
        body = body[1:]
    body = without_sums(body, findings, keep_sums=totals)
    body = without_sections(body, headings, names, findings)
    width = len(headings)
    short = [row.number for row in body if len(row.cells) < width]
    long = [row for row in body if any(row.cells[width:])]
    if long:
        sign = quoted(separator) if separator else "text"
        findings.wrong(
            f"the row has {len(long[0].cells)} cells, but the heading has {width}",
            f"put cells that contain {sign} into quotation marks",
            None,
            [row.number for row in long],
        )
        gone = {row.number for row in long}
        body = [row for row in body if row.number not in gone]
    if short:
        findings.note(
            f"Short rows: {len(short):,} with fewer cells than headings ({rows_text(short, 3)}); "
            "the cells that are missing at the end were read as empty."
        )
    for row in body:
        if len(row.cells) < width:
            row.cells.extend([""] * (width - len(row.cells)))
    columns = tuple(zip(*(row.cells[:width] for row in body), strict=True)) or ((),) * width
    lines = tuple(row.number for row in body)
    at = rows[head].number
    return Table(file, tuple(headings), at, lines, columns, above, separator)
