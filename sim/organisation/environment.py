"""The environment: labour market, technology frontier and scheduled shocks, known in advance.

The whole course of the environment is worked out before the first month, because nobody in the firm
influences it: one row per factor, one column per month.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.engine import columns

__all__ = ["surroundings", "DEFAULT_SHOCK_SIZES"]

DEFAULT_SHOCK_SIZES = {"downturn": 0.6, "technology_jump": 0.15, "retirement_wave": 3.0}


def surroundings(environment: Mapping[str, Any], months: int) -> NDArray[np.float64]:
    """The factors of every month.

    Parameters
    ----------
    environment
        The resolved ``[environment]`` section.
    months
        Length of the simulation.

    Returns
    -------
    array of shape (len(columns.SURROUNDINGS), months)
        Factors on the hazards of quitting, of dismissal and of retirement; the factor on the
        obsolescence of emerging skills; the share of emerging skill that a technology jump makes
        obsolete in the month; and whether hiring is frozen (0 or 1).
    """
    table = np.ones((len(columns.SURROUNDINGS), months))
    table[columns.QUIT_FACTOR] = environment["labour_market"]
    table[columns.OBSOLESCENCE] = environment["technology_pace"]
    table[columns.JUMP] = 0.0
    table[columns.FREEZE] = 0.0
    for shock in environment["shocks"]:
        during = slice(shock["month"], shock["month"] + shock["months"])
        size = shock.get("size")
        if size is None:
            size = DEFAULT_SHOCK_SIZES.get(shock["kind"], 1.0)
        if shock["kind"] == "downturn":
            table[columns.QUIT_FACTOR, during] *= size
            table[columns.LAYOFF_FACTOR, during] *= environment["layoff_factor"]
        elif shock["kind"] == "technology_jump":
            table[columns.JUMP, during] += 1.0 - (1.0 - min(size, 0.99)) ** (1.0 / shock["months"])
        elif shock["kind"] == "retirement_wave":
            table[columns.RETIREMENT_FACTOR, during] *= size
        else:
            table[columns.FREEZE, during] = 1.0
    return table
