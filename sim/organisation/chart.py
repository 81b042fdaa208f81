"""The organisation chart: a tree of posts, and who manages whom."""

from __future__ import annotations

from sim import columns
from sim.compiled import kernel

__all__ = ["find_managers"]


@kernel
def find_managers(state):  # type: ignore[no-untyped-def]
    """Everybody's manager: the holder of the nearest filled post above; -1 at the top."""
    whole = state.whole
    post = state.post
    for slot in range(whole.shape[1]):
        manager = -1
        if whole[columns.ACTIVE, slot] == 1:
            boss = post[columns.POST_BOSS, whole[columns.PERSON_POST, slot]]
            while boss >= 0:
                manager = post[columns.POST_SLOT, boss]
                if manager >= 0:
                    break
                boss = post[columns.POST_BOSS, boss]
        whole[columns.MANAGER, slot] = manager
