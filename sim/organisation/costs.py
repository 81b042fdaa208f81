"""What replacing people costs; the declared prices of pay, time, support and leaving."""

from __future__ import annotations

from sim.engine.compiled import rule
from sim.parameters import Parameter, ParameterGroup

__all__ = [
    "BANDS",
    "COSTS",
    "LEADERS",
    "MIDDLE",
    "STAFF",
    "band_of",
    "pay_factor",
    "replacement_in_salaries",
]

COSTS = ParameterGroup(
    "costs",
    "Prices, in the scenario's own currency",
    (
        Parameter(
            "currency",
            "",
            "",
            "Name of the currency as reports show it, such as EUR; nothing is converted.",
            kind="text",
        ),
        Parameter(
            "salary",
            60_000.0,
            "currency per year",
            "Yearly salary at level 1 and 2 on average.",
            0.0,
            1e9,
            source="assumed: a round salary, to be replaced by one's own",
        ),
        Parameter(
            "salary_growth",
            1.3,
            "factor per level",
            "How much more each level above the second earns.",
            1.0,
            5.0,
            source="assumed pay structure",
            grade="assumed",
        ),
        Parameter(
            "salary_by_level",
            [],
            "currency per year",
            "Yearly salary of each level, lowest first; goes before salary and salary_growth. A roster with a "
            "column of pay gives the medians, if no salary is set.",
            0.0,
            1e9,
            source="one's own pay, where it is known",
            kind="list",
        ),
        Parameter(
            "load",
            1.3,
            "factor",
            "Employer's cost over salary.",
            1.0,
            3.0,
            source="assumed: contributions and the workplace add about 30 % to a salary",
        ),
        Parameter(
            "productive_hours",
            1_800.0,
            "hours per year",
            "Working hours per person and year.",
            100.0,
            4_000.0,
            source="assumed: 225 days of 8 hours",
        ),
        Parameter(
            "coordinator_share",
            0.25,
            "full-time equivalents",
            "The coordinator's time while a cohort runs, at the salary above.",
            0.0,
            100.0,
            source="assumed: a quarter of a post coordinates a programme of some 25 to 100 pairs",
        ),
        Parameter(
            "check_in_hours",
            0.5,
            "hours",
            "The coordinator's time per pair and check-in, besides the share above.",
            0.0,
            40.0,
            source="assumed: a short talk with both, as programme guides advise",
        ),
        Parameter(
            "training_fee",
            0.0,
            "currency per person",
            "Trainer and material, per person trained.",
            0.0,
            1000000.0,
        ),
        Parameter(
            "platform",
            40.0,
            "currency per participant",
            "Platform and material, per participant and cohort.",
            0.0,
            1e6,
            source="assumed: licence and material of a small programme",
        ),
        Parameter(
            "replacement_staff",
            0.2,
            "share of yearly salary",
            "Cost of replacing someone at level 1 or 2.",
            0.0,
            10.0,
            source="W-COST",
            grade="measured",
            prior=(0.1, 0.4),
        ),
        Parameter(
            "replacement_middle",
            0.8,
            "share of yearly salary",
            "Cost of replacing someone between the second level and the top two.",
            0.0,
            10.0,
            source="W-COST",
            grade="measured",
            prior=(0.2, 1.0),
        ),
        Parameter(
            "replacement_leader",
            2.0,
            "share of yearly salary",
            "Cost of replacing someone in the top two of four or more levels.",
            0.0,
            10.0,
            source="W-COST",
            grade="measured",
            prior=(0.5, 2.2),
        ),
    ),
)


BANDS = {
    "staff": "levels 1 and 2",
    "middle": "between the second level and the top two",
    "leaders": "the top two of four or more levels",
}
"""The bands of levels. Wherever something is told about leaders, these are meant."""

STAFF, MIDDLE, LEADERS = range(len(BANDS))


@rule
def pay_factor(level, p):
    """Salary of a level in salaries of levels 1 and 2."""
    return p.pay.of_level[int(level)]


@rule
def band_of(level, levels):
    """Code of the band of a level: :data:`BANDS` says which, and who counts as a leader."""
    if level <= 2:
        return STAFF
    if levels >= 4 and level >= levels - 1:
        return LEADERS
    return MIDDLE


@rule
def replacement_in_salaries(level, levels, p):
    """Cost of replacing a person of a level, in salaries of levels 1 and 2 (W-COST)."""
    band = band_of(level, levels)
    share = p.costs.replacement_staff
    if band == MIDDLE:
        share = p.costs.replacement_middle
    elif band == LEADERS:
        share = p.costs.replacement_leader
    return share * pay_factor(level, p)
