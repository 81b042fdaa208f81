"""Make a draft pair list for the people of a roster, with reasons, alternatives and those left out.

Writes pairs.csv, unmatched.csv and pairs.xlsx (pairs, unmatched, how it was made). Coordinators write fixed,
forbidden or another mentor into the workbook; --draft reads it back, keeps what is settled and pairs the rest
anew. The same file, settings and seed give the same list.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.commands.command import add_extensions, load_extensions, whole_number
from sim.errors import InputError
from sim.files import refuse_unfit

if TYPE_CHECKING:
    from sim.pair_lists.making import PairList

NAME = "pair"
MEANING = "make a draft pair list for a staff list"


def add_options(parser: argparse.ArgumentParser) -> None:
    """Declare what the command takes."""
    add = parser.add_argument
    add("roster", metavar="ROSTER", type=Path, help="staff list (.csv, .txt, .xlsx)")
    add(
        "--policy", metavar="NAME", help="how pairs are made: traditional, reverse, reciprocal, ..."
    )
    add(
        "--settings",
        metavar="SCENARIO",
        type=Path,
        help="scenario whose rules, levels, capacity and seed hold",
    )
    add("--variant", metavar="NAME", help="variant of the scenario whose settings hold")
    add("--output", metavar="DIR", type=Path, help="where to write; default: pairs_ROSTER")
    add("--force", action="store_true", help="replace what is there")
    add("--draft", metavar="FILE", type=Path, help="pairs.xlsx or pairs.csv with what is settled")
    add("--places", metavar="N", type=whole_number(1, 2_000_000), help="most pairs")
    add(
        "--choose",
        metavar="HOW",
        default="lottery",
        help="who gets a place where places are short: lottery (the default) or best",
    )
    add(
        "--prefer",
        metavar="LIST",
        default="",
        help="what decides among equals, with commas: same_site, other_department, ...",
    )
    add("--seed", metavar="N", type=whole_number(0, 2**63 - 1), help="of lots and imputed firms")
    add_extensions(parser)


def call(options: argparse.Namespace) -> int:
    """Make the list, write it, and say what it can tell."""
    load_extensions(options)
    from importlib.metadata import version

    from sim.organisation.roster.options import options_of
    from sim.organisation.roster.understanding import read_roster
    from sim.pair_lists.draft import read_draft
    from sim.pair_lists.making import make_list
    from sim.pair_lists.request import Draft, PairRequest, refuse_judgements
    from sim.pair_lists.writing import write_list

    folder = options.output or Path(f"pairs_{options.roster.stem}")
    refuse_unfit(folder)
    settings, seed = _settings(options)
    refuse_judgements(settings["programme"]["policy"])
    roster = read_roster(options.roster, options=options_of(settings["organisation"]))
    prefer = tuple(filter(None, (word.strip() for word in options.prefer.split(","))))
    draft = Draft() if options.draft is None else read_draft(options.draft, roster)
    request = PairRequest(options.places, options.choose, prefer, draft)
    found = make_list(roster, settings, request, seed=seed)
    paths = write_list(
        found,
        folder,
        source=options.roster.name,
        version=version("mentorsim"),
        seed=seed,
        replace=options.force,
    )
    print("\n".join(_screen(found, paths)))
    return 0


def _settings(options: argparse.Namespace) -> tuple[Any, int]:
    """The settings of the scenario or of the defaults, with the policy that was asked for."""
    from sim.scenario import Scenario, load_scenario

    if options.settings is None:
        if options.policy is None:
            remedy = "give --policy, such as --policy traditional, or --settings with a scenario"
            raise InputError("there is no policy", remedy=remedy)
        scenario = Scenario(programme={"policy": options.policy, "start_month": 0})
        seed = scenario.seed
        return scenario.settings, seed if options.seed is None else options.seed
    scenario = load_scenario(options.settings)
    settings = scenario.variant(options.variant).settings if options.variant else _base(scenario)
    if options.policy is not None:
        Scenario(programme={"policy": options.policy, "start_month": 0})  # refuses unknown names
        settings = {**settings, "programme": {**settings["programme"], "policy": options.policy}}
    return settings, scenario.seed if options.seed is None else options.seed


def _base(scenario: Any) -> Any:
    """The base settings, or those of the first variant with a programme if the base has none."""
    settings = scenario.settings
    return (
        settings if settings["programme"]["policy"] != "none" else scenario.variant(None).settings
    )


def _screen(found: PairList, paths: list[Path]) -> list[str]:
    """What the list can tell, how many mentors it takes, the first pairs, and where the files are."""
    from sim.pair_lists.known import WORDS
    from sim.pair_lists.tables import first_line, pairs_table, words_on_needs
    from sim.report.wording import clipped

    lines = [first_line(found), "", *words_on_needs(found)]
    for name, why in found.rules.unchecked:
        lines.append(f"Not checked: {WORDS[name]} ({why}).")
    table = pairs_table(found)
    if len(table):
        lines.append("")
        shown = table.head(8)[["mentee", "mentor", "score", "reason 1", "alternative 1"]]
        width = [max(len(str(value)) for value in [name, *shown[name]]) for name in shown]
        for row in [tuple(shown), *shown.itertuples(index=False)]:
            cells = [
                clipped(str(cell), 46).ljust(min(wide, 46))
                for cell, wide in zip(row, width, strict=True)
            ]
            lines.append("  ".join(cells).rstrip())
        if len(table) > len(shown):
            lines.append(f"... and {len(table) - len(shown):,} more")
    lines += ["", f"Wrote {', '.join(str(path) for path in paths)}."]
    lines.append(
        f"Settle pairs in {paths[-1].name} (status fixed or forbidden, or another mentor), then run again with "
        f"--draft {paths[-1]} --output ANOTHER_FOLDER."
    )
    return lines
