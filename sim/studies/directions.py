"""Studies of which only the direction is known: what planners decide by, in the designs in which it was found.

None of them was fitted to. A direction that nearly every repetition shows is seen; one that half of them show
would agree with anything, and proves nothing: ``validate`` states beside each in how many it was seen.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.engine import columns
from sim.simulation.tables import NEVER
from sim.studies.designs import QUIT, cohort_hazard_ratio, lottery_gain
from sim.studies.fieldwork import Fieldwork, Firm
from sim.studies.statistics import intraclass_correlation, standardised_difference
from sim.studies.study import Study

__all__ = [
    "alike_in_departments",
    "complementary_over_similar",
    "directions",
    "drawn",
    "engaged_units_lose_fewer",
    "everybody_over_volunteers",
    "existing_staff",
    "flat_over_steep",
    "in_the_lottery",
    "joined",
    "mandatory_over_opt_in",
    "matched_over_unmatched",
    "newcomers",
    "opt_outs_over_opt_ins",
    "quality_of_the_like",
]

Flags = NDArray[np.bool_]
NOTHING = float("nan")
ENDLESS = float("inf")
EVERYBODY = 10**9
FIRST_YEAR = 2026

_DASHBOARD: dict[str, Any] = {
    "organisation": {"employees": 3000},
    "programme": {"policy": "traditional", "start_month": 12, "cohorts": 1},
}
_OPT_IN: dict[str, Any] = {
    "organisation": {"employees": 1200},
    "programme": {"policy": "random", "start_month": 12, "cohorts": 1, "mentee_tenure_below": 12},
}
_ANY_SERVICE: dict[str, Any] = {
    **_OPT_IN,
    "programme": {"policy": "random", "start_month": 12, "cohorts": 1},
}
_PAIRED: dict[str, Any] = {
    "organisation": {"employees": 1500},
    "programme": {"start_month": 12, "cohorts": 1},
}


def joined(firm: Firm) -> Flags:
    """Mentees and mentors of the first cohort."""
    first = (firm.pairs["kind"] == 1) & (firm.pairs["begun"] == firm.start)
    both = np.concatenate([firm.pairs["mentee"][first], firm.pairs["mentor"][first]])
    return np.isin(firm.people["person"], both)


def _of_working_age(firm: Firm) -> Flags:
    """Below the age at which retirement decides who is there."""
    return np.asarray(FIRST_YEAR - firm.people["birth_year"] < 58)


def existing_staff(firm: Firm) -> Flags:
    """Everybody with more than two years of service when the programme begins."""
    return np.asarray((firm.tenure(firm.start) > 24) & _of_working_age(firm))


def newcomers(firm: Firm) -> Flags:
    """Everybody with at most a year of service when the programme begins."""
    tenure = firm.tenure(firm.start)
    return np.asarray((tenure > 0) & (tenure <= 12) & _of_working_age(firm))


def drawn(firm: Firm) -> Flags:
    """Those whom the first lot drew."""
    return np.asarray(firm.people["arm"] == columns.DRAWN)


def in_the_lottery(firm: Firm) -> Flags:
    """Those about whom a lot decided when the programme began."""
    entered = firm.people["arm"] != columns.NO_LOT
    return np.asarray(entered & (firm.people["hired"] < firm.start))


def _gain_of(firm: Firm, mentees: NDArray[Any]) -> float:
    """Mean skill gained from the mentor by mentees of these numbers."""
    chosen = (firm.pairs["kind"] == 1) & np.isin(firm.pairs["mentee"], mentees)
    gains = firm.pairs["mentee_gain"][chosen]
    return float(gains.mean()) if len(gains) else NOTHING


def _volunteers(firm: Firm) -> NDArray[Any]:
    return np.asarray(firm.people["person"][firm.people["volunteered"] > 0])


def everybody_over_volunteers(work: Fieldwork) -> float:
    """Skill gained from the mentor, per pair, where all take part, over that where volunteers do, in %."""
    everybody, volunteers = work.arm("everybody"), work.arm("volunteers")
    one = _gain_of(everybody, everybody.pairs["mentee"])
    other = _gain_of(volunteers, volunteers.pairs["mentee"])
    return 100.0 * (one / other - 1.0)


def opt_outs_over_opt_ins(work: Fieldwork) -> float:
    """Where all take part: gain of those who would not have volunteered over that of those who would, in %."""
    everybody, willing = work.arm("everybody"), _volunteers(work.arm("volunteers"))
    mentees = everybody.pairs["mentee"]
    out = _gain_of(everybody, mentees[~np.isin(mentees, willing)])
    return 100.0 * (out / _gain_of(everybody, willing) - 1.0)


def mandatory_over_opt_in(work: Fieldwork) -> float:
    """Newcomers' gain in output by lot where all take part, less that among volunteers, in points of %."""
    gain = lottery_gain("output", (0, 1), size=EVERYBODY)
    return gain(_Arm(work, "mandatory")) - gain(_Arm(work, "opt in"))


class _Arm(Fieldwork):
    """One arm of a study, as the fieldwork of a study with one arm."""

    def __init__(self, work: Fieldwork, name: str) -> None:
        self._work, self._name = work, name

    @property
    def firm(self) -> Firm:
        return self._work.arm(self._name)

    def sample(self, among: Any, size: int, question: int = 0) -> NDArray[np.intp]:
        return self._work.sample(among, size, question)


def matched_over_unmatched(work: Fieldwork) -> float:
    """Skill gained by mentees with a deficit in which the mentor is strong, less the others', in SD.

    A deficit is half an SD below the staff's mean when the programme begins, strong is half an SD above it.
    """
    firm = work.firm
    pairs = firm.pairs
    first = (pairs["kind"] == 1) & (pairs["begun"] == firm.start)
    names = [n for n in firm.people if n.startswith("skill_") and n.endswith("_begin")]
    there = firm.there(firm.start)
    scores = []
    for name in names:
        own = firm.people[name]
        scores.append((own - own[there].mean()) / own[there].std())
    table = np.stack(scores)
    places = [np.searchsorted(firm.people["person"], pairs[who][first]) for who in ("mentee", "mentor")]  # fmt: skip
    weak, strong = table[:, places[0]] < -0.5, table[:, places[1]] > 0.5
    deficit, matched = weak.any(axis=0), (weak & strong).any(axis=0)
    gains = pairs["mentee_gain"][first]
    return standardised_difference(gains[deficit & matched], gains[deficit & ~matched])


def _formal(firm: Firm) -> Flags:
    return np.asarray(firm.pairs["kind"] == 1)


def complementary_over_similar(work: Fieldwork) -> float:
    """Skill gained per pair where those are paired who know what the other does not, over that where the like are, in %."""
    gains = [
        work.arm(name).pairs["mentee_gain"][_formal(work.arm(name))].mean()
        for name in ("complementary", "similar")
    ]
    return float(100.0 * (gains[0] / gains[1] - 1.0))


def quality_of_the_like(work: Fieldwork) -> float:
    """Quality of pairs of the like, less that of pairs who complement each other, in SD of pairs."""
    like, unlike = (
        work.arm(name).pairs["quality_end"][_formal(work.arm(name))]
        for name in ("similar", "complementary")
    )
    return standardised_difference(like, unlike)


def _ideas(firm: Firm) -> float:
    """Ideas carried out by everybody who was ever there."""
    return float(firm.people["ideas_implemented"].sum())


def flat_over_steep(work: Fieldwork) -> float:
    """Ideas that reverse mentoring adds in the flat firm less those it adds in the steep one, per 100 people."""
    flat = _ideas(work.arm("flat, reverse")) - _ideas(work.arm("flat"))
    steep = _ideas(work.arm("steep, reverse")) - _ideas(work.arm("steep"))
    return (flat - steep) / 30.0


def alike_in_departments(work: Fieldwork) -> float:
    """ICC(1) of engagement by department, measured with a reliability of .85."""
    firm = work.firm
    there = np.flatnonzero(firm.there(firm.months - 1))
    answers = work.measured(firm.people["engagement_end"][there], 0.85, 1)
    return intraclass_correlation(answers, firm.people["department"][there])


def engaged_units_lose_fewer(work: Fieldwork) -> float:
    """Correlation over departments of mean engagement with the share who quit in the two years after."""
    firm = work.firm
    people = firm.people
    there = firm.there(firm.start)
    quit_ = (people["left"] != NEVER) & (people["cause"] == QUIT)
    means, shares = [], []
    for one in np.unique(people["department"]):
        own = there & (people["department"] == one)
        if own.sum() >= 10:
            means.append(people["engagement_begin"][own].mean())
            shares.append(quit_[own].mean())
    return float(np.corrcoef(means, shares)[0, 1]) if len(means) > 2 else NOTHING


def directions(call_centre: dict[str, Any]) -> tuple[Study, ...]:
    """The studies.

    Parameters
    ----------
    call_centre
        Settings of the trial of M-GAIN, in which everybody has to take part.
    """
    opt_in = {name: values for name, values in call_centre.items() if name != "volunteering"}
    steep: dict[str, dict[str, Any]] = {
        f"{name}{', reverse' if with_it else ''}": {
            "organisation.hierarchy_strength": strength,
            "programme.policy": "reverse" if with_it else "none",
        }
        for name, strength in (("flat", 0.1), ("steep", 0.9))
        for with_it in (False, True)
    }

    pairing: dict[str, dict[str, Any]] = {
        "complementary": {"programme.policy": "complementary"},
        "similar": {"programme.policy": "similarity"},
    }

    def study(
        name: str, title: str, unit: str, kind: Any, low: float, high: float, source: str,
        sample: str, statistic: Callable[[Fieldwork], float], **more: Any,
    ) -> Study:  # fmt: skip
        return Study(name, title, unit, kind, NOTHING, low, high, source, "direction", sample,
                     statistic, direction=True, **more)  # fmt: skip

    return (
        study("dashboard_existing", "Quits, joiners against others: existing staff", "hazard ratio",
              "cohort", 0.3, 0.95, "M-JOIN; sorting (Farber 1999)", "3,000 people over 2 years",
              cohort_hazard_ratio(existing_staff, joined, size=EVERYBODY), settings=_DASHBOARD),
        study("dashboard_newcomers", "Quits, joiners against others: newcomers", "hazard ratio",
              "cohort", 0.3, 0.95, "M-JOIN; sorting (Farber 1999)", "3,000 people over 2 years",
              cohort_hazard_ratio(newcomers, joined, size=EVERYBODY), settings=_DASHBOARD),
        study("lottery_quits", "Quits, drawn by lot against not drawn", "hazard ratio", "trial", 0.8,
              1.1, "M-SIZE (small)", "all volunteers among 3,000 people",
              cohort_hazard_ratio(in_the_lottery, drawn, size=EVERYBODY),
              settings={**_DASHBOARD, "programme": {**_DASHBOARD["programme"], "participation": "lottery"}}),
        study("everybody_over_volunteers", "Gain per mentee, all taking part over volunteers", "%", "trial",
              0.0, 60.0, "M-JOIN, M-GAIN (who needs it least comes)", "mentees in their first year of service",
              everybody_over_volunteers, settings=_OPT_IN, months=26,
              arms={"everybody": {"programme.participation": "universal"}, "volunteers": {}}),
        study("everybody_over_volunteers_any_service", "Gain per pair, all taking part over volunteers: any service",
              "%", "trial", 0.0, 60.0, "M-JOIN (who needs it least comes)", "mentees of any length of service",
              everybody_over_volunteers, settings=_ANY_SERVICE, months=26,
              arms={"everybody": {"programme.participation": "universal"}, "volunteers": {}}),
        study("opt_outs_over_opt_ins", "Gain of would-be opt-outs over would-be opt-ins", "%", "trial",
              0.0, 60.0, "M-JOIN, M-GAIN (who needs it least comes)", "mentees in their first year of service",
              opt_outs_over_opt_ins, settings=_OPT_IN, months=26,
              arms={"everybody": {"programme.participation": "universal"}, "volunteers": {}}),
        study("mandatory_over_opt_in", "Newcomers' gain in output, mandatory less opt-in", "points of %",
              "trial", 0.0, 20.0, "M-GAIN, M-JOIN", "all newcomers of a call centre over 2 1/2 years",
              mandatory_over_opt_in, settings=opt_in, months=36, panel=True,
              arms={"mandatory": {f"volunteering.{key}": value
                                  for key, value in call_centre["volunteering"].items()}, "opt in": {}}),
        study("matched_deficits", "Skill gained, deficits matched less not matched", "SD", "dyads",
              0.02, 2.0, "M-DEFIC", "all pairs of 1,500 people", matched_over_unmatched,
              settings={"organisation": {"employees": 1500},
                        "programme": {"policy": "random", "start_month": 12, "cohorts": 1}}, months=25),
        study("complementary_over_similar", "Skill gained, complementary over similar pairing", "%", "trial",
              0.0, 100.0, "M-DEFIC, M-SIM", "all pairs of 1,500 people, two ways of pairing",
              complementary_over_similar, settings=_PAIRED, months=25, arms=pairing),
        study("quality_of_the_like", "Relationship quality, similar less complementary pairing", "SD", "trial",
              0.0, 2.0, "M-SIM", "all pairs of 1,500 people, two ways of pairing",
              quality_of_the_like, settings=_PAIRED, months=25, arms=pairing),
        study("flat_over_steep", "Ideas by reverse mentoring, flat less steep firms", "per 100 people", "trial",
              0.0, 20.0, "M-REV", "3,000 people over 2 years", flat_over_steep,
              settings={"organisation": {"employees": 3000}, "programme": {"start_month": 12}}, arms=steep),
        study("alike_in_departments", "Engagement alike in departments, ICC(1)", "share of variance",
              "cross-section", 0.03, 0.2, "Bliese 2000 (usual range)", "1,500 people", alike_in_departments,
              settings={"organisation": {"employees": 1500}, "programme": {"start_month": 12}}, months=24),
        study("engaged_units", "Departments' engagement with quits after", "correlation", "cohort", -0.9,
              -0.05, "W-ATT, Bliese 2000 (units)", "40 departments of 1,500 people over 2 years",
              engaged_units_lose_fewer,
              settings={"organisation": {"employees": 1500}, "programme": {"start_month": 12}}, months=36),
    )  # fmt: skip
