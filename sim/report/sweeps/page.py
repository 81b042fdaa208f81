"""Keeping what an analysis found (table, figure, words), and one self-contained page of all that was asked."""

from __future__ import annotations

import json
import math
import os
import secrets
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from sim.analysis.results import Finding, Results
from sim.errors import InputError
from sim.experiments.sweeps.factors import Factor
from sim.experiments.sweeps.sweeping import standing
from sim.files import neutralised
from sim.report.style import save_figure
from sim.report.sweeps.figures import draw
from sim.scenario.messages import number_text

if TYPE_CHECKING:
    from jinja2 import Environment

__all__ = ["keep", "write_page"]

FOLDER, PAGE = "analysis", "analysis.html"

_ORDER = (
    "describe",
    "compare",
    "best",
    "pareto",
    "optimise",
    "map",
    "regret",
    "discover",
    "sensitivity",
)
_MOST_ROWS = 40


def keep(finding: Finding, results: Results) -> list[Path]:
    """Write a finding's table, words and figure into the sweep's folder; returns the files.

    An earlier finding of the same name is replaced.

    Raises
    ------
    InputError
        If they cannot be written.
    """
    folder = results.path / FOLDER
    try:
        folder.mkdir(exist_ok=True)
        table = folder / f"{finding.name}.csv"
        neutralised(finding.table).to_csv(table, index=False, lineterminator="\n", encoding="utf-8")
        told = {
            "verb": finding.verb,
            "title": finding.title,
            "sentences": list(finding.sentences),
            "runs": len(results.runs),
        }
        words = folder / f"{finding.name}.json"
        words.write_text(json.dumps(told, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
        written = [table, words]
        figure = draw(finding, results)
        if figure is None:
            for ending in ("svg", "png"):
                (folder / f"{finding.name}.{ending}").unlink(missing_ok=True)
        else:
            description = " ".join(finding.sentences)
            written += save_figure(
                figure, folder / finding.name, title=finding.title, description=description
            )
    except OSError as error:
        problem = f"the analysis cannot be written ({error.strerror or error})"
        raise InputError(problem, remedy="make room, and ask again", file=folder) from error
    return written


@cache
def _environment() -> Environment:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    return Environment(
        loader=PackageLoader("sim.report.sweeps"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def write_page(results: Results) -> Path:
    """Write analysis.html, whole or not at all, from everything that was asked of the sweep so far.

    Raises
    ------
    InputError
        If it cannot be written.
    """
    study = results.study
    style = files("sim.report.page").joinpath("templates", "style.css").read_text(encoding="utf-8")
    runs, points = len(results.runs), len(results.rows)
    replicates = results.runs["replicate"].nunique()
    text = _environment().get_template("analysis.html.j2").render(
        title=study.title,
        question=study.question,
        facts=f"{points:,} points · {len(results.variants)} variants, compared with “{results.variants[results.against]}” · "
        f"up to {replicates:,} replicates · {results.runs_told}"
        + (" · parameter sets that agree with published figures" if results.sets is not None else ""),
        warnings=list(_warnings(results)),
        style=style,
        parts=list(_parts(results.path / FOLDER, runs)),
        factors=[{"key": one.key, "role": one.role, "unit": one.unit, "span": _span(one)} for one in study.factors],
        sessions=[
            {"ended": "", "ran": "", **one}
            | {name: _when(one[name]) for name in ("started", "ended") if one.get(name)}
            for one in results.folder.sessions()
        ],
        plan=results.folder.plan[:16],
    )  # fmt: skip
    place = results.path / PAGE
    draft = place.with_name(f".{PAGE}-{secrets.token_hex(4)}")
    try:
        draft.write_text(text, encoding="utf-8", newline="\n")
        os.replace(draft, place)
    except OSError as error:
        problem = f"the page cannot be written ({error.strerror or error})"
        raise InputError(problem, remedy="make room, and ask again", file=place) from error
    finally:
        draft.unlink(missing_ok=True)
    return place


def _warnings(results: Results) -> Iterator[str]:
    """What a reader must know before any number."""
    found = standing(results.folder)
    if found.done < found.total:
        yield f"{found.total - found.done} of {found.total} runs are still missing; this page is about the others."
    lost = {state: count for state, count in found.counts.items() if state != "ok"}
    if lost:
        told = ", ".join(f"{count} {state.replace('_', ' ')}" for state, count in lost.items())
        yield f"Some runs have no result: {told}; see failures.csv."
    codes = results.runs["code"].unique()
    if len(codes) > 1:
        yield f"The runs were made by {len(codes)} versions of mentorsim."


def _parts(folder: Path, runs: int) -> Iterator[dict[str, Any]]:
    """Everything that was asked, in the order in which one reads it; what was asked of fewer runs says so."""
    found = []
    for path in sorted(folder.glob("*.json")):
        told = json.loads(path.read_text(encoding="utf-8"))
        found.append((_ORDER.index(told["verb"]), path, told))
    for _, path, told in sorted(found, key=lambda one: (one[0], one[1].name)):
        table = pd.read_csv(path.with_suffix(".csv"), encoding="utf-8")
        drawn = path.with_suffix(".svg")
        shown = min(len(table), _MOST_ROWS)
        all_ = "" if shown == len(table) else f"the first {shown} of "
        yield {
            "name": path.stem,
            "title": told["title"],
            "sentences": told["sentences"],
            "stale": _stale(told.get("runs", 0), runs),
            "svg": _within_page(drawn.read_text(encoding="utf-8"), path.stem)
            if drawn.exists()
            else "",
            "columns": [name.replace("_", " ") for name in table.columns],
            "rows": [
                [_cell(value) for value in row] for row in table.head(shown).itertuples(index=False)
            ],
            "shown": f"Table: {all_}{len(table)} rows ({path.stem}.csv)",
        }


def _stale(then: int, now: int) -> str:
    if then == now:
        return ""
    return (
        f"This was asked when there were {then:,} runs; now there are {now:,}. Ask again for an answer "
        "that rests on all of them."
    )


def _within_page(svg: str, name: str) -> str:
    """An SVG whose identifiers are its own on a page with others."""
    import re

    svg = re.sub(r"<\?xml.*?\?>\s*", "", svg, count=1)
    svg = re.sub(r'\bid="([^"]+)"', rf'id="{name}-\1"', svg)
    svg = re.sub(r'(xlink:href="|href=")#([^"]+)"', rf'\1#{name}-\2"', svg)
    return re.sub(r"url\(#([^)]+)\)", rf"url(#{name}-\1)", svg)


def _cell(value: Any) -> dict[str, Any]:
    if isinstance(value, bool):
        return {"text": "yes" if value else "no", "number": False}
    if isinstance(value, int | float):
        text = "" if value != value else str(value)
        if isinstance(value, float) and text:
            text = f"{value:.4g}"
            if "e-0" in text:  # 0.00001234 is read more easily than 1.234e-05
                text = f"{value:.{3 - math.floor(math.log10(abs(value)))}f}".rstrip("0")
        return {"text": text.replace("-", "−") if text.startswith("-") else text, "number": True}
    return {"text": str(value), "number": False}


def _when(text: str) -> str:
    """A moment as a reader has it: 2026-11-28 02:24 UTC."""
    try:
        return f"{datetime.fromisoformat(text).astimezone(UTC):%Y-%m-%d %H:%M} UTC"
    except ValueError:
        return text


def _span(factor: Factor) -> str:
    if factor.values:
        return ", ".join(str(value) for value in factor.values)
    scale = ", logarithmic" if factor.logarithmic else ""
    return f"{number_text(factor.low)} to {number_text(factor.high)}{scale}"
