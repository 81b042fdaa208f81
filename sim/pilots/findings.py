"""What simulated pilots say: every reading diagnosed, what platforms show, what pilots cost."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.pilots.designs import DESIGNS, Design
from sim.pilots.diagnosing import Diagnosis, Interval, diagnose, wilson
from sim.pilots.reading import Question
from sim.pilots.running import PLATFORM, PilotJob
from sim.scenario.scenario import Scenario

__all__ = ["Findings"]

Real = NDArray[np.float64]


@dataclass(eq=False, repr=False)
class Findings:
    """What simulated pilots say about the pilot that one could run.

    Attributes
    ----------
    scenario, variant
        What was simulated, and the name of the programme that is piloted.
    job
        All that was asked.
    answers
        Shape (firms, questions, fields): see :data:`sim.pilots.reading.FIELDS`.
    platform, costs
        Of every firm and run: see :class:`sim.pilots.running.FirmRead`.
    sets
        Number of each firm's parameter set.
    eligible
        How many people of the firm are invited to have a mentor.
    interrupted
        Whether it was stopped before all firms were done.
    notes
        Plain sentences about what a reader must know.
    made
        When, how long, on how many workers.
    """

    scenario: Scenario
    variant: str
    job: PilotJob
    answers: Real
    platform: Real
    costs: Real
    sets: NDArray[np.int64]
    eligible: int
    interrupted: bool
    notes: tuple[str, ...]
    made: Mapping[str, Any]
    _diagnoses: dict[Question, Diagnosis] = field(default_factory=dict)

    def __repr__(self) -> str:
        return (
            f"<Pilot of {self.variant!r}: {self.firms} firms, {len(self.job.questions)} readings>"
        )

    @property
    def firms(self) -> int:
        """How many firms were finished."""
        return len(self.answers)

    @property
    def people(self) -> int:
        """Posts of the firm."""
        return int(self.job.none.chart.posts)

    @property
    def settings(self) -> Mapping[str, Any]:
        """The resolved ``[pilot]`` section."""
        found: Mapping[str, Any] = self.job.none.settings["pilot"]
        return found

    @property
    def sizes(self) -> tuple[int, ...]:
        """Numbers of people who are offered a place."""
        return tuple(sorted({one.offered for one in self.job.runs}))

    @property
    def designs(self) -> tuple[Design, ...]:
        """The designs that were tried."""
        there = {question.design.name for question in self.job.questions}
        return tuple(one for one in DESIGNS if one.name in there)

    def of(self, question: Question) -> Diagnosis:
        """The diagnosis of one question."""
        if question not in self._diagnoses:
            place = self.job.questions.index(question)
            self._diagnoses[question] = diagnose(
                self.answers[:, place],
                self.sets,
                by_lot=question.design.by_lot,
                significance=float(self.settings["significance"]),
                power=float(self.settings["power"]),
                small=int(self.settings["small_arm"]) if question.design.kind == "lottery" else 0,
                events=question.measure.counts_events,
            )
        return self._diagnoses[question]

    def cost(self, question: Question) -> tuple[float, float, float]:
        """Mean cost of the pilot's first year, of that in cash, and of measuring; in the scenario's currency."""
        place = [(one.run, one.offered) for one in self.job.runs].index(
            (question.design.run, question.offered)
        )
        whole, cash = np.nanmean(self.costs[:, place], axis=0).tolist()
        return whole, cash, self._measuring(question)

    def _measuring(self, question: Question) -> float:
        """Time of those who are asked or tested, at the pay of levels 1 and 2."""
        source = question.measure.source
        if source == "records":
            return 0.0
        costs, told = self.job.none.settings["costs"], self.of(question)
        hour = costs["salary"] * costs["load"] / costs["productive_hours"]
        times = 2 if question.measure.baseline else 1
        people = told.treated + told.controls
        return float(hour * self.settings[f"{source}_minutes"] / 60.0 * times * people)

    def platform_shares(self, run: str, offered: int) -> dict[str, tuple[Interval, float, float]]:
        """What a platform will show: mean with the interval of one such pilot, and where 95 of 100 pilots lie."""
        place = [(one.run, one.offered) for one in self.job.runs].index((run, offered))
        found = {}
        for column, name in enumerate(PLATFORM):
            counts = self.platform[:, place, column]
            counts = counts[counts[:, 1] > 0.0]
            if not len(counts):
                continue
            shares = counts[:, 0] / counts[:, 1]
            usual = wilson(float(counts[:, 0].mean()), float(counts[:, 1].mean()))
            low, high = np.quantile(shares, (0.025, 0.975)).tolist()
            found[name] = (usual, low, high)
        return found
