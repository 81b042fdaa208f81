"""Pairing policies: direction × score × assignment; the presets name the usual combinations.

A direction says who may teach whom and on what; a score says how good each possible pair is; an
assignment makes pairs from the scores. The rules (capacity, barred pairs) are the same for all, so
that policies differ in the pairing idea only.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

__all__ = ["DIRECTION_CODES", "Policy", "PRESETS", "policy_of"]

DIRECTION_CODES = {"either": 0, "traditional": 1, "reverse": 2, "reciprocal": 3}


@dataclass(frozen=True, slots=True)
class Policy:
    """How pairs are made.

    Attributes
    ----------
    direction
        ``either``: the more senior of the two mentors, on everything. ``traditional``: the mentor
        stands higher and teaches institutional and interpersonal skills. ``reverse``: the mentor
        stands lower and teaches emerging skills. ``reciprocal``: both teach what they can.
    score
        ``random``, or ``gap``: the usable skill gaps that the direction aims at, weighted.
    assignment
        ``random`` or ``optimal`` (the greatest sum of scores).
    """

    direction: str
    score: str
    assignment: str


PRESETS: dict[str, Policy | None] = {
    "none": None,
    "random": Policy("either", "random", "random"),
    "traditional": Policy("traditional", "gap", "optimal"),
    "reverse": Policy("reverse", "gap", "optimal"),
    "reciprocal": Policy("reciprocal", "gap", "optimal"),
}


def policy_of(programme: Mapping[str, Any]) -> Policy | None:
    """The policy of a resolved ``[programme]`` section: its preset, with the parts that are set apart.

    Returns None where there is no programme.
    """
    preset = PRESETS[programme["policy"]]
    if preset is None:
        return None
    return Policy(
        direction=programme["direction"] or preset.direction,
        score=programme["score"] or preset.score,
        assignment=programme["assignment"] or preset.assignment,
    )
