"""What carries what: every headline of the main scenario, with assumed coefficients at neutral one at a time.

``PYTHONPATH=.:tests python -m verification.what_carries_what`` writes ``docs/what_carries_what.md`` anew, and
``sim/report/carried.py`` with it. The same
firms and the same luck are simulated under every setting, so that rows differ by the coefficient only.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from sim.engine import columns
from sim.scenario import load_scenario
from sim.scenario.catalogue import GROUPS
from sim.simulation.plan import Plan, plans_of, with_parameters
from sim.simulation.simulation import Simulation
from verification.standing_still import section as standing_still
from verification.what_carries_studies import section
from verification.who_comes import section as who_comes

__all__ = ["HEADLINES", "SETTINGS", "carried", "effects", "module_of", "page", "tables_of", "told"]

Real = NDArray[np.float64]

REPOSITORY = Path(__file__).resolve().parents[2]
PAGE = REPOSITORY / "docs" / "what_carries_what.md"
SCENARIO = REPOSITORY / "scenarios" / "pairing_policies.toml"
POLICIES = (
    "Random", "Traditional", "Reverse", "Reciprocal", "Complementary skills", "Similarity", "Portfolio",
)  # fmt: skip
BASELINE = "No programme"
FIRMS = 40

HEADLINES = ("Innovation", "Engagement", "Quits", "Output")
UNITS = {
    "Innovation": "% of the ideas carried out without a programme",
    "Engagement": "ten-thousandths of the scale",
    "Quits": "per 1,000 people and year",
    "Output": "% of the output without a programme",
}

TOGETHER: dict[str, dict[str, float]] = {
    "what leaders hear (awareness)": {"awareness.gain": 0.0},
    "sponsors' push": {"ideas.adoption_by_sponsor": 0.0, "ideas.adoption_by_expertise": 0.0},
    "bypass of the hierarchy": {"ideas.bypass": 0.0},
    "safety and confidence from meetings": {
        "meetings.safety_gain": 0.0,
        "meetings.confidence_gain": 0.0,
    },
    "all four: awareness, sponsors, bypass, safety and confidence": {
        "awareness.gain": 0.0,
        "ideas.adoption_by_sponsor": 0.0,
        "ideas.adoption_by_expertise": 0.0,
        "ideas.bypass": 0.0,
        "meetings.safety_gain": 0.0,
        "meetings.confidence_gain": 0.0,
    },
    "mentoring in embeddedness": {"embeddedness.relationships_weight": 0.0},
    "embeddedness": {"departures.embeddedness_effect": 0.0},
    "disappointment of those turned away": {"engagement.turned_away_effect": 0.0},
    "asking, and initiative": {
        "learning.asking_rate": 0.0,
        "learning.asking_lasting": 0.0,
        "people.seeking_by_initiative": 0.0,
        "volunteering.by_initiative": 0.0,
    },
    "settledness": {
        "departures.settledness_effect": 0.0,
        "volunteering.by_settledness": 0.0,
        "volunteering.mentors_by_settledness": 0.0,
    },
    "units": {"units.department_spread": 0.0, "units.manager_effect": 0.0},
    "hierarchy (candour, rank, damping)": {
        "engagement.candour_by_safety": 0.0,
        "meetings.rank_effect": 0.0,
        "learning.status_damping": 0.0,
        "engagement.hierarchy_effect": 0.0,
    },
    "capacity for ideas: none": {"ideas.capacity_per_head": 1e6},
    "capacity for ideas: all by headcount": {"ideas.capacity_by_ideas": 0.0},
    "capacity for ideas: all by ideas voiced": {"ideas.capacity_by_ideas": 1.0},
    "learning in proportion to quality": {"learning.quality_exponent": 1.0},
}
"""Several coefficients of one idea at neutral, and other ends of what is not known."""


def _alone() -> Iterator[tuple[str, dict[str, float]]]:
    """Every assumed coefficient that has a neutral value and a plausible range, by itself."""
    for group in GROUPS:
        for one in group.parameters:
            numeric = isinstance(one.neutral, float) and one.kind == "number"
            if one.grade == "assumed" and numeric and one.prior is not None:
                assert isinstance(one.neutral, float)
                yield f"`{group.name}.{one.name}`", {f"{group.name}.{one.name}": one.neutral}


SETTINGS: dict[str, dict[str, float]] = {"as it is": {}, **TOGETHER, **dict(_alone())}


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
    plans: Mapping[str, Plan], changed: Mapping[str, float], firms: int, seed: int
) -> dict[str, Real]:
    """Each policy's effects on the headlines in every firm; shape (firms, 4)."""
    found: dict[str, Real] = {}
    for name, plan in plans.items():
        own = with_parameters(plan, changed) if changed else plan
        found[name] = np.array([_figures(own, seed, world) for world in range(firms)])
    base = found.pop(BASELINE)
    scale = np.array([100.0 / base[:, 0].mean(), 1.0, 1.0, 100.0 / base[:, 3].mean()])
    return {name: (values - base) * scale for name, values in found.items()}


def told(values: Real) -> Real:
    """Means over firms and the half widths of their 95 % intervals; shape (2, ...)."""
    half = 1.96 * values.std(axis=0, ddof=1) / np.sqrt(len(values))
    return np.stack([values.mean(axis=0), half])


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


GOALS = {"Innovation": "ideas", "Engagement": "engaged", "Quits": "stay"}
"""The goals that the report tells, by headline."""

STRUCTURE = ("meetings.attendance", "meetings.growth")
"""At neutral hardly any pair meets, or none gets on: no programme is left, which says nothing of an assumption."""

CARRIED = REPOSITORY / "sim" / "report" / "carried.py"


def carried(tables: Mapping[str, Mapping[str, Real]]) -> dict[str, dict[str, list[str]]]:
    """Assumed coefficients without which less than half of an effect is left, by policy and goal, strongest first."""
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
            }
            keys = [key for key in sorted(left, key=left.__getitem__) if left[key] < 0.5]
            keys = [key for key in keys if key not in STRUCTURE]
            if keys:
                found.setdefault(policy, {})[goal] = keys
    return found


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


def tables_of(firms: int = FIRMS) -> dict[str, dict[str, Real]]:
    """Effects in every firm, by setting and policy."""
    scenario = load_scenario(SCENARIO)
    names = (BASELINE, *POLICIES)
    plans = {plan.name: plan for plan in plans_of(scenario) if plan.name in names}
    with ThreadPoolExecutor(2) as pool:
        return dict(
            zip(
                SETTINGS,
                pool.map(
                    lambda changed: effects(plans, changed, firms, scenario.seed), SETTINGS.values()
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
    tables = tables_of(int(sys.argv[1]) if len(sys.argv) > 1 else FIRMS)
    PAGE.write_text(
        "\n".join([page(tables), *section(), *who_comes(), *standing_still()]), encoding="utf-8"
    )
    CARRIED.write_text(module_of(carried(tables)), encoding="utf-8")


if __name__ == "__main__":
    main()
