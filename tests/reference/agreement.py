"""What agreement between engine and oracle means: ``==`` on everything that the two have in common.

The engine's side comes as it is: a state with arrays, its named columns, and the places of its
counts and measures.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from reference.table import (
    NOT_IN_EMPTY_SLOTS,
    PAIR_COLUMNS,
    as_columns,
    as_rows,
    ended_rows,
    leaver_rows,
)

if TYPE_CHECKING:
    from reference.model import ReferenceModel


def assert_same_state(
    state: Any, named: Mapping[str, Any], count: Mapping[str, int], model: ReferenceModel
) -> None:
    """Compare people, pairs, posts and departments.

    Parameters
    ----------
    state, named
        The engine's state and its named columns.
    count
        The engine's counts by name.
    model
        The oracle.
    """
    mine = as_columns(model)
    assert set(mine) == set(named)
    for name, column in named.items():
        assert_equal(model, name, column[: len(mine[name])].tolist(), mine[name])
    rows = as_rows(model)
    for name in ("skills", "potential", "skills_begin", "gain", "values", "ties"):
        found, wanted = getattr(state, name).tolist(), rows[name]
        if name in NOT_IN_EMPTY_SLOTS:
            found = [row for row, person in zip(found, model.chairs, strict=True) if person.active]
            wanted = [row for row, p in zip(wanted, model.chairs, strict=True) if p.active]
        assert_equal(model, name, found, wanted)
    for name in ("emphasis", "team_exits"):
        assert_equal(model, name, getattr(state, name).tolist(), rows[name])
    some = [count["dyads"], count["people"], count["clipped"]]
    assert_equal(model, "counts", some, rows["counts"])
    assert len(model.agents) == len(model.staff) == int(named["active"].sum())


def assert_same_books(
    state: Any, measures: Mapping[str, int], count: Mapping[str, int], model: ReferenceModel
) -> None:
    """Compare measures by month and by group, and the tables of leavers and of ended pairs.

    Parameters
    ----------
    state, count, model
        As for :func:`assert_same_state`.
    measures
        The engine's place of each measure, by name.
    """
    ledger = model.ledger
    for name, place in measures.items():
        by_month = [sums.get(name, 0.0) for sums in ledger.monthly]
        assert_equal(model, f"monthly {name}", state.monthly[:, place].tolist(), by_month)
        by_group = [sums.get(name, 0.0) for sums in ledger.groups]
        assert_equal(model, f"tally {name}", state.tally[:, place].tolist(), by_group)
    assert {name for sums in ledger.monthly for name in sums} <= set(measures)

    leavers = count["leavers"]
    people = np.hstack([state.leavers[:leavers], state.leavers_skills[:leavers]])
    assert_equal(model, "leavers", people.tolist(), leaver_rows(model))
    ended = state.ended[: count["ended"], : len(PAIR_COLUMNS) + 1]
    assert_equal(model, "ended", ended.tolist(), ended_rows(model))


def assert_equal(model: ReferenceModel, name: str, engine: list[Any], oracle: list[Any]) -> None:
    """Fail with the first place at which two lists differ."""
    after = f"after month {model.month - 1}, {name}"
    assert len(engine) == len(oracle), f"{after}: {len(engine)} against {len(oracle)} entries"
    for place, (found, wanted) in enumerate(zip(engine, oracle, strict=True)):
        assert found == wanted, f"{after}[{place}]: engine {found}, oracle {wanted}"
