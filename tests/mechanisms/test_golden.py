"""With everything that has been added set to neutral, the model is bit for bit the one that was there before."""

from __future__ import annotations

import pytest

import golden_worlds
from golden_worlds import AS_BEFORE, CASES, digests, settings_of

GOLDEN = golden_worlds.read()


@pytest.mark.parametrize("case", CASES)
def test_neutral_settings_give_the_model_that_was_there_before(case: str) -> None:
    """Months, groups, people and pairs: the same numbers under the same names."""
    given = {**settings_of(GOLDEN, case), **AS_BEFORE}
    assert digests(given, GOLDEN["names"]) == GOLDEN["cases"][case]


def test_the_golden_tables_tell_the_cases_apart() -> None:
    tables = [
        tuple(found[f"monthly {world}"] for world in (0, 1)) for found in GOLDEN["cases"].values()
    ]
    assert len(set(tables)) == len(CASES)
