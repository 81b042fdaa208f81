"""The tables of the best programme: by budget, by finalist, by goal, and everything that was tried."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pandas as pd

from sim.analysis.plausible import plausible_means
from sim.deciding.final import Final
from sim.deciding.levers import LEVERS, Candidate
from sim.deciding.searching import LEVELS, MAIN
from sim.deciding.trials import BUDGETS, NOTHING
from sim.outcomes.goals import BY_NAME, Goal

__all__ = ["curve_table", "designs_table", "finalists_table", "goals_table"]


def curve_table(final: Final) -> pd.DataFrame:
    """Every budget with its best design, judged on fresh firms, and with how much of its lead was luck."""
    rows = []
    race, firms = final.found.race, final.found.firms
    for share in LEVELS:
        name = MAIN if share == 1.0 else f"budget {share:g}"
        ranking = race.ranking(name, firms)
        one = ranking[0] if ranking else NOTHING
        mean, low, high = final.interval(final.goal, one)
        searched = float(final.tried.gains(final.goal, [one], firms).mean())
        lead_then, lead_now = final.leads(one, ranking)
        cost = final.cost(one)
        rows.append(
            {
                "budget": share * final.budget,
                "share_of_budget": share,
                "design": final.names[one],
                "gain": mean,
                "low": low,
                "high": high,
                "cost": float(cost.mean()),
                "cost_low": float(np.quantile(cost, 0.025)),
                "cost_high": float(np.quantile(cost, 0.975)),
                "share_above": float((cost > share * final.budget).mean()),
                "gain_in_search": searched,
                "lead_in_search": lead_then,
                "lead_on_fresh": lead_now,
                "shrinkage": 1.0 - lead_now / lead_then if lead_then > 0.0 else math.nan,
            }
        )
    return pd.DataFrame(rows)


def finalists_table(final: Final) -> pd.DataFrame:
    """Every finalist: what it is, costs and brings, and whether it can be told apart from the pick."""
    within = [one for one in final.chosen if final.affordable(one)]
    values = np.stack([final.change(final.goal, one) for one in within])
    drawn = plausible_means(values)
    largest = drawn.max(axis=1)
    wrong = {one: float((largest - drawn[:, place]).mean()) for place, one in enumerate(within)}
    chances = np.bincount(drawn.argmax(axis=1), minlength=len(within)) / len(drawn)
    chance = dict(zip(within, chances.tolist(), strict=True))
    rows = []
    for one in final.chosen:
        candidate = final.found.candidates[one]
        mean, low, high = final.interval(final.goal, final.pick, one)
        row: dict[str, Any] = {
            "design": final.names[one],
            "within_budget": one in within,
            "standing": final.standing(one, low, high, one in within),
            "behind": mean,
            "behind_low": low,
            "behind_high": high,
            "probability_best": chance.get(one, math.nan),
            "cost_of_wrong_pick": wrong.get(one, math.nan),
            "cost": float(final.cost(one).mean()),
            "share_above": float((final.cost(one) > final.budget).mean()),
        }
        for kind, (outcome, _) in BUDGETS.items():
            row[f"cost_{kind}"] = float(final.judged.outcome(outcome, [one], final.firms).mean())
        for name in final.goals:
            row[name], row[f"{name}_low"], row[f"{name}_high"] = final.interval(name, one)
        for outcome in ("participants", "turned_away", "early_endings", "meetings_kept"):
            told = final.judged.outcome(outcome, [one], final.firms)
            row[outcome] = float(np.nanmean(told)) if np.isfinite(told).any() else math.nan
        row |= _levers(final, candidate)
        rows.append(row)
    return pd.DataFrame(rows)


def goals_table(final: Final) -> pd.DataFrame:
    """The best design for every goal under the budget, and what the pick gives up against it."""
    rows = []
    for name in final.goals:
        question = MAIN if name == final.goal else f"goal {name}"
        ranking = final.found.race.ranking(question, final.found.firms)
        one = ranking[0] if ranking else NOTHING
        mean, low, high = final.interval(name, one)
        own = final.interval(name, final.pick)
        less = final.interval(name, one, final.pick)
        goal: Goal = BY_NAME[name]
        rows.append(
            {
                "goal": name,
                "unit": goal.more,
                "design": final.names[one],
                "gain": mean,
                "low": low,
                "high": high,
                "gain_of_pick": own[0],
                "pick_low": own[1],
                "pick_high": own[2],
                "given_up": less[0],
                "given_up_low": less[1],
                "given_up_high": less[2],
                "without": final.judged.without(name, final.firms),
            }
        )
    return pd.DataFrame(rows)


def designs_table(final: Final) -> pd.DataFrame:
    """Everything that was tried."""
    rows = []
    for one, candidate in enumerate(final.found.candidates):
        firms = final.tried.known(one)
        if not firms:
            continue
        gains = final.tried.gains(final.goal, [one], firms)[0]
        rows.append(
            {
                "design": final.names.get(one, candidate.name),
                **_levers(final, candidate),
                "firms": firms,
                "left_after": final.found.race.left.get(one, 0),
                "gain": float(gains.mean()),
                "cost": float(final.tried.costs([one], firms).mean()),
            }
        )
    return pd.DataFrame(rows)


def _levers(final: Final, candidate: Candidate) -> dict[str, str]:
    if candidate.values is not None:
        return final.space.words(candidate.values)
    return {lever.name: "" for lever in LEVERS}
