"""Every study that can be carried out: those of the package, and those that are added."""

from __future__ import annotations

import numpy as np

from sim.errors import InputError
from sim.studies.published import PUBLISHED
from sim.studies.study import Study

__all__ = ["STUDIES", "add_study"]

STUDIES: dict[str, Study] = {study.name: study for study in PUBLISHED}
"""By name, in the order in which they are shown; those that are added come last."""


def add_study(study: Study) -> Study:
    """Add a study to those that ``mentorsim validate`` carries out; returns it.

    Raises
    ------
    InputError
        If there is another one of that name, or its range does not hold the published figure.
    """
    if study.name in STUDIES and STUDIES[study.name] != study:
        raise InputError(f"there is a study {study.name!r} already", remedy="choose another name")
    if np.isfinite(study.published) and not study.agrees(study.published):
        problem = f"the range of the study {study.name!r} leaves out its own figure"
        raise InputError(problem, remedy="widen low and high")
    STUDIES[study.name] = study
    return study
