"""The core arithmetic of an employee-month in one hand-fused loop: the floor for the engine's time.

In the loop, for everybody, with the engine's own addresses and equations: six Philox draws (departure,
tie change, informal search, contact, mood, idea); the hazards of retiring, dismissal and quitting; whether
a tie or a mentor is looked for; what is usual in a department, learning by asking and from a tie; practice and
obsolescence of all skills; embeddedness; what department and manager add; engagement, safety and confidence;
the number of ideas, with recombination over ties where it matters; output; sums of ten measures in registers.

Not in it: anything that follows from those events. Nobody leaves or joins, no tie or pair changes, pairs do
not meet, an idea's fate is not followed, and nothing is summed by group of people. :func:`same_numbers`
checks that what is in it is what the engine computes, bit for bit.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numba
import numpy as np
from numpy.typing import NDArray

from sim.engine import columns, decisions
from sim.simulation.plan import Plan
from sim.simulation.simulation import Simulation

SUMS = 10
PHASES = (
    "departures",
    "ties",
    "informal",
    "learning",
    "practice",
    "embeddedness",
    "units",
    "engagement",
    "ideas",
    "recording",
)
"""Mechanisms of the engine whose arithmetic is (in part) in the loop."""

fused = numba.njit(nogil=True, error_model="numpy")


@fused
def philox(who: int, what: int, month: int, key: NDArray[np.uint64]) -> tuple[float, ...]:
    """Philox4x32-10 with the engine's addresses, as three numbers in (0, 1)."""
    low, shift = np.uint64(0xFFFFFFFF), np.uint64(32)
    c0, c1 = np.uint64(who), np.uint64(0)
    c2, c3 = np.uint64(month) * np.uint64(65536) + np.uint64(what), key[2]
    k0, k1 = key[0], key[1]
    for _ in range(10):
        product_0 = np.uint64(0xD2511F53) * c0
        product_1 = np.uint64(0xCD9E8D57) * c2
        c0 = (product_1 >> shift) ^ c1 ^ k0
        c1 = product_1 & low
        c2 = (product_0 >> shift) ^ c3 ^ k1
        c3 = product_0 & low
        k0 = (k0 + np.uint64(0x9E3779B9)) & low
        k1 = (k1 + np.uint64(0xBB67AE85)) & low
    scale = 2.0**-32
    return (float(c0) + 0.5) * scale, (float(c1) + 0.5) * scale, (float(c2) + 0.5) * scale


@fused
def find_usual(whole, ties, old, usual, heads, sought):  # type: ignore[no-untyped-def]
    """Mean skills of every department, and how many seek each person's advice."""
    department = whole[6]
    usual[:, :] = 0.0
    heads[:] = 0.0
    sought[:] = 0.0
    for slot in range(old.shape[0]):
        own = department[slot]
        heads[own] += 1.0
        for k in range(old.shape[1]):
            usual[own, k] += old[slot, k]
        for place in range(ties.shape[1]):
            if ties[slot, place] >= 0:
                sought[ties[slot, place]] += 1.0
    for own in range(usual.shape[0]):
        for k in range(usual.shape[1]):
            usual[own, k] /= max(1.0, heads[own])


@fused
def live_month(people, whole, ties, old, new, potential, skill, around, key, p, month, left, sums):  # type: ignore[no-untyped-def]
    """One month of everybody: reads the skills `old`, writes `new`; flags leavers, adds to `sums`."""
    (engagement, baseline, safety, confidence, growth_need, propensity, embeddedness, settledness,
     initiative, unit, output_of, ability, humility, learnt, given) = people  # fmt: skip
    birth, hire, level_since, level, mentors, mentees, department, manager = whole
    usual, heads, sought, held, climate_of, asked = around
    leave, feel, learning, ideas = p.departures, p.engagement, p.learning, p.ideas
    holds = p.embeddedness
    skills, places = old.shape[1], ties.shape[1]
    find_usual(whole, ties, old, usual, heads, sought)
    climate = feel.safety_mean - feel.hierarchy_effect * (p.organisation.hierarchy_strength - 0.5)
    climate = min(1.0, max(0.0, climate))
    absorption = 2.0 * learning.absorption * learning.absorption
    happy = fit = strong = safe = had = gone = searched = turned = taught = 0.0
    for slot in range(old.shape[0]):
        # Leaving.
        u0, u1, u2 = philox(slot, decisions.DEPARTURE, month, key)
        age = (month - birth[slot]) / 12.0
        tenure = month - hire[slot]
        left[slot] = 0
        retires = 0.0
        if age >= leave.retirement_from:
            yearly = leave.retirement_rate * math.exp(leave.retirement_growth * (age - 60.0))
            years = math.floor(age)
            if years == 62.0 or years == 65.0:
                yearly = yearly * leave.retirement_spike
            retires = 1.0 - math.exp(-yearly / 12.0)
        by_output = math.exp(-leave.dismissal_by_output * (output_of[slot] - leave.ordinary_output))
        if u0 < retires or u1 < 1.0 - math.exp(-leave.involuntary_rate / 12.0 * by_output):
            left[slot] = 1
        else:
            x = tenure / leave.newcomer_peak
            beyond = max(0.0, month - level_since[slot] - leave.stagnation_from)
            log_factor = (
                leave.newcomer_excess * x * math.exp(1.0 - x)
                - leave.tenure_decline * math.log(1.0 + tenure / 12.0)
                - leave.age_decline * (age - 40.0) / 10.0
                - leave.level_decline * (level[slot] - 1.0)
                - leave.engagement_effect * ((engagement[slot] - feel.average) / feel.spread)
                - leave.embeddedness_effect * embeddedness[slot]
                + leave.stagnation_effect
                * (growth_need[slot] * min(1.0, beyond / leave.stagnation_span))
                - leave.settledness_effect * settledness[slot]
                - leave.unit_effect * (unit[slot] / feel.spread)
            )
            if u2 < 1.0 - math.exp(-leave.quit_rate / 12.0 * math.exp(log_factor)):
                left[slot] = 1
        gone += left[slot]
        # Looking for a tie, for an informal mentor.
        rate = p.ties.rewiring_rate
        for place in range(places):
            if ties[slot, place] < 0:
                rate = p.ties.search_rate
        searched += philox(slot, decisions.TIE_CHANGE, month, key)[0] < rate
        seeking = max(0.0, 1.0 + p.people.seeking_by_initiative * initiative[slot])
        if mentors[slot] == 0:
            rate = p.informal.search_rate * 2.0 * growth_need[slot] * seeking
            turned += philox(slot, decisions.INFORMAL_SEARCH, month, key)[0] < rate
        # Learning by asking where one is below what is usual.
        own = department[slot]
        rate = learning.asking_rate * max(0.0, 1.0 - tenure / learning.asking_months)
        share = 1.0 - math.exp(-seeking * (rate + learning.asking_lasting))
        for k in range(skills):
            asked[k] = share * max(0.0, usual[own, k] - learning.asking_below - old[slot, k])
        # Learning from a tie, in the subject with the widest gap.
        u0, u1, u2 = philox(slot, decisions.CONTACT, month, key)
        if u0 < learning.contact_rate * seeking:
            other = ties[slot, int(math.floor(u1 * places))]
            if other >= 0:
                same = department[other] == own
                variety = learning.variety if same else 0.0
                best, widest = -1, learning.threshold
                for k in range(skills):
                    known, theirs = old[slot, k], old[other, k]
                    gap = theirs - known + variety * known * (1.0 - theirs)
                    if gap > widest:
                        best, widest = k, gap
                if best >= 0:
                    background = learning.absorption_within if same else 1.0
                    gain = learning.contact_gain * math.exp(
                        -background * widest * widest / absorption
                    )
                    gain *= widest - learning.threshold
                    more = gain - min(gain, asked[best])
                    asked[best] += more
                    taught += more
        # Practice and obsolescence.
        output = 0.0
        for k in range(skills):
            known = min(1.0, old[slot, k] + asked[k])
            if potential[slot, k] > known:
                known = known + skill[1, k] * (potential[slot, k] - known)
            known = (1.0 - skill[2, k]) * known
            new[slot, k] = known
            output += skill[0, k] * known
        # Embeddedness: relationships, ties, the team, years, fit.
        boss = manager[slot]
        known_to, team = sought[slot], 0.0
        for place in range(places):
            other = ties[slot, place]
            if other >= 0:
                known_to += 1.0
                its = manager[other]
                if other == boss or its == slot or (boss >= 0 and its == boss):
                    team += 1.0
        years = tenure / 12.0
        full = min(
            1.0,
            holds.relationships_weight * min(1.0, held[slot])
            + holds.ties_weight * min(1.0, known_to / holds.ties_full)
            + holds.team_weight * min(1.0, team / holds.team_full)
            + holds.tenure_weight * years / (years + holds.tenure_half)
            + holds.fit_weight * (1.0 / (1.0 + math.exp(-settledness[slot]))),
        )
        embeddedness[slot] += holds.adjustment * (full - embeddedness[slot])
        # Department and manager; engagement, safety, confidence.
        leads = 0.5
        if boss >= 0:
            leads = 0.5 * (ability[boss] + humility[boss])
        unit[slot] = p.units.department_spread * climate_of[own] + p.units.manager_effect * (
            leads - 0.5
        )
        u0, u1, u2 = philox(slot, decisions.MOOD, month, key)
        z = math.sqrt(-2.0 * math.log(u0)) * math.cos(2.0 * math.pi * u1)
        older = feel.age_contrast * min(1.0, max(-1.0, (age - feel.middle_age) / 20.0))
        push = (
            feel.learning_effect * (learnt[slot] * (1.0 - older))
            - feel.overload_effect * max(0, mentees[slot] - 2)
            + feel.giving_effect * (given[slot] * (1.0 + older))
        )
        feeling = engagement[slot]
        feeling = feeling + feel.reversion * (baseline[slot] + unit[slot] - feeling) + push
        feeling = feeling + feel.noise * z
        feeling = min(1.0, max(0.0, feeling))
        engagement[slot] = feeling
        s = safety[slot]
        safety[slot] = min(1.0, max(0.0, s + feel.safety_reversion * (climate - s)))
        c = confidence[slot]
        c += feel.confidence_reversion * (feel.confidence_mean - c)
        confidence[slot] = min(1.0, max(0.0, c))
        # Ideas: whom one could combine with is asked where it can matter.
        u0, u1, u2 = philox(slot, decisions.IDEA, month, key)
        alone = ideas.rate / 12.0 * propensity[slot]
        alone = alone * math.exp(ideas.engagement_effect * (feeling - feel.average))
        most = alone * (1.0 + ideas.recombination_effect)
        if u0 >= 1.0 - most and u0 >= math.exp(-most):
            views = weight = 0.0
            for place in range(places):
                other = ties[slot, place]
                if other >= 0:
                    total = 0.0
                    for k in range(skills):
                        difference = new[slot, k] - old[other, k]
                        total += difference * difference
                    x = math.sqrt(total / skills) / p.recombination.best_distance
                    views += x * math.exp(1.0 - x)
                    weight += 1.0
            share = views / (weight + ideas.saturation)
            rate = alone * (1.0 + ideas.recombination_effect * share)
            probability = math.exp(-rate)
            reached, number = probability, 0
            while u0 >= reached and number < 8:
                number += 1
                probability = probability * rate / number
                reached += probability
            had += number
        effort = 1.0 - feel.effort_share + feel.effort_share * feeling / feel.average
        output_of[slot] = output * effort
        happy += feeling
        fit += feeling >= feel.engaged_from
        strong += output_of[slot]
        safe += safety[slot]
    for place, value in enumerate((happy, fit, strong, safe, had, gone, searched, turned, taught)):
        sums[place] += value
    sums[9] += old.shape[0]


@dataclass(slots=True)
class FusedFirm:
    """Plain arrays taken from the start of a world of the engine."""

    people: tuple[NDArray[np.float64], ...]
    whole: tuple[NDArray[np.int64], ...]
    ties: NDArray[np.int64]
    old: NDArray[np.float64]
    new: NDArray[np.float64]
    potential: NDArray[np.float64]
    skill: NDArray[np.float64]
    around: tuple[NDArray[np.float64], ...]
    key: NDArray[np.uint64]
    p: Any
    left: NDArray[np.int64]
    sums: NDArray[np.float64]
    month: int = 0

    def run(self, months: int) -> None:
        """Live through some months."""
        for _ in range(months):
            live_month(
                self.people, self.whole, self.ties, self.old, self.new, self.potential, self.skill,
                self.around, self.key, self.p, self.month, self.left, self.sums,
            )  # fmt: skip
            self.old, self.new = self.new, self.old
            self.month += 1


def firm_of(simulation: Simulation) -> FusedFirm:
    """The firm of a world that has not begun."""
    state = simulation.state
    real = ("ENGAGEMENT", "BASELINE_ENGAGEMENT", "SAFETY", "CONFIDENCE", "GROWTH_NEED",
            "PROPENSITY", "EMBEDDEDNESS", "SETTLEDNESS", "INITIATIVE", "UNIT", "OUTPUT",
            "MENTORING_ABILITY", "HUMILITY", "LEARNT", "GIVEN")  # fmt: skip
    whole = ("BIRTH_MONTH", "HIRE_MONTH", "LEVEL_MONTH", "LEVEL", "INFORMAL_MENTORS",
             "INFORMAL_MENTEES", "PERSON_DEPARTMENT", "MANAGER")  # fmt: skip
    rows = (columns.SKILL_WEIGHT, columns.SKILL_PRACTICE, columns.SKILL_DECAY)
    people, departments = len(state.skills), state.department.shape[1]
    held = np.zeros(people)
    for row in range(state.counts[columns.DYADS]):
        hold = (
            state.dyad[columns.QUALITY, row]
            / simulation.plan.record[0].embeddedness.relationships_full
        )
        held[state.dyad_whole[columns.MENTOR, row]] += hold
        held[state.dyad_whole[columns.MENTEE, row]] += hold
    return FusedFirm(
        people=tuple(state.person[getattr(columns, name)].copy() for name in real),
        whole=tuple(state.whole[getattr(columns, name)].copy() for name in whole),
        ties=state.ties.copy(),
        old=state.skills.copy(),
        new=np.zeros_like(state.skills),
        potential=state.potential.copy(),
        skill=np.ascontiguousarray(state.skill[list(rows)]),
        around=(
            np.zeros((departments, state.skills.shape[1])),
            np.zeros(departments),
            np.zeros(people),
            held,
            state.department[columns.CLIMATE].copy(),
            np.zeros(state.skills.shape[1]),
        ),
        key=np.array(state.luck, dtype=np.uint64),
        p=simulation.plan.record[0],
        left=np.zeros(people, dtype=np.int64),
        sums=np.zeros(SUMS),
    )


def same_numbers(plan: Plan, seed: int) -> bool:
    """Whether the loop gives the engine's leavers, skills and feelings for a first month."""
    leaving = Simulation(plan, seed, 0)
    firm = firm_of(leaving)
    firm.run(1)
    everything = ("vacancies", "ties", "informal", "meetings", "endings", "awareness", "recording")
    staying = Simulation(plan, seed, 0).run_phase_by_phase(1, without=("departures", *everything))
    leaving.run_phase_by_phase(1, without=everything)
    engine = staying.state
    return (
        np.array_equal(leaving.state.whole[columns.LEFT_NOW] > 0, firm.left > 0)
        and np.array_equal(engine.skills, firm.old)
        and np.array_equal(engine.person[columns.ENGAGEMENT], firm.people[0])
        and np.array_equal(engine.person[columns.SAFETY], firm.people[2])
        and np.array_equal(engine.person[columns.EMBEDDEDNESS], firm.people[6])
        and np.array_equal(engine.person[columns.UNIT], firm.people[9])
    )
