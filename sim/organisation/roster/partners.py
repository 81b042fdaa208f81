"""Pairs that a roster names: people who must not, once did, and must form a pair."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np

from sim.organisation.roster.findings import people, quoted, rows_text
from sim.organisation.roster.managers import Directory
from sim.organisation.roster.roster import Whole
from sim.organisation.roster.rows import Rows

__all__ = ["read_partners", "say_conflicts", "unique_pairs"]


def read_partners(staff: Rows, column: str, directory: Directory, left: frozenset[str]) -> Whole:
    """Return the pairs that a column of ids names, lower row first, each once.

    An id that the file does not know is a problem, as a ban or a fixed pair would be lost; for past
    partners it is noted. Partners who have left are passed over, except that none can be fixed.
    """
    pairs: list[tuple[int, int]] = []
    unknown: list[int] = []
    strange: list[str] = []
    own: list[int] = []
    for row, cell in enumerate(staff.texts(column)):
        if not cell:
            continue
        whole = directory.find_id(cell) >= 0
        for text in [cell] if whole else filter(None, map(str.strip, re.split("[;|,]", cell))):
            partner = directory.find_id(text)
            if partner == row:
                own.append(row)
            elif partner >= 0:
                pairs.append((min(row, partner), max(row, partner)))
            elif text not in left or column == "must_pair_with":
                strange.append(text)
                unknown.append(row)
    if own:
        ids = staff.texts("employee_id")
        problem = f"{quoted(ids[own[0]])} is named as their own partner"
        staff.wrong(column, own, problem, "remove the id")
    if unknown and column == "past_partner_ids":
        staff.findings.note(
            f"Past partners: {len(unknown):,} ids are not in the file (the first on line "
            f"{staff.lines[unknown[0]]}); passed over."
        )
    elif unknown:
        remedy = "give ids of people on the staff, separated by ';', or remove the id"
        problem = f"{quoted(strange[0])} is nobody's id on the staff"
        staff.wrong(column, unknown, problem, remedy, list(dict.fromkeys(strange)))
    return unique_pairs(pairs)


def say_conflicts(staff: Rows, fixed: Whole, excluded: Whole, managers: Whole) -> None:
    """Refuse a pair that must and must not be formed; say which fixed pairs a rule would bar."""
    barred = {tuple(pair) for pair in excluded.tolist()}
    ids = staff.texts("employee_id")
    for first, second in fixed.tolist():
        if (first, second) in barred:
            problem = f"{quoted(ids[first])} and {quoted(ids[second])} must pair and must not pair"
            remedy = "remove the id from must_pair_with or from exclude_ids"
            staff.wrong("must_pair_with", [first], problem, remedy)
    own = [
        pair for pair in fixed.tolist() if pair[0] == managers[pair[1]] or pair[1] == managers[pair[0]]
    ]  # fmt: skip
    if own:
        where = rows_text([staff.lines[pair[0]] for pair in own], 4)
        staff.findings.note(
            f"Fixed pairs: {people(2 * len(own))} are to pair with their own manager or report ({where}); what the "
            "file asks for goes before the rule that bars it."
        )


def unique_pairs(pairs: Sequence[tuple[int, ...]]) -> Whole:
    """Return sorted pairs, each once, as an array of shape (m, 2)."""
    return np.array(sorted(set(pairs)), dtype=np.int32).reshape(-1, 2)
