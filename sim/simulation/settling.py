"""How the firm has settled before the first month: advice ties, and the informal mentors people have."""

from __future__ import annotations

from sim.engine import columns
from sim.engine.compiled import kernel
from sim.mechanisms.embeddedness import measure
from sim.mechanisms.informal import search_for_mentors
from sim.mechanisms.meetings import target_of
from sim.mechanisms.ties import form_first_ties
from sim.mechanisms.units import know_units

__all__ = ["settle"]

SEARCHES = 24
FIRST_ADDRESS = 65_000
"""Months under which the searches before month 0 are addressed; no simulated month comes near."""


@kernel
def settle(state, p):
    """Form everybody's ties, then let two years' worth of searches for informal mentors happen.

    Ties that are known to be complete stay as they are. The relationships found stand at the quality that
    they tend to, embeddedness at what makes it up; engagement has what units add.
    """
    know_units(state, p, 0)
    person = state.person
    for slot in range(person.shape[1]):
        engagement = person[columns.ENGAGEMENT, slot] + person[columns.UNIT, slot]
        person[columns.ENGAGEMENT, slot] = min(0.98, max(0.02, engagement))
        person[columns.ENGAGEMENT_BEGIN, slot] = person[columns.ENGAGEMENT, slot]
    if p.organisation.ties_complete == 0:
        form_first_ties(state, p)
    for search in range(SEARCHES):
        search_for_mentors(state, p, FIRST_ADDRESS + search, -1)
    for row in range(state.counts[columns.DYADS]):
        state.dyad[columns.QUALITY, row] = target_of(state, p, row)
    measure(state, p, 0, 1.0)
