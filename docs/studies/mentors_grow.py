"""Mentees train under mentors and become mentors, up to a limit of mentees per mentor.

After the mentor-mentee models of DRDC Canada (SCITEPRESS 2023, 2024), of which we have three sentences, not
the papers; docs/verification.md says how they are read here. The engine does the work: its programme with
rolling enrolment and groups of a limited size, its learning with attention that a group divides, its
departures and vacancies. What it has no rule for is added: who knows enough to teach, as a pairing policy;
and that whoever passes a mark is a full mentor from then on, as a mechanism that also counts.

Use it with ``--extension mentors_grow.py`` and the scenario mentors_grow.toml beside it.
"""

import numpy as np

import sim
from sim import columns, draws

SOURCE = "DRDC Canada mentor-mentee models (SCITEPRESS 2023, 2024), as read here"
TEACHES = sim.register_decision("mentors grow: who teaches")
sim.register_measure("full_mentors")
sim.register_measure("waiting")
sim.register_measure("free_places")

PARAMETERS = sim.ParameterGroup(
    "mentors_grow",
    "Mentees become mentors",
    (
        sim.Parameter(
            "founders", 10, "people", "Mentors at the start; all others know nothing.", 0, 1_000_000,
            source=SOURCE, kind="integer",
        ),
        sim.Parameter(
            "teaching_share", 1.0, "share", "Share of the mentors who teach at all: times the size of a group, "
            "the limit of mentees per mentor.", 0.0, 1.0, source=SOURCE,
        ),
        sim.Parameter(
            "pass_mark", 0.6, "skill", "Skill from which a mentee is a mentor.", 0.01, 1.0, source=SOURCE
        ),
    ),
)  # fmt: skip


def knows_enough(state):
    """Who is a mentor, by slot: those with full skill."""
    return state.skills[:, 0] >= 1.0


def teaches(state, share):
    """Who would teach, by slot: this share of the mentors, always the same slots."""
    lots = np.empty((4, len(state.skills)))
    draws.draw_for_all(state.luck, TEACHES, 0, lots)
    return knows_enough(state) & (lots[0] < share)


def mentors_teach_others(candidates):
    """A score: 1 where a mentor would teach somebody who is none; other pairs are ruled out."""
    state, share = candidates.state, candidates.settings["mentors_grow"]["teaching_share"]
    mentees = ~knows_enough(state)[candidates.mentees]
    mentors = teaches(state, share)[candidates.mentors]
    return np.where(mentees[:, None] & mentors[None, :], 1.0, -1.0)


def become_mentors(state, p, own, month):
    """At the start, the founders; then all who pass the mark. Count mentors, who waits, and free places."""
    if month == 0:
        state.skills[:] = 0.0
        state.skills[: own.founders] = 1.0
    state.skills[state.skills >= own.pass_mark] = 1.0
    here = state.whole[columns.ACTIVE] == 1
    knows = knows_enough(state)
    alone = state.whole[columns.FORMAL_MENTORS] == 0
    limit = p.programme.group_size if p.levers.group else p.programme.mentor_capacity
    free = np.maximum(0, limit - state.whole[columns.FORMAL_MENTEES])
    state.monthly[month, columns.M["full_mentors"]] = (here & knows).sum()
    state.monthly[month, columns.M["waiting"]] = (here & ~knows & alone).sum()
    state.monthly[month, columns.M["free_places"]] = free[
        here & teaches(state, own.teaching_share)
    ].sum()


def _share(name, title, meaning):
    return sim.Outcome(
        name=name,
        title=title,
        unit="%",
        meaning=meaning,
        formula=f"100 · Σ {name} / Σ headcount",
        higher_is_better=None,
        of=lambda sums, context: 100.0 * sums[name] / sums["headcount"],
    )


sim.register_score("mentors_teach_others", mentors_teach_others)
sim.register_policy("mentors_grow", sim.Policy("anyone", "mentors_teach_others", "random"))
sim.register_mechanism(
    sim.AddedMechanism(
        name="mentors_grow",
        parameters=PARAMETERS,
        step=become_mentors,
        after="practice",
        writes=("skills", "monthly"),
    )
)
sim.register_outcome(_share("full_mentors", "Mentors", "People who know enough to teach."))
sim.register_outcome(
    _share("free_places", "Free places", "Mentees whom the mentors could still take.")
)
sim.register_outcome(_share("waiting", "Waiting", "People without a mentor who need one."))
