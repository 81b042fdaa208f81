"""Values written as TOML."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

__all__ = ["toml_key", "toml_value"]

_BARE = re.compile(r"[A-Za-z0-9_-]+")


def toml_key(name: str) -> str:
    """Return one part of a key, in quotes if it needs them."""
    return name if _BARE.fullmatch(name) else json.dumps(name, ensure_ascii=False)


def toml_value(value: Any) -> str:
    """Return a value on one line; reading it gives the same value, to the last bit.

    Text must be free of control characters other than tab and newline. ``None`` has no spelling in
    TOML; within a table it is left out.
    """
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return repr(value)
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, Mapping):
        pairs = (
            f"{toml_key(key)} = {toml_value(item)}"
            for key, item in value.items()
            if item is not None
        )
        return _within("{ ", pairs, " }")
    return _within("[", (toml_value(item) for item in value), "]")


def _within(begin: str, parts: Iterable[str], end: str) -> str:
    text = ", ".join(parts)
    return f"{begin}{text}{end}" if text else f"{begin.strip()}{end.strip()}"
