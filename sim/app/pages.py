"""The app's pages, made from the same templates as the report."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from sim.app.desk import MOST_PROGRAMMES, Desk
from sim.app.dials import STEPS, Dial, dials_of
from sim.errors import InputError
from sim.outcomes.goals import GOALS, PAY
from sim.programme.settings import PROGRAMME
from sim.report.page.render import sections_of
from sim.scenario.library import LibraryScenario, library_scenarios
from sim.scenario.rules import has_programme
from sim.scenario.scenario import Scenario

if TYPE_CHECKING:
    from jinja2 import Environment

__all__ = ["answer_fragment", "desk_page", "library", "start_page"]


_STUDIES = "sweeps/"
"""Files of the library that vary scenarios and are none."""


@cache
def _environment() -> Environment:
    from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined

    return Environment(
        loader=ChoiceLoader([PackageLoader("sim.app"), PackageLoader("sim.report.page")]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def library() -> list[LibraryScenario]:
    """The scenarios to start from."""
    try:
        return [one for one in library_scenarios() if not one.name.startswith(_STUDIES)]
    except InputError:  # this installation has none
        return []


def start_page(problem: str = "") -> str:
    """Where one begins: with the usual comparison, a scenario, or a staff list."""
    return _environment().get_template("start.html.j2").render(
        scenarios=library(), problem=problem
    )  # fmt: skip


def answer_fragment(desk: Desk) -> str:
    """The report's sections about the latest answer; a sentence before there is one."""
    found = desk.comparison
    if found is None:
        return "<p>The first answer comes in a moment.</p>"
    listed = desk.understood is not None
    lists = [name for name in found.variants if listed and has_programme(found.settings[name])]
    return _environment().get_template("sections.html.j2").render(
        lists=lists, **sections_of(found, goal=desk.goal)
    )  # fmt: skip


def desk_page(desk: Desk) -> str:
    """The wizard beside the answer."""
    scenario, shown = (
        desk.scenario(),
        desk.answer,
    )  # if another one comes meanwhile, the page asks again
    goals = [(goal.key, goal.want) for goal in (*GOALS, PAY)]
    return _environment().get_template("desk.html.j2").render(
        desk=desk,
        title=scenario.title,
        steps=[
            (key, question, [_shown(desk, dial, scenario) for dial in dials_of(key)])
            for key, question in STEPS.items()
        ],
        goals=goals,
        rows=desk.rows(),
        most=MOST_PROGRAMMES,
        policies=[word for word in PROGRAMME["policy"].words if word != "none"],
        staff=_staff(desk),
        document=desk.toml(),
        answer=answer_fragment(desk),
        shown=shown,
    )  # fmt: skip


def _staff(desk: Desk) -> list[str]:
    """What was understood of the staff list, in sentences."""
    found = desk.understood
    if found is None:
        return []
    levels = ", ".join(f"{name} {count:,}" for name, count in found.levels)
    head = (
        f"{found.file}: {found.rows:,} rows, {found.staff:,} people on the staff. Levels: {levels}."
    )
    return [head, *found.warnings, *found.notes]


def _shown(desk: Desk, dial: Dial, scenario: Scenario) -> dict[str, Any]:
    """One dial as the template needs it."""
    parameter, value = dial.parameter, desk.value_of(dial, scenario)
    words = parameter.words if parameter.kind == "choice" else ()
    if parameter.kind == "boolean":
        words, value = ("yes", "no"), "yes" if value else "no"
    shown = "" if value is None else value
    if isinstance(shown, float) and shown == int(shown):
        shown = int(shown)
    low = parameter.low if dial.reach is None else dial.reach[0]
    high = parameter.high if dial.reach is None else dial.reach[1]
    if dial.reach is not None and isinstance(shown, int | float):
        low, high = min(low, shown), max(high, shown)
    return {
        "key": dial.key,
        "label": dial.label,
        "unit": parameter.unit,
        "meaning": parameter.meaning,
        "value": shown,
        "words": words,
        "slider": dial.reach is not None,
        "low": low,
        "high": high,
        "by": dial.by,
        "text": parameter.kind == "text",
        "advanced": dial.advanced,
        "only_if": dial.only_if,
        "hidden": not _holds(desk, dial, scenario),
    }


def _holds(desk: Desk, dial: Dial, scenario: Scenario) -> bool:
    """Whether what a dial depends on is so."""
    key, wanted = dial.only_if
    if not key:
        return True
    if key == "roster":
        return (desk.understood is None) == (wanted == "no")
    section, _, name = key.rpartition(".")
    value = scenario.settings[section][name]
    if isinstance(value, int | float) and not isinstance(value, bool):
        return bool(value >= float(wanted))
    return str(value) == wanted
