"""Assumed coefficients at neutral, in groups and one at a time; the policies and headlines that are looked at.

Part of ``docs/what_carries_what.md``; see :mod:`verification.what_carries_what`.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from sim.scenario.catalogue import GROUPS

__all__ = ["BASELINE", "HEADLINES", "POLICIES", "SCENARIO", "SETTINGS"]

SCENARIO = Path(__file__).resolve().parents[2] / "scenarios" / "pairing_policies.toml"
POLICIES = (
    "Random", "Traditional", "Reverse", "Reciprocal", "Complementary skills", "Similarity", "Portfolio",
)  # fmt: skip
BASELINE = "No programme"
HEADLINES = ("Innovation", "Engagement", "Quits", "Output")

TOGETHER: dict[str, dict[str, float]] = {
    "what leaders hear (awareness)": {"awareness.gain": 0.0},
    "sponsors' push": {"ideas.adoption_by_sponsor": 0.0, "ideas.adoption_by_expertise": 0.0},
    "bypass of the hierarchy": {"ideas.bypass": 0.0},
    "safety and confidence from meetings": {
        "meetings.safety_gain": 0.0,
        "meetings.confidence_gain": 0.0,
    },
    "all four: awareness, sponsors, bypass, safety and confidence": {
        "awareness.gain": 0.0,
        "ideas.adoption_by_sponsor": 0.0,
        "ideas.adoption_by_expertise": 0.0,
        "ideas.bypass": 0.0,
        "meetings.safety_gain": 0.0,
        "meetings.confidence_gain": 0.0,
    },
    "mentoring in embeddedness": {"embeddedness.relationships_weight": 0.0},
    "embeddedness": {"departures.embeddedness_effect": 0.0},
    "disappointment of those turned away": {"engagement.turned_away_effect": 0.0},
    "asking, and initiative": {
        "learning.asking_rate": 0.0,
        "learning.asking_lasting": 0.0,
        "people.seeking_by_initiative": 0.0,
        "volunteering.by_initiative": 0.0,
    },
    "settledness": {
        "departures.settledness_effect": 0.0,
        "volunteering.by_settledness": 0.0,
        "volunteering.mentors_by_settledness": 0.0,
    },
    "units": {"units.department_spread": 0.0, "units.manager_effect": 0.0},
    "hierarchy (candour, rank, damping)": {
        "engagement.candour_by_safety": 0.0,
        "meetings.rank_effect": 0.0,
        "learning.status_damping": 0.0,
        "engagement.hierarchy_effect": 0.0,
    },
    "capacity for ideas: none": {"ideas.capacity_per_head": 1e6},
    "capacity for ideas: all by headcount": {"ideas.capacity_by_ideas": 0.0},
    "capacity for ideas: all by ideas voiced": {"ideas.capacity_by_ideas": 1.0},
    "learning in proportion to quality": {"learning.quality_exponent": 1.0},
}
"""Several coefficients of one idea at neutral, and other ends of what is not known."""


def _alone() -> Iterator[tuple[str, dict[str, float]]]:
    """Every assumed coefficient that has a neutral value and a plausible range, by itself."""
    for group in GROUPS:
        for one in group.parameters:
            numeric = isinstance(one.neutral, float) and one.kind == "number"
            if one.grade == "assumed" and numeric and one.prior is not None:
                assert isinstance(one.neutral, float)
                yield f"`{group.name}.{one.name}`", {f"{group.name}.{one.name}": one.neutral}


SETTINGS: dict[str, dict[str, float]] = {"as it is": {}, **TOGETHER, **dict(_alone())}
