"""What carries the studies of directions: each as it is, and without the mechanism that should carry it.

Part of ``docs/what_carries_what.md``; see :mod:`verification.what_carries_what`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np

from sim.experiments.validation import Found, carry_out
from sim.studies.published import PUBLISHED
from sim.studies.study import Study

__all__ = ["REPLICATES", "WITHOUT", "section", "without"]

REPLICATES = 40
AS_IT_IS = "as it is"

_SORTING = {
    "departures.settledness_effect": 0.0,
    "volunteering.by_settledness": 0.0,
    "volunteering.mentors_by_settledness": 0.0,
}
_ASKING = {"learning.asking_rate": 0.0, "learning.asking_lasting": 0.0}

WITHOUT: dict[str, dict[str, dict[str, float]]] = {
    "dashboard_existing": {
        "settledness": _SORTING,
        "mentoring in embeddedness": {"embeddedness.relationships_weight": 0.0},
    },
    "dashboard_newcomers": {
        "settledness": _SORTING,
        "mentoring in embeddedness": {"embeddedness.relationships_weight": 0.0},
    },
    "lottery_quits": {},
    "everybody_over_volunteers": {"asking": _ASKING},
    "everybody_over_volunteers_any_service": {"asking": _ASKING},
    "opt_outs_over_opt_ins": {"asking": _ASKING},
    "mandatory_over_opt_in": {"asking": _ASKING},
    "matched_deficits": {"learning less than in proportion to quality": {"learning.quality_exponent": 1.0}},
    "complementary_over_similar": {
        "learning less than in proportion to quality": {"learning.quality_exponent": 1.0}
    },
    "quality_of_the_like": {"likeness in quality": {"meetings.similarity_effect": 0.0}},
    "flat_over_steep": {"candour by safety": {"engagement.candour_by_safety": 0.0}},
    "alike_in_departments": {
        "units": {"units.department_spread": 0.0, "units.manager_effect": 0.0}
    },
    "engaged_units": {"engagement's hold on people": {"departures.engagement_effect": 0.0}},
}  # fmt: skip
"""By study: what is left out, and how."""


def without(study: Study, changed: Mapping[str, float]) -> Study:
    """A study in firms with other values of some parameters, by ``section.name``."""
    settings = {name: dict(values) for name, values in study.settings.items()}
    for key, value in changed.items():
        section, _, name = key.partition(".")
        settings.setdefault(section, {})[name] = value
    return replace(study, settings=settings)


def section(replicates: int = REPLICATES) -> Iterator[str]:
    """The lines of the table: mean over repetitions, the 95 % interval of that mean, and how often it was seen."""
    by_name = {study.name: study for study in PUBLISHED}
    rows = [
        (by_name[name], what, changed)
        for name, cases in WITHOUT.items()
        for what, changed in {AS_IT_IS: {}, **cases}.items()
    ]
    with ThreadPoolExecutor(2) as pool:
        found = list(pool.map(lambda row: carry_out(without(row[0], row[2]), replicates), rows))
    yield "## Studies of directions"
    yield ""
    yield f"Means of {replicates} repetitions of each study (docs/studies.md), their 95 % intervals, and in how many of 100"
    yield "repetitions the direction was seen; below each, the same in firms without what should carry it."
    yield ""
    for study, what, mean, bare in _resting(rows, found):
        yield f"- *{study.title}* rests on {what}: {mean} with it, {bare} without."
    yield ""
    yield "| study | without | mean | seen in |"
    yield "|---|---|--:|--:|"
    for (study, what, _), one in zip(rows, found, strict=True):
        title = f"{study.title} ({study.unit})" if what == AS_IT_IS else ""
        left = "" if what == AS_IT_IS else what
        yield f"| {title} | {left} | {_told(one)} | {100 * one.seen_in:.0f} |"
    yield ""


def _told(one: Found) -> str:
    """Mean over repetitions with the half width of its 95 % interval."""
    values = one.values[np.isfinite(one.values)]
    half = 1.96 * values.std(ddof=1) / np.sqrt(len(values))
    digits = 2 if abs(values.mean()) < 10 else 1
    return f"{values.mean():.{digits}f} ± {half:.{digits}f}".replace("-", "−")


def _resting(
    rows: Sequence[tuple[Study, str, Mapping[str, float]]], found: Sequence[Found]
) -> Iterator[tuple[Study, str, str, str]]:
    """What leaves less than half of a direction when it is left out; a hazard ratio's distance is from 1, by its logarithm."""
    whole: dict[str, Found] = {}
    for (study, what, _), one in zip(rows, found, strict=True):
        if what == AS_IT_IS:
            whole[study.name] = one
            continue
        strengths = [
            np.log(np.nanmean(each.values))
            if study.unit == "hazard ratio"
            else np.nanmean(each.values)
            for each in (whole[study.name], one)
        ]
        if strengths[1] / strengths[0] < 0.5:
            yield study, what, _told(whole[study.name]), _told(one)
