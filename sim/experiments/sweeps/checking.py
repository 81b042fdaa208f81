"""Whether the scenario can be simulated at every point of a study, found out before anything is run."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sim.errors import InputError
from sim.experiments.sweeps.factors import EVERY
from sim.experiments.sweeps.model import FirmModel
from sim.experiments.sweeps.problems import Problems
from sim.experiments.sweeps.study import Study
from sim.scenario.scenario import Scenario
from sim.scenario.top import SCENARIO

__all__ = ["check_points", "scenario_at"]

_MOST_TOLD = 5


def check_points(study: Study, problems: Problems) -> None:
    """Note the points at which the scenario contradicts itself; the first ones are told."""
    model = study.model
    if not isinstance(model, FirmModel):
        return
    bad = 0
    for number, row in enumerate(study.rows()):
        try:
            scenario_at(model, row)
        except InputError as error:
            bad += 1
            if bad <= _MOST_TOLD:
                told = ", ".join(
                    f"{factor.key} = {value}"
                    for factor, value in zip(study.factors, row, strict=True)
                    if value is not None
                )
                key = f"{error.key}: " if error.key else ""
                problems.add(
                    ("design",), f"point {number} ({told}): {key}{error.problem}", error.remedy
                )
    if bad > _MOST_TOLD:
        problems.add(
            ("design",), f"{bad - _MOST_TOLD} more points cannot be simulated", "narrow the factors"
        )


def scenario_at(model: FirmModel, row: tuple[Any, ...]) -> Scenario:
    """The scenario as it is at a point, checked.

    Raises
    ------
    InputError
        If it contradicts itself there.
    """
    base: dict[str, Any] = {}
    own: dict[str, dict[str, Any]] = {item.name: {} for item in model.scenario.variants}
    for factor, value in zip(model.factors, row, strict=True):
        if value is None:
            continue
        key = factor.name if factor.section == SCENARIO.name else f"{factor.section}.{factor.name}"
        if factor.variant is None:
            base[key] = value
        for name, changes in own.items():
            if factor.variant in (EVERY, name):
                changes[key] = value
    if any(own.values()):
        base["variants"] = [
            {"name": item.name, **_overrides(item.overrides), **own[item.name]}
            for item in model.scenario.variants
        ]
    return model.scenario.with_settings(base) if base else model.scenario


def _overrides(given: Mapping[str, Any]) -> dict[str, Any]:
    return dict(given)
