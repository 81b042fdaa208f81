"""Which assumed coefficients carry about half of an effect or more, judged in firms by which they were not chosen.

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
    tables: Mapping[str, Mapping[str, Real]], *, surely: bool = True
) -> dict[str, dict[str, list[str]]]:
    """Assumed coefficients that carry half of an effect or more, by policy and goal, strongest first.

    Parameters
    ----------
    surely
        Whether what is left must not be clearly more than half; otherwise all that may carry it are named.
    """
    scenario = load_scenario(SCENARIO)
    found: dict[str, dict[str, list[str]]] = {}
    for name in POLICIES:
        policy = str(scenario.variant(name).settings["programme"]["policy"])
        for headline, goal in GOALS.items():
            place = HEADLINES.index(headline)
            whole = tables["as it is"][name][:, place]
            if not _is_clear(whole):
                continue
            left = {
                setting.strip("`"): table[name][:, place].mean() / whole.mean()
                for setting, table in tables.items()
                if setting.startswith("`") and _is_half(whole, table[name][:, place], surely=surely)
            }
            keys = [key for key in sorted(left, key=left.__getitem__) if key not in STRUCTURE]
            if keys:
                found.setdefault(policy, {})[goal] = keys
    return found


def _is_half(whole: Real, left: Real, *, surely: bool = True) -> bool:
    """Whether half of an effect or more is lost: by more than chance, and what is left is not clearly more than half."""
    if left.mean() / whole.mean() >= NEARLY or not _is_clear(whole - left):
        return False
    over = (left - 0.5 * whole) * np.sign(whole.mean())
    mean, half = told(over)
    return bool(mean <= half) or not surely


def _is_clear(lost: Real) -> bool:
    """Whether a paired difference leaves out zero."""
    mean, half = told(lost)
    return bool(abs(mean) > half)


def module_of(found: Mapping[str, Mapping[str, list[str]]]) -> str:
    """The text of the module from which the report says what a recommendation hangs on."""
    lines = [
        '''"""What carries about half of an effect, or more, in the main scenario, by policy and goal: made, not written.''',
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
        keys for goals in carried(tables, surely=False).values() for keys in goals.values()
    ):
        found |= {f"`{key}`": SETTINGS[f"`{key}`"] for key in keys}
    return found


def second_look(again: Mapping[str, Mapping[str, Real]]) -> Iterator[str]:
    """What is left of each effect without each coefficient that may carry it, in firms by which it was not chosen."""
    firms = len(next(iter(again["as it is"].values())))
    yield "## A second look at what may carry an effect"
    yield ""
    yield f"Those coefficients without which less than {100 * NEARLY:.0f} of 100 parts of some effect were left above, in {firms} other firms:"
    yield "by them they were not chosen. What is left, in % of the effect as it is. Bold: about half is lost, or more (what is lost"
    yield "leaves out zero, and what is left is not clearly more than half); the report and the terminal say so of what they"
    yield "recommend (`sim/report/carried.py`)."
    yield ""
    yield "| at neutral | headline | " + " | ".join(POLICIES) + " |"
    yield "|---|---|" + "--:|" * len(POLICIES)
    for setting in again:
        for headline in GOALS if setting != "as it is" else ():
            place, cells = HEADLINES.index(headline), []
            for name in POLICIES:
                whole, left = again["as it is"][name][:, place], again[setting][name][:, place]
                share = 100.0 * left.mean() / whole.mean()
                named = _is_clear(whole) and _is_half(whole, left)
                cells.append(f"**{share:.0f}**" if named else f"{share:.0f}")
            yield f"| {setting} | {headline} | " + " | ".join(cells) + " |"
    yield ""
