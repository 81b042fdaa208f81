"""Pairing policies: direction × score × assignment; the presets name the usual combinations.

A direction says who may teach whom and on what; a score says how good each possible pair is; an
assignment makes pairs from the scores. The rules (capacity, barred pairs) are the same for all, so
that policies differ in the pairing idea only.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from sim.engine import columns
from sim.registry import ADDED

__all__ = ["Policy", "PRESETS", "policies_of"]


@dataclass(frozen=True, slots=True)
class Policy:
    """How pairs are made.

    Attributes
    ----------
    direction
        ``either``: the more senior of the two mentors, on everything. ``traditional``: the mentor
        stands higher and teaches institutional and interpersonal skills. ``reverse``: the mentor
        stands lower and teaches emerging skills. ``reciprocal``: the mentor stands higher, both teach
        what they can. ``peer``: of one level, both teach; the longer-serving counts as the mentor. ``anyone``: whoever knows more, whatever
        the rank.
    score
        Name of a score: see :mod:`sim.programme.scores`.
    assignment
        Name of an assignment: see :mod:`sim.programme.assignment`.
    other_department
        Whether pairs must cross departments.
    say
        How far the two choose each other, 0 to 1 (M-CHOICE).
    share
        Share of the places that it gets, where several policies share them.
    """

    direction: str
    score: str
    assignment: str
    other_department: bool = False
    say: float = 0.0
    share: float = 1.0

    @property
    def direction_code(self) -> int:
        """As kernels and the table of pairs know the direction."""
        return columns.DIRECTIONS.index(self.direction)


PRESETS: dict[str, Policy] = {
    "random": Policy("either", "random", "random"),
    "traditional": Policy("traditional", "gap", "optimal"),
    "reverse": Policy("reverse", "gap", "optimal"),
    "reciprocal": Policy("reciprocal", "gap", "optimal"),
    "cross_functional": Policy("either", "gap", "optimal", other_department=True),
    "complementary": Policy("anyone", "goals", "optimal"),
    "similarity": Policy("either", "similarity", "optimal"),
    "self_selected": Policy("either", "wishes", "first_come", say=1.0),
    "nominated": Policy("either", "coordinator", "greedy"),
    "ai_assisted": Policy("either", "predicted", "optimal"),
}
"""By name; besides them there are ``none`` and ``portfolio``."""


def policies_of(programme: Mapping[str, Any]) -> tuple[Policy, ...]:
    """The policies of a resolved ``[programme]`` section, with the parts that are set apart.

    One, or those that share a portfolio in the order of :data:`PRESETS`; none without a programme.
    """
    name, known = programme["policy"], {**PRESETS, **ADDED.policies}
    if name == "none":
        return ()
    if name == "portfolio":
        shares = {preset: float(share) for preset, share in programme["portfolio"].items()}
        total = sum(shares.values())
        chosen = [
            replace(policy, share=shares[preset] / total)
            for preset, policy in known.items()
            if shares.get(preset)
        ]
    else:
        chosen = [known[name]]
    parts = {
        part: programme[part]
        for part in ("direction", "score", "assignment", "say")
        if programme[part] is not None
    }
    if programme["other_department_only"] is not None:
        parts["other_department"] = programme["other_department_only"]
    return tuple(replace(policy, **parts) for policy in chosen)
