"""Recombination: how much new there is for one person in what another knows.

Shared by relationships (:mod:`sim.mechanisms.meetings`) and ideas (:mod:`sim.mechanisms.ideas`).
"""

from __future__ import annotations

import math

from sim.engine.compiled import rule
from sim.parameters import Parameter, ParameterGroup

__all__ = ["RECOMBINATION", "combined_quality", "novelty", "novelty_between"]

RECOMBINATION = ParameterGroup(
    "recombination",
    "How knowledge of two people combines",
    (
        Parameter(
            "best_distance",
            0.25,
            "skill distance",
            "Distance between two people's skills (root "
            "mean square) at which combining is most fruitful.",
            0.01,
            2.0,
            source="inverted U of cognitive distance (Nooteboom et al. 2007), direction",
            grade="assumed",
            prior=(0.15, 0.4),
        ),
        Parameter(
            "complementarity",
            0.7,
            "0 to 1",
            "Weight of the better of the two against the worse, skill by skill.",
            0.0,
            1.0,
            source="Cowan, Jonard & Zimmermann 2007 (form)",
            grade="assumed",
            prior=(0.5, 1.0),
        ),
        Parameter(
            "evenness",
            1.0,
            "exponent",
            "Exponent of the mean over skills.",
            0.1,
            5.0,
            source="Cowan, Jonard & Zimmermann 2007 (form)",
            grade="assumed",
            prior=(0.5, 2.0),
        ),
    ),
)


@rule
def novelty(distance, best_distance):
    """``x exp(1 - x)``, x = distance / best distance: 0 for equals, 1 at the best distance, then falling."""
    x = distance / best_distance
    return x * math.exp(1.0 - x)


@rule
def novelty_between(skills, one, other, p):
    """Novelty of two people's knowledge for each other, 0 to 1 (root mean square distance of skills)."""
    total = 0.0
    number = skills.shape[1]
    for k in range(number):
        difference = skills[one, k] - skills[other, k]
        total += difference * difference
    return novelty(math.sqrt(total / number), p.best_distance)


@rule
def combined_quality(skills, one, other, p):
    """Quality of an idea of two people, 0 to 1 (Cowan, Jonard & Zimmermann 2007).

    ``[mean over skills of ((1 - c) min(s1, s2) + c max(s1, s2))^r]^(1/r)``, c complementarity,
    r evenness.
    """
    total = 0.0
    number = skills.shape[1]
    share = p.complementarity
    for k in range(number):
        low = min(skills[one, k], skills[other, k])
        high = max(skills[one, k], skills[other, k])
        level = (1.0 - share) * low + share * high
        total += level if p.evenness == 1.0 else math.pow(level, p.evenness)
    return total / number if p.evenness == 1.0 else math.pow(total / number, 1.0 / p.evenness)
