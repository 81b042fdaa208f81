"""How the firm has settled before the first month: advice ties, and the informal mentors people have."""

from __future__ import annotations

from sim.engine import columns
from sim.engine.compiled import kernel
from sim.engine.pairs import remove_ended_pairs
from sim.mechanisms.informal import search_for_mentors
from sim.mechanisms.meetings import target_of
from sim.mechanisms.ties import form_first_ties

__all__ = ["settle"]

SEARCHES = 24
FIRST_ADDRESS = 65_000
"""Months under which the searches before month 0 are addressed; no simulated month comes near."""


@kernel
def settle(state, p):  # type: ignore[no-untyped-def]
    """Form everybody's ties, then let two years' worth of searches for informal mentors happen.

    Ties that are known to be complete stay as they are. The relationships found stand at the quality that
    they tend to.
    """
    if p.organisation.ties_complete == 0:
        form_first_ties(state, p)
    for search in range(SEARCHES):
        search_for_mentors(state, p, FIRST_ADDRESS + search, -1)
    for row in range(state.counts[columns.DYADS]):
        state.dyad[columns.QUALITY, row] = target_of(state, p, row)
    remove_ended_pairs(state, p, 0)
