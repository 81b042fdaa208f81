"""Output that never fails on a character, and messages that go to the error stream."""

from __future__ import annotations

import codecs
import io
import os
import sys

__all__ = ["drop_output", "prepare_streams", "say"]

_PLAIN = {
    "−": "-",
    "–": "-",
    "…": "...",
    "·": "*",
    "×": "x",
    "→": "->",
    "’": "'",
    "“": '"',
    "”": '"',
    "▲": "^",
    "▼": "v",
    "≈": "~",
    "○": "?",
}


def prepare_streams() -> None:
    """Let characters that the terminal's encoding lacks be written as escapes instead of failing.

    The escapes are those of TOML and JSON (``\\u00e4``), so that a scenario or schema that is
    printed can still be read.
    """
    codecs.register_error("mentorsim.escape", _escape)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="mentorsim.escape")


def _escape(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    wrong = error.object[error.start : error.end]
    return "".join(_PLAIN.get(character) or _escaped(character) for character in wrong), error.end


def _escaped(character: str) -> str:
    number = ord(character)
    return f"\\u{number:04x}" if number < 0x10000 else f"\\U{number:08x}"


def say(text: str) -> None:
    """Write a message to the error stream, as the program's."""
    print(f"mentorsim: {text}", file=sys.stderr, flush=True)


def drop_output() -> None:
    """Send what is still to be written nowhere, because whoever read it has gone."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (OSError, ValueError):
            os.dup2(nowhere, stream.fileno())
    os.close(nowhere)
