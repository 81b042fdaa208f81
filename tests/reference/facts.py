"""What a run has shown, so that no case passes because nothing happened in it."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from reference import words
from reference.table import pair_row

if TYPE_CHECKING:
    from reference.model import ReferenceModel


def facts(model: ReferenceModel) -> Counter[str]:
    """Sums of all measures over the months, and some facts about formal pairs."""
    found: Counter[str] = Counter()
    for sums in model.ledger.monthly:
        found.update(sums)
    found["opening months"] = sum(sums.get("opened", 0.0) > 0 for sums in model.ledger.monthly)
    found["shortage"] = found["volunteers"] - found["capacity"]
    found["stories"] = sum(department.stories for department in model.departments)

    rows = [row for row, _ in model.former_pairs] + [pair_row(pair) for pair in model.pairs]
    formal = [row for row in rows if row["formal"]]
    people = Counter((row["mentor_number"], row["mentee_number"]) for row in formal)
    groups = Counter((row["mentor_number"], row["begun"]) for row in formal)
    emerging = sum(1 << skill.index for skill in model.skills if skill.kind == "emerging")
    everything = (1 << len(model.skills)) - 1
    wide = (everything, emerging, everything - emerging)
    found["directions"] = len({row["direction"] for row in formal})
    found["pairs met again"] = sum(times > 1 for times in people.values())
    found["largest group"] = max(groups.values(), default=0)
    found["peer pairs"] = sum(row["level_gap"] == 0 for row in formal)
    found["upward pairs"] = sum(row["level_gap"] < 0 for row in formal)
    found["paired anew"] = len(formal) - found["opened"]
    found["dealt anew"] = sum(row["ending"] == words.DEALT for row in formal)
    found["narrow aims"] = sum(row["aims_mentee"] not in wide for row in formal)
    fixed = {frozenset((one.number, other.number)) for one, other in model.fixed_pairs}
    found["fixed pairs"] = sum(frozenset(pair) in fixed for pair in people)
    return found
