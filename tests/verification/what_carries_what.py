"""What carries what: every headline of the main scenario, with assumed coefficients at neutral one at a time.

``PYTHONPATH=.:tests python -m verification.what_carries_what`` writes ``docs/what_carries_what.md`` anew, and
``sim/report/carried.py`` with it. The same
firms and the same luck are simulated under every setting, so that rows differ by the coefficient only.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from sim.engine import columns
from sim.scenario import load_scenario
from sim.simulation.plan import Plan, plans_of, with_parameters
from sim.simulation.simulation import Simulation
from verification.standing_still import section as standing_still
from verification.what_carries_half import (
    CARRIED,
    candidates,
    carried,
    module_of,
    second_look,
    told,
)
from verification.what_carries_settings import (
    BASELINE,
    HEADLINES,
    POLICIES,
    SCENARIO,
    SETTINGS,
)
from verification.what_carries_studies import section
from verification.who_comes import section as who_comes

__all__ = ["effects", "page", "tables_of", "write"]

Real = NDArray[np.float64]

REPOSITORY = Path(__file__).resolve().parents[2]
PAGE = REPOSITORY / "docs" / "what_carries_what.md"
FIRMS = 24
SECOND_LOOK = 120
"""Firms of the tables; other firms in which those coefficients are judged that may carry an effect."""

UNITS = {
    "Innovation": "% of the ideas carried out without a programme",
    "Engagement": "ten-thousandths of the scale",
    "Quits": "per 1,000 people and year",
    "Output": "% of the output without a programme",
}


def _figures(plan: Plan, seed: int, world: int) -> list[float]:
    """Ideas carried out, engagement, quits and output of a firm from the programme's start on."""
    monthly = Simulation(plan, seed, world).run().state.monthly[plan.window_start :].sum(axis=0)
    heads = monthly[columns.M_HEADCOUNT]
    return [
        monthly[columns.M_IMPLEMENTED] / heads * 1200.0,
        monthly[columns.M_ENGAGEMENT] / heads * 1e4,
        monthly[columns.M_QUITS] / heads * 12_000.0,
        monthly[columns.M_OUTPUT] / heads,
    ]


def effects(
    plans: Mapping[str, Plan], changed: Mapping[str, float], worlds: Sequence[int], seed: int
) -> dict[str, Real]:
    """Each policy's effects on the headlines in every firm; shape (firms, 4)."""
    found: dict[str, Real] = {}
    for name, plan in plans.items():
        own = with_parameters(plan, changed) if changed else plan
        found[name] = np.array([_figures(own, seed, world) for world in worlds])
    base = found.pop(BASELINE)
    scale = np.array([100.0 / base[:, 0].mean(), 1.0, 1.0, 100.0 / base[:, 3].mean()])
    return {name: (values - base) * scale for name, values in found.items()}


BETTER = (1.0, 1.0, -1.0, 1.0)
"""Direction in which each headline is better."""


def _in_short(tables: Mapping[str, Mapping[str, Real]], place: int) -> Iterator[str]:
    """What a headline hangs on: whose sign, whose half, and whose lead."""
    whole = {name: told(values)[:, place] for name, values in tables["as it is"].items()}
    clear = [name for name in POLICIES if abs(whole[name][0]) > whole[name][1]]
    turned: dict[str, list[str]] = {}
    halved: dict[str, list[str]] = {}
    for setting, table in tables.items():
        for name in clear:
            mean, half = told(table[name])[:, place]
            if mean * whole[name][0] < 0.0 and abs(mean) > half:
                turned.setdefault(setting, []).append(name)
            elif abs(mean) < 0.5 * abs(whole[name][0]) or mean * whole[name][0] < 0.0:
                halved.setdefault(setting, []).append(name)
    yield f"- Sign turned, clearly: {_listed(turned) or 'by none of them'}."
    yield f"- Less than half left: {_listed(halved) or 'of none'}."
    sign = BETTER[place]
    first = max(POLICIES, key=lambda name: sign * whole[name][0])
    lost: dict[str, list[str]] = {}
    for setting, table in tables.items():
        ahead = max(POLICIES, key=lambda name: sign * table[name][:, place].mean())
        mean, half = told(sign * (table[ahead] - table[first])[:, place])
        if ahead != first and mean > half:
            lost.setdefault(setting, []).append(ahead)
    yield f"- {first} leads as it is. Another leads clearly without: {_listed(lost) or 'none of them'}."


def _listed(found: Mapping[str, list[str]]) -> str:
    return "; ".join(
        f"{setting} ({'all' if len(names) == len(POLICIES) else ', '.join(names)})"
        for setting, names in found.items()
    )


def _cell(value: float, half: float, whole: tuple[float, ...]) -> str:
    """Bold where zero is left out; marked where the sign is another than as it is."""
    text = f"{value:+.1f} ± {half:.1f}".replace("-", "−")
    clear = abs(value) > half
    turned = value * whole[0] < 0.0 and abs(whole[0]) > whole[1]
    return (f"**{text}**" if clear else text) + (" ⚑" if turned else "")


def tables_of(
    worlds: Sequence[int], settings: Mapping[str, Mapping[str, float]] = SETTINGS
) -> dict[str, dict[str, Real]]:
    """Effects in every firm, by setting and policy."""
    scenario = load_scenario(SCENARIO)
    names = (BASELINE, *POLICIES)
    plans = {plan.name: plan for plan in plans_of(scenario) if plan.name in names}
    with ThreadPoolExecutor(2) as pool:
        return dict(
            zip(
                settings,
                pool.map(
                    lambda changed: effects(plans, changed, worlds, scenario.seed),
                    settings.values(),
                ),
                strict=True,
            )
        )


def page(tables: Mapping[str, Mapping[str, Real]]) -> str:
    """The whole page."""
    firms = len(next(iter(tables["as it is"].values())))
    lines = [
        "# What carries what",
        "",
        "<!-- made by `PYTHONPATH=.:tests python -m verification.what_carries_what`; do not edit -->",
        "",
        "Every headline of the main scenario (`scenarios/pairing_policies.toml`), against the same firms without a",
        "programme, with assumed coefficients at their neutral value: first those of one idea together, then every",
        f"one alone. {firms} firms of 400 people; 95 % intervals over firms, paired. Bold: zero is left out. A flag",
        "marks a sign that is another than in the first row, where that one was clear: such a headline hangs on the",
        "coefficient. Baselines change with the coefficient, too: rows are effects in firms that would have it so.",
        "",
    ]
    for place, headline in enumerate(HEADLINES):
        lines += [f"## {headline}", "", *_in_short(tables, place), ""]
        lines += [f"Differences in {UNITS[headline]}.", ""]
        lines += ["| at neutral | " + " | ".join(POLICIES) + " |"]
        lines += ["|---|" + "--:|" * len(POLICIES)]
        whole = {name: told(values)[:, place] for name, values in tables["as it is"].items()}
        for setting, table in tables.items():
            cells = []
            for name in POLICIES:
                mean, half = told(table[name])[:, place]
                cells.append(_cell(float(mean), float(half), tuple(whole[name].tolist())))
            lines.append(f"| {setting} | " + " | ".join(cells) + " |")
        lines.append("")
    return "\n".join(lines)


def main() -> None:
    """Write the page anew, and what the report says from it."""
    firms = int(sys.argv[1]) if len(sys.argv) > 1 else FIRMS
    tables = tables_of(range(firms))
    again = tables_of(range(firms, firms + SECOND_LOOK), candidates(tables))
    write(tables, again, [*section(), *who_comes(), *standing_still()])


def write(
    tables: Mapping[str, Mapping[str, Real]],
    again: Mapping[str, Mapping[str, Real]],
    rest: Sequence[str],
) -> None:
    """The page and the module, from all that was simulated."""
    PAGE.write_text("\n".join([page(tables), *second_look(again), *rest]), encoding="utf-8")
    CARRIED.write_text(module_of(carried(again)), encoding="utf-8")


if __name__ == "__main__":
    main()
