"""The roster that a scenario names: read beside the scenario file, with the ties if it has any."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

import numpy as np

from sim.errors import InputError
from sim.organisation.roster.options import RosterOptions, options_of
from sim.organisation.roster.roster import Roster
from sim.organisation.roster.ties import read_ties
from sim.organisation.roster.understanding import read_roster
from sim.organisation.settings import ORGANISATION
from sim.scenario.files import trouble_with
from sim.scenario.frozen import Frozen
from sim.scenario.positions import Position
from sim.scenario.scalars import Complain
from sim.scenario.sections import DEFAULT
from sim.scenario.source import Source, dotted
from sim.scenario.values import checked

__all__ = ["FROM_ROSTER", "Staff", "read_staff", "roster_digest", "with_staff"]

FROM_ROSTER = "roster"
"""Origin of the settings that a roster decides."""

_SECTION = ORGANISATION.name


@dataclass(frozen=True, slots=True)
class Staff:
    """A roster with what it was read for, so that a changed scenario need not read it again."""

    roster: Roster
    read_for: tuple[Any, ...]


def read_staff(
    settings: Mapping[str, Frozen], source: Source, known: Staff | None = None
) -> Staff | None:
    """Return the roster that the organisation names, or None if it names none.

    Parameters
    ----------
    settings
        All settings by section.
    source
        Paths are relative to its file; in code, to the current folder.
    known
        What was read before; used again if the same is asked for.

    Raises
    ------
    InputError
        For a file that is missing or wrong, ties without a roster, and a roster together with
        settings that it decides.
    """
    organisation = settings[_SECTION]
    path, ties = organisation["roster"], organisation["ties"]
    if path is None:
        if ties is not None:
            problem = "ties are known by the employee ids of a roster, and there is none"
            remedy = "give organisation.roster, too, or leave ties out"
            raise source.error((_SECTION, "ties"), problem, remedy)
        return None
    folder = Path() if source.file is None else source.file.parent
    options = _options(organisation, source)
    read_for = (str(folder), path, ties, options)
    if known is not None and known.read_for == read_for:
        return known
    roster = read_roster(_existing(folder, path, "roster", source), options=options)
    if ties is not None:
        roster = replace(roster, ties=read_ties(_existing(folder, ties, "ties", source), roster))
    return Staff(roster, read_for)


def _options(organisation: Frozen, source: Source) -> RosterOptions:
    """How the roster is to be read, as the scenario says."""
    try:
        return options_of(organisation)
    except InputError as error:
        key = (error.key or "").partition(".")[2]
        raise source.error((_SECTION, key), error.problem, error.remedy) from None


def _existing(folder: Path, name: str, key: str, source: Source) -> Path:
    path = folder / name
    trouble = trouble_with(path, (".csv", ".txt", ".xlsx"))
    if trouble is not None:
        raise source.error((_SECTION, key), *trouble)
    return path


def with_staff(
    settings: dict[str, Frozen], origins: dict[str, str], staff: Staff, source: Source
) -> None:
    """Put what the roster decides in the place of the settings and of their origins.

    Raises
    ------
    InputError
        If the scenario sets one of them itself, or the roster is beyond the allowed ranges.
    """
    organisation = dict(settings[_SECTION])
    for name, value in _decided(staff.roster).items():
        place = (_SECTION, name)
        if origins[dotted(place)] != DEFAULT:
            problem = "the roster sets it, and it is given here as well"
            raise source.error(place, problem, f"remove {name}, or remove the roster")
        complain = _about_roster(source, name)
        organisation[name] = checked(ORGANISATION[name], value, place, complain)
        origins[dotted(place)] = FROM_ROSTER
    settings[_SECTION] = Frozen(organisation)
    _take_pay(settings, origins, staff.roster)


def _take_pay(settings: dict[str, Frozen], origins: dict[str, str], roster: Roster) -> None:
    """The roster's salaries by level, unless the scenario says anything about salaries itself."""
    own = ("salary", "salary_growth", "salary_by_level")
    if not roster.salary_by_level.size or any(origins[f"costs.{name}"] != DEFAULT for name in own):
        return
    salaries = tuple(roster.salary_by_level.tolist())
    settings["costs"] = Frozen({**settings["costs"], "salary_by_level": salaries})
    origins["costs.salary_by_level"] = FROM_ROSTER


def _decided(roster: Roster) -> dict[str, Any]:
    """The settings that a roster decides; the sites only if it knows any."""
    values: dict[str, Any] = {
        "employees": roster.headcount,
        "levels": len(roster.level_names),
        "departments": len(roster.department_names),
    }
    counts = np.bincount(roster.site[roster.site >= 0], minlength=len(roster.site_names))
    if counts.any():
        values["sites"] = dict(zip(roster.site_names, counts.tolist(), strict=True))
    return values


def _about_roster(source: Source, name: str) -> Complain:
    def complain(_: Position, problem: str, remedy: str) -> InputError:
        place = (_SECTION, "roster")
        return source.error(place, f"the roster's {name}: {problem}", remedy)

    return complain


def roster_digest(roster: Roster) -> str:
    """Return a SHA-256 over what a roster says, in hexadecimal; its notes do not count."""
    digest = hashlib.sha256()
    for part in fields(roster):
        value = getattr(roster, part.name)
        if part.name == "notes":
            continue
        digest.update(f"{part.name}\n".encode())
        if isinstance(value, np.ndarray):
            digest.update(f"{value.dtype.str}{value.shape}\n".encode())
            digest.update(np.ascontiguousarray(value).tobytes())
        else:
            digest.update(json.dumps(value, sort_keys=True, default=str).encode())
    return digest.hexdigest()
