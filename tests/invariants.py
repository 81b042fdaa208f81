"""What holds for the people of every firm at every time, for all tests to check."""

from __future__ import annotations

import numpy as np

from sim.engine import columns
from sim.engine.state import State

__all__ = ["check_people", "check_references"]


def check_people(state: State) -> None:
    active = state.whole[columns.ACTIVE] == 1
    post_of = state.whole[columns.PERSON_POST]
    slot_of = state.post[columns.POST_SLOT]
    waiting = state.post[columns.WAITING_SLOT]
    assert active.sum() == (slot_of >= 0).sum(), "a person for every filled post"
    np.testing.assert_array_equal(slot_of[post_of[active]], np.flatnonzero(active))
    assert sorted(waiting[slot_of < 0]) == sorted(np.flatnonzero(~active)), "headcount is conserved"
    assert (waiting[slot_of >= 0] == -1).all()
    np.testing.assert_array_equal(
        state.whole[columns.LEVEL][active], state.post[columns.POST_LEVEL][post_of[active]]
    )
    for block in (state.skills, state.person[columns.ENGAGEMENT], state.person[columns.SAFETY],
                  state.person[columns.CONFIDENCE], state.person[columns.EMBEDDEDNESS]):  # fmt: skip
        assert np.isfinite(block).all()
        assert block.min() >= 0.0
        assert block.max() <= 1.0


def check_references(state: State) -> None:
    active = state.whole[columns.ACTIVE] == 1
    people = np.flatnonzero(active)
    for name in (columns.MANAGER, columns.SPONSOR, columns.PARTNER):
        references = state.whole[name][people]
        assert active[references[references >= 0]].all(), "no reference to a departed person"
        assert (references != people).all()
    ties = state.ties[people]
    assert active[ties[ties >= 0]].all()
    assert (ties != people[:, None]).all()
    assert (state.ties[~active] == -1).all()
    for row in ties:
        assert len(set(row[row >= 0])) == (row >= 0).sum(), "nobody is sought out twice"
