"""Ask a sweep a question: which factors matter, which policy is best, where it fails.

Each question writes a table, a figure and words into FOLDER/analysis, and the page FOLDER/analysis.html then
holds everything that was asked. "all" asks everything that the sweep can answer.

Questions:
  describe      what was simulated, and how exactly it is known
  compare       what each variant changes, in pairs of the same firm
  best          which alternative is best, and how surely
  pareto        where the trade-offs lie between outcomes
  optimise      what a search found, on firms that it never saw
  map           which variant is best where, over two factors
  regret        which alternative is robust over the conditions
  discover      under which conditions a policy fails, as rules
  sensitivity   which factors matter, and how much is chance
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.commands.command import add_extensions, load_extensions
from sim.commands.streams import say
from sim.errors import InputError
from sim.files import refuse_unfit

if TYPE_CHECKING:
    from sim.analysis.results import Finding, Results

NAME = "analyse"
MEANING = "ask a sweep a question"

_VERBS = (
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


def add_options(parser: argparse.ArgumentParser) -> None:
    """Declare what the command takes."""
    add = parser.add_argument
    add("folder", metavar="FOLDER", type=Path, help="folder of the sweep")
    add(
        "verb",
        metavar="QUESTION",
        nargs="?",
        default="all",
        choices=(*_VERBS, "all"),
        help="see above",
    )
    add("--outcome", metavar="NAME", action="append", help="about which outcome (may be repeated)")
    add("--variant", metavar="NAME", help="about which variant (discover, sensitivity)")
    add("--against", metavar="NAME", help="for compare: with another variant than the baseline")
    add("--objective", metavar="NAME=max|min", action="append", help="for pareto (may be repeated)")
    add("--x", metavar="FACTOR", help="for map: the factor across")
    add("--y", metavar="FACTOR", help="for map: the factor upwards")
    add(
        "--threshold",
        metavar="NUMBER",
        type=float,
        help="for discover: an effect up to this is a failure",
    )
    add("--method", choices=("tree", "prim"), help="for discover: how rules are found")
    add("--of", choices=("effect", "level"), help="for sensitivity: the effect or the level itself")
    add("--block", metavar="N", type=int, help="for sensitivity: which design of the study, from 0")
    add_extensions(parser)


def call(options: argparse.Namespace) -> int:
    """Ask, write, and print what was found."""
    from sim.analysis.results import load_results
    from sim.report.sweeps.page import write_page

    load_extensions(options)
    results = load_results(options.folder)
    remedy = "make room, or copy the sweep to another folder"
    refuse_unfit(results.path, 500_000, remedy=remedy)
    if options.verb == "all":
        _ask_all(results, options)
    else:
        for asked in _options(options, options.verb):
            _ask(results, options.verb, asked)
    print(f"\nThe page is {write_page(results)}")
    return 0


def _ask_all(results: Results, options: argparse.Namespace) -> None:
    """Ask everything; what cannot be answered is said, and passed over."""
    for verb in _VERBS:
        if verb == "optimise" and results.study.proposed is None:
            continue
        for asked in _options(options, verb, only_fitting=True):
            try:
                _ask(results, verb, asked)
            except InputError as error:
                say(f"{verb}: not asked, because {error}")


def _ask(results: Results, verb: str, asked: dict[str, Any]) -> None:
    from sim.analysis.asking import ask
    from sim.report.sweeps.page import keep

    finding = ask(results, verb, **asked)
    keep(finding, results)
    _print(finding)


def _print(finding: Finding) -> None:
    print(f"\n{finding.title}")
    for sentence in finding.sentences:
        print(f"  {sentence}")


def _options(
    options: argparse.Namespace, verb: str, *, only_fitting: bool = False
) -> list[dict[str, Any]]:
    """What a verb is asked, once for each outcome if it is about one.

    Raises
    ------
    InputError
        For an objective that cannot be read.
    """
    from sim.analysis.asking import VERBS

    takes = VERBS[verb].options
    names = ("variant", "against", "x", "y", "threshold", "method", "of", "block")
    given = {name: getattr(options, name) for name in names if getattr(options, name) is not None}
    if options.objective:
        given["objectives"] = dict(_objective(text) for text in options.objective)
    if only_fitting:
        given = {name: value for name, value in given.items() if name in takes}
    if "outcomes" in takes:
        return [given | ({"outcomes": options.outcome} if options.outcome else {})]
    if "outcome" in takes and options.outcome:
        return [given | {"outcome": name} for name in options.outcome]
    if options.outcome and not only_fitting:
        raise InputError(f"{verb} is not about one outcome", remedy="leave --outcome out")
    return [given]


def _objective(text: str) -> tuple[str, str]:
    name, equals, goal = text.partition("=")
    if not equals:
        raise InputError(
            f"{text!r} is no objective", remedy="write --objective retention_12_months=max"
        )
    return name, goal
