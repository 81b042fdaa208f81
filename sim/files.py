"""Writing files so that nobody finds half of one, and no spreadsheet takes a text for a formula."""

from __future__ import annotations

import re
import secrets
import shutil
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["neutralised", "put_in_place", "restored", "sibling"]

_DANGEROUS = re.compile(r"'*[=+\-@\t\r]")


def neutralised(table: pd.DataFrame) -> pd.DataFrame:
    """A copy in which no text can be taken for a formula by a spreadsheet.

    Text that begins with = + - @ (or tab, carriage return) gets an apostrophe in front; so does text
    with apostrophes before one of these, so that :func:`restored` can tell the two apart.
    """
    texts = table.select_dtypes(include=["object", "string"]).columns
    return _changed(table, texts, lambda text: f"'{text}" if _DANGEROUS.match(text) else text)


def restored(table: pd.DataFrame, texts: Iterable[str]) -> pd.DataFrame:
    """The inverse of :func:`neutralised`, for the columns that hold texts."""
    found = [name for name in table.columns if name in set(texts)]
    return _changed(
        table, found, lambda text: text[1:] if text[:1] == "'" and _DANGEROUS.match(text) else text
    )


def _changed(
    table: pd.DataFrame, columns: Iterable[str], change: Callable[[str], str]
) -> pd.DataFrame:
    return table.assign(
        **{
            name: table[name].map(
                {
                    cell: change(cell) if isinstance(cell, str) else cell
                    for cell in table[name].unique()
                }
            )
            for name in columns
        }
    )


def sibling(path: Path) -> Path:
    """A free name beside a file or folder, so that renaming stays within one file system."""
    return path.with_name(f".{path.name}-{secrets.token_hex(4)}")


def put_in_place(draft: Path, folder: Path) -> None:
    """Put a finished draft in the folder's place; what was there is put back if that fails."""
    if not folder.exists():
        draft.rename(folder)
        return
    old = sibling(folder)
    folder.rename(old)
    try:
        draft.rename(folder)
    except BaseException:
        old.rename(folder)
        raise
    shutil.rmtree(old, ignore_errors=True)
