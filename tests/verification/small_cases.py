"""Three small models, each a scenario in docs/studies: what is claimed, what is found, what is rejected.

``PYTHONPATH=.:tests python -m verification.small_cases`` runs them in full and writes their table into
docs/verification.md. A claim says what must be true of the runs; each names wrong variants of which it must
not be true.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

import sim
from sim.engine import columns
from sim.experiments.statistics import interval_of
from sim.simulation.warming import warm_up
from verification.firms import STUDIES, studies

__all__ = ["CASES", "NAMES", "Claim", "glass_ceiling", "mentors_grow", "rookies_and_pros", "table"]

Real = NDArray[np.float64]

NAMES = ("rookies_and_pros", "mentors_grow", "glass_ceiling")
"""The scenarios and extensions."""

IDENTITY, DISTRIBUTION, RELATION = "numerical identity", "distributional", "relational"
"""Standards of equivalence (Axtell, Axelrod, Epstein & Cohen 1996)."""


@dataclass(frozen=True)
class Claim:
    """Something that a model says, and what the engine gives.

    Attributes
    ----------
    model, what
        Whose claim, and what it says, with its unit.
    standard
        The standard of equivalence that is reached if it is true.
    is_true
        Whether it is true of the values of the runs.
    values
        One per run.
    wrong
        The same of wrong variants, of which it must not be true.
    """

    model: str
    what: str
    standard: str
    is_true: Callable[[Real], bool]
    values: Real
    wrong: Mapping[str, Real]

    def holds(self) -> bool:
        """Whether it is true of the engine."""
        return self.is_true(self.values)

    def not_rejected(self) -> list[str]:
        """Wrong variants of which it is true as well: there should be none."""
        return [name for name, values in self.wrong.items() if self.is_true(values)]


def _scenario(name: str) -> sim.Scenario:
    return sim.load_scenario(STUDIES / f"{name}.toml")


def _runs(scenario: sim.Scenario, variant: str, runs: int, *measures: str) -> list[Real]:
    """Monthly sums of some measures; each of shape (runs, months)."""
    monthly = np.array(
        [sim.run(scenario, variant, replicate=world).result.monthly for world in range(runs)]
    )
    return [monthly[:, :, columns.M[name]] for name in measures]


def _changed(scenario: sim.Scenario, variant: str, **settings: Any) -> sim.Scenario:
    """A scenario with one variant: one of its own with other settings (``section__name=value``)."""
    own = {**scenario.variant(variant).overrides}
    own |= {name.replace("__", "."): value for name, value in settings.items()}
    return scenario.with_settings({"variants": [{"name": variant, **own}]})


def _about(expected: float, values: Real) -> bool:
    """Agreement by the rule of docs/verification.md: four standard errors."""
    return bool(abs(values.mean() - expected) < 4.0 * values.std(ddof=1) / math.sqrt(len(values)))


# --- rookies and pros ------------------------------------------------------------------------------------

_EXACT = "Six months to become a pro"
_CHANCE = "By chance, six months on average"
_ALL_QUIT = "Rookies quit too"
_OWN = "The model's own hazard"


def rookies_and_pros(more: int = 1) -> list[Claim]:
    """10 pros quit a month, later 15; a rookie is a pro after six months: 60 and 60, then 90 and 30."""
    scenario = _scenario("rookies_and_pros")
    found = {
        name: _runs(scenario, name, runs * more, "rookies", "pros")
        for name, runs in ((_EXACT, 2), (_CHANCE, 6), (_ALL_QUIT, 6), (_OWN, 24))
    }
    for months in (5, 7):
        found[f"{months} months"] = _runs(
            _changed(scenario, _EXACT, rookies_and_pros__months_to_pro=months),
            *(_EXACT, 2, "rookies", "pros"),
        )

    def deviations(
        months: slice, of: int, expected: Any, *wrong: str
    ) -> tuple[Real, dict[str, Real]]:
        """Largest deviation of each run in these months; of the right model and of wrong ones."""
        largest = {
            name: np.abs(found[name][of][:, months] - expected).max(axis=1)
            for name in (_EXACT, *wrong)
        }
        return largest.pop(_EXACT), largest

    def none(values: Real) -> bool:
        return bool((values == 0.0).all())

    ways = (_ALL_QUIT, "5 months", "7 months")
    rise = 60.0 + 5.0 * np.arange(1, 7)
    claims = [
        Claim(
            "Rookies and pros", f"{what} (largest deviation in any month)", IDENTITY, none,
            *deviations(when, of, expected, *wrong),
        )
        for what, expected, when, of, wrong in (
            ("60 rookies while 10 quit", 60.0, slice(8, 24), 0, ways),
            ("60 pros while 10 quit", 60.0, slice(8, 24), 1, ways),
            ("90 rookies when 15 quit", 90.0, slice(31, 48), 0, ways),
            ("30 pros when 15 quit", 30.0, slice(31, 48), 1, ways),
            ("5 rookies more every month, for six months", rise, slice(24, 30), 0, (_ALL_QUIT, _CHANCE)),
        )
    ]  # fmt: skip
    late = [values[0][:, 44:].mean(axis=1) for values in (found[_CHANCE], found[_ALL_QUIT])]
    expected = 90.0 - 30.0 * np.mean([(5 / 6) ** (month - 23) for month in range(44, 48)])
    claims.append(
        Claim(
            "Rookies and pros", f"by chance, one in six a month: {expected:.1f} rookies in the end", DISTRIBUTION,
            partial(_about, float(expected)), late[0], {_ALL_QUIT: late[1]},
        )
    )  # fmt: skip
    return [*claims, _own_hazard(found[_OWN][0][:, 24:].mean(axis=1))]


def _own_hazard(newcomers: Real) -> Claim:
    """Newcomers under a constant hazard h: ``posts / (1 + h) · (1 - (1 - h)^6)``, a vacancy lasting a month."""
    h, posts = 1.0 / 12.0, 120.0
    survive = 1.0 - (1.0 - h) ** 6

    formulas = {
        "nobody leaves within six months": 6.0 * posts * h / (1.0 + h),
        "posts are filled at once": posts * survive,
    }
    right = posts / (1.0 + h) * survive
    return Claim(
        "Rookies and pros", f"newcomers under the model's own hazard, less {right:.1f}: none",
        DISTRIBUTION, partial(_about, 0.0), newcomers - right,
        {name: newcomers - formula for name, formula in formulas.items()},
    )  # fmt: skip


# --- mentees become mentors ------------------------------------------------------------------------------

_LOW, _MIDDLE, _HIGH = "One mentee for seven mentors", ("One", "Two", "Four"), "Twelve"


def _months_to_half(mentors: Real, posts: float) -> Real:
    """Month in which half of the posts are held by mentors; infinite where it never is."""
    there = mentors >= posts / 2.0
    return np.where(there.any(axis=1), there.argmax(axis=1), np.inf)


def mentors_grow(more: int = 1) -> list[Claim]:
    """Three regimes by the limit of mentees per mentor: never, fastest, healthy but slow."""
    scenario, runs = _scenario("mentors_grow"), 2 * more
    if more == 1:
        scenario = scenario.with_settings({"months": 105})
    undivided = _changed(scenario, _HIGH, learning__group_dilution=0.0)
    measures = ("full_mentors", "waiting", "free_places")
    until = scenario.months - int(scenario.variant(_LOW).settings["programme"]["cohort_months"])
    found: dict[str, tuple[Real, Real]] = {}
    middle = _MIDDLE if more > 1 else _MIDDLE[1:2]
    for name, where in [(_LOW, scenario), *((one, scenario) for one in middle), (_HIGH, scenario), (
        "undivided", undivided)]:  # fmt: skip
        variant = _HIGH if name == "undivided" else name
        mentors, waiting, free = (
            table[:, 1:until] for table in _runs(where, variant, runs, *measures)
        )
        found[name] = _months_to_half(mentors, 120.0), (waiting > free).astype(float)
    months = {name: half for name, (half, _) in found.items()}
    fastest = np.min([months[name] for name in middle], axis=0)
    slowest = np.max([months[name] for name in middle], axis=0)

    def first_less_last(*names: str) -> Real:
        """Share of months saturated: of the first six less of the last twelve, by run."""
        saturated = np.concatenate([found[name][1] for name in names])
        return np.asarray(saturated[:, :6].mean(axis=1) - saturated[:, -12:].mean(axis=1))

    def share_saturated(name: str) -> Real:
        return found[name][1].mean(axis=1)

    model = "DRDC mentors and mentees"
    return [
        Claim(
            model, "very low limit: months until half are mentors: never", RELATION,
            lambda values: bool(np.isinf(values).all()), months[_LOW],
            {"a middle limit": fastest, "no limit": months[_HIGH]},
        ),
        Claim(
            model, "very low limit: share of months saturated: all", RELATION,
            lambda values: bool((values == 1.0).all()), share_saturated(_LOW),
            {"a middle limit": share_saturated(middle[0])},
        ),
        Claim(
            model, "high limit: half are mentors in the end, but later than under middle ones (months)",
            RELATION, lambda values: bool(np.isfinite(values).all() and (values > 0.0).all()),
            months[_HIGH] - slowest,
            {"a group does not divide attention": months["undivided"] - slowest,
             "very low limit": months[_LOW] - slowest},
        ),
        Claim(
            model, "middle limits: saturated at the start, out of it at the end (share of the first six "
            "months less share of the last twelve: 1)", RELATION,
            lambda values: bool((values == 1.0).all()), first_less_last(*middle),
            {"very low limit": first_less_last(_LOW), "high limit": first_less_last(_HIGH)},
        ),
    ]  # fmt: skip


# --- the glass ceiling -----------------------------------------------------------------------------------

_HALF, _FEW = "Half above", "Few above"
_QUOTA, _BLIND = "Few above, a quota for two years", "Few above, mentoring blind to type"
_BLIND_QUOTA = "the same with a quota"


def glass_ceiling(more: int = 1) -> list[Claim]:
    """Several steady states, a ceiling, and a temporary quota that leads from one to the other."""
    scenario, runs = _scenario("glass_ceiling"), 3 * more
    if more == 1:
        scenario = scenario.with_settings({"months": 200})
    places: dict[str, tuple[sim.Scenario, str]] = {
        name: (scenario, name) for name in (_HALF, _FEW, _QUOTA, _BLIND)
    }
    places[_BLIND_QUOTA] = _changed(scenario, _QUOTA, glass_ceiling__blind=True), _QUOTA
    before: dict[str, Real] = {}
    after: dict[str, Real] = {}
    below: dict[str, Real] = {}
    for name, (where, variant) in places.items():
        upper, minority, entry, at_entry = _runs(
            where, variant, runs, "upper", "minority_above", "entry", "minority_below"
        )
        before[name] = 100.0 * (minority / upper)[:, 48:60].mean(axis=1)
        after[name] = 100.0 * (minority / upper)[:, -60:].mean(axis=1)
        below[name] = 100.0 * (at_entry / entry)[:, -60:].mean(axis=1)

    def all_within(low: float, high: float, values: Real) -> bool:
        return bool((values >= low).all() and (values <= high).all())

    model = "Athey, Avery & Zemsky 2000"
    return [
        Claim(
            model, "half above at the start: share above (%) stays about half", RELATION,
            partial(all_within, 35.0, 65.0), after[_HALF], {_FEW: after[_FEW]},
        ),
        Claim(
            model, "few above at the start: another steady state, far below the 50 % at hire (%)",
            RELATION, partial(all_within, 0.0, 15.0), after[_FEW],
            {"mentoring blind to type": after[_BLIND]},
        ),
        Claim(
            model, "glass ceiling: share at entry less share above (percentage points)", RELATION,
            lambda values: interval_of(values, 0.95)[0] > 25.0, below[_FEW] - after[_FEW],
            {"mentoring blind to type": below[_BLIND] - after[_BLIND]},
        ),
        Claim(
            model, "a quota for two years: share above (%), long after it, is about half",
            RELATION, partial(all_within, 35.0, 65.0), after[_QUOTA], {"no quota": after[_FEW]},
        ),
        Claim(
            model, "what the quota has changed for good (percentage points)", RELATION,
            lambda values: interval_of(values, 0.95)[0] > 25.0, after[_QUOTA] - after[_FEW],
            {"mentoring blind to type": after[_BLIND_QUOTA] - after[_BLIND],
             "before the quota": before[_QUOTA] - before[_FEW]},
        ),
    ]  # fmt: skip


CASES: dict[str, Callable[[int], list[Claim]]] = {
    "rookies_and_pros": rookies_and_pros,
    "mentors_grow": mentors_grow,
    "glass_ceiling": glass_ceiling,
}
"""By the name of the scenario; the number says how many times as many runs are made."""


# --- the table -------------------------------------------------------------------------------------------

_PAGE = STUDIES.parent / "verification.md"
_BEGIN = "<!-- small cases: made by `python -m verification.small_cases` -->\n"
_END = "<!-- end of small cases -->\n"


def _told(values: Real) -> str:
    """Mean and 95 % interval; the one value if all are the same; words where some are infinite."""
    if np.isinf(values).all():
        return "never"
    if np.isinf(values).any():
        return "not always"
    if (values == values[0]).all():
        return f"{values[0]:.4g} in every run"
    low, high = interval_of(values, 0.95)
    return f"{values.mean():.4g} [{low:.4g}, {high:.4g}]"


def table(claims: list[Claim]) -> str:
    """The claims as a table."""
    lines = [
        "| model | claim | found: mean [95 % interval] | runs | standard reached | wrong variants rejected |",
        "|---|---|--:|--:|---|---|",
    ]
    for one in claims:
        verdict = "" if one.holds() and not one.not_rejected() else " **fails**"
        wrong = "; ".join(f"{name} ({_told(values)})" for name, values in one.wrong.items())
        lines.append(
            f"| {one.model} | {one.what} | {_told(one.values)}{verdict} | {len(one.values)} "
            f"| {one.standard} | {wrong} |"
        )
    return "\n".join(lines) + "\n"


def main() -> None:
    """Run, print, and write."""
    warm_up()
    with studies(*NAMES):
        made = table([claim for case in CASES.values() for claim in case(3)])
    print(made)
    before, rest = Path(_PAGE).read_text(encoding="utf-8").split(_BEGIN)
    _PAGE.write_text(before + _BEGIN + made + _END + rest.split(_END)[1], encoding="utf-8")


if __name__ == "__main__":
    main()
