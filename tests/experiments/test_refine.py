"""A growing comparison: each stage is the comparison of as many firms, to the bit; it stops; worlds are kept."""

from __future__ import annotations

import threading

import numpy as np
import pandas as pd
import pytest

import sim
from sim.errors import InputError
from sim.experiments.compare import compare
from sim.experiments.refine import Worlds, refine
from sim.scenario import Scenario


def scenario(**given: object) -> Scenario:
    variants = [
        {"name": "none", "programme.policy": "none"},
        {"name": "random", "programme.policy": "random"},
        {"name": "reverse", "programme.policy": "reverse"},
    ]
    size = {"organisation": {"employees": 30, "levels": 3}, "programme": {"start_month": 3}}
    return Scenario(months=14, **{**size, **given}, variants=variants)


@pytest.mark.parametrize("ensemble", [False, True])
def test_every_stage_is_the_comparison_of_as_many_firms(ensemble: bool) -> None:
    firm = scenario()
    found = list(sim.refine(firm, stages=(1, 3, 6), ensemble=ensemble, workers=2))
    assert [one.replicates for one in found] == [1, 3, 6]
    for one in found:
        whole = compare(firm, replicates=one.replicates, ensemble=ensemble, workers=1)
        for table in ("effects", "outcomes", "monthly", "groups", "value"):
            pd.testing.assert_frame_equal(
                getattr(one, table), getattr(whole, table), check_exact=True
            )
        assert not one.interrupted
        assert one.notes == whole.notes


def test_worlds_that_are_kept_are_not_simulated_again(monkeypatch: pytest.MonkeyPatch) -> None:
    worlds, lived = Worlds(), []
    real = sim.experiments.refine.simulate_task

    def counted(job: object, task: int) -> object:
        lived.append(job.plan_of(task).name)  # type: ignore[attr-defined]
        return real(job, task)  # type: ignore[arg-type]

    monkeypatch.setattr(sim.experiments.refine, "simulate_task", counted)
    firm = scenario()
    list(refine(firm, (2, 4), worlds=worlds, workers=1))
    assert sorted(lived) == ["none"] * 4 + ["random"] * 4 + ["reverse"] * 4
    lived.clear()
    list(refine(firm, (4,), worlds=worlds, workers=1))
    assert lived == []


def test_the_baseline_is_simulated_once_whatever_is_dialled_in_the_programme() -> None:
    worlds = Worlds()
    firm = scenario()
    list(refine(firm, (3,), worlds=worlds, workers=1))
    before = len(worlds)
    list(
        refine(
            firm.with_settings({"programme.training_hours": 2.0}), (3,), worlds=worlds, workers=1
        )
    )
    assert len(worlds) - before == 6  # two programmes, three firms each; none of the baseline
    dialled = firm.with_settings(
        {
            "programme.training_hours": 4.0,
            "programme.check_in_months": 2,
            "programme.sponsor_hours": 3.0,
        }
    )
    (turned,) = refine(dialled, (3,), worlds=worlds, workers=1)
    whole = compare(dialled, replicates=3, workers=1)
    for table in ("effects", "monthly", "value"):
        pd.testing.assert_frame_equal(
            getattr(turned, table), getattr(whole, table), check_exact=True
        )


def test_another_seed_roster_or_parameter_is_another_world() -> None:
    worlds = Worlds()
    list(refine(scenario(), (2,), worlds=worlds, workers=1))
    before = len(worlds)
    for changes in ({"seed": 9}, {"departures.quit_rate": 0.3}, {"organisation.employees": 31}):
        list(refine(scenario().with_settings(changes), (2,), worlds=worlds, workers=1))
        assert len(worlds) - before == 6
        before = len(worlds)


def test_it_stops_and_keeps_what_is_finished() -> None:
    stop, worlds = threading.Event(), Worlds()
    steps = refine(scenario(), (1, 50), stop, worlds=worlds, workers=1)
    assert next(steps).replicates == 1
    stop.set()
    assert next(steps, None) is None
    assert 3 <= len(worlds) < 10


def test_the_store_drops_what_was_not_used_for_longest() -> None:
    worlds = Worlds(most_bytes=1)
    list(refine(scenario(), (2,), worlds=worlds, workers=1))
    assert len(worlds) == 1


@pytest.mark.parametrize("stages", [(), (2, 2), (3, 1), (0,), (1.5,)])
def test_stages_must_rise(stages: tuple[int, ...]) -> None:
    with pytest.raises(InputError, match="stages"):
        refine(scenario(), stages)


def test_a_comparison_handed_out_does_not_change_when_more_firms_follow() -> None:
    steps = refine(scenario(), (2, 4), workers=1)
    first = next(steps)
    next(steps)
    whole = compare(scenario(), replicates=2, workers=1)
    np.testing.assert_array_equal(first.outcomes["value"], whole.outcomes["value"])
