"""What Python's reader of TOML complains about, in plain words and with a remedy."""

from __future__ import annotations

import re
from pathlib import Path

from sim.errors import InputError
from sim.organisation.amounts import read_amount
from sim.scenario.messages import number_text, quoted, visible
from sim.scenario.schema import sections

__all__ = ["syntax_error"]

_PLACE = re.compile(r" \((?:at line (\d+), column \d+|at end of document)\)$")
_UNFINISHED = re.compile(r"(Expected|Invalid [iv]|Unclosed|Unterminated).*end of document\)$")

_FINISH = "close every quotation mark and bracket, and give every key a value"
_TWICE = "keep one of the two, or join them"
_QUOTES = "end the text with the quotation mark that it begins with, on the same line"
_VALUE = "write a number, true, false, a text in quotation marks, a list in [ ] or a table in { }"

# How the message begins, what to say, what to do.
_COMPLAINTS = (
    (r"Expected '=' after a key", 'an "=" is missing after the key', "write key = value"),
    (r"Invalid initial character", "a key is expected", "write key = value"),
    (r"Invalid statement", "no key and no section begins like this", "write key = value"),
    (r"Expected newline", "something unexpected follows the value", "begin a new line after it"),
    (r"Invalid value", "the value cannot be understood", _VALUE),
    (r"Unclosed array", "a list is not closed, or lacks a comma", "separate with commas, end with ]"),
    (r"Unclosed inline", "a table is not closed, or lacks a comma", "use commas, end with }"),
    (r"Unterminated|Expected [\"']['\"]", "a text is not closed", _QUOTES),
    (r"Illegal|Found invalid", "a text is not closed, or has a control character", _QUOTES),
    (r"Unescaped|Invalid hex|Escaped", "a backslash begins an escape that does not exist",
     "write paths with forward slashes"),
    (r"Expected '\]", "the closing bracket of the section is missing", "write [section]"),
    (r"Cannot declare", "the section is there twice",
     "join the two; what a variant changes is written section.key = value under [[variant]]"),
    (r"Cannot (overwrite|mutate|redefine)|Duplicate", "the key is there twice", _TWICE),
    (r"Invalid date", "the date does not exist", "use a date of the calendar"),
    (r"", "the line cannot be understood", "write key = value, under a [section]"),
)  # fmt: skip


def syntax_error(message: str, text: str, file: Path, last_statement: int) -> InputError:
    """Return the error to raise for a file that is not valid TOML.

    Parameters
    ----------
    message
        What :mod:`tomllib` said.
    text, file
        What was read, and from where.
    last_statement
        Line on which the last statement begins, for what is not finished at the end of the file.
    """
    place = _PLACE.search(message)
    number = last_statement if place is None or place[1] is None else int(place[1])
    _, words, remedy = next(row for row in _COMPLAINTS if re.match(row[0], message))
    if _UNFINISHED.match(message):
        words, remedy = "this is not finished before the end of the file", _FINISH
    line = text.split("\n")[number - 1].strip()
    problem = f"not valid TOML: {words}" + (f", in {quoted(line)}" if line else "")
    return InputError(problem, remedy=_usual_slip(line) or remedy, file=file, line=number)


def _separated(key: str, value: str) -> str:
    """The number that a text with separators of thousands, or words of money, stands for; "" if it is none.

    ``1,500`` may be one and a half: the range of the setting decides, and money has no three decimals.
    """
    amount = read_amount(value)
    if (
        amount is None
        or not re.search(r"[^-+.\d]", value)
        or re.search(r"^[^\d]*\d+,\d{1,2}$", value)
    ):
        return ""
    name = key.rpartition(".")[2].strip()
    known = [group[name] for group in sections().values() if name in group.names()]
    if re.fullmatch(r"[-+]?\d{1,3},\d{3}", value):
        decimal = float(value.replace(",", "."))
        if any(
            one.low <= decimal <= one.high and not one.unit.startswith("currency")
            and not (one.kind == "integer" or one.low <= amount.value <= one.high)
            for one in known
        ):  # fmt: skip
            return ""
    return number_text(amount.value)


def _usual_slip(line: str) -> str:
    """Return the remedy for what people coming from other formats write; "" if it is not that."""
    key, _, value = (part.strip() for part in line.split("#")[0].partition("="))
    if re.search("[\u2018\u2019\u201c\u201d\u201e]", line):
        return "use straight quotation marks"
    if number := _separated(key, value):
        return f"write the number without separators and words: {visible(key)} = {number}"
    if re.fullmatch(r"[-+]?\d+,\d+", value):
        return f"use a decimal point: {visible(key)} = {visible(value.replace(',', '.'))}"
    if re.fullmatch(r"[-+]?\.\d+|[-+]?\d+\.", value):
        return "write a digit on both sides of the decimal point"
    if value.casefold() in ("true", "false", "yes", "no"):
        return "write true or false, in small letters"
    if re.fullmatch(r"[-+]?\d+(\.\d+)?\s*%", value):
        return "write a share as a number from 0 to 1, without %"
    if re.fullmatch(r"[^\W\d][\w .-]*", value):
        return f"put text in quotation marks: {visible(key)} = {quoted(value)}"
    if re.fullmatch(r"[\w.]+\s*:.*", line):
        return "write key = value, with an equals sign"
    return ""
