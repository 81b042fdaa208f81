"""Values of single firms and months out of long tables, sorted once for all of them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["series"]


def series(
    table: pd.DataFrame, order: str, *columns: str
) -> Iterator[tuple[tuple[str, str], tuple[NDArray[np.float64], ...]]]:
    """Yield (variant, outcome) and its values in each of the columns, sorted by the column `order`."""
    variants, variant_names = table["variant"].factorize()
    outcomes, outcome_names = table["outcome"].factorize()
    if not len(table):
        return
    where = np.lexsort((table[order].to_numpy(), outcomes, variants))
    keys = (variants * len(outcome_names) + outcomes)[where]
    starts = np.flatnonzero(np.diff(keys, prepend=-1))
    values = [table[column].to_numpy(dtype=float)[where] for column in columns]
    for first, last in zip(starts, [*starts[1:], len(keys)], strict=True):
        variant, outcome = divmod(int(keys[first]), len(outcome_names))
        key = (str(variant_names[variant]), str(outcome_names[outcome]))
        yield key, tuple(column[first:last] for column in values)
