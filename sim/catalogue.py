"""The whole model in two lists: its mechanisms in the order of a month, and every declared section."""

from __future__ import annotations

from sim.mechanisms import (
    awareness,
    departures,
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

__all__ = ["BEFORE_PROGRAMME", "AFTER_PROGRAMME", "MECHANISMS", "GROUPS", "RECORD"]

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

GROUPS: tuple[ParameterGroup, ...] = (
    SCENARIO,
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
"""Every section of a scenario file, in the order in which it is shown."""

RECORD = record_dtype((group for group in GROUPS if group.name != "scenario"), {"levers": LEVERS})
"""What compiled rules read: ``p.learning.rate``, and ``p.levers.support``."""
