"""What a roster knows: which rules can be checked, and a plan in which nothing invented bars a pair."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.organisation.design import chart_from_roster
from sim.organisation.roster.groups import EVERYBODY
from sim.organisation.roster.roster import Roster
from sim.simulation.plan import Plan, prepare

__all__ = ["WORDS", "KnownRules", "plan_for_list"]

WORDS = {
    "bar_own_manager": "not one's own manager",
    "bar_skip_level": "not the manager's manager",
    "bar_same_team": "not the same team",
    "same_site_only": "the same site",
    "other_department_only": "another department",
    "minimum_age_gap": "a smallest age gap",
    "direction": "the levels that the policy asks for",
    "oneself": "not oneself",
}
"""Rules in a coordinator's words."""


@dataclass(frozen=True, slots=True)
class KnownRules:
    """Which of the programme's rules the roster lets us check.

    Attributes
    ----------
    checked, unchecked
        Names of rules that are on; those that cannot be checked are off, with the reason.
    partly
        Rules that are checked where both people's entries are on file, with how many people's are missing.
    site, age
        What the roster knows, where the rule is checked by it: site codes (-1 unknown), years (NaN unknown).
    smallest_age_gap
        Years; 0 where the rule is off.
    """

    checked: tuple[str, ...]
    unchecked: tuple[tuple[str, str], ...]
    partly: tuple[tuple[str, int], ...]
    site: NDArray[np.int32] | None
    age: NDArray[np.float64] | None
    smallest_age_gap: float

    def bars(
        self, mentees: NDArray[np.int64], mentors: NDArray[np.int64]
    ) -> NDArray[np.bool_] | None:
        """Pairs that known sites or ages rule out; shape (m, n), None where neither is checked here."""
        found = None
        if self.site is not None:
            one, other = self.site[mentees][:, None], self.site[mentors][None, :]
            found = (one != other) & (one >= 0) & (other >= 0)
        if self.age is not None:
            apart = np.abs(self.age[mentees][:, None] - self.age[mentors][None, :])
            close = apart < self.smallest_age_gap  # False where an age is unknown
            found = close if found is None else found | close
        return found


def plan_for_list(name: str, settings: Any, roster: Roster) -> tuple[Plan, KnownRules]:
    """Prepare a policy's plan in which managers, sites and ages that the roster does not know bar nobody.

    The skill data have no error here: they are what the roster says, or what is expected.
    """
    changed = {section: dict(values) for section, values in settings.items()}
    changed["pairing"]["skill_data_error"] = 0.0
    changed["scenario"]["months"] = 1
    changed["programme"].update(start_month=0, check_in_months=0, enrolment="fixed")
    programme = changed["programme"]
    checked: list[str] = []
    unchecked: list[tuple[str, str]] = []
    partly: list[tuple[str, int]] = []
    no_managers = bool((roster.manager < 0).all())
    for rule in ("bar_own_manager", "bar_skip_level", "bar_same_team"):
        if not programme[rule]:
            continue
        if no_managers:
            unchecked.append((rule, "no managers on file"))
            programme[rule] = False
        else:
            checked.append(rule)
            missing = int((roster.manager < 0).sum())
            if missing > 1:
                partly.append((rule, missing))
    site = age = None
    if programme["same_site_only"]:
        programme["same_site_only"] = False
        if (roster.site < 0).all():
            unchecked.append(("same_site_only", "no sites on file"))
        else:
            site = roster.site
            checked.append("same_site_only")
            if missing := int((site < 0).sum()):
                partly.append(("same_site_only", missing))
    gap = float(programme["minimum_age_gap"])
    if gap > 0.0:
        programme["minimum_age_gap"] = 0.0
        if np.isnan(roster.age).all():
            unchecked.append(("minimum_age_gap", "no ages on file"))
        else:
            age = roster.age
            checked.append("minimum_age_gap")
            if missing := int(np.isnan(age).sum()):
                partly.append(("minimum_age_gap", missing))
    if roster.department_names == (EVERYBODY,) and programme["other_department_only"] is not False:
        programme["other_department_only"] = False
        unchecked.append(("other_department_only", "no departments on file"))
    chart = chart_from_roster(roster, changed["organisation"])
    known = roster.manager[chart.slot] >= 0
    chart = replace(chart, boss=np.where(known, chart.boss, -1))
    plan = prepare(name, changed, roster=roster, chart=chart, window_start=0)
    if any(policy.other_department for policy in plan.policies):
        checked.append("other_department_only")
    rules = KnownRules(tuple(checked), tuple(unchecked), tuple(partly), site, age, gap)
    return plan, rules
