"""Why a reading is off: the cause of a bias, in words."""

from __future__ import annotations

from sim.pilots.designs import Design
from sim.pilots.diagnosing import Diagnosis
from sim.pilots.measures import Measure

__all__ = ["cause_of", "estimand_of"]

_WORTH_NAMING = 0.1
"""Of the standard error: a smaller bias is not named."""


def estimand_of(design: Design) -> str:
    """What a design estimates, by name."""
    if design.kind == "changed":
        return "change of participants, whatever made it"
    if design.kind == "observed":
        return "effect per participant, less the spill-over on everybody else"
    if design.kind == "departments":
        return "effect per person offered, averaged over departments, less the spill-over between departments"
    if design.kind == "stepped":
        return "effect per person and period after their turn came, less the spill-over on those who wait"
    return "effect per person offered, less the spill-over on those not drawn"


def cause_of(design: Design, measure: Measure, told: Diagnosis) -> str:
    """The largest part of the bias, in words; what there is not is said, too."""
    if not told.bias.known:
        return "too few people to compare"
    if not told.bias.clear or abs(told.bias.value) < _WORTH_NAMING * told.error:
        return "none that matters"
    parts = {
        "spill": told.by_spill_over,
        "selection": told.by_selection,
        "rest": told.by_the_rest,
    }
    largest = max(parts, key=lambda name: abs(parts[name]))
    if largest == "spill":
        if design.name == "volunteers_refused":
            return "spill-over: those refused are disappointed, and some of them mentor"
        if measure.name == "promotions":
            return "spill-over: who is promoted takes the post that another would have got"
        return "spill-over: the others are touched, too, as mentors and as colleagues"
    if largest == "selection":
        if design.kind == "changed":
            return "time: scores move without any programme"
        return "selection: those who join differ from the others beforehand"
    if design.kind == "departments":
        return "departments count alike, however many people they have"
    if measure.source == "records":
        return "covariates: groups differ in what they leave unexplained"
    return "those who left or did not answer are missing"
