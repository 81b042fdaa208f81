"""Which assumed coefficients carry more than half of an effect, judged in firms by which they were not chosen.

Part of ``docs/what_carries_what.md``; see :mod:`verification.what_carries_what`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from sim.scenario import load_scenario
from verification.what_carries_settings import HEADLINES, POLICIES, SCENARIO, SETTINGS

__all__ = ["CARRIED", "candidates", "carried", "module_of", "second_look", "told"]

Real = NDArray[np.float64]

NEARLY = 0.6
"""Share of an effect below which what is left is looked at once more."""


def told(values: Real) -> Real:
    """Means over firms and the half widths of their 95 % intervals; shape (2, ...)."""
    half = 1.96 * values.std(axis=0, ddof=1) / np.sqrt(len(values))
    return np.stack([values.mean(axis=0), half])


GOALS = {"Innovation": "ideas", "Engagement": "engaged", "Quits": "stay"}
"""The goals that the report tells, by headline."""

STRUCTURE = ("meetings.attendance", "meetings.growth")
"""At neutral hardly any pair meets, or none gets on: no programme is left, which says nothing of an assumption."""

CARRIED = Path(__file__).resolve().parents[2] / "sim" / "report" / "carried.py"


def carried(
    tables: Mapping[str, Mapping[str, Real]], near: float = 0.5
) -> dict[str, dict[str, list[str]]]:
    """Assumed coefficients without which less than half of an effect is left, by policy and goal, strongest first.

    What is lost must leave out zero: where chance is as large as the effect, halves come and go by chance.
    """
    scenario = load_scenario(SCENARIO)
    found: dict[str, dict[str, list[str]]] = {}
    for name in POLICIES:
        policy = str(scenario.variant(name).settings["programme"]["policy"])
        for headline, goal in GOALS.items():
            place = HEADLINES.index(headline)
            whole, half = told(tables["as it is"][name])[:, place]
            if abs(whole) <= half:
                continue
            left = {
                setting.strip("`"): tables[setting][name][:, place].mean() / whole
                for setting in tables
                if setting.startswith("`")
                and _is_clear(tables["as it is"][name][:, place] - tables[setting][name][:, place])
            }
            keys = [key for key in sorted(left, key=left.__getitem__) if left[key] < near]
            keys = [key for key in keys if key not in STRUCTURE]
            if keys:
                found.setdefault(policy, {})[goal] = keys
    return found


def _is_clear(lost: Real) -> bool:
    """Whether a paired difference leaves out zero."""
    mean, half = told(lost)
    return bool(abs(mean) > half)


def module_of(found: Mapping[str, Mapping[str, list[str]]]) -> str:
    """The text of the module from which the report says what a recommendation hangs on."""
    lines = [
        '''"""What carries more than half of an effect in the main scenario, by policy and goal: made, not written.''',
        "",
        "``PYTHONPATH=.:tests python -m verification.what_carries_what`` makes it with ``docs/what_carries_what.md``.",
        '"""',
        "",
        "from __future__ import annotations",
        "",
        "from collections.abc import Mapping",
        "",
        '__all__ = ["CARRIED"]',
        "",
        "CARRIED: Mapping[str, Mapping[str, tuple[str, ...]]] = {",
    ]
    for policy, goals in found.items():
        lines.append(f'    "{policy}": {{')
        for goal, keys in goals.items():
            lines.append(f'        "{goal}": (')
            lines += [f'            "{key}",' for key in keys]
            lines.append("        ),")
        lines.append("    },")
    return "\n".join([*lines, "}", ""])


def candidates(tables: Mapping[str, Mapping[str, Real]]) -> dict[str, dict[str, float]]:
    """The settings that may carry half of some effect, to be looked at once more in other firms; as it is first.

    Among so many coefficients chance halves some effect of some policy: who is named must be so in firms by which
    it was not chosen.
    """
    found = {"as it is": SETTINGS["as it is"]}
    for keys in (
        keys for goals in carried(tables, near=NEARLY).values() for keys in goals.values()
    ):
        found |= {f"`{key}`": SETTINGS[f"`{key}`"] for key in keys}
    return found


def second_look(again: Mapping[str, Mapping[str, Real]]) -> Iterator[str]:
    """What is left of each effect without each coefficient that may carry it, in firms by which it was not chosen."""
    firms = len(next(iter(again["as it is"].values())))
    yield "## A second look at what may carry an effect"
    yield ""
    yield f"Those coefficients without which less than {100 * NEARLY:.0f} of 100 parts of some effect were left above, in {firms} other firms:"
    yield "by them they were not chosen. What is left, in % of the effect as it is. Bold: less than half is left, and what is"
    yield "lost leaves out zero; the report and the terminal say so of what they recommend (`sim/report/carried.py`)."
    yield ""
    yield "| at neutral | headline | " + " | ".join(POLICIES) + " |"
    yield "|---|---|" + "--:|" * len(POLICIES)
    for setting in again:
        for headline in GOALS if setting != "as it is" else ():
            place, cells = HEADLINES.index(headline), []
            for name in POLICIES:
                whole, left = again["as it is"][name][:, place], again[setting][name][:, place]
                share = 100.0 * left.mean() / whole.mean()
                named = share < 50.0 and _is_clear(whole) and _is_clear(whole - left)
                cells.append(f"**{share:.0f}**" if named else f"{share:.0f}")
            yield f"| {setting} | {headline} | " + " | ".join(cells) + " |"
    yield ""
