"""The calibration report: what was published, what is simulated, and what could not be fitted."""

from __future__ import annotations

from importlib.resources import files

import pandas as pd

from sim.calibration.checking import FIRMS
from sim.calibration.ensemble import shipped_ensemble
from sim.calibration.targets import TARGETS

__all__ = ["calibration_page", "shipped_table"]


def shipped_table(name: str) -> pd.DataFrame:
    """A table that the calibration of the package left: ``targets`` or ``parameters``."""
    place = files("sim.calibration").joinpath("data", f"{name}.csv")
    with place.open(encoding="utf-8") as file:
        return pd.read_csv(file, keep_default_na=False, na_values=[""])


def _row(*cells: object) -> str:
    return "| " + " | ".join(str(cell).replace("|", "\\|") for cell in cells) + " |"


def _number(value: float) -> str:
    return "undefined" if value != value else f"{value:.3g}"


def calibration_page(made: str) -> str:
    """The page, with `made` as the remark on how it is made."""
    targets, parameters = shipped_table("targets"), shipped_table("parameters")
    fitted = targets[targets["role"] == "fitted"]
    checks = targets[targets["role"] == "check"]
    let_go = targets[targets["role"] == "let go"]
    misses = targets[~targets["central_agrees"]]
    reasons = {target.name: target.misses for target in TARGETS}
    lines = [
        "# Calibration",
        "",
        made,
        f"The ensemble holds {len(shipped_ensemble())} parameter sets: draws from the plausible ranges "
        f"that the parameters declare, kept because they agree with all of the {len(fitted)} published "
        "figures below whose role is *fitted*. Each set was tried in three firms of 300 people over four "
        "years, without and with a programme, and in three call centres in which a lot gives newcomers a "
        "mentor; as three firms show a figure with chance in it, a set is judged by the best estimate of "
        "what many would show, from its own firms and from a regression over all sets that were tried "
        "(`sim/calibration/fitting.py`). "
        "`compare --ensemble` gives every two firms another of these sets. *Defaults* are the package's "
        "own values, in 60 firms of each kind: the central set, moved by hand until it agreed.",
        "",
        "A figure that the sets were fitted to validates nothing. *Check* means compared only. *Let go* "
        "means that hardly any set meets it together with the others, and that it was given up.",
        "",
        f"*Tried again* is what the sets and the defaults show on the model as it is now, each set in {FIRMS} firms of "
        "each kind that it had not seen; a set *still agrees* with a figure if it lies within the range, or outside by no "
        f"more than two standard errors of so few firms. {int(targets['fresh_sets'].iloc[0])} of the "
        f"{len(shipped_ensemble())} sets still agree with all fitted figures at once.",
        "",
        "To make it again: `mentorsim calibrate --output sim/calibration/data --overwrite` fits anew (an hour), the "
        "same with `--check` instead of `--overwrite` tries again what the fit left (minutes); then "
        "`python -m sim.documentation docs`.",
        "",
        "## Target by target",
        "",
        _row("figure", "source", "mark", "published", "agrees within", "defaults", "inside?",
             "sets, 5 to 95 %", "tried again, 5 to 95 %", "still agree", "before fitting, 5 to 95 %", "role",
             "moved most by"),
        _row(*["---"] * 13),
    ]  # fmt: skip
    for row in targets.to_dict("records"):
        moved = ", ".join(f"`{key}`" for key in str(row["moved_by"]).split(", ") if key != "nan")
        lines.append(
            _row(
                f"{row['title']} ({row['unit']})",
                row["source"],
                row["mark"],
                _number(row["published"]),
                f"{_number(row['low'])} to {_number(row['high'])}",
                f"{_number(row['central'])} ± {_number(1.96 * row['central_error'])}",
                "yes" if row["central_agrees"] else "**no**",
                f"{_number(row['ensemble_low'])} to {_number(row['ensemble_high'])}",
                f"{_number(row['fresh_low'])} to {_number(row['fresh_high'])}",
                f"{100.0 * row['fresh_agrees']:.0f} %",
                f"{_number(row['prior_low'])} to {_number(row['prior_high'])}",
                row["role"],
                moved,
            )
        )
    lines += ["", "## What could not be fitted", ""]
    if len(misses) or len(let_go):
        for row in misses.to_dict("records"):
            lines.append(
                f"- The defaults miss *{row['title']}*: {_number(row['central'])} against "
                f"{_number(row['published'])} [{_number(row['low'])}, {_number(row['high'])}]"
                + (f" ({row['role']})." if row["role"] != "fitted" else ".")
                + (f" {reasons[row['target']]}" if reasons.get(row["target"]) else "")
            )
        for row in let_go.to_dict("records"):
            lines.append(f"- *{row['title']}* was let go: it contradicts the other figures.")
    else:
        lines.append("The defaults lie within the range of every figure.")
    unknown = parameters[~parameters["identified"]]
    lines += [
        "",
        f"Of the {len(parameters)} parameters that vary, {len(parameters) - len(unknown)} move at least "
        "one fitted figure more than chance would; the figures say nothing about the other "
        f"{len(unknown)}, whose whole plausible range is in the ensemble. Of the {len(checks)} checks, "
        f"{int(checks['central_agrees'].sum())} hold under the defaults.",
        "",
        "The firms of the fit have a portfolio of programmes for volunteers. What acts only where the coordinator asks "
        "people by name (`volunteering.by_request`) moves none of the figures, so that agreeing with them leaves its "
        "plausible range as it was, and the sets draw it from there.",
        "",
        "## What the figures leave of each parameter",
        "",
        _row("parameter", "default", "plausible before", "in the sets, 5 to 95 %", "identified"),
        _row(*["---"] * 5),
    ]
    for row in parameters.to_dict("records"):
        lines.append(
            _row(
                f"`{row['parameter']}`",
                _number(row["default"]),
                f"{_number(row['prior_low'])} to {_number(row['prior_high'])}",
                f"{_number(row['ensemble_low'])} to {_number(row['ensemble_high'])}",
                "yes" if row["identified"] else "",
            )
        )
    return "\n".join([*lines, ""])
