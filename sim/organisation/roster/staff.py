"""Who of a file is on the staff: leavers, contractors and starters to come are told apart from it.

Leavers are not staff, whatever column says so. One person on several rows (a row twice, a history of jobs)
is one person.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from sim.organisation.roster.cells import number_in
from sim.organisation.roster.findings import listed, people, quoted, rows_text
from sim.organisation.roster.headings import plain
from sim.organisation.roster.options import RosterOptions
from sim.organisation.roster.rows import Rows
from sim.organisation.roster.words import (
    ACTIVE,
    CONTRACTOR,
    LEFT,
    ON_LEAVE,
    REASONS,
    STARTER,
    STATUS_PARTS,
    STATUSES,
    TYPES,
    UNKNOWN,
    YES_NO,
)

__all__ = ["Membership", "canonical_id", "reasons_of", "state_of", "who_is_on_the_staff"]

Real = NDArray[np.float64]

_SAP_CODES = {"0": LEFT, "1": ON_LEAVE, "2": LEFT, "3": ACTIVE}
"""Codes of the field STAT2 of SAP: withdrawn, inactive, retired, active."""
_SAME_STAY = 92
"""Days between two jobs up to which the stay goes on."""


@dataclass(slots=True)
class Membership:
    """Who is on the staff.

    Attributes
    ----------
    today
        Day number as of which the file is read.
    staff, leavers
        Rows of the people on the staff, and of those who have left; everybody once.
    hired, ended
        Days of the beginning and the end of each row's stay, NaN where unknown; a stay of several jobs
        begins with the first.
    contractors, starters
        How many are left out as not on the staff, and as not there yet.
    """

    today: int
    staff: list[int]
    leavers: list[int]
    hired: Real
    ended: Real
    contractors: int
    starters: int


def canonical_id(text: str) -> str:
    """An id as spreadsheets may have changed it: without ``.0``, without leading zeros, in small letters."""
    text = text.casefold().strip().removesuffix(".0").strip("'")
    return text.lstrip("0") or text


def who_is_on_the_staff(rows: Rows, days: dict[str, Real], options: RosterOptions) -> Membership:
    """Tell staff, leavers, contractors and starters apart."""
    state = _states(rows)
    outside = _outside(rows, state)
    hired, ended, promoted = (
        days[name].copy() for name in ("hire_date", "termination_date", "last_promotion_date")
    )
    first, last = (date(options.start_year, *day).toordinal() for day in ((1, 1), (12, 31)))
    if options.file_date is not None:
        today = cutoff = options.file_date.toordinal()
    else:
        cutoff = last
        past = [hired[(hired <= cutoff) & (state != STARTER)], promoted[promoted <= cutoff]]
        past.append(ended[(state == LEFT) & (ended <= cutoff)])
        today = int(max([first, *(float(np.max(some)) for some in past if some.size)]))
    rehired = hired > ended
    over = (ended <= today) & ~rehired
    said_active = np.array([bool(text) for text in rows.texts("status")]) & (state == ACTIVE)
    if count := int((over & said_active).sum()):
        where = rows_text([rows.lines[row] for row in np.flatnonzero(over & said_active)], 4)
        rows.findings.note(
            f"Status: {people(count)} with the status of staff and an end of employment in the past ({where}); "
            "the date was believed, and they count as having left."
        )
    gone = (state == LEFT) | over
    to_come = ~gone & ((state == STARTER) | (hired > cutoff))
    ended[gone & (ended > today)] = np.nan  # known to have left, on a day that is still to come
    kept = _one_row_each(rows, hired, ended, gone | to_come)
    staff, leavers = [], []
    contractors = starters = 0
    for row in kept:
        if outside[row] and not options.contractors:
            contractors += not gone[row]
        elif to_come[row]:
            starters += 1
        elif gone[row]:
            leavers.append(row)
        else:
            staff.append(row)
    found = Membership(today, staff, leavers, hired, ended, contractors, starters)
    _say(rows, state, found, first, int(outside[kept].sum()) if kept else 0, options)
    return found


def _states(rows: Rows) -> NDArray[np.int64]:
    """State of employment of each row, by all columns that tell; :data:`ACTIVE` where none does."""
    codes = _SAP_CODES if plain(rows.headings.get("status", "")) == "stat2" else {}
    known = {text: codes.get(text, state_of(text)) for text in set(rows.texts("status"))}
    state = np.array([known[text] for text in rows.texts("status")], dtype=np.int64)
    strange = Counter(text for text in rows.texts("status") if text and known[text] == UNKNOWN)
    if strange:
        shown = [f"{quoted(text)} ({people(count)})" for text, count in strange.most_common()]
        rows.findings.note(f"Status: not known are {listed(shown, 20)}; they count as staff.")
        rows.findings.ask(
            "Are people of these states on the staff? Rename the words in the file to active, leave or "
            f"terminated if not as assumed: {listed([quoted(text) for text in strange], 8)}.",
        )
    assumed = [
        text
        for text in dict.fromkeys(rows.texts("status"))
        if known[text] == LEFT and plain(text).startswith(("inact", "inakt", "disabled", "deactiv"))
    ]
    if assumed:
        count = sum(text in assumed for text in rows.texts("status"))
        words = listed([quoted(text) for text in assumed])
        rows.findings.note(f"Status: {words} ({people(count)}) counts as having left.")
    state[state == UNKNOWN] = ACTIVE
    for column, value in (("active", 0), ("gone", 1)):
        texts = rows.texts(column)
        yes_no = {text: YES_NO.get(plain(text), -1) for text in set(texts)}
        other = {text: STATUSES.get(plain(text), -1) for text in set(texts)}
        odd = [text for text in yes_no if text and yes_no[text] < 0 and other[text] < 0]
        if odd:
            rows.findings.note(
                f"Columns: {rows.key(column)} holds other words than yes and no "
                f"({listed([quoted(text) for text in sorted(odd)], 4)}); not read as a state of employment."
            )
            continue
        for row, text in enumerate(texts):
            if text and (yes_no[text] == value or other[text] == LEFT):
                state[row] = LEFT
    return state


@lru_cache(maxsize=10_000)
def state_of(text: str) -> int:
    """What a word of status means; :data:`UNKNOWN` if nobody can tell."""
    key = plain(text)
    if not key:
        return ACTIVE
    if key in STATUSES:
        return STATUSES[key]
    return next((code for part, code in STATUS_PARTS if part in key), UNKNOWN)


def _outside(rows: Rows, state: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Rows of people who are not on the staff by their contract."""
    parts = [plain(word) for word in ("contractor", "contingent", "agency", "freelanc", "external")]

    def is_outside(text: str) -> bool:
        key = plain(text)
        return key in TYPES or any(part in key for part in parts)

    known = {text: bool(text) and is_outside(text) for text in set(rows.texts("employment_type"))}
    kinds = np.array([known[text] for text in rows.texts("employment_type")], dtype=np.bool_)
    return kinds | (state == CONTRACTOR)


def _one_row_each(rows: Rows, hired: Real, ended: Real, away: NDArray[np.bool_]) -> list[int]:
    """Rows to keep: identical ones once, a history of jobs as one stay; the rest must differ in their ids."""
    ids = rows.texts("employee_id")
    by_id: dict[str, list[int]] = {}
    for row, text in enumerate(ids):
        by_id.setdefault(text, []).append(row)
    several = {text: same for text, same in by_id.items() if len(same) > 1 and text}
    if not several:
        return list(range(len(rows)))
    dropped: set[int] = set()
    twice = histories = 0
    wrong: list[int] = []
    jobs: list[int] = []
    for same in several.values():
        contents: dict[tuple[str, ...], int] = {}
        for row in same:
            key = tuple(cells[row] for cells in rows.cells.values())
            if contents.setdefault(key, row) != row:
                dropped.add(row)
                twice += 1
        left = list(contents.values())
        if len(left) == 1:
            continue
        if _merge_stays(left, hired, ended, away, dropped):
            histories += 1
            continue
        if _are_one_person(rows, left):
            dropped.update(set(left) - {_main_job(rows, left, away)})
            jobs.append(left[0])
            continue
        wrong.append(left[1])
        dropped.update(left[1:])
    if twice:
        rows.findings.note(
            f"Rows: {twice:,} {'is' if twice == 1 else 'are'} there twice, word for word; each person counts once."
        )
    if histories:
        rows.findings.note(
            f"Rows: {people(histories)} on several rows, as in a history of jobs; each counts once, with the "
            "latest job and the first day of the stay."
        )
    if jobs:
        which = (
            "with the larger share of hours"
            if rows.filled("fte")
            else "that is the first in the file"
        )
        which = (
            "that was sent in last"
            if rows.texts("employee_id")[jobs[0]].startswith("row ")
            else which
        )
        where = rows_text([rows.lines[row] for row in jobs], 4)
        rows.findings.note(
            f"Rows: {people(len(jobs))} on several rows with the same name or birth ({where}), as with several jobs at "
            f"a time; each counts once, by the row {which}."
        )
    if wrong:
        _say_twice(rows, wrong)
    return [row for row in range(len(rows)) if row not in dropped]


_OWN = ("name", "first_name", "last_name", "email", "birth_year")


def _are_one_person(rows: Rows, same: list[int]) -> bool:
    """Whether rows of one id agree in all that is a person's own, and there is any of it."""
    told = 0
    for column in _OWN:
        texts = {plain(rows.texts(column)[row]) for row in same} - {""}
        if len(texts) > 1:
            return False
        told += len(texts)
    return told > 0


def _main_job(rows: Rows, same: list[int], away: NDArray[np.bool_]) -> int:
    """The row of a person with several jobs that counts: one that goes on, with most hours, the first of them."""
    here = [row for row in same if not away[row]] or same
    if rows.texts("employee_id")[here[0]].startswith("row "):
        return here[-1]  # sign-up forms: what was sent in last
    shares = {row: number_in(rows.texts("fte")[row]) or 0.0 for row in here}
    return max(here, key=lambda row: (shares[row], -row))


def _say_twice(rows: Rows, wrong: list[int]) -> None:
    """Say which ids stand on several rows that do not belong to one stay."""
    ids = rows.texts("employee_id")
    text = ids[wrong[0]]
    before = rows.lines[ids.index(text)]
    remedy = "give everybody one row and an id of their own"
    if any("e+" in ids[row].casefold() for row in wrong):
        remedy = (
            "a spreadsheet has turned long ids into powers of ten; format the column as text in the original "
            "and export it again"
        )
    problem = f"the id {quoted(text)} is on line {before} and again on line {rows.lines[wrong[0]]}"
    rows.wrong("employee_id", wrong, problem, remedy, [ids[row] for row in wrong])


def _merge_stays(
    same: list[int], hired: Real, ended: Real, away: NDArray[np.bool_], dropped: set[int]
) -> bool:
    """Make one stay of jobs that follow each other; False where the rows cannot be put in order.

    Whoever left and came back is kept twice: among those who left, and with the later stay.
    """
    starts = hired[same]
    here = [row for row in same if not away[row]]
    if np.isnan(starts).any():
        # Without dates: somebody who left and came back may stand on one row that says so.
        return len(here) <= 1 and len({float(ended[row]) for row in same}) == len(same)
    if len(set(starts.tolist())) < len(same):
        return False
    order = [same[index] for index in np.argsort(starts, kind="stable")]
    for row, following in zip(order, order[1:], strict=False):
        if np.isnan(ended[row]) and not away[row]:
            ended[row] = hired[following] - 1  # a job that the next one ended
        if np.isnan(ended[row]) or hired[following] - ended[row] <= _SAME_STAY:
            hired[following] = min(hired[row], hired[following])
            dropped.add(row)
    return True


def _say(
    rows: Rows,
    state: NDArray[np.int64],
    found: Membership,
    first: int,
    outside: int,
    options: RosterOptions,
) -> None:
    """Say who was left out, and as of which day the file is read."""
    note = rows.findings.note
    staff = np.array(found.staff, dtype=np.int64)
    day = date.fromordinal(found.today).isoformat()
    if on_leave := int((state[staff] == ON_LEAVE).sum()) if staff.size else 0:
        note(f"Status: {people(on_leave)} on leave counted as staff.")
    if outside and options.contractors:
        note(f"Contractors: {people(outside)} counted as staff, as the scenario says.")
    elif found.contractors:
        note(
            f"Contractors: {people(found.contractors)} left out; with contractors = true they count as staff."
        )
        rows.findings.ask(
            f"Do contractors and agency workers ({people(found.contractors)}) take part?",
            "contractors = true      # false leaves them out",
        )
    if found.starters:
        note(f"Starters: {people(found.starters)} yet to come, left out.")
    if ending := int((~np.isnan(found.ended[staff])).sum()) if staff.size else 0:
        note(f"Termination date: {people(ending)} counted as staff on {day} in spite of it.")
    if options.file_date is not None:
        note(f"Dates: the file is read as of {day}, its date.")
    elif found.today > first:
        note(f"Dates: tenure is counted up to {day}, the latest date in the file.")
    known = found.hired[staff][~np.isnan(found.hired[staff])] if staff.size else staff
    gone = found.ended[found.leavers]
    known = np.concatenate([known, gone[~np.isnan(gone)]]) if known.size else known
    if known.size and found.today - known.max() > 730 and options.file_date is None:
        newest = date.fromordinal(int(known.max())).isoformat()
        note(
            f"Dates: the newest hire or leaver is of {newest}, more than two years before {day}; if the file is older "
            "than the scenario, set organisation.start_year."
        )
        rows.findings.ask(
            "Of which day is the file? Its newest hire or leaver is long ago.",
            f'file_date = "{newest}"',
            f"start_year = {newest[:4]}",
        )


def reasons_of(texts: tuple[str, ...]) -> NDArray[np.int32]:
    """Why people left: 0 of their own will, 1 not, 2 retired, -1 unknown."""
    known = {text: _reason_of(text) for text in set(texts)}
    return np.array([known[text] for text in texts], dtype=np.int32)


def _reason_of(text: str) -> int:
    key = plain(text)
    if not key:
        return -1
    return next((code for part, code in REASONS if part in key), -1)
