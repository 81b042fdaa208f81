"""One world in a month in which its programme acts."""

from __future__ import annotations

from typing import Any, NamedTuple

from sim.engine.state import State

__all__ = ["Moment"]


class Moment(NamedTuple):
    """One world in a month, as Python and as compiled code see it.

    Attributes
    ----------
    state, handle
        The columns, and what kernels take for them (:func:`sim.engine.state.handle_of`).
    records
        The parameters for compiled code: an array of one record.
    month
        Counted from 0.
    """

    state: State
    handle: Any
    records: Any
    month: int
