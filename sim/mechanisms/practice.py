"""Practice and obsolescence: work itself teaches, and what is known loses value.

Practice pulls a skill up towards the person's potential and never down, so that what was learnt beyond
it keeps (M-KEEP); obsolescence is the same thing as a frontier that moves on.
"""

from __future__ import annotations

from sim.engine import columns
from sim.engine.compiled import kernel, rule
from sim.mechanisms.mechanism import Mechanism
from sim.parameters import Parameter, ParameterGroup

__all__ = ["MECHANISM", "practise", "skill_after_month"]

PARAMETERS = ParameterGroup(
    "practice",
    "Practice on the job, and obsolescence",
    (
        Parameter(
            "emerging_practice",
            0.015,
            "per month",
            "Share of the distance to the potential that a month of work closes, emerging skills.",
            0.0,
            1.0,
            source="with W-OBS: a steady level",
            grade="assumed",
            prior=(0.008, 0.03),
            neutral=0.0,
        ),
        Parameter(
            "institutional_practice",
            0.02,
            "per month",
            "The same for institutional skills.",
            0.0,
            1.0,
            source="newcomers' ramp-up over some years",
            grade="assumed",
            prior=(0.01, 0.04),
            neutral=0.0,
        ),
        Parameter(
            "interpersonal_practice",
            0.015,
            "per month",
            "The same for interpersonal skills.",
            0.0,
            1.0,
            source="slow growth with experience",
            grade="assumed",
            prior=(0.005, 0.03),
            neutral=0.0,
        ),
        Parameter(
            "emerging_decay",
            0.007,
            "per month",
            "Obsolescence of emerging skills: 8 % a year.",
            0.0,
            1.0,
            source="W-OBS (technical 7-10 % a year)",
            grade="derived",
            prior=(0.005, 0.01),
            neutral=0.0,
        ),
        Parameter(
            "institutional_decay",
            0.0025,
            "per month",
            "Obsolescence of institutional skills: 3 % a year.",
            0.0,
            1.0,
            source="W-OBS (general about 3 % a year)",
            grade="derived",
            prior=(0.001, 0.004),
            neutral=0.0,
        ),
        Parameter(
            "interpersonal_decay",
            0.0015,
            "per month",
            "Obsolescence of interpersonal skills.",
            0.0,
            1.0,
            source="W-OBS (below the general rate)",
            grade="assumed",
            prior=(0.0, 0.003),
            neutral=0.0,
        ),
    ),
)


@rule
def skill_after_month(skill, potential, practice, decay):
    """``(1 - decay) (s + practice · (potential - s)^+)``: practice first, then obsolescence."""
    if potential > skill:
        skill = skill + practice * (potential - skill)
    return (1.0 - decay) * skill


@kernel
def practise(state, p, month):
    """Everybody's skills after a month of work, at the month's pace of technology."""
    skills = state.skills
    potential = state.potential
    skill = state.skill
    pace = state.surroundings[columns.OBSOLESCENCE, month]
    jump = state.surroundings[columns.JUMP, month]
    for slot in range(skills.shape[0]):
        for k in range(skills.shape[1]):
            decay = skill[columns.SKILL_DECAY, k]
            if skill[columns.SKILL_KIND, k] == columns.EMERGING:
                decay = min(1.0, decay * pace + jump)
            skills[slot, k] = skill_after_month(
                skills[slot, k], potential[slot, k], skill[columns.SKILL_PRACTICE, k], decay
            )


MECHANISM = Mechanism(
    name="practice",
    parameters=PARAMETERS,
    kernel=practise,
    reads=("surroundings", "skill", "potential"),
    writes=("skills",),
    draws=(),
)
