"""People and months of a file of results: who must be there, when, and whether totals agree with the rows."""

from __future__ import annotations

import math
import re

from sim.organisation.roster.findings import people as told_people
from sim.pilots.designs import design_named
from sim.pilots.measures import measure_named
from sim.pilots.result_sheet import MOST, Rows, Sheet, is_yes
from sim.scenario.messages import visible

__all__ = ["months_of", "persons_of", "without_totals"]

_TOTAL = re.compile(r"(grand )?total|sum|all|overall", re.IGNORECASE)


def without_totals(sheet: Sheet) -> Rows:
    """The rows of people; rows of totals are checked against them."""
    people: Rows = []
    totals: Rows = []
    for line, row in sheet.rows:
        (totals if _TOTAL.fullmatch(sheet.cell(row, "person")) else people).append((line, row))
    for line, row in totals:
        _check_total(sheet, line, row, people)
    return people


def _check_total(sheet: Sheet, line: int, row: list[str], people: Rows) -> None:
    month = sheet.cell(row, "month")
    here = [one for _, one in people if not month or sheet.cell(one, "month") == month]
    for name in ("quit", "promoted"):
        text = sheet.cell(row, name)
        if not text:
            continue
        counted = sum(bool(is_yes(sheet.cell(one, name))) for one in here)
        try:
            said = float(text)
        except ValueError:
            sheet.problems.append(f"line {line}: the total of {name} is {visible(text)}")
            continue
        if said != counted:
            sheet.problems.append(
                f"line {line}: the total says {said:g} for {name}, and the rows add up to {counted:g}"
            )
    sheet.notes.append(f"Line {line} is a total and no person: it was only compared with the rows.")


def months_of(sheet: Sheet, people: Rows) -> list[int]:
    """Month of every row; complains about months that are missing, and says which are not looked at."""
    found = []
    for line, row in people:
        text = sheet.cell(row, "month")
        try:
            number = float(text)
        except ValueError:
            number = math.nan
        if not (number == number and number >= 0.0 and number == int(number)):
            sheet.problems.append(
                f"line {line}: month is {visible(text) or 'empty'}, and should be a whole number of months after "
                "the start, 0 before it"
            )
            number = -1.0
        found.append(int(number))
    wanted = sheet.wanted_months()
    missing = [month for month in wanted if month not in found]
    if missing and not sheet.problems:
        there = ", ".join(str(month) for month in sorted(set(found)))
        sheet.problems.append(
            f"there are no rows for month {', '.join(map(str, missing))}, which the protocol asks for (there are: {there})"
        )
    others = sorted(set(found) - set(wanted) - {0, -1})
    if others:
        sheet.notes.append(
            f"Month {', '.join(map(str, others))} is not in the protocol, and was not looked at."
        )
    return found


def persons_of(sheet: Sheet, people: Rows) -> list[str]:
    """Everybody, in the order of the lottery list or of the file."""
    there: dict[str, int] = {}
    for line, row in people:
        person = sheet.person(row)
        if not person:
            sheet.problems.append(f"line {line}: there is no id")
        there.setdefault(person, line)
    if sheet.lot is None:
        planned = sheet.protocol.offered + sheet.protocol.others
        if planned and len(there) < 0.9 * planned and design_named(sheet.protocol.design).by_lot:
            sheet.notes.append(
                f"The protocol planned about {planned} people, and {len(there)} are in the file: whoever is missing "
                "is not known, and is assumed to be missing by chance in both arms."
            )
        return list(there)
    listed = sheet.lot["person"].tolist()
    if sheet.resembling:
        sheet.notes.append(
            f"The ids of {told_people(len(sheet.resembling))} were found on the lottery list when capitals, zeros in front "
            "and a .0 behind were passed over."
        )
    strange = [one for one in there if one not in set(listed)]
    if strange:
        shown = ", ".join(f"{visible(one)} (line {there[one]})" for one in strange[:MOST])
        more = f" and {len(strange) - MOST} more" if len(strange) > MOST else ""
        sheet.problems.append(
            f"not on the lottery list: {told_people(len(strange))} ({shown}{more})"
        )
    absent = [one for one in listed if one not in there]
    measure = measure_named(sheet.protocol.measure)
    if absent and measure.counts_events:
        shown = ", ".join(map(visible, absent[:MOST]))
        more = f" and {len(absent) - MOST} more" if len(absent) > MOST else ""
        sheet.problems.append(
            f"missing of the lottery list: {told_people(len(absent))} ({shown}{more}); everybody counts in the arm "
            "that the lot put them in, leavers too"
        )
    elif absent:
        sheet.notes.append(
            f"Not in the file: {told_people(len(absent))} of the lottery list, taken for people who left or did not answer."
        )
    return listed
