"""A workbook to fill in: one sheet for the people, one that explains each column."""

from __future__ import annotations

from pathlib import Path

from sim.errors import InputError
from sim.organisation.roster.column_names import ROSTER_COLUMNS

__all__ = ["EXPLAINED", "write_template"]

EXPLAINED: dict[str, tuple[str, str, str]] = {
    "employee_id": ("needed", "E1001", "Any id that is unique; no names needed."),
    "level": ("needed", "3", "Whole numbers, 1 the lowest; or words such as associate, manager, director."),
    "department": ("needed", "Nursing", "Name of the department."),
    "manager_id": ("useful", "E1002", "Id of the manager; empty for whoever has none."),
    "site": ("useful", "North", "Where the person works."),
    "hire_date": ("useful", "2015-03-31", "First day of service, as yyyy-mm-dd."),
    "birth_year": ("useful", "1984", "Year of birth; or a column age or age_band."),
    "work_mode": ("optional", "hybrid", "on_site, hybrid or remote."),
    "last_promotion_date": ("optional", "2021-01-01", "Last promotion, as yyyy-mm-dd."),
    "engagement_score_1_5": ("optional", "3.8", "Latest survey score; the scale stands in the heading."),
    "status": ("optional", "active", "active, leave or terminated."),
    "termination_date": ("optional", "", "Last day, for people who have left: gives your own turnover."),
    "termination_reason": ("optional", "", "Why they left: resigned, dismissed, retired."),
    "employment_type": ("optional", "permanent", "permanent, contractor, agency, ..."),
    "role": ("optional", "mentee", "In the programme: mentor, mentee, either or none."),
    "capacity": ("optional", "2", "Mentees that the person would take at a time, 0 to 10."),
    "skills_have": ("optional", "leadership_and_strategy:4; digital_tools:2", "name:level; name:level, from 1 to 5."),
    "skills_want": ("optional", "digital_tools:4", "What the person wants to learn, in the same way."),
    "exclude_ids": ("optional", "E1007", "Ids of people with whom they must not be paired, with ; between."),
    "past_partner_ids": ("optional", "", "Ids of earlier mentoring partners."),
    "must_pair_with": ("optional", "", "Id of the partner of a pair that is settled."),
}  # fmt: skip
"""Heading of the template: how much it is needed, an example, what to write."""


def write_template(path: Path, *, replace: bool = False) -> None:
    """Write the workbook.

    Raises
    ------
    InputError
        If the file exists already, unless it may be replaced; or it cannot be written.
    """
    from openpyxl import Workbook
    from openpyxl.styles import Alignment, Font, PatternFill
    from openpyxl.utils import get_column_letter

    if path.exists() and not replace:
        remedy = "choose another name, or replace it with --force"
        raise InputError("the file exists already", remedy=remedy, file=path)
    if path.suffix.casefold() != ".xlsx":
        raise InputError("a template is a workbook", remedy="choose a name in .xlsx", file=path)
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "people"
    guide = book.create_sheet("columns explained")
    shades = {"needed": "F4C7A1", "useful": "DDE6EE", "optional": "F1F1F1"}
    for column, (name, (need, _, _)) in enumerate(EXPLAINED.items(), 1):
        cell = sheet.cell(row=1, column=column, value=name)
        cell.font, cell.fill = Font(bold=True), PatternFill("solid", fgColor=shades[need])
        letter = get_column_letter(column)
        sheet.column_dimensions[letter].width = max(12, len(name) + 2)
        if name.endswith(("_id", "_ids", "_with", "_date")):
            for row in range(2, 1002):
                sheet.cell(row=row, column=column).number_format = "@"
    sheet.freeze_panes = "B2"
    heads = ("column", "needed?", "example", "what to write", "may also be called")
    for column, name in enumerate(heads, 1):
        guide.cell(row=1, column=column, value=name).font = Font(bold=True)
    for row, (name, (need, example, meaning)) in enumerate(EXPLAINED.items(), 2):
        base = name.removesuffix("_score_1_5").replace("termination_reason", "leaving_reason")
        others = ", ".join(ROSTER_COLUMNS[base][0].split()[1:9])
        for column, value in enumerate((name, need, example, meaning, others), 1):
            cell = guide.cell(row=row, column=column, value=value)
            cell.alignment = Alignment(wrap_text=True, vertical="top")
    for letter, width in zip("ABCDE", (24, 10, 28, 56, 70), strict=True):
        guide.column_dimensions[letter].width = width
    guide.freeze_panes = "A2"
    try:
        book.save(path)
    except OSError as error:
        problem = f"the file cannot be written ({error.strerror or error})"
        raise InputError(problem, remedy="choose another place", file=path) from None
