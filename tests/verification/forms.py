"""Closed forms A to I: the engine's own mechanisms, everything else neutral, against formulas.

Each function returns findings; `more` multiplies the number of runs. A form that needs people to meet by
chance switches the encounters on.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.engine import columns
from sim.engine.pairs import NewPair, add_pair
from sim.organisation.design import Chart
from sim.simulation.simulation import Simulation
from verification.findings import Finding, finding
from verification.firms import flat, plan_for, simulation, unclipped

__all__ = ["FORMS"]

Real = NDArray[np.float64]


def _logit(p: float) -> float:
    return math.log(p / (1.0 - p))


def _monthly(yearly: float) -> float:
    """Monthly probability at a yearly hazard."""
    return 1.0 - math.exp(-yearly / 12.0)


def _normal_mean(function: Callable[[Real], Real]) -> float:
    """Mean of a function of a standard normal number, by Gauss-Hermite quadrature."""
    nodes, weights = np.polynomial.hermite_e.hermegauss(80)
    return float((weights * function(nodes)).sum() / weights.sum())


def _logistic(x: Any) -> Any:
    return 1.0 / (1.0 + np.exp(-x))


def _present(world: Simulation) -> NDArray[np.bool_]:
    return world.state.whole[columns.ACTIVE] == 1


# --- A, B: pairs ---------------------------------------------------------------------------------------


def _pair_everybody(world: Simulation, *, two_way: int = 0) -> tuple[Real, Real]:
    """Make a lasting pair of slots 0 and 1, of 2 and 3, ...; returns views on both sides' skills."""
    everything = (1 << world.state.skills.shape[1]) - 1
    for slot in range(0, world.state.skills.shape[0], 2):
        pair = NewPair(
            slot, slot + 1, 0, columns.OPEN_ENDED, 0, two_way, columns.INFORMAL_DIRECTION, 1,
            everything, everything, 1.0, 0.0, 1.0, 0.0,
        )  # fmt: skip
        add_pair(world.handle, pair, 0)  # type: ignore[no-untyped-call]
    return world.state.skills[0::2], world.state.skills[1::2]


def mentor_and_mentee(more: int = 1) -> list[Finding]:
    """A1, A2: a fixed mentor S, meetings with probability m: mean and variance of the mentee's skill."""
    m, r, mentor, begin, months = 0.6, 0.2, 0.9, 0.2, 6
    plan = plan_for(
        flat(600),
        months,
        meetings__attendance_informal=_logit(m),
        meetings__attendance_by_quality=0.0,
        meetings__distance_cancels=0.0,
        meetings__rank_cancels=0.0,
        learning__rate=r,
        learning__informal_attention=1.0,
    )
    means, variances = [], []
    for number in range(24 * more):
        world = simulation(plan, number)
        mentors, mentees = _pair_everybody(world)
        mentors[:], mentees[:] = mentor, begin
        unclipped(world.run())
        means.append(mentees.mean())
        variances.append(mentees.var(ddof=1))

    def mean(keep: float, t: float = months) -> float:
        return mentor - (mentor - begin) * keep**t

    def variance(square: float, keep: float) -> float:
        return (mentor - begin) ** 2 * (square**months - keep ** (2 * months))

    one = 1 - m * r
    return [
        finding("A1", f"mean skill after {months} months", mean(one), means, {
            "yearly rate for monthly": mean(1 - m * r / 12),
            "continuous time": mean(math.exp(-m * r)),
            "learns before the first meeting": mean(one, months - 1),
            "meets every month": mean(1 - r),
        }),
        finding("A2", "variance between mentees", variance(1 - 2 * m * r + m * r * r, one), variances, {
            "both meetings' luck shared": variance(1 - 2 * m * r + m * m * r * r, one),
            "spread of one month times months": months * m * (1 - m) * (r * (mentor - begin)) ** 2,
        }),
    ]  # fmt: skip


def _exchanging(chart: Chart, months: int, **settings: Any) -> Any:
    """A plan in which people meet by chance; settings without a section are those of the encounters."""
    own = {f"encounters__{name}": value for name, value in settings.items() if "__" not in name}
    others = {name: value for name, value in settings.items() if "__" in name}
    return plan_for(chart, months, **own, **others)


def _linked(plan: Any, number: int, x: float, y: float) -> Simulation:
    """A world in which slots 0, 2, ... know `x` and have a tie to 1, 3, ..., who know `y` and have none."""
    world = simulation(plan, number)
    world.state.ties[0::2, 0] = np.arange(1, len(world.state.ties), 2)
    world.state.ties[1::2, 0] = -1
    world.state.skills[0::2], world.state.skills[1::2] = x, y
    return world


def pairs_that_mix(more: int = 1) -> list[Finding]:
    """B1, B2: symmetric exchange in a fixed pair, simultaneous or in turn: limit, and gap on the way."""
    rx, ry, m, x0, y0 = 0.3, 0.1, 0.6, 0.2, 0.8
    found = []
    simultaneous = (ry * x0 + rx * y0) / (rx + ry)
    in_turn = x0 + rx * (y0 - x0) / (rx + ry - rx * ry)
    swapped = (rx * x0 + ry * y0) / (rx + ry)
    settings: dict[str, Any] = {
        "who": "linked", "seekers": "everybody", "rate": rx, "other_rate": ry, "chance": m,
        "kernel": "averaging",
    }  # fmt: skip
    for name, update, right, wrong in (
        ("B1", "simultaneous", simultaneous, {"in turn (B2)": in_turn}),
        ("B2", "in_turn", in_turn, {"simultaneous (B1)": simultaneous}),
    ):
        world = _linked(_exchanging(flat(40), 300, update=update, **settings), 0, x0, y0)
        limits = unclipped(world.run()).state.skills[:, 0]
        wrong = {**wrong, "weight = own learning rate": swapped, "only the lower learns (B3)": y0}
        found.append(finding(name, "limit of both", right, limits, wrong))
    t = 5
    plan = _exchanging(flat(2000), t, **settings)
    gaps = []
    for number in range(4 * more):
        skills = unclipped(_linked(plan, number, x0, y0).run()).state.skills[:, 0]
        gaps.append((skills[1::2] - skills[0::2]).mean())
    found.append(finding("B1", f"gap after {t} months", (y0 - x0) * (1 - m * (rx + ry)) ** t, gaps, {
        "only one side moves": (y0 - x0) * (1 - m * rx) ** t,
        "in turn": (y0 - x0) * (1 - m * (rx + ry - rx * ry)) ** t,
    }))  # fmt: skip
    return found


def two_way_pairs(more: int = 1) -> list[Finding]:
    """B3: in the model's own two-way pairs only gaps close: the limit is the larger, skill by skill."""
    plan = plan_for(
        flat(200),
        300,
        3,
        meetings__attendance_informal=10.0,
        learning__rate=0.3,
        learning__informal_attention=1.0,
        learning__focus=6,
    )
    world = simulation(plan, 0)
    first, second = _pair_everybody(world, two_way=1)
    begin = np.random.default_rng(1).uniform(0.2, 0.9, (2, *first.shape))
    first[:], second[:] = begin
    unclipped(world.run())
    expected = np.maximum(begin[0], begin[1])
    found = []
    for side, skills in (("mentor", first), ("mentee", second)):
        found.append(finding("B3", f"{side}'s limit minus the larger", 0.0, (skills - expected).ravel(), {
            "symmetric (B1)": (begin.mean(axis=0) - expected).mean(),
            "only the mentee learns": (begin[0] - expected).mean(),
        }))  # fmt: skip
    return found


# --- C: learning, obsolescence, turnover ---------------------------------------------------------------

_LEVEL, _DECAY, _YEARLY = 0.4, 0.01, 0.6


def _after_hiring(world: Simulation, burn_in: int) -> tuple[Real, Real]:
    """Mean and variance of skill among those present behind phase 3, month by month."""
    means, variances = [], []

    def watch(phase: str, state: Any, p: Any, month: int) -> None:
        if phase == "vacancies" and month >= burn_in:
            skills = state.skills[state.whole[columns.ACTIVE] == 1, 0]
            means.append(skills.mean())
            variances.append(skills.var())

    world.run_phase_by_phase(between=watch)
    unclipped(world)
    return np.array(means), np.array(variances)


def practice_with_turnover(more: int = 1) -> list[Finding]:
    """C1: everybody practises towards S every month (m = 1), forgets, leaves and is replaced."""
    r, entry, burn_in = 0.1, 0.5, 120
    plan = plan_for(
        flat(400),
        burn_in + 60,
        skill_levels__emerging_level=_LEVEL,
        skill_levels__emerging_entry=entry,
        practice__emerging_practice=r,
        practice__emerging_decay=_DECAY,
        departures__involuntary_rate=_YEARLY,
        vacancies__fill_rate=1.0,
    )
    values = [
        _after_hiring(simulation(plan, number), burn_in)[0].mean() for number in range(8 * more)
    ]
    target, q = _logistic(_LEVEL), _monthly(_YEARLY)
    keep = (1 - _DECAY) * (1 - r)
    newcomer = entry * (1 - _DECAY) * r * target / (1 - keep)

    def mean(q: float, keep: float, pull: float) -> float:
        return ((1 - q) * pull * target + q * newcomer) / (1 - (1 - q) * keep)

    return [
        finding("C1", "mean skill after hiring", mean(q, keep, (1 - _DECAY) * r), values, {
            "forgets before learning": mean(q, keep, r),
            "yearly exits for monthly": mean(1 - math.exp(-_YEARLY), keep, (1 - _DECAY) * r),
            "a twelfth of the yearly share": mean((1 - math.exp(-_YEARLY)) / 12, keep, (1 - _DECAY) * r),
            "newcomers learn before they are counted": keep * mean(q, keep, (1 - _DECAY) * r)
            + (1 - _DECAY) * r * target,
        })
    ]  # fmt: skip


def peers_only(more: int = 1) -> list[Finding]:
    """C2: symmetric exchange cannot raise the mean; what it does to the variance."""
    r, entry, spread, burn_in, people = 0.3, 0.7, 0.9, 150, 400
    base: dict[str, Any] = {
        "skill_levels__emerging_level": _LEVEL,
        "skill_levels__spread": spread,
        "skill_levels__emerging_entry": entry,
        "practice__emerging_decay": _DECAY,
        "departures__involuntary_rate": _YEARLY,
        "vacancies__fill_rate": 1.0,
        "who": "matched",
        "rate": r,
        "other_rate": r,
    }

    def lived(number: int, kernel: str) -> tuple[float, float]:
        plan = _exchanging(flat(people), burn_in + 50, kernel=kernel, **base)
        means, variances = _after_hiring(simulation(plan, number), burn_in)
        return float(means.mean()), float(variances.mean())

    means, variances = np.array([lived(number, "averaging") for number in range(8 * more)]).T
    rising = np.array([lived(number, "gaps_close")[0] for number in range(2)])
    q = _monthly(_YEARLY)
    first = entry * _normal_mean(lambda z: _logistic(_LEVEL + spread * z))
    second = entry**2 * _normal_mean(lambda z: _logistic(_LEVEL + spread * z) ** 2) - first**2
    mean = q * first / (1 - (1 - q) * (1 - _DECAY))
    survivors = (1 - _DECAY) * mean

    def variance(shrink: float) -> float:
        entering = q * second + q * (1 - q) * (survivors - first) ** 2
        return entering / (1 - (1 - q) * (1 - _DECAY) ** 2 * shrink)

    return [
        finding("C2", "mean skill after hiring", mean, means, {
            "only gaps close (run)": float(rising.mean()),
            "yearly exits for monthly": (1 - math.exp(-_YEARLY)) * first
            / (1 - math.exp(-_YEARLY) * (1 - _DECAY)),
        }),
        finding("C2", "variance of skill after hiring", variance(1 - 2 * r * (1 - r)), variances, {
            "one of two moves": variance(1 - r * (1 - r)),
            "no exchange": variance(1.0),
            "both gaps closed by r twice over": variance((1 - 2 * r) ** 2),
        }),
    ]  # fmt: skip


def enculturation(more: int = 1) -> list[Finding]:
    """C3: pull to S by practice, mean-neutral peers, decay; with turnover, and under a hiring freeze."""
    r, pull, entry, burn_in = 0.3, 0.04, 0.5, 150
    base: dict[str, Any] = {
        "skill_levels__emerging_level": _LEVEL,
        "skill_levels__emerging_entry": entry,
        "practice__emerging_practice": pull,
        "practice__emerging_decay": _DECAY,
        "departures__involuntary_rate": _YEARLY,
        "who": "matched",
        "rate": r,
        "other_rate": r,
        "kernel": "averaging",
    }
    target, q = _logistic(_LEVEL), _monthly(_YEARLY)
    keep = (1 - _DECAY) * (1 - pull)
    a_m = (1 - _DECAY) * pull
    rest = a_m * target / (1 - keep)

    def mean(q: float, keep: float = keep) -> float:
        return ((1 - q) * a_m * target + q * entry * rest) / (1 - (1 - q) * keep)

    plan = _exchanging(flat(400), burn_in + 50, vacancies__fill_rate=1.0, **base)
    steady = [
        _after_hiring(simulation(plan, number), burn_in)[0].mean() for number in range(6 * more)
    ]
    plan = _exchanging(
        flat(400), burn_in + 50, vacancies__fill_rate=1.0, **{**base, "kernel": "gaps_close"}
    )
    rising = np.array(
        [_after_hiring(simulation(plan, number), burn_in)[0].mean() for number in (0, 1)]
    )
    plan = _exchanging(flat(2000), 60, **base)
    frozen = []
    for number in range(3):
        world = simulation(plan, number)
        world.state.skills[:] = rest
        unclipped(world.run())
        frozen.append(world.state.skills[_present(world), 0].mean())
    wrong = {"no entrants": rest, "yearly exits for monthly": mean(1 - math.exp(-_YEARLY))}
    return [
        finding("C3", "steady: mean after hiring", mean(q), steady, {
            **wrong, "only gaps close between peers (run)": float(rising.mean()),
        }),
        finding("C3", "frozen: mean of those who remain", rest, frozen, {
            "entrants still counted": mean(q), "no decay": target,
        }),
    ]  # fmt: skip


# --- D: leaving and hiring -----------------------------------------------------------------------------

_RATE, _EXCESS, _PEAK, _DECLINE = 1.2, 0.6, 9.0, 0.6


def _quitting(chart: Chart, months: int, **settings: Any) -> Any:
    return plan_for(
        chart,
        months,
        **{
            "departures__quit_rate": _RATE,
            "departures__newcomer_excess": _EXCESS,
            "departures__newcomer_peak": _PEAK,
            "departures__tenure_decline": _DECLINE,
            "departures__age_decline": 0.0,
            "departures__level_decline": 0.0,
            "departures__engagement_effect": 0.0,
            "departures__embeddedness_effect": 0.0,
            "departures__stagnation_effect": 0.0,
            "vacancies__fill_rate": 1.0,
            **settings,
        },
    )


def _hazards(months: int) -> Real:
    """Hazard at tenure 0, 1, ..., as the model's description states it."""
    tenure = np.arange(months)
    x = tenure / _PEAK
    log_factor = _EXCESS * x * np.exp(1 - x) - _DECLINE * np.log(1 + tenure / 12)
    return 1 - np.exp(-_RATE / 12 * np.exp(log_factor))


def tenure_in_a_steady_firm(more: int = 1) -> list[Finding]:
    """D1: hazard by tenure, replacement a month later: exits per head, and who has been there how long."""
    months, burn_in = 600, 360
    plan = _quitting(flat(500), months)
    exits, short = [], []
    for number in range(8 * more):
        world = simulation(plan, number).run(burn_in)
        shares = []
        while world.month < months:
            world.run(12)
            tenure = (world.month - 1) - world.state.whole[columns.HIRE_MONTH, _present(world)]
            shares.append((tenure < 12).mean())
        monthly = unclipped(world).state.monthly[burn_in:]
        exits.append(monthly[:, columns.M_QUITS].sum() / monthly[:, columns.M_HEADCOUNT].sum())
        short.append(np.mean(shares))
    hazards = _hazards(6000)
    stay = np.concatenate([[1.0], np.cumprod(1 - hazards[1:])])
    early = np.cumprod(1 - hazards)
    return [
        finding("D1", "exits per head and month", 1 / stay.sum(), exits, {
            "hazard already in the month of hire": 1 / early.sum(),
            "hazard at the mean tenure": hazards[int((stay * np.arange(6000)).sum() / stay.sum())],
            "yearly for monthly": 12 / stay.sum(),
        }),
        finding("D1", "share below 12 months' tenure", stay[:12].sum() / stay.sum(), short, {
            "share below 13 months": stay[:13].sum() / stay.sum(),
            "constant hazard": 1 - (1 - 1 / stay.sum()) ** 12,
        }),
    ]  # fmt: skip


def everybody_new_at_once(more: int = 1) -> list[Finding]:
    """D2: everybody hired in the month before the first: the renewal equation, with a month's vacancy."""
    months, people = 41, 2000
    plan = _quitting(flat(people), months)
    rows = []
    for number in range(12 * more):
        world = simulation(plan, number)
        world.state.whole[columns.HIRE_MONTH] = -1
        rows.append(unclipped(world.run()).state.monthly[:, columns.M_QUITS] / people)
    quits = np.array(rows)
    hazards = _hazards(months + 2)
    stay = np.concatenate([[1.0], np.cumprod(1 - hazards[1:])])
    leave = np.concatenate([[0.0], -np.diff(stay)])

    def renewal(vacancy: int) -> Real:
        u = np.zeros(months)
        for t in range(months):
            u[t] = leave[t + 1] + sum(
                u[s] * leave[t - s - vacancy] for s in range(t - vacancy + 1) if t - s - vacancy > 0
            )
        return u

    stationary = 1 / (np.cumprod(1 - _hazards(6000)).sum() + 1)
    late = slice(18, 30)
    return [
        finding("D2", "exits a month, months 0-5", renewal(1)[:6].mean(), quits[:, :6].mean(axis=1), {
            "stationary from the start (D1)": stationary,
        }),
        finding("D2", "exits a month, months 18-29", renewal(1)[late].mean(), quits[:, late].mean(axis=1), {
            "replaced in the month of leaving": renewal(0)[late].mean(),
            "leavers not replaced": leave[19:31].mean(),
        }),
    ]  # fmt: skip


def filled_posts(more: int = 1) -> list[Finding]:
    """D3: a vacancy filled with probability v a month leaves v / (v + q) of the posts filled."""
    yearly, v = 0.6, 0.3
    plan = plan_for(flat(400), 90, departures__involuntary_rate=yearly, vacancies__fill_rate=v)
    values = []
    for number in range(16 * more):
        monthly = unclipped(simulation(plan, number).run()).state.monthly
        values.append(monthly[40:, columns.M_HEADCOUNT].mean() / 400)
    q = _monthly(yearly)
    return [
        finding("D3", "share of posts filled", v / (v + q), values, {
            "filled in the month of leaving": v / (v + q * (1 - v)),
            "yearly for monthly": v / (v + 1 - math.exp(-yearly)),
        })
    ]  # fmt: skip


def number_of_leavers(more: int = 1) -> list[Finding]:
    """D4: constant hazard, independent exits: binomial."""
    people, q = 200, _monthly(0.6)
    plan = plan_for(flat(people), 1, departures__involuntary_rate=0.6)
    counts = np.array([
        unclipped(simulation(plan, number).run()).state.monthly[0, columns.M_INVOLUNTARY]
        for number in range(600 * more)
    ])  # fmt: skip
    variance = people * q * (1 - q)
    return [
        finding("D4", "leavers", people * q, counts, {
            "yearly for monthly": people * (1 - math.exp(-0.6)),
        }),
        finding("D4", "variance of leavers", variance, (counts - people * q) ** 2, {
            "everybody by one draw": people**2 * q * (1 - q),
            "a fixed number leaves": 0.0,
        }),
    ]  # fmt: skip


# --- E: engagement and hazards -------------------------------------------------------------------------

_KAPPA, _NOISE, _IDEAS, _PUSH = 0.4, 0.03, 0.2, 0.02


def _feeling(people: int, months: int, **settings: Any) -> Any:
    """Ideas come at a fixed rate, all are heard, and each lifts engagement in the month after."""
    return plan_for(
        flat(people),
        months,
        **{
            "engagement__reversion": _KAPPA,
            "engagement__noise": _NOISE,
            "engagement__heard_effect": _PUSH,
            "ideas__rate": 12 * _IDEAS,
            "ideas__engagement_effect": 0.0,
            "ideas__recombination_effect": 0.0,
            **settings,
        },
    )


def engagement(more: int = 1) -> list[Finding]:
    """E1: autoregression with noise and shocks: mean, variance, autocorrelation."""
    people, burn_in, months, lag = 500, 40, 80, 3
    plan = _feeling(people, months)
    average = plan.settings["engagement"]["average"]
    means, variances, products = [], [], []
    mean = average + _IDEAS * _PUSH / _KAPPA
    for number in range(10 * more):
        world = simulation(plan, number).run(burn_in)
        path = []
        while world.month < months:
            path.append(world.run(1).state.person[columns.ENGAGEMENT] - mean)
        unclipped(world)
        deviations = np.array(path)
        means.append(deviations.mean() + mean)
        variances.append((deviations**2).mean())
        products.append((deviations[:-lag] * deviations[lag:]).mean())
    shocks = _NOISE**2 + _IDEAS * _PUSH**2
    variance = shocks / (_KAPPA * (2 - _KAPPA))
    return [
        finding("E1", "mean engagement", mean, means, {
            "shocks left out": average,
            "shocks revert at once": average + _IDEAS * _PUSH,
            "yearly for monthly": average + 12 * _IDEAS * _PUSH / _KAPPA,
        }),
        finding("E1", "variance", variance, variances, {
            "continuous time": shocks / (2 * _KAPPA),
            "noise only": _NOISE**2 / (_KAPPA * (2 - _KAPPA)),
        }),
        finding("E1", f"autocovariance over {lag} months", variance * (1 - _KAPPA) ** lag, products, {
            "continuous time": shocks / (2 * _KAPPA) * math.exp(-lag * _KAPPA),
            "one month out": variance * (1 - _KAPPA) ** (lag + 1),
        }),
    ]  # fmt: skip


def engagement_with_turnover(more: int = 1) -> list[Finding]:
    """E2: the same with exits; entrants come at the baseline, and have had no ideas last month."""
    yearly, push, burn_in = 1.2, 0.04, 60
    plan = _feeling(
        1000,
        burn_in + 40,
        departures__involuntary_rate=yearly,
        vacancies__fill_rate=1.0,
        engagement__heard_effect=push,
    )
    base = plan.settings["engagement"]["average"]
    q = _monthly(yearly)
    values = []
    for number in range(8 * more):
        world = simulation(plan, number)
        found: list[float] = []

        def watch(phase: str, state: Any, p: Any, month: int, found: list[float] = found) -> None:
            if phase == "vacancies" and month >= burn_in:
                present = state.whole[columns.ACTIVE] == 1
                found.append(float(state.person[columns.ENGAGEMENT, present].mean()))

        world.run_phase_by_phase(between=watch)
        unclipped(world)
        values.append(np.mean(found))

    def mean(q: float, shocks: float) -> float:
        pulled = (1 - q) * (_KAPPA * base + shocks) + q * base
        return pulled / (1 - (1 - q) * (1 - _KAPPA))

    shocks = _IDEAS * push
    return [
        finding("E2", "mean engagement after hiring", mean(q, (1 - q) * shocks), values, {
            "no turnover (E1)": base + shocks / _KAPPA,
            "entrants have last month's ideas": mean(q, shocks),
            "yearly exits for monthly": mean(1 - math.exp(-yearly), math.exp(-yearly) * shocks),
        })
    ]  # fmt: skip


def hazard_over_engagement(more: int = 1) -> list[Finding]:
    """E3: hazards that are exponential in a normal engagement."""
    h0, b, spread, people = 0.005, 1.0, 0.06, 5000
    plan = plan_for(
        flat(people),
        1,
        engagement__baseline_spread=spread,
        engagement__spread=spread,
        departures__quit_rate=12 * h0,
        departures__engagement_effect=b,
        departures__newcomer_excess=0.0,
        departures__tenure_decline=0.0,
        departures__age_decline=0.0,
        departures__level_decline=0.0,
        departures__embeddedness_effect=0.0,
        departures__stagnation_effect=0.0,
    )
    values = [
        unclipped(simulation(plan, number).run()).state.monthly[0, columns.M_QUITS] / people
        for number in range(16 * more)
    ]
    exact = _normal_mean(lambda z: 1 - np.exp(-h0 * np.exp(b * z)))
    return [
        finding("E3", "share who quit in a month", exact, values, {
            "hazard at the mean engagement": h0,
            "the half forgotten: h0 exp(b² s²)": h0 * math.exp(b * b),
            "yearly for monthly": 12 * exact,
        })
    ]  # fmt: skip


def logit_of_a_normal(more: int = 1) -> list[Finding]:
    """E4: the mean of a logistic function of a normal number: potentials, and chances at about 1 %."""
    level, spread, people, skills = -5.0, 1.0, 1000, 30
    plan = plan_for(
        flat(people),
        1,
        skills,
        skill_levels__emerging_level=level,
        skill_levels__spread=spread,
    )
    values = [simulation(plan, number).state.potential.mean() for number in range(6 * more)]
    return [
        finding("E4", "mean of logistic(-5 + z)", _normal_mean(lambda z: _logistic(level + spread * z)),
                values, {
            "probit approximation": _logistic(level / math.sqrt(1 + math.pi * spread**2 / 8)),
            "at the mean": _logistic(level),
            "log-normal": math.exp(level + spread**2 / 2),
        })
    ]  # fmt: skip


# --- F: ideas ------------------------------------------------------------------------------------------


def ideas_of_fixed_rates(more: int = 1) -> list[Finding]:
    """F1, F2: people of unequal, fixed rates: Poisson; voice and adoption thin it."""
    pass_on, adopt, people, months = 0.7, 0.5, 60, 1200
    plan = plan_for(
        flat(people, levels=3),
        months,
        people__idea_spread=0.5,
        ideas__rate=12 * 0.4,
        ideas__engagement_effect=0.0,
        ideas__recombination_effect=0.0,
        ideas__voice_pass=pass_on,
        ideas__voice_by_safety=0.0,
        ideas__voice_by_confidence=0.0,
        ideas__adoption=_logit(adopt),
        ideas__adoption_by_quality=0.0,
        ideas__adoption_across=0.0,
    )
    world = simulation(plan, 0)
    rates = 0.4 * world.state.person[columns.PROPENSITY].copy()
    monthly = unclipped(world.run()).state.monthly
    total = rates.sum()
    found = []
    for name, what, measure, thin in (
        ("F1", "ideas", columns.M_IDEAS, 1.0),
        ("F2", "ideas adopted", columns.M_IMPLEMENTED, pass_on * adopt),
    ):
        counts = monthly[:, measure]
        mean = thin * total
        wrong = {"yearly for monthly": 12 * mean, "everybody alike": thin * 0.4 * people}
        if thin < 1.0:
            wrong = {"adoption without voice": adopt * total, "voice twice": pass_on * mean}
        found.append(finding(name, f"{what} a month", mean, counts, wrong))
        spread = {"Bernoulli people": mean - ((thin * rates) ** 2).sum()}
        if thin < 1.0:
            spread = {"thinning a fixed number": mean * (1 - thin)}
        found.append(finding(name, f"variance of {what}", mean, (counts - mean) ** 2, spread))
    return found


def ideas_of_rates_redrawn(more: int = 1) -> list[Finding]:
    """F3: where rates are drawn anew (another world), the variance is mean + N Var(rate)."""
    people, rate, sigma = 40, 0.5, 1.0
    plan = plan_for(
        flat(people),
        1,
        people__idea_spread=sigma,
        ideas__rate=12 * rate,
        ideas__engagement_effect=0.0,
        ideas__recombination_effect=0.0,
    )
    counts = np.array([
        unclipped(simulation(plan, number).run()).state.monthly[0, columns.M_IDEAS]
        for number in range(1000 * more)
    ])  # fmt: skip

    z = np.linspace(-9, 9, 200_001)
    weight = np.exp(-z * z / 2)
    weight /= weight.sum()
    propensity = np.exp(sigma * np.clip(z, -3, 3) - sigma**2 / 2)
    first = float((weight * propensity).sum())
    second = float((weight * propensity**2).sum()) - first**2
    mean = people * rate * first
    return [
        finding("F3", "ideas", mean, counts, {"yearly for monthly": 12 * mean}),
        finding("F3", "variance of ideas", mean + people * rate**2 * second, (counts - mean) ** 2, {
            "rates alike (F1)": mean,
            "Bernoulli": mean * (1 - rate),
            "one rate for all": mean + (people * rate) ** 2 * second,
        }),
    ]  # fmt: skip


# --- G, H: chance meetings -----------------------------------------------------------------------------


def _mixing(plan: Any, begin: Callable[[int], Real], runs: int) -> list[Real]:
    after = []
    for number in range(runs):
        world = simulation(plan, number)
        world.state.skills[:, 0] = begin(number)
        after.append(unclipped(world.run()).state.skills[:, 0].copy())
    return after


def _uneven(people: int) -> Callable[[int], Real]:
    return lambda number: np.linspace(0.1, 0.9, people)


def random_meetings(more: int = 1) -> list[Finding]:
    """G1, G2: how fast symmetric exchange levels people: one pair at a time, or everybody at once."""
    r, people, events, months = 0.3, 10, 12, 4
    before = np.linspace(0.1, 0.9, people).var()
    settings: dict[str, Any] = {"rate": r, "other_rate": r, "kernel": "averaging"}
    plan = _exchanging(flat(people), 1, who="anybody", per_person=events / people, **settings)
    one = [skills.var() / before for skills in _mixing(plan, _uneven(people), 800 * more)]
    plan = _exchanging(flat(people), months, who="matched", **settings)
    all_ = [skills.var() / before for skills in _mixing(plan, _uneven(people), 300 * more)]
    mix = 2 * r * (1 - r)
    return [
        finding("G1", f"variance left after {events} events", (1 - 2 * mix / (people - 1)) ** events, one, {
            "one of the two moves": (1 - mix / (people - 1)) ** events,
            "r for r (1 - r)": (1 - 4 * r / (people - 1)) ** events,
        }),
        finding("G2", f"variance left after {months} months",
                (1 - mix * people / (people - 1)) ** months, all_, {
            "with replacement": (1 - mix) ** months,
            "one of the two moves": (1 - mix / 2 * people / (people - 1)) ** months,
        }),
    ]  # fmt: skip


def two_departments(more: int = 1) -> list[Finding]:
    """G3: two equal departments, a share c matched across: the gap between them."""
    r, c, months, people = 0.2, 0.4, 5, 100
    plan = _exchanging(
        flat(people, 2), months, who="matched_by_department", across=c, rate=r, other_rate=r,
        kernel="averaging",
    )  # fmt: skip
    gaps = []
    for number in range(40 * more):
        world = simulation(plan, number)
        second = world.state.whole[columns.PERSON_DEPARTMENT] == 1
        noise = np.random.default_rng(number).uniform(-0.1, 0.1, people)
        skills = np.where(second, 0.7, 0.3) + noise
        before = skills[second].mean() - skills[~second].mean()
        world.state.skills[:, 0] = skills
        skills = unclipped(world.run()).state.skills[:, 0]
        gaps.append((skills[second].mean() - skills[~second].mean()) / before)
    return [
        finding("G3", f"gap left after {months} months", (1 - 2 * r * c) ** months, gaps, {
            "one side moves": (1 - r * c) ** months,
            "all matched across": (1 - 2 * r) ** months,
            "matched by lot": (1 - 2 * r * 0.5) ** months,
        })
    ]  # fmt: skip


def taught_upward(more: int = 1) -> list[Finding]:
    """H: a skill that one has or has not, taught with probability p at a meeting: logistic growth."""
    p, people, months, begin = 0.3, 2000, 12, 0.1
    plan = _exchanging(flat(people), months, who="matched", rate=1.0, other_rate=1.0, chance=p)
    knowing = (np.arange(people) < begin * people).astype(float)
    values = [skills.mean() for skills in _mixing(plan, lambda number: knowing, 40 * more)]

    def spread(step: Callable[[float], float]) -> float:
        share = begin
        for _ in range(months):
            share = step(share)
        return share

    finite = people / (people - 1)
    return [
        finding("H", f"share that knows after {months} months",
                spread(lambda f: f + p * f * (1 - f) * finite), values, {
            "continuous time": 1 / (1 + (1 / begin - 1) * math.exp(-p * months)),
            "both ask: rate doubled": spread(lambda f: f + 2 * p * f * (1 - f)),
            "also forgotten (symmetric)": begin,
        })
    ]  # fmt: skip


# --- I: contagion --------------------------------------------------------------------------------------


def contagion(more: int = 1) -> list[Finding]:
    """I: quits that raise the team's hazard; the model multiplies where the formula adds."""
    team, teams, h0, burn_in, months = 400, 8, 0.01, 60, 260
    size = teams * (team + 1)
    heads = np.arange(teams, dtype=np.int64) * (team + 1)
    boss = np.repeat(heads, team + 1)
    boss[heads] = -1
    level = np.ones(size, dtype=np.int64)
    level[heads] = 2
    department = np.repeat(np.arange(teams, dtype=np.int64), team + 1)
    chart = Chart(
        level, department, boss, np.zeros(size, dtype=np.int64), np.full(size, -1, dtype=np.int64), 2,
        tuple(f"Team {number}" for number in range(teams)), ("Headquarters",),
    )  # fmt: skip
    found = []
    for load in (0.1, 0.3):
        length = 5.0
        effect = load / (team * h0 * length)
        plan = plan_for(
            chart,
            months,
            window_start=burn_in,
            departures__quit_rate=12 * h0,
            departures__contagion=effect,
            departures__contagion_months=length,
            departures__newcomer_excess=0.0,
            departures__tenure_decline=0.0,
            departures__age_decline=0.0,
            departures__level_decline=0.0,
            departures__engagement_effect=0.0,
            departures__embeddedness_effect=0.0,
            departures__stagnation_effect=0.0,
            vacancies__fill_rate=1.0,
            vacancies__outside_share=1.0,
        )
        values = []
        for number in range(6 * more):
            tally = unclipped(simulation(plan, number).run()).state.tally[4]
            values.append(tally[columns.M_QUITS] / tally[columns.M_HEADCOUNT])

        def steady(additive: bool, effect: float = effect, months: float = length) -> float:
            h = h0
            for _ in range(500):
                exits = team * h / (1 + h) * months
                pushed = h0 * (1 + effect * exits) if additive else h0 * math.exp(effect * exits)
                h = 1 - math.exp(-pushed)
            return h

        wrong = {"no contagion": steady(True, 0.0), "felt for L years": steady(True, months=60.0)}
        if load > 0.2:
            wrong = {"hazards add up": steady(True), "felt one month": steady(False, months=1.0)}
        found.append(
            finding("I", f"exits per head, KβL = {load:g}", steady(load < 0.2), values, wrong)
        )
    return found


FORMS: dict[str, Callable[[int], list[Finding]]] = {
    "A1 A2": mentor_and_mentee,
    "B1 B2": pairs_that_mix,
    "B3": two_way_pairs,
    "C1": practice_with_turnover,
    "C2": peers_only,
    "C3": enculturation,
    "D1": tenure_in_a_steady_firm,
    "D2": everybody_new_at_once,
    "D3": filled_posts,
    "D4": number_of_leavers,
    "E1": engagement,
    "E2": engagement_with_turnover,
    "E3": hazard_over_engagement,
    "E4": logit_of_a_normal,
    "F1 F2": ideas_of_fixed_rates,
    "F3": ideas_of_rates_redrawn,
    "G1 G2": random_meetings,
    "G3": two_departments,
    "H": taught_upward,
    "I": contagion,
}
"""Every closed form by the names that docs/verification.md uses."""
