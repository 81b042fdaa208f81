"""Units: what a department and a manager lastingly add to how people feel about their work.

People of one team share a manager and a department, so that their attitudes are alike (Bliese 2000: ICC(1) of
about .05 to .20 is usual). Both last: a department keeps its climate, a manager whatever he or she is like.
Nobody chooses a unit for it, and a programme changes neither.
"""

from __future__ import annotations

from sim.engine import columns
from sim.engine.compiled import kernel, rule
from sim.mechanisms.mechanism import Mechanism
from sim.parameters import Parameter, ParameterGroup

__all__ = ["MECHANISM", "know_units", "unit_effect"]

PARAMETERS = ParameterGroup(
    "units",
    "What departments and managers make of work",
    (
        Parameter(
            "department_spread",
            0.04,
            "engagement SD",
            "Spread between departments of what they add to the baseline of engagement.",
            0.0,
            0.5,
            source="Bliese 2000: ICC(1) of .05 to .20 is usual",
            grade="derived",
            prior=(0.02, 0.05),
            neutral=0.0,
        ),
        Parameter(
            "manager_effect",
            0.28,
            "engagement per unit",
            "What a manager's mentoring ability and humility (mean of the two, against the middle of the scale) "
            "add to the baseline of engagement of those who report to him or her.",
            0.0,
            2.0,
            source="Bliese 2000 (the same); leader relation with leaving, W-ATT",
            grade="derived",
            prior=(0.1, 0.45),
            neutral=0.0,
        ),
    ),
)


@rule
def unit_effect(climate, ability, humility, p):
    """``department_spread · climate + manager_effect · ((ability + humility)/2 - 1/2)``, on engagement's scale.

    `climate` is standard normal over departments; `ability` and `humility` are the manager's, 0 to 1.
    """
    return p.department_spread * climate + p.manager_effect * (0.5 * (ability + humility) - 0.5)


@kernel
def know_units(state, p, month):
    """What everybody's unit adds; whoever has no manager has an ordinary one."""
    person = state.person
    whole = state.whole
    climate = state.department[columns.CLIMATE]
    for slot in range(whole.shape[1]):
        if whole[columns.ACTIVE, slot] == 0:
            continue
        manager = whole[columns.MANAGER, slot]
        ability = 0.5
        humility = 0.5
        if manager >= 0:
            ability = person[columns.MENTORING_ABILITY, manager]
            humility = person[columns.HUMILITY, manager]
        person[columns.UNIT, slot] = unit_effect(
            climate[whole[columns.PERSON_DEPARTMENT, slot]], ability, humility, p.units
        )


MECHANISM = Mechanism(
    name="units",
    parameters=PARAMETERS,
    kernel=know_units,
    reads=(
        "active",
        "manager",
        "department",
        "department.climate",
        "mentoring_ability",
        "humility",
    ),
    writes=("unit",),
    draws=(),
)
