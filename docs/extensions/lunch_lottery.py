"""A mechanism, a measure and an outcome: a monthly lunch lottery that leaves ties between strangers.

Use it with ``--extension lunch_lottery.py`` and, in the scenario (base or variant),
``lunch_lottery.active = true``.
"""

import sim
from sim import columns, draws
from sim.mechanisms.ties import add_tie

LUNCHES = sim.register_measure("lunches")
LOT = sim.register_decision("lunch lottery")

PARAMETERS = sim.ParameterGroup(
    "lunch_lottery",
    "Lunch with somebody drawn by lot",
    (
        sim.Parameter(
            "share",
            0.2,
            "per month",
            "Share of people who take part in a month.",
            0.0,
            1.0,
            source="an example",
            grade="assumed",
            neutral=0.0,
        ),
        sim.Parameter(
            "tie_rate",
            0.1,
            "probability",
            "Probability that a lunch leaves a tie.",
            0.0,
            1.0,
            source="an example",
            grade="assumed",
        ),
    ),
)


def have_lunch(state, p, own, month):
    """Everybody who takes part meets somebody drawn by lot, and may keep the tie."""
    present = [int(slot) for slot in (state.whole[columns.ACTIVE] == 1).nonzero()[0]]
    for slot in present:
        goes, whom, stays, gives_way = draws.draw(state.luck, LOT, slot, -1, month)
        other = present[int(whom * len(present))]
        if goes >= own.share or other == slot:
            continue
        state.monthly[month, LUNCHES] += 1.0
        if stays < own.tie_rate and other not in state.ties[slot]:
            add_tie(state.ties, slot, other, gives_way)


sim.register_mechanism(
    sim.AddedMechanism(
        name="lunch_lottery",
        parameters=PARAMETERS,
        step=have_lunch,
        after="ties",
        writes=("ties", "monthly"),
        draws=("lunch lottery",),
    )
)
sim.register_outcome(
    sim.Outcome(
        name="lunches",
        title="Lunches",
        unit="per head and year",
        meaning="Lunches with somebody drawn by lot.",
        formula="12 · Σ lunches / Σ headcount",
        higher_is_better=None,
        of=lambda sums, context: 12.0 * sums["lunches"] / sums["headcount"],
    )
)
