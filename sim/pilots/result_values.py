"""What the cells of results say: yes or no, scores on the protocol's scale, arms, what was known before the start."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from sim.organisation.roster.findings import people as told_people
from sim.pilots.result_sheet import MOST, Rows, Sheet, is_yes
from sim.scenario.messages import visible

__all__ = ["arms_of", "departments_of", "facts_of", "turns_of", "value_of"]

Real = NDArray[np.float64]
Flags = NDArray[np.bool_]

_ARMS = {
    "offered": True, "treated": True, "treatment": True, "drawn": True, "yes": True, "1": True,
    "waits": False, "waiting": False, "control": False, "not drawn": False, "not offered": False,
    "refused": False, "no": False, "0": False,
}  # fmt: skip


def value_of(sheet: Sheet, name: str, text: str, line: int) -> float:
    """A cell as a number: per 100 for records, points of 100 for scores; NaN where it is empty or wrong."""
    if not text:
        return math.nan
    if name in ("quit", "promoted"):
        said = is_yes(text)
        if said is not None:
            return 100.0 * said
        share = re.fullmatch(r"\d+([.,]\d+)?\s*%?", text)
        more = ": a row is one person, not a share of a group" if share else ""
        sheet.problems.append(
            f"line {line}: {name} is {visible(text)}, and should be yes or no{more}"
        )
        return math.nan
    scale = "survey" if name == "engagement" else "test"
    low = float(getattr(sheet.protocol, f"{scale}_lowest"))
    high = float(getattr(sheet.protocol, f"{scale}_highest"))
    percent = text.endswith("%")
    plain = (
        text.rstrip("% ").replace(",", ".")
        if text.count(",") == 1 and "." not in text
        else text.rstrip("% ")
    )
    try:
        number = float(plain)
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        sheet.problems.append(
            f"line {line}: {name} is {visible(text)}, and should be a number from {low:g} to {high:g}"
        )
        return math.nan
    if percent:
        note = f"Cells of {name} with a % sign were taken for points of 100."
        if note not in sheet.notes:
            sheet.notes.append(note)
        low, high = 0.0, 100.0
    if not low <= number <= high:
        sheet.problems.append(
            f"line {line}: {name} is {visible(text)}, outside the protocol's scale of {low:g} to {high:g} (its ends "
            f"are {scale}_lowest and {scale}_highest of the protocol)"
        )
        return math.nan
    return 100.0 * (number - low) / (high - low)


def arms_of(sheet: Sheet, persons: list[str], people: Rows) -> Flags:
    """Who was offered a place, by person."""
    said: dict[str, bool] = {}
    for line, row in people:
        text = sheet.cell(row, "arm").lower()
        if not text:
            continue
        if text not in _ARMS:
            sheet.problems.append(
                f"line {line}: arm is {visible(text)}, and should be offered or waits"
            )
            continue
        person = sheet.person(row)
        if said.setdefault(person, _ARMS[text]) != _ARMS[text]:
            sheet.problems.append(
                f"line {line}: {visible(person)} is in another arm than in an earlier row"
            )
    if sheet.lot is not None:
        drawn = dict(zip(sheet.lot["person"], sheet.lot["arm"] == "offered", strict=True))
        wrong = [one for one, arm in said.items() if one in drawn and drawn[one] != arm]
        if wrong:
            shown = ", ".join(map(visible, wrong[:MOST]))
            sheet.problems.append(
                f"in another arm than the lot put them in: {told_people(len(wrong))} ({shown}); leave the arm as it "
                "was drawn, whether they took the place or not"
            )
        return np.array([bool(drawn[one]) for one in persons])
    unknown = [one for one in persons if one not in said]
    if unknown:
        sheet.problems.append(
            f"without an arm: {told_people(len(unknown))} ({', '.join(map(visible, unknown[:MOST]))})"
        )
    return np.array([said.get(one, False) for one in persons])


def facts_of(sheet: Sheet, persons: list[str], people: Rows) -> Iterator[tuple[str, Real]]:
    """What was known before the start, by column and person."""
    for name in ("level", "tenure_years", "age"):
        given = sheet.first(people, name)
        if not given and sheet.lot is not None and name in sheet.lot.columns:
            texts = dict(zip(sheet.lot["person"], sheet.lot[name], strict=True))
            given = {one: (0, texts[one]) for one in persons if texts[one]}
        if not given:
            sheet.notes.append(
                f"Nothing is known of {name.replace('_', ' in ')}: it was not taken into account."
            )
            continue
        numbers = {one: _number(text) for one, (_, text) in given.items()}
        if name == "level" and not all(map(math.isfinite, numbers.values())):
            order = {
                text: float(place)
                for place, text in enumerate(sorted({t for _, t in given.values()}))
            }
            numbers = {one: order[text] for one, (_, text) in given.items()}
            sheet.notes.append("Levels are no numbers: they were put in alphabetical order.")
        yield name, np.array([numbers.get(one, math.nan) for one in persons])


def departments_of(sheet: Sheet, persons: list[str], people: Rows) -> NDArray[np.int64] | None:
    """Codes of departments, by person; None unless everybody's is known."""
    texts = {one: text for one, (_, text) in sheet.first(people, "department").items()}
    if not texts and sheet.lot is not None and "department" in sheet.lot.columns:
        texts = dict(zip(sheet.lot["person"], sheet.lot["department"], strict=True))
    if not all(one in texts for one in persons):
        return None
    names = sorted(set(texts.values()))
    return np.array([names.index(texts[one]) for one in persons], dtype=np.int64)


def turns_of(sheet: Sheet, persons: list[str], people: Rows) -> NDArray[np.int64] | None:
    """In which step each began, from 1; None unless everybody's is known."""
    texts = {one: text for one, (_, text) in sheet.first(people, "turn").items()}
    if not texts and sheet.lot is not None and "turn" in sheet.lot.columns:
        texts = dict(zip(sheet.lot["person"], sheet.lot["turn"], strict=True))
    numbers = [_number(texts.get(one, "")) for one in persons]
    if not all(map(math.isfinite, numbers)):
        return None
    return np.array(numbers, dtype=np.int64)


def _number(text: str) -> float:
    try:
        return float(text.replace(",", ".") if text.count(",") == 1 else text)
    except ValueError:
        return math.nan
