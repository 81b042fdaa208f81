"""The vocabulary of columns: each constant stands where its name stands."""

from __future__ import annotations

import pytest

from sim.engine import columns

# Constants whose names carry a prefix or a suffix, because the plain name is taken.
RENAMED = {
    ("PERSON_WHOLE", "post"): "PERSON_POST",
    ("PERSON_WHOLE", "department"): "PERSON_DEPARTMENT",
    ("DYAD", "chemistry"): "CHEMISTRY_TERM",
}
PREFIX = {"MEASURES": "M_", "SKILL_COLUMNS": "SKILL_", "POST": "", "CAUSES": "", "ENDINGS": ""}


@pytest.mark.parametrize(
    "tuple_name",
    ["PERSON", "PERSON_WHOLE", "DYAD", "DYAD_WHOLE", "DEPARTMENT", "DEPARTMENT_WHOLE",
     "SURROUNDINGS", "COUNTS", "MEASURES"],
)  # fmt: skip
def test_constants_match_names(tuple_name: str) -> None:
    names = getattr(columns, tuple_name)
    assert len(set(names)) == len(names)
    for place, name in enumerate(names):
        constant = RENAMED.get(
            (tuple_name, name), PREFIX.get(tuple_name, "") + name.replace(" ", "_").upper()
        )
        assert getattr(columns, constant) == place, f"{tuple_name}: {name}"


def test_posts_skills_causes_and_endings_match_too() -> None:
    assert columns.POST[columns.POST_SLOT] == "slot"
    assert columns.POST[columns.WAITING_SLOT] == "waiting_slot"
    assert columns.POST[columns.POST_BOSS] == "boss"
    assert columns.SKILL_COLUMNS[columns.SKILL_BY_MENTORING] == "grows_by_mentoring"
    assert columns.SKILL_COLUMNS[columns.SKILL_DECAY] == "decay"
    assert columns.CAUSES[columns.QUIT] == "quit"
    assert columns.CAUSES[columns.RETIRED] == "retired"
    assert columns.ENDINGS[columns.NOTHING_LEFT] == "nothing left to learn"
    assert columns.ENDINGS[columns.MENTEE_LEFT] == "mentee left"
