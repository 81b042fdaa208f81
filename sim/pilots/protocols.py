"""The protocol of a pilot: written before it begins, read again when its results are in."""

from __future__ import annotations

import math
import tomllib
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

from sim.errors import InputError
from sim.pilots.causes import estimand_of
from sim.pilots.choosing import choose
from sim.pilots.designs import design_named
from sim.pilots.findings import Findings
from sim.pilots.measures import JUDGED, measure_named
from sim.pilots.reading import Question
from sim.scenario.messages import described, hint
from sim.scenario.toml_text import toml_value

__all__ = ["FORMAT", "Protocol", "protocol_of", "protocol_text", "read_protocol"]

FORMAT = 1


@dataclass(frozen=True, slots=True)
class Protocol:
    """What is agreed before a pilot begins.

    Attributes
    ----------
    format
        Of the file.
    title, programme
        The scenario's title and the name of the programme.
    design, measure, months
        The reading on which it is judged: names, and months after the start.
    also
        Names of further measures that are told, and do not decide.
    offered, others
        People offered a place, and people compared with them, as planned.
    significance
        How often it may find an effect of a programme that does nothing.
    small_arm, seed
        Below how many people arms are compared by permutation; of the lot and the permutations.
    lottery_list
        Name of the file with the lot's list beside the protocol; "" where there is none.
    score_lowest, score_highest
        Ends of the survey's scale, and those of the test's.
    estimand
        What is estimated, in words.
    expected, expected_low, expected_high
        The forecast of the estimate and its 95 % interval.
    standard_error, power
        Forecast of both.
    unit
        Of the estimate.
    scenario_digest, version
        Of what made the forecast.
    """

    format: int
    title: str
    programme: str
    design: str
    measure: str
    months: int
    also: tuple[str, ...]
    offered: int
    others: int
    significance: float
    small_arm: int
    seed: int
    lottery_list: str
    survey_lowest: float
    survey_highest: float
    test_lowest: float
    test_highest: float
    estimand: str
    unit: str
    expected: float
    expected_low: float
    expected_high: float
    standard_error: float
    power: float
    scenario_digest: str
    version: str


def protocol_of(
    pilot: Findings, question: Question | None = None, *, lottery_list: str = ""
) -> Protocol:
    """The protocol of a reading; by default of that which is advised.

    Raises
    ------
    InputError
        If nothing can be read.
    """
    from importlib.metadata import version

    chosen = choose(pilot)
    if question is None:
        if chosen is None:
            remedy = "offer more people a place, or add designs"
            raise InputError("no pilot of these sizes can be read at all", remedy=remedy)
        question = chosen.question
    told = pilot.of(question)
    also = tuple(
        one.name
        for one in JUDGED
        if one.name != "skills_after_only"
        and one != question.measure
        and (one.source == "records" or one.source != question.measure.source)
    )
    numbers = (told.expected.value, told.expected.low, told.expected.high, told.error)
    expected, low, high, error = (float(f"{one:.4g}") for one in numbers)
    return Protocol(
        format=FORMAT,
        title=pilot.scenario.title,
        programme=pilot.variant,
        design=question.design.name,
        measure=question.measure.name,
        months=question.months,
        also=also,
        offered=round(told.treated) if question.design.kind == "departments" else question.offered,
        others=round(told.controls) if math.isfinite(told.controls) else 0,
        significance=float(pilot.settings["significance"]),
        small_arm=int(pilot.settings["small_arm"]),
        seed=pilot.scenario.seed,
        lottery_list=lottery_list,
        survey_lowest=0.0,
        survey_highest=100.0,
        test_lowest=0.0,
        test_highest=100.0,
        estimand=estimand_of(question.design),
        unit=question.measure.unit,
        expected=expected,
        expected_low=low,
        expected_high=high,
        standard_error=error,
        power=float(f"{told.power.value:.3g}"),
        scenario_digest=pilot.scenario.digest(),
        version=version("mentorsim"),
    )


_REMARKS = {
    "design": "who is offered a place, and with whom they are compared (docs/pilot.md)",
    "measure": "on which the pilot is judged, so many months after the start",
    "also": "told beside it; they do not decide",
    "offered": "people offered a place, and people compared with them, as planned",
    "significance": "how often a programme that does nothing may be called an effect",
    "small_arm": "arms of fewer people are compared by permutation",
    "lottery_list": "file beside this one that says who was drawn; empty: the results say it themselves",
    "survey_lowest": "ends of your survey's scale, and of your test's: change them to 1 and 5, say",
    "estimand": "what is estimated, and what the simulation expects",
    "scenario_digest": "what made the forecast",
}


def protocol_text(protocol: Protocol) -> str:
    """The protocol as a TOML file; `mentorsim pilot read` takes it."""
    lines = [
        "# Protocol of a pilot: file it before it begins, and change nothing afterwards but the ends of scales.",
        "# When its results are in: mentorsim pilot read protocol.toml RESULTS.csv",
        "",
    ]
    for name, value in asdict(protocol).items():
        if name in _REMARKS:
            lines += ["", f"# {_REMARKS[name]}"]
        told = list(value) if isinstance(value, tuple) else value
        lines.append(f"{name} = {toml_value(told)}")
    return "\n".join(lines) + "\n"


def read_protocol(path: str | Path) -> Protocol:
    """Read a protocol.

    Raises
    ------
    InputError
        Naming everything that is wrong with it at once.
    """
    file = Path(path)
    try:
        table = tomllib.loads(file.read_text(encoding="utf-8-sig"))
    except OSError as error:
        problem = f"the protocol cannot be read ({error.strerror or error})"
        raise InputError(problem, remedy="name the protocol.toml of the pilot", file=file) from None
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise InputError(f"this is no protocol ({error})", remedy="name a protocol.toml", file=file) from None  # fmt: skip
    if table.get("format") != FORMAT:
        remedy = "name the protocol.toml that mentorsim pilot wrote"
        raise InputError("this is no protocol of a pilot", remedy=remedy, file=file)
    problems = list(_problems(table))
    if problems:
        raise InputError("; ".join(problems), remedy="put it right and read again", file=file)
    table["also"] = tuple(table["also"])
    return Protocol(**{one.name: table[one.name] for one in fields(Protocol)})


def _problems(table: dict[str, Any]) -> Any:
    kinds: dict[str, Any] = {"int": int, "float": (int, float), "str": str, "tuple[str, ...]": list}
    names = [one.name for one in fields(Protocol)]
    for one in fields(Protocol):
        if one.name not in table:
            yield f"{one.name} is missing"
        elif not isinstance(table[one.name], kinds[str(one.type)]) or isinstance(
            table[one.name], bool
        ):
            yield f"{one.name} is {described(table[one.name])}"
    for name in table:
        if name not in names:
            yield f"{name} is no entry of a protocol ({hint(name, names)})"
    for key, named in (("design", design_named), ("measure", measure_named)):
        if isinstance(table.get(key), str):
            try:
                named(table[key])
            except InputError as error:
                yield str(error)
    for scale in ("survey", "test"):
        low, high = table.get(f"{scale}_lowest"), table.get(f"{scale}_highest")
        if isinstance(low, int | float) and isinstance(high, int | float) and not low < high:
            yield f"{scale}_highest ({high}) is not above {scale}_lowest ({low})"
    share = table.get("significance")
    if isinstance(share, float) and not 0.0 < share < 1.0:
        yield f"significance is {share}, and not between 0 and 1"
