"""What is allowed and seldom meant: said by ``mentorsim check`` and ``compare``, never refused."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sim.organisation.amounts import doubt_about_salary
from sim.programme.calendar import calendar_of
from sim.scenario.messages import quoted
from sim.scenario.rules import has_programme
from sim.scenario.scenario import Scenario

__all__ = ["unusual", "unusual_pay"]


_READ_AS_MISSING = {
    "",
    "#N/A",
    "#NA",
    "<NA>",
    "N/A",
    "NA",
    "NULL",
    "NaN",
    "None",
    "n/a",
    "nan",
    "null",
}
"""Texts that programs which read tables take for nothing."""


def unusual(scenario: Scenario) -> list[str]:
    """Say what is unusual about the variants, each thing once, with the variants that it is about."""
    found: dict[str, list[str]] = {}
    for variant in scenario.variants:
        if has_programme(variant.settings):
            for remark in _remarks(variant.settings):
                found.setdefault(remark, []).append(variant.name)
    for variant in scenario.variants:
        if variant.name.strip() in _READ_AS_MISSING:
            remark = (
                "pandas.read_csv takes this name for a missing value: read tables with "
                "keep_default_na=False, or sim.load_comparison, or choose another name."
            )
            found.setdefault(remark, []).append(variant.name)
    several = len(scenario.variants) > 1
    return unusual_pay(scenario) + [
        remark + (f" ({', '.join(quoted(name) for name in names)})" if several else "")
        for remark, names in found.items()
    ]


def unusual_pay(scenario: Scenario) -> list[str]:
    """Ask about salaries that are implausible, each once."""
    found: dict[str, None] = {}
    for costs in [
        scenario.settings["costs"],
        *(one.settings["costs"] for one in scenario.variants),
    ]:
        for salary in costs["salary_by_level"] or (costs["salary"],):
            if doubt := doubt_about_salary(float(salary), costs["currency"]):
                found[
                    f"costs.{'salary_by_level' if costs['salary_by_level'] else 'salary'}: {doubt}"
                ] = None
    return list(found)


def _remarks(settings: Mapping[str, Mapping[str, Any]]) -> Iterator[str]:
    programme = settings["programme"]
    places, share = programme["places"], programme["nominated_share"]
    if not calendar_of(programme, settings["scenario"]["months"]).openings:
        yield (
            f"No cohort opens: one of {programme['cohort_months']} months from month "
            f"{programme['start_month']} on does not fit into {settings['scenario']['months']} months."
        )
    if places == 0.0:
        yield "There are no places, so that nobody is paired."
    elif programme["participation"] == "universal" and places < 0.5:
        yield (
            f"Everybody takes part, and there are places for {100 * places:g} % of the people: most "
            "get no mentor."
        )
    elif programme["participation"] == "nominated" and places < share:
        yield (
            f"Managers put forward {100 * share:g} % of those eligible, and there are places for "
            f"{100 * places:g} % of the people: some who are put forward may get no mentor."
        )
    if programme["minimum_score"] > 0.0 and programme["everyone_matched"]:
        yield "The minimum_score counts only where everyone_matched is false."
