"""Whether the scenario can be simulated at every point of a study, found out before anything is run."""

from __future__ import annotations

from typing import Any

from sim.errors import InputError
from sim.experiments.sweeps.model import FirmModel
from sim.experiments.sweeps.problems import Problems
from sim.experiments.sweeps.study import Study
from sim.scenario.scenario import Scenario

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
    changes = {
        factor.key: value
        for factor, value in zip(model.factors, row, strict=True)
        if value is not None
    }
    return model.scenario.with_settings(changes) if changes else model.scenario
