"""Everybody over volunteers: what mentees gained is counted as a person would count it, on a firm of four."""

from __future__ import annotations

import numpy as np
import pytest

from sim.simulation.tables import NEVER
from sim.studies.fieldwork import Firm
from verification.who_comes import counted


def firm(output: list[float], **pairs: list[float]) -> Firm:
    people = {
        "person": np.array([1, 2, 3, 4]),
        "left": np.full(4, NEVER),
        "output_end": np.array(output),
    }
    return Firm(people, {name: np.array(values) for name, values in pairs.items()}, 12, 0, {})


def test_gains_are_counted_per_pair_per_meeting_per_person_and_without_those_who_mentor() -> None:
    nobody = firm([1.0, 1.0, 1.0, 1.0])
    # 1 is taught twice; 2 once, and mentors as well; the informal pair (kind 0) does not count.
    own = firm(
        [1.4, 1.2, 1.0, 1.0],
        kind=[1, 1, 1, 0], mentee=[1, 1, 2, 4], mentor=[2, 3, 3, 1],
        mentee_gain=[0.3, 0.1, 0.2, 9.0], held=[2, 3, 1, 9],
    )  # fmt: skip
    assert counted(own, nobody) == pytest.approx(
        [0.6 / 3, 0.6 / 6, 0.6 / 2, (0.4 + 0.2) / 2, 0.4, 3 / 2, 1 / 2]
    )


def test_who_left_at_another_time_than_without_a_programme_is_not_compared() -> None:
    nobody = firm([1.0, 1.0, 1.0, 1.0])
    nobody.people["left"][0] = 5
    own = firm(
        [9.0, 1.2, 1.0, 1.0], kind=[1, 1], mentee=[1, 2], mentor=[3, 3], mentee_gain=[0.1, 0.1], held=[1, 1]
    )  # fmt: skip
    assert counted(own, nobody)[3] == pytest.approx(0.2)
