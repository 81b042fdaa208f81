"""Who volunteers for a programme: the engaged and those who want to grow, and weakly so by demographics."""

from __future__ import annotations

from sim import columns, draws
from sim.compiled import kernel, rule
from sim.organisation.people import logistic
from sim.parameters import Parameter, ParameterGroup

__all__ = ["VOLUNTEERING", "volunteer", "willingness"]

VOLUNTEERING = ParameterGroup(
    "volunteering",
    "Who takes part",
    (
        Parameter(
            "level",
            -0.4,
            "logit",
            "Log odds of volunteering of somebody of average engagement and growth need.",
            -20.0,
            20.0,
            source="about 40 % of staff interested (M-PROG, assumed)",
            grade="assumed",
            prior=(-1.5, 0.5),
        ),
        Parameter(
            "by_engagement",
            0.4,
            "logit per SD",
            "Effect of engagement.",
            -5.0,
            5.0,
            source="M-JOIN (direction)",
            grade="assumed",
            prior=(0.1, 0.8),
        ),
        Parameter(
            "by_growth_need",
            1.5,
            "logit per unit",
            "Effect of growth need (0 to 1).",
            -10.0,
            10.0,
            source="M-JOIN (personality, weak)",
            grade="assumed",
            prior=(0.5, 3.0),
        ),
        Parameter(
            "by_ability",
            0.8,
            "logit per unit",
            "Effect of mentoring ability (0 to 1).",
            -10.0,
            10.0,
            source="M-JOIN (the more productive join)",
            grade="assumed",
            prior=(0.0, 1.6),
        ),
        Parameter(
            "by_support",
            2.0,
            "logit per unit",
            "Effect of management support, against 0.6.",
            0.0,
            20.0,
            source="M-INPUT (direction)",
            grade="assumed",
            prior=(0.5, 4.0),
        ),
        Parameter(
            "mentor_share",
            0.8,
            "probability",
            "Share of participants who are also willing to mentor.",
            0.0,
            1.0,
            source="M-CAP (direction)",
            grade="assumed",
            prior=(0.4, 1.0),
        ),
    ),
)


@rule
def willingness(engagement_z, growth_need, ability, support, p):  # type: ignore[no-untyped-def]
    """Log odds of volunteering.

    ``level + by_engagement · z + by_growth_need (need - 1/2) + by_ability (ability - 1/2) + by_support
    (support - 0.6)``.
    """
    return (
        p.level
        + p.by_engagement * engagement_z
        + p.by_growth_need * (growth_need - 0.5)
        + p.by_ability * (ability - 0.5)
        + p.by_support * (support - 0.6)
    )


@kernel
def volunteer(state, p, month, universal, joins, mentors, order):  # type: ignore[no-untyped-def]
    """Who takes part in a cohort that opens in `month`.

    Fills, by slot: `joins` and `mentors` with 0 or 1, `order` with a number in (0, 1) that decides who
    comes first.
    """
    for slot in range(joins.shape[0]):
        joins[slot] = 0
        mentors[slot] = 0
        order[slot] = 0.0
        if state.whole[columns.ACTIVE, slot] == 0:
            continue
        luck = draws.draw(state.luck, draws.VOLUNTEERING, slot, -1, month)
        order[slot] = luck[1]
        z = (state.person[columns.ENGAGEMENT, slot] - p.engagement.average) / p.engagement.spread
        probability = logistic(
            willingness(
                z,
                state.person[columns.GROWTH_NEED, slot],
                state.person[columns.MENTORING_ABILITY, slot],
                p.organisation.management_support,
                p.volunteering,
            )
        )
        if universal == 1 or luck[0] < probability:
            joins[slot] = 1
            state.whole[columns.VOLUNTEERED, slot] += 1
            if luck[2] < p.volunteering.mentor_share:
                mentors[slot] = 1
