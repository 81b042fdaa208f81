"""Reading a study: a TOML file, or the same document made in Python, to a checked :class:`Study`."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sim.calibration.ensemble import Ensemble, read_ensemble, shipped_ensemble
from sim.errors import InputError
from sim.experiments.sweeps.checking import check_points
from sim.experiments.sweeps.designs import (
    KINDS,
    LATER,
    NOTHING_TO_VARY,
    Block,
    flat,
    read_block,
    twice,
)
from sim.experiments.sweeps.factors import EVERY, Factor, Role, factor_of
from sim.experiments.sweeps.model import FirmModel, FunctionModel, Model
from sim.experiments.sweeps.optimising import check_search
from sim.experiments.sweeps.problems import Problems
from sim.experiments.sweeps.stopping import Stopping, read_stopping
from sim.experiments.sweeps.study import Execution, Study
from sim.outcomes.declared import CURVES, OUTCOMES
from sim.scenario import Scenario, load_scenario
from sim.scenario.loading import read_toml
from sim.scenario.messages import described, hint, named
from sim.scenario.positions import Position

__all__ = ["Kept", "load_study", "read_execution", "study_of"]

_KEYS = (
    *("title", "question", "scenario", "variants", "against", "replicates", "seed", "settings"),
    *("levers", "uncertainties", "design", "outcomes", "series", "stopping", "execution"),
)
_ENSEMBLE = "ensemble"
MOST_REPLICATES = 1_000_000
MOST_RUNS = 100_000_000
"""The driver keeps a byte of every run."""


def load_study(path: str | os.PathLike[str]) -> Study:
    """Read a study file.

    Parameters
    ----------
    path
        A TOML file; the scenario that it names is looked for from its folder.

    Raises
    ------
    InputError
        With everything that is wrong, each with file, line, key and remedy as far as they can be told.
    """
    file = Path(path)
    document, lines = read_toml(file)
    problems = Problems(file, lines)
    scenario = _scenario(document, file.parent, problems)
    return _study(document, scenario, file.parent, problems)


@dataclass(frozen=True, slots=True)
class Kept:
    """What a sweep that was begun earlier had drawn and read: it is not drawn and read again.

    Attributes
    ----------
    blocks
        Its designs, with their points.
    ensemble
        Its parameter sets, if it has some.
    """

    blocks: tuple[Block, ...]
    ensemble: Ensemble | None


def study_of(
    document: Mapping[str, Any],
    model: Scenario | FunctionModel,
    folder: Path | None = None,
    kept: Kept | None = None,
) -> Study:
    """The study that a document made in Python says; see :func:`load_study`.

    Parameters
    ----------
    document
        The keys of a study file, but for ``scenario``.
    model
        A scenario, or a function.
    folder
        Where files are looked for; by default the current one.
    kept
        Of a sweep that was begun earlier.

    Raises
    ------
    InputError
        As for a file, without lines.
    """
    return _study(document, model, folder or Path(), Problems(), kept)


def _scenario(document: Mapping[str, Any], folder: Path, problems: Problems) -> Scenario:
    """The scenario that the file names.

    Raises
    ------
    InputError
        If there is none, or it is wrong; nothing else can be checked then.
    """
    name = document.get("scenario")
    if not isinstance(name, str) or not name:
        problem = "no scenario is named" if name is None else f"{described(name)} is no file"
        raise problems.error(("scenario",), problem, 'write scenario = "my_firm.toml"')
    if problems.file is not None and (folder / name).resolve() == problems.file.resolve():
        raise problems.error(("scenario",), "the study names itself", "name a scenario file")
    try:
        return load_scenario(folder / name)
    except InputError as error:
        if error.line is None and error.key is None:  # the file itself cannot be read
            raise problems.error(("scenario",), error.problem, error.remedy) from None
        raise


def _study(
    document: Mapping[str, Any],
    given: Scenario | FunctionModel,
    folder: Path,
    problems: Problems,
    kept: Kept | None = None,
) -> Study:
    for key in document:
        if key not in _KEYS:
            problems.add((str(key),), "unknown key", hint(key, _KEYS))
    if isinstance(given, FunctionModel):
        factors = _function_factors(document, given, problems)
        model: Model = given
    else:
        scenario = _changed(document, given, problems)
        names = _variants(document, scenario, problems)
        against = _against(document, scenario, names, problems)
        factors = tuple(_factors(document, scenario, names, problems))
        model = FirmModel(
            scenario,
            names,
            against,
            factors,
            _series(document, problems),
            kept.ensemble if kept else _ensemble(document, folder, problems),
        )
    blocks = kept.blocks if kept else _blocks(document, factors, folder, problems)
    outcomes = _outcomes(document, model, problems)
    stopping = _stopping(document, model, problems)
    study = Study(
        title=_text(document, "title", "Untitled study", problems),
        question=_text(document, "question", "", problems),
        model=model,
        factors=factors,
        blocks=blocks,
        replicates=_replicates(document, model, problems),
        outcomes=outcomes,
        stopping=stopping,
        execution=read_execution(document.get("execution", {}), problems),
        document=document,
    )
    for block in blocks:
        if block.kind == LATER:
            check_search(block, study, problems)
    _check_number(study, problems)
    problems.raise_if_any()
    if kept is None:
        check_points(study, problems)
        problems.raise_if_any()
    return study


def _check_number(study: Study, problems: Problems) -> None:
    """Complain about more runs than a computer can hold in mind."""
    points = sum(len(block.rows) for block in study.blocks)
    variants = len(study.model.variants)
    count = points * variants * study.replicates
    if count > MOST_RUNS:
        problem = f"{points} points × {variants} variants × {study.replicates} replicates are {count} runs"
        problems.add(
            ("replicates",), problem, f"use fewer of one of them; at most {MOST_RUNS} are possible"
        )


def _changed(document: Mapping[str, Any], scenario: Scenario, problems: Problems) -> Scenario:
    """The scenario with the study's own settings and seed."""
    settings = document.get("settings", {})
    if not isinstance(settings, Mapping):
        problems.add(("settings",), f"{described(settings)} is no section", "write [settings]")
        settings = {}
    changes = dict(flat(settings))
    if "seed" in document:
        changes["seed"] = document["seed"]
    if not changes:
        return scenario
    try:
        return scenario.with_settings(changes)
    except InputError as error:
        key = error.key or ""
        place = ("seed",) if key == "seed" else ("settings", *key.split("."))
        nested = place if place in problems.lines else ("settings", key)
        problems.add(nested, error.problem, error.remedy)
        return scenario


def _text(document: Mapping[str, Any], key: str, default: str, problems: Problems) -> str:
    value = document.get(key, default)
    if not isinstance(value, str):
        problems.add((key,), f"{described(value)} is not text", "put it in quotation marks")
        return default
    return " ".join(value.split())


def _variants(
    document: Mapping[str, Any], scenario: Scenario, problems: Problems
) -> tuple[str, ...]:
    every = tuple(item.name for item in scenario.variants)
    given = document.get("variants")
    if given is None:
        return every
    if not isinstance(given, list | tuple) or not given:
        problems.add(("variants",), f"{described(given)} names no variants", "give a list of names")
        return every
    wrong = [name for name in given if name not in every]
    for name in wrong:
        problems.add(("variants",), f"there is no variant {named(name)}", hint(name, every))
    for number, name in enumerate(given):
        if name in given[:number]:
            problems.add(("variants",), f"{named(name)} is there twice", "give each name once")
    against = document.get("against", scenario.baseline)
    return tuple(name for name in every if name in given or name == against)


def _against(
    document: Mapping[str, Any], scenario: Scenario, names: tuple[str, ...], problems: Problems
) -> str:
    given = document.get("against", scenario.baseline)
    if given not in names:
        problems.add(("against",), f"there is no variant {named(given)}", hint(given, names))
        return names[0]
    return str(given)


def _factors(
    document: Mapping[str, Any], scenario: Scenario, names: tuple[str, ...], problems: Problems
) -> list[Factor]:
    found: list[Factor] = []
    places: dict[str, Position] = {}
    seen: set[str] = set()
    for section, role in _ROLES.items():
        table = document.get(section, {})
        if section == "uncertainties" and isinstance(table, str):
            continue
        if not isinstance(table, Mapping):
            problems.add((section,), f"{described(table)} is no section", f"write [{section}]")
            continue
        for key in twice(table):
            problems.add((section, key), "it is given twice", "give it once")
        for key, value in flat(table).items():
            if section == "uncertainties" and key == _ENSEMBLE:
                continue
            place = (section, key)
            if place not in problems.lines:
                place = (section, *key.split(".", 1))  # type: ignore[assignment]
            if key in seen:
                problems.add(place, "it is both a lever and an uncertainty", "keep one of the two")
                continue
            seen.add(key)
            factor = factor_of(key, value, role, scenario, names, place, problems)
            if factor is not None:
                found.append(factor)
                places[key] = place
    _check_together(found, names, places, problems)
    return found


def _check_together(
    factors: Sequence[Factor],
    names: tuple[str, ...],
    places: Mapping[str, Position],
    problems: Problems,
) -> None:
    """Complain about factors of the same setting of which one leaves another nothing to do."""
    for number, factor in enumerate(factors):
        same = [one for one in factors if (one.section, one.name) == (factor.section, factor.name)]
        before = [one for one in factors[:number] if one in same]
        place, setting = places[factor.key], f"{factor.section}.{factor.name}"
        if any(one.variant == factor.variant for one in before):
            problems.add(place, "it is given twice", "give it once")
        elif factor.variant != EVERY and any(one.variant == EVERY for one in same):
            problem = f'"*: {setting}" sets it in every variant, where this does nothing'
            problems.add(place, problem, "keep one of the two")
        elif factor.variant is None and set(names) <= {one.variant for one in same}:
            problem = (
                "every variant has it as a factor of its own, and varying the base does nothing"
            )
            problems.add(place, problem, "leave it out")


_ROLES: Mapping[str, Role] = {"levers": "lever", "uncertainties": "uncertainty"}


def _function_factors(
    document: Mapping[str, Any], model: FunctionModel, problems: Problems
) -> tuple[Factor, ...]:
    """Factors of a function: ranges and values as they are given, without a declaration."""
    found = []
    for section, role in _ROLES.items():
        for key, value in dict(document.get(section, {})).items():
            if isinstance(value, list | tuple):
                value = {"values": value}
            values = tuple(value.get("values", ()))
            low, high = float(value.get("low", 0.0)), float(value.get("high", 1.0))
            if low > high:
                problems.add((section, key), "low is above high", "swap them")
            scale = value.get("scale") == "logarithmic"
            found.append(Factor(key, role, None, "", key, values, low, high, scale))
    if tuple(factor.key for factor in found) != model.keys:
        problems.add((), "the function has other factors", f"use {', '.join(model.keys)}")
    return tuple(found)


def _ensemble(document: Mapping[str, Any], folder: Path, problems: Problems) -> Ensemble | None:
    given: Any = document.get("uncertainties")
    if isinstance(given, Mapping):
        given = given.get(_ENSEMBLE)
    if given is None or given is False:
        return None
    if given in (True, _ENSEMBLE):
        return shipped_ensemble()
    if not isinstance(given, str):
        remedy = 'write uncertainties = "ensemble", or the name of a file that calibrate wrote'
        problems.add(("uncertainties",), f"{described(given)} is no ensemble", remedy)
        return None
    try:
        return read_ensemble(folder / given)
    except InputError as error:
        problems.keep(error)
        return None


def _blocks(
    document: Mapping[str, Any], factors: tuple[Factor, ...], folder: Path, problems: Problems
) -> tuple[Block, ...]:
    given = document.get("design")
    if isinstance(given, str):
        given = [{"kind": given}]
    elif isinstance(given, Mapping):
        given = [given]
    if given is None and not factors:
        return (Block("list", (), {}, ((),)),)
    if given and not isinstance(given, list | tuple):
        problems.add(("design",), f"{described(given)} is no design", "write [[design]]")
        return ()
    if not given:
        remedy = f'write [[design]] with kind = "grid" (or {", ".join(list(KINDS)[1:])}, {LATER})'
        problems.add(("design",), "there is no design", remedy)
        return ()
    found = []
    for number, table in enumerate(given):
        place = (
            ("design", number)
            if not problems.lines or ("design", number) in problems.lines
            else ("design",)
        )
        if not isinstance(table, Mapping):
            problems.add(place, f"{described(table)} is no design", "write [[design]]")
            continue
        before = len(problems.found)
        block = read_block(table, factors, folder, place, problems)
        if before and not factors and (document.get("levers") or document.get("uncertainties")):
            # They are there, and wrong, which was said.
            new = problems.found[before:]
            problems.found[before:] = [one for one in new if one.problem != NOTHING_TO_VARY]
        if block is not None:
            found.append(block)
    if sum(block.kind == LATER for block in found) > 1:
        problems.add(("design",), "there are two searches", f"keep one design of kind {LATER}")
    if any(block.kind == LATER for block in found[:-1]):
        problems.add(("design",), "a search stands before other designs", "put it last")
    return tuple(found)


def _names(
    document: Mapping[str, Any], key: str, known: tuple[str, ...], problems: Problems
) -> tuple[str, ...]:
    given = document.get(key, ())
    if isinstance(given, str):
        given = [given]
    if not isinstance(given, list | tuple):
        problems.add((key,), f"{described(given)} is no list of outcomes", "give a list of names")
        return ()
    for name in given:
        if name not in known:
            problems.add((key,), f"there is no outcome {named(name)}", hint(name, known))
    return tuple(dict.fromkeys(name for name in given if name in known))


def _outcomes(document: Mapping[str, Any], model: Model, problems: Problems) -> tuple[str, ...]:
    found = _names(document, "outcomes", model.outcomes, problems)
    if found or not isinstance(model, FirmModel):
        return found or model.outcomes
    return tuple(item.name for item in OUTCOMES if item.headline)


def _series(document: Mapping[str, Any], problems: Problems) -> tuple[str, ...]:
    return _names(document, "series", tuple(item.name for item in CURVES), problems)


def _replicates(document: Mapping[str, Any], model: Model, problems: Problems) -> int:
    default = model.scenario.replicates if isinstance(model, FirmModel) else 1
    given = document.get("replicates", default)
    whole = isinstance(given, int) and not isinstance(given, bool)
    if not whole or not 1 <= given <= MOST_REPLICATES:
        remedy = f"write a whole number from 1 to {MOST_REPLICATES}"
        problems.add(("replicates",), f"{described(given)} is out of range", remedy)
        return default
    return int(given)


def _stopping(document: Mapping[str, Any], model: Model, problems: Problems) -> Stopping:
    given = document.get("stopping", {})
    if isinstance(given, Mapping) and "outcome" in given and "goal" not in given:
        better = {item.name: item.higher_is_better for item in OUTCOMES}.get(given["outcome"])
        if given.get("rule") in ("selection", "allocation"):
            given = {**given, "goal": "min" if better is False else "max"}
    return read_stopping(given, model.outcomes, model.variants, ("stopping",), problems)


def read_execution(given: Any, problems: Problems) -> Execution:
    """Read the section on execution; what is wrong with it goes to `problems`."""
    place = ("execution",)
    if not isinstance(given, Mapping):
        problems.add(place, f"{described(given)} is no section", "write [execution]")
        return Execution()
    found: dict[str, Any] = {}
    for name, value in given.items():
        here = (*place, str(name))
        number = isinstance(value, int | float) and not isinstance(value, bool)
        match name:
            case "workers":
                if isinstance(value, int) and number and 1 <= value <= 1024:
                    found[name] = value
                else:
                    problems.add(here, f"{described(value)} is out of range", "use 1 to 1024")
            case "engine":
                if value in ("local", "here") or str(value).startswith("dask:"):
                    found[name] = str(value)
                else:
                    remedy = (
                        'use "local", "here" or "dask:tcp://address:port" (or dask:scheduler.json)'
                    )
                    problems.add(here, f"{described(value)} is no engine", remedy)
            case "timeout_seconds" | "batch_seconds":
                if number and 0.001 <= value <= 1e7:
                    found[name] = float(value)
                else:
                    problems.add(
                        here, f"{described(value)} is out of range", "write seconds above 0"
                    )
            case _:
                known = ("workers", "engine", "timeout_seconds", "batch_seconds")
                problems.add(here, "unknown key", hint(name, known))
    return Execution(**found)
