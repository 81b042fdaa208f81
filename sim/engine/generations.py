"""Generations: their names and years of birth. They differ in nothing but what follows from these."""

from __future__ import annotations

__all__ = ["FIRST_YEARS", "GENERATIONS", "GENERATION_YEARS"]

GENERATION_YEARS = {
    "boomer": (1946, 1964),
    "gen_x": (1965, 1980),
    "millennial": (1981, 1996),
    "gen_z": (1997, 2012),
}
"""First and last years of birth (W-MIX, Pew). Whoever is older counts as a boomer, younger as gen_z."""

GENERATIONS = tuple(GENERATION_YEARS)
FIRST_YEARS = tuple(first for first, _ in GENERATION_YEARS.values())
