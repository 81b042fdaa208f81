"""The whole model in lists: its mechanisms in the order of a month, and every declared section."""

from __future__ import annotations

from sim.mechanisms import (
    awareness,
    departures,
    encounters,
    endings,
    engagement,
    ideas,
    informal,
    learning,
    meetings,
    practice,
    recognition,
    recombination,
    recording,
    ties,
    vacancies,
)
from sim.mechanisms.mechanism import Mechanism
from sim.organisation.people import PEOPLE, SKILL_LEVELS
from sim.organisation.settings import ENVIRONMENT, ORGANISATION
from sim.parameters import ParameterGroup, record_dtype
from sim.programme.costs import COSTS
from sim.programme.levers import LEVERS, SUPPORT
from sim.programme.pairing import PAIRING
from sim.programme.settings import PROGRAMME
from sim.programme.volunteering import VOLUNTEERING
from sim.settings import SCENARIO

__all__ = [
    "BEFORE_PROGRAMME",
    "AFTER_PROGRAMME",
    "MECHANISMS",
    "OPTIONAL",
    "EVERY_MECHANISM",
    "GROUPS",
    "RECORD",
    "RECORD_WITH_OPTIONAL",
]

BEFORE_PROGRAMME: tuple[Mechanism, ...] = (departures.MECHANISM, vacancies.MECHANISM)
"""Phases 2 and 3 of a month."""

AFTER_PROGRAMME: tuple[Mechanism, ...] = (
    ties.MECHANISM,
    informal.MECHANISM,
    meetings.MECHANISM,
    learning.MECHANISM,
    practice.MECHANISM,
    recognition.MECHANISM,
    endings.MECHANISM,
    engagement.MECHANISM,
    ideas.MECHANISM,
    awareness.MECHANISM,
    recording.MECHANISM,
)
"""Phases 5 to 10 of a month."""

MECHANISMS: tuple[Mechanism, ...] = BEFORE_PROGRAMME + AFTER_PROGRAMME

OPTIONAL: tuple[Mechanism, ...] = (encounters.MECHANISM,)
"""Mechanisms that no month has unless a variant switches them on.

They are not part of the compiled month, so that they cost nothing while they are off; where one is on, the
month is lived phase by phase, and it acts behind the mechanism that it names.
"""

EVERY_MECHANISM: tuple[Mechanism, ...] = tuple(
    one
    for mechanism in MECHANISMS
    for one in (mechanism, *(other for other in OPTIONAL if other.after == mechanism.name))
)
"""All of them, in the order of a month in which everything is switched on."""

_SECTIONS: tuple[ParameterGroup, ...] = (
    ORGANISATION,
    ENVIRONMENT,
    PROGRAMME,
    COSTS,
    VOLUNTEERING,
    PAIRING,
    SUPPORT,
    PEOPLE,
    SKILL_LEVELS,
    recombination.RECOMBINATION,
    *(mechanism.parameters for mechanism in MECHANISMS),
)

_OPTIONAL_SECTIONS = tuple(mechanism.parameters for mechanism in OPTIONAL)

GROUPS: tuple[ParameterGroup, ...] = (SCENARIO, *_SECTIONS, *_OPTIONAL_SECTIONS)
"""Every section of a scenario file, in the order in which it is shown."""

_DERIVED = {"levers": LEVERS}

RECORD = record_dtype(_SECTIONS, _DERIVED)
"""What compiled rules read: ``p.learning.rate``, and ``p.levers.support``."""

RECORD_WITH_OPTIONAL = record_dtype((*_SECTIONS, *_OPTIONAL_SECTIONS), _DERIVED)
"""The same with the sections of the optional mechanisms, which their kernels read."""
