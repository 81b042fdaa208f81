"""What survives the null models: the library's scenario, with every policy's own shuffle beside it.

``PYTHONPATH=.:tests python -m verification.null_models`` runs it (a minute) and writes the tables into
docs/null_models.md.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import pandas as pd

import sim
from sim.experiments.nulls import kind_of
from sim.outcomes.declared import OUTCOMES
from sim.report.nulls import counts_of
from sim.report.wording import decimals_for, signed

__all__ = ["tables", "with_own_shuffles"]

ROOT = Path(__file__).resolve().parents[2]
SCENARIO = ROOT / "scenarios" / "null_models.toml"
PAGE = ROOT / "docs" / "null_models.md"
BEGIN = "<!-- tables: made by `python -m verification.null_models` -->\n"
END = "<!-- end of tables -->\n"

AGAINST = {
    "no_programme": "no programme",
    "zero_effect": "zero effect",
    "shuffled_partners": "its own pairs, shuffled",
    "random_pairing": "random pairing",
}


def with_own_shuffles(scenario: sim.Scenario) -> sim.Scenario:
    """The scenario with a shuffled variant of each policy that is no null model."""
    variants = []
    for variant in scenario.variants:
        variants.append({"name": variant.name, **variant.overrides})
        if kind_of(variant.settings) is None:
            own = {"name": f"{variant.name}, shuffled", **variant.overrides}
            variants.append({**own, "programme.shuffled": True})
    return scenario.with_settings({"variants": variants})


def tables(comparison: sim.Comparison) -> str:
    """For each headline what survives, in a sentence per null model, and the differences."""
    nulls = comparison.nulls
    policies = [
        str(name)
        for name in nulls["variant"].unique()
        if kind_of(comparison.scenario.variant(name).settings) in (None, "random_pairing")
    ]
    nulls = nulls[nulls["variant"].isin(policies)]
    settings = comparison.scenario.settings["organisation"]
    lines = [
        f"{comparison.replicates} firms of {settings['employees']} people over "
        f"{comparison.scenario.months} months, seed {comparison.scenario.seed}.",
        "",
    ]
    counted = counts_of(nulls)
    for item in (item for item in OUTCOMES if item.headline):
        lines += [f"### {item.title}", "", f"Differences in {item.unit_of_differences}.", ""]
        for kind, title in AGAINST.items():
            survive, others = counted[kind, item.name]
            not_they = f"; not {', '.join(others)}" if others else ""
            lines.append(
                f"- Against {title}: {len(survive)} of {len(survive) + len(others)} effects "
                f"{'can be told' if kind == 'no_programme' else 'survive'}{not_they}."
            )
        shown = {kind: title for kind, title in AGAINST.items() if kind != "zero_effect"}
        lines += ["", f"| policy | {' | '.join(f'against {name}' for name in shown.values())} |"]
        lines += [f"|---|{'--:|' * len(shown)}"]
        for name in policies:
            own = nulls[(nulls["variant"] == name) & (nulls["outcome"] == item.name)]
            lines.append(f"| {name} | {' | '.join(_cell(own, kind) for kind in shown)} |")
        lines.append("")
    return "\n".join(lines)


def _cell(rows: pd.DataFrame, kind: str) -> str:
    """A difference with its interval, in bold where the effect survives."""
    chosen = rows[rows["null"] == kind]
    if not len(chosen):
        return ""
    row = chosen.iloc[0]
    decimals = decimals_for(row["low"], row["high"])
    value, low, high = (signed(float(row[key]), decimals) for key in ("difference", "low", "high"))
    text = f"{value} [{low}, {high}]"
    return f"**{text}**" if row["verdict"] == "survives" else text


def main() -> None:
    """Run, print, and write."""
    parser = argparse.ArgumentParser(prog="python -m verification.null_models", description=__doc__)
    parser.add_argument("--replicates", type=int, default=None, help="firms, by default 60")
    given = parser.parse_args()
    scenario = with_own_shuffles(sim.load_scenario(SCENARIO))
    made = tables(sim.compare(scenario, replicates=given.replicates))
    print(made)
    before, rest = PAGE.read_text(encoding="utf-8").split(BEGIN)
    PAGE.write_text(before + BEGIN + made + END + rest.split(END)[1], encoding="utf-8")


if __name__ == "__main__":
    main()
