"""The text of a new scenario: short, annotated, and ready to run."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from sim.parameters import Parameter, ParameterGroup
from sim.scenario.messages import measure
from sim.scenario.scalars import refuse_controls
from sim.scenario.schema import sections
from sim.scenario.source import Source
from sim.scenario.toml_text import toml_value
from sim.scenario.top import SCENARIO

__all__ = ["new_scenario"]

_TITLE = "Which mentoring programme suits us?"
_TOP = ("months", "seed", "replicates")
_ASKED = {
    "organisation": ("employees", "levels", "generations", "work_modes", "management_support"),
    "programme": (
        "start_month",
        "cohort_months",
        "meetings_per_month",
        "participation",
        "places",
        "training_hours",
    ),
}
_OWN = {"participation": "asked_by_name", "places": 0.1}
"""What a comparison of policies begins with instead of the default: programmes of one size, nobody turned away."""

_VARIANTS = (
    ("No programme", "none"),
    ("Random pairs", "random"),
    ("Traditional", "traditional"),
    ("Reverse", "reverse"),
    ("Reciprocal", "reciprocal"),
)
_OF_ONE_LEVEL = (
    *_VARIANTS[:2],
    ("Complementary", "complementary"),
    ("Similarity", "similarity"),
)
_WIDTH = 88


def new_scenario(title: str = _TITLE, levels: int | None = None) -> str:
    """Return the text of a scenario file to begin with: the usual comparison, at default values but
    for who is invited: a comparison of policies wants programmes of one size.

    Parameters
    ----------
    title
        What the scenario asks, on one line.
    levels
        Levels of the firm, if they are known: with one alone there are no pairs between levels to compare.

    Raises
    ------
    InputError
        If the title has control characters.
    """
    refuse_controls(title, ("title",), Source().error)
    lines = [
        "# A mentorsim scenario. Lines that begin with # are comments.",
        "# Everything has a default: delete what you do not want to set.",
        "# `mentorsim check` shows every setting with its unit, range and origin.",
        "",
        f"title = {toml_value(title)}",
        *_settings(SCENARIO, _TOP),
    ]
    for section, names in _ASKED.items():
        group = sections()[section]
        lines += ["", f"# {group.title}", f"[{section}]", *_settings(group, names)]
    others = [group for name, group in sections().items() if name not in _ASKED]
    lines += ["", "# More sections, left at their defaults:"]
    lines += [f"# [{group.name}]  {group.title}" for group in others]
    lines += ["", *_comment("The alternatives to compare. Each is the above with its own changes.")]
    for name, policy in _VARIANTS if levels != 1 else _OF_ONE_LEVEL:
        lines += ["", "[[variant]]", f"name = {toml_value(name)}"]
        lines += [f"programme.policy = {toml_value(policy)}"]
    return "\n".join(lines) + "\n"


def _settings(group: ParameterGroup, names: tuple[str, ...]) -> Iterator[str]:
    for name in names:
        parameter = group[name]
        yield ""
        yield from _comment(_explained(parameter))
        value = _OWN.get(name, parameter.default)
        yield f"# {name} =" if value is None else f"{name} = {toml_value(value)}"


def _explained(parameter: Parameter) -> str:
    facts = measure(parameter)
    return f"{parameter.meaning} ({facts})" if facts else parameter.meaning


def _comment(text: str) -> list[str]:
    return [f"# {line}" for line in textwrap.wrap(text, _WIDTH)]
