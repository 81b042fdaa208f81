"""Every declared section of a scenario file, and the record that compiled rules read them from."""

from __future__ import annotations

from sim.mechanisms import recombination
from sim.mechanisms.month import MECHANISMS, OPTIONAL
from sim.organisation.costs import COSTS
from sim.organisation.pay import PAY
from sim.organisation.people import PEOPLE, SKILL_LEVELS
from sim.organisation.settings import ENVIRONMENT, ORGANISATION
from sim.parameters import ParameterGroup, record_dtype
from sim.programme.levers import LEVERS, SUPPORT
from sim.programme.pairing import PAIRING
from sim.programme.pilot import PILOT
from sim.programme.settings import PROGRAMME
from sim.programme.volunteering import VOLUNTEERING
from sim.scenario.top import SCENARIO

__all__ = ["GROUPS", "RECORD", "RECORD_WITH_OPTIONAL"]

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

GROUPS: tuple[ParameterGroup, ...] = (SCENARIO, *_SECTIONS, *_OPTIONAL_SECTIONS, PILOT)
"""Every section of a scenario file, in the order in which it is shown."""

_DERIVED = {"levers": dict.fromkeys(LEVERS, 1), "pay": PAY}

RECORD = record_dtype(_SECTIONS, _DERIVED)
"""What compiled rules read: ``p.learning.rate``, and ``p.levers.support``."""

RECORD_WITH_OPTIONAL = record_dtype((*_SECTIONS, *_OPTIONAL_SECTIONS), _DERIVED)
"""The same with the sections of the optional mechanisms, which their kernels read."""
