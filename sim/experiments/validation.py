"""Carrying studies out, and laying what they find beside what was published."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sim.calibration.targets import TARGETS
from sim.errors import InputError
from sim.scenario.messages import hint
from sim.simulation.plan import Plan, plans_of
from sim.simulation.pool import available_workers, run_tasks
from sim.simulation.warming import warm_up
from sim.studies.catalogue import STUDIES
from sim.studies.fieldwork import Fieldwork
from sim.studies.study import Study

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["SEED", "Found", "Validation", "carry_out", "validate"]

Real = NDArray[np.float64]
Progress = Callable[[int, int], None]

SEED = 20261122


@dataclass(frozen=True, eq=False, slots=True)
class Found:
    """One study carried out.

    Attributes
    ----------
    study
        Which.
    values
        Its figure in each replicate; NaN where it was undefined.
    """

    study: Study
    values: Real

    @property
    def median(self) -> float:
        """Of the replicates in which it is defined; NaN if there are none."""
        return self._quantile(0.5)

    @property
    def range(self) -> tuple[float, float]:
        """Between these lie 95 of 100 replicates."""
        return self._quantile(0.025), self._quantile(0.975)

    @property
    def agrees(self) -> bool:
        """Whether the median lies within the study's range."""
        return self.study.agrees(self.median)

    @property
    def used_for_fitting(self) -> bool:
        """Whether parameters are fitted to a figure of the same source: then it validates nothing."""
        return any(self.study.source in one.source and one.fitted for one in TARGETS)

    @property
    def seen_in(self) -> float:
        """Share of the repetitions that agree: what one such study would show by itself, its power."""
        known = self.values[np.isfinite(self.values)]
        agreeing = [self.study.agrees(float(value)) for value in known]
        return float(np.mean(agreeing)) if agreeing else float("nan")

    def _quantile(self, share: float) -> float:
        known = self.values[np.isfinite(self.values)]
        return float(np.quantile(known, share)) if known.size else float("nan")


@dataclass(frozen=True, eq=False, slots=True)
class Validation:
    """Studies carried out on simulated firms, beside the published figures.

    Attributes
    ----------
    found
        One per study, in their order.
    replicates, seed
        How they were made.
    """

    found: tuple[Found, ...]
    replicates: int
    seed: int

    @property
    def table(self) -> pd.DataFrame:
        """One row per study: published, simulated, whether they agree, whether it was fitted to."""
        import pandas as pd

        rows = []
        for one in self.found:
            study = one.study
            low, high = one.range
            rows.append(
                {
                    "study": study.name,
                    "title": study.title,
                    "unit": study.unit,
                    "design": study.kind,
                    "published": study.published,
                    "agrees_from": study.low,
                    "agrees_to": study.high,
                    "source": study.source,
                    "mark": study.mark,
                    "sample": study.sample,
                    "median": one.median,
                    "low": low,
                    "high": high,
                    "replicates": int(np.isfinite(one.values).sum()),
                    "agrees": one.agrees,
                    "seen_in": one.seen_in,
                    "direction_only": study.direction,
                    "used_for_fitting": one.used_for_fitting,
                    "why": "" if one.agrees else study.misses,
                }
            )
        return pd.DataFrame(rows)


def carry_out(study: Study, replicates: int = 20, seed: int = SEED) -> Found:
    """Repeat one study on simulated firms: others in each replicate."""
    plans = plans_of(study.scenario(seed))
    return Found(study, np.array([_once(study, plans, seed, one) for one in range(replicates)]))


def _once(study: Study, plans: tuple[Plan, ...], seed: int, replicate: int) -> float:
    return float(study.statistic(_fieldwork(study, plans, seed, replicate)))


def _fieldwork(study: Study, plans: tuple[Plan, ...], seed: int, replicate: int) -> Fieldwork:
    return Fieldwork(plans, seed, replicate, until=study.until, panel=study.panel)


def validate(
    names: Sequence[str] | None = None,
    *,
    replicates: int = 20,
    seed: int = SEED,
    workers: int | None = None,
    progress: Progress | None = None,
) -> Validation:
    """Carry out studies, by default all.

    Studies of the same firms share them within a replicate. The result does not depend on the number of
    workers.

    Parameters
    ----------
    names
        Which ones.
    replicates
        How often each is repeated, on other firms.
    workers
        Threads; by default as many as there are processors.
    progress
        Called with how many replicates of studies are done, and of how many.

    Raises
    ------
    InputError
        If there is no study of a name.
    """
    chosen = []
    for name in names if names is not None else STUDIES:
        if name not in STUDIES:
            raise InputError(f"there is no study {name!r}", remedy=hint(name, list(STUDIES)))
        chosen.append(STUDIES[name])
    warm_up()
    groups = [
        (places, chosen[places[0]], plans_of(chosen[places[0]].scenario(seed)))
        for places in _by_firms(chosen)
    ]

    def carry(studies: Sequence[Study], task: int) -> list[float]:
        places, first, plans = groups[task // replicates]
        work = _fieldwork(first, plans, seed, task % replicates)
        return [float(studies[place].statistic(work)) for place in places]

    values = np.full((len(chosen), replicates), np.nan)
    count, done = len(groups) * replicates, 0
    with closing(
        run_tasks(carry, chosen, count, workers=workers or available_workers())
    ) as finished:
        for task, figures in finished:
            places = groups[task // replicates][0]
            values[places, task % replicates] = figures
            done += len(places)
            if progress is not None:
                progress(done, values.size)
    found = (Found(study, own) for study, own in zip(chosen, values, strict=True))
    return Validation(tuple(found), replicates, seed)


def _by_firms(studies: Sequence[Study]) -> list[list[int]]:
    """Places of studies that look at the same firms."""
    groups: list[tuple[Any, list[int]]] = []
    for place, study in enumerate(studies):
        firms = (study.settings, study.arms, study.months, study.until, study.panel)
        for known, places in groups:
            if known == firms:
                places.append(place)
                break
        else:
            groups.append((firms, [place]))
    return [places for _, places in groups]
