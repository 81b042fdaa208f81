"""Generations: their names and years of birth. They differ in nothing but what follows from these."""

from __future__ import annotations

from sim.engine.compiled import rule

__all__ = ["FIRST_YEARS", "GENERATIONS", "GENERATION_YEARS", "generation_of"]

GENERATION_YEARS = {
    "boomer": (1946, 1964),
    "gen_x": (1965, 1980),
    "millennial": (1981, 1996),
    "gen_z": (1997, 2012),
}
"""First and last years of birth (W-MIX, Pew). Whoever is older counts as a boomer, younger as gen_z."""

GENERATIONS = tuple(GENERATION_YEARS)
FIRST_YEARS = tuple(first for first, _ in GENERATION_YEARS.values())

_SECOND, _THIRD, _FOURTH = FIRST_YEARS[1:]


@rule
def generation_of(birth_month, start_year):  # type: ignore[no-untyped-def]
    """Code of the generation (0 boomer to 3 gen_z) of a person born in `birth_month` (0 = first month)."""
    birth_year = start_year + birth_month // 12
    return int(birth_year >= _SECOND) + int(birth_year >= _THIRD) + int(birth_year >= _FOURTH)
