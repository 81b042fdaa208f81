"""What a recommendation hangs on that no study measures: said of it without an ensemble, too.

The table is that of the main scenario's firm (``docs/what_carries_what.md``): without which assumed
coefficients about half of an effect is lost, or more.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sim.outcomes.goals import GOALS
from sim.report.advice import Advice
from sim.report.carried import CARRIED
from sim.report.decisions import Decisions
from sim.report.plain import plainly
from sim.report.words import listed, named

__all__ = ["hanging"]


def hanging(decisions: Decisions, every: Sequence[Advice]) -> list[str]:
    """A sentence for each assumed coefficient by which recommended programmes reach a goal: as few as name them all."""
    open_ = {
        (name, advice.goal.key): _carried(decisions, name, advice.goal.key)
        for advice in every
        for name in (() if advice.goal.is_money else advice.names)
    }
    open_ = {pair: keys for pair, keys in open_.items() if keys}
    said: list[str] = []
    while open_:
        keys = dict.fromkeys(key for found in open_.values() for key in found)
        most = max(keys, key=lambda key: sum(key in found for found in open_.values()))
        pairs = [pair for pair, found in open_.items() if most in found]
        said += _sentences(decisions, most, pairs)
        open_ = {pair: found for pair, found in open_.items() if pair not in pairs}
    return said


def _carried(decisions: Decisions, name: str, goal: str) -> tuple[str, ...]:
    settings = decisions.comparison.scenario.variant(name).settings
    return CARRIED.get(str(settings["programme"]["policy"]), {}).get(goal, ())


def _sentences(decisions: Decisions, key: str, pairs: Sequence[tuple[str, str]]) -> Iterator[str]:
    """One sentence where it holds of all these programmes and goals, else one per goal."""
    names = list(dict.fromkeys(name for name, _ in pairs))
    goals = list(dict.fromkeys(goal for _, goal in pairs))
    if all(key in _carried(decisions, name, goal) for name in names for goal in goals):
        yield _sentence(key, names, goals)
        return
    for goal in goals:
        yield _sentence(key, [name for name, other in pairs if other == goal], [goal])


def _sentence(key: str, names: Sequence[str], goals: Sequence[str]) -> str:
    titles = {goal.key: goal.title.lower() for goal in GOALS}
    return (
        f"No study measures {plainly(key)}: half or more of what {listed([named(name) for name in names])} "
        f"{'does' if len(names) == 1 else 'do'} for {listed([titles[goal] for goal in goals])} hangs on it in a firm "
        "like that of the main scenario."
    )
