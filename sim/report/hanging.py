"""What a recommendation hangs on that no study measures: said of it without an ensemble, too.

The table is that of the main scenario's firm (``docs/what_carries_what.md``): which assumed coefficients leave less
than half of an effect, or turn it, when they are at their neutral value.
"""

from __future__ import annotations

from collections.abc import Sequence

from sim.report.advice import Advice
from sim.report.carried import CARRIED
from sim.report.decisions import Decisions
from sim.report.plain import plainly
from sim.report.words import listed, named

__all__ = ["hanging"]

_MOST = 2


def hanging(decisions: Decisions, every: Sequence[Advice]) -> list[str]:
    """A sentence for each goal that a recommended programme reaches by what is assumed."""
    found: dict[tuple[tuple[str, ...], tuple[str, ...]], list[str]] = {}
    for advice in every:
        if advice.goal.is_money:
            continue
        by_keys: dict[tuple[str, ...], list[str]] = {}
        for name in advice.names:
            settings = decisions.comparison.scenario.variant(name).settings
            carried = CARRIED.get(str(settings["programme"]["policy"]), {})
            keys = carried.get(advice.goal.key, ())
            if keys:
                by_keys.setdefault(keys[:_MOST], []).append(name)
        for keys, names in by_keys.items():
            found.setdefault((keys, tuple(names)), []).append(advice.goal.title.lower())
    return [
        f"No study measures {listed([plainly(key) for key in keys])}: more than half of what "
        f"{listed([named(name) for name in names])} {'does' if len(names) == 1 else 'do'} for {listed(goals)} hangs "
        f"on it in a firm like that of the main scenario."
        for (keys, names), goals in found.items()
    ]
