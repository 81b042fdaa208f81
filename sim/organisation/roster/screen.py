"""What was understood of a file, on one screen: in plain words, with what to decide at the end."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Sequence

from sim.organisation.roster.findings import people, quoted, rows_text
from sim.organisation.roster.understanding import Understanding

__all__ = ["screen"]

_WIDTH = 100
_GAP = re.compile("^[A-Z][a-z ]+: (known for nobody|missing for [0-9,]+ of)")
_BAR = 40
_HOW = ("Encoding", "Separator", "Quotation", "Headings", "Short rows", "Below", "Workbook", "Empty", "Dates", "Engagement: read", "Skills (", "Ids")  # fmt: skip
_WHO = ("Staff", "Left", "Status", "Contractors", "Starters", "Rows", "Termination")


def screen(found: Understanding, models_turnover: str = "") -> str:
    """Return the whole of it as text; with a sentence on the model's turnover beside the file's own."""
    blocks = [
        _headline(found),
        _block("Who", _who(found)),
        _block("Columns: what the file calls them, and what they were taken for", _columns(found)),
        _block("How it was read", _notes(found, _HOW)),
        _block("Levels", _levels(found)),
        _block("Managers", _managers(found)),
        _block("Turnover", _turnover(found, models_turnover)),
        _block("Said about the rest", _others(found)),
        _block("Missing, and drawn", _missing(found)),
        _block(_heading_of_problems(found), _problems(found)),
        _block(_heading_of_decisions(found), _decisions(found)),
    ]
    return "\n\n".join(block for block in blocks if block) + "\n"


def _block(title: str, lines: Sequence[str]) -> str:
    """A title with its lines; nothing where there are none."""
    return "\n".join([title, *lines]) if lines else ""


def _headline(found: Understanding) -> str:
    verdict = (
        "can be used as it is"
        if found.roster is not None and not found.decisions
        else "can be used; see what to decide at the end"
        if found.roster is not None
        else "cannot be used yet; see what to put right at the end"
    )
    return "\n".join(
        [
            *_wrapped(f"{found.file}: {people(found.staff)} on the staff.", ""),
            f"The file {verdict}.",
        ]
    )


def _wrapped(text: str, first: str = "  ") -> list[str]:
    return textwrap.wrap(
        text,
        _WIDTH,
        initial_indent=first,
        subsequent_indent=" " * len(first),
        break_long_words=False,
    )


def _notes(found: Understanding, heads: Sequence[str]) -> list[str]:
    return [
        line
        for note in found.notes
        if note.startswith(tuple(heads)) and not _GAP.search(note) and note not in found.warnings
        for line in _wrapped(note)
    ]


def _who(found: Understanding) -> list[str]:
    has = "has" if found.left == 1 else "have"
    rows = f"{found.rows:,} row{'' if found.rows == 1 else 's'}"
    counts = [rows, f"{found.staff:,} on the staff", f"{found.left:,} {has} left"]
    if found.contractors:
        several = "" if found.contractors == 1 else "s"
        counts.append(f"{found.contractors:,} contractor{several} left out")
    if found.starters:
        counts.append(f"{found.starters:,} yet to start")
    lines = _wrapped(", ".join(counts) + ".")
    if found.reference_date is not None:
        lines += _wrapped(
            f"Ages and times of service count up to {found.reference_date.isoformat()}."
        )
    told = ("Staff:", "Left:")
    return lines + [line for line in _notes(found, _WHO) if not line.strip().startswith(told)]


def _columns(found: Understanding) -> list[str]:
    read = [(heading, column) for column, heading in found.columns]
    width = max((len(quoted(heading)) for heading, _ in read), default=0)
    lines = [f"  {quoted(heading):<{width}}  {column}" for heading, column in read]
    if found.not_read:
        names = ", ".join(quoted(heading) for heading in found.not_read[:30])
        lines += _wrapped(f"Not read: {names}.")
    return lines + _notes(found, ("Columns: '", "Column ", "Personal"))


def _levels(found: Understanding) -> list[str]:
    lines = []
    if found.levels:
        most = max(count for _, count in found.levels)
        width = max(len(label) for label, _ in found.levels)
        for number, (label, count) in reversed(list(enumerate(found.levels, 1))):
            bar = "#" * max(1, round(_BAR * count / most))
            name = f" {label:<{min(width, 30)}}" if label != str(number) else ""
            lines.append(f"  {number:>2}{name}  {bar:^{_BAR}}  {count:,}")
    for warning in found.warnings:
        lines += _wrapped(f"CHECK THIS. {warning}")
    return lines + _notes(found, ("Level:",))


def _managers(found: Understanding) -> list[str]:
    stated, resolved = found.managers
    if not stated:
        return _wrapped("No reporting lines on file.") if found.staff else []
    return _wrapped(f"{resolved:,} of {stated:,} found in the file.") + _notes(found, ("Manager:",))


def _turnover(found: Understanding, models: str) -> list[str]:
    told = [note.partition(": ")[2] for note in found.notes if note.startswith("Turnover:")]
    if told and models:
        told.insert(1, models)
    return [line for one in told for line in _wrapped(f"{one[:1].upper()}{one[1:]}")]


def _others(found: Understanding) -> list[str]:
    heads = (*_HOW, *_WHO, "Level", "Manager", "Column", "Personal", "Turnover")
    return [
        line
        for note in found.notes
        if not note.startswith(heads) and not _GAP.search(note) and note not in found.warnings
        for line in _wrapped(note)
    ]


def _missing(found: Understanding) -> list[str]:
    gaps = [note for note in found.notes if _GAP.search(note)]
    return [line for note in gaps for line in _wrapped(note)]


def _heading_of_problems(found: Understanding) -> str:
    count = len(found.problems)
    return f"To put right ({count})"


def _problems(found: Understanding) -> list[str]:
    lines = []
    for number, problem in enumerate(found.problems, 1):
        where = f"{rows_text(problem.lines)}: " if problem.lines else ""
        key = f"{problem.key}: " if problem.key else ""
        others = ""
        if len(problem.values) > 1:
            shown = ", ".join(quoted(value) for value in problem.values[:8])
            more = f" and {len(problem.values) - 8} more" if len(problem.values) > 8 else ""
            others = f" Distinct values: {shown}{more}."
        lines += _wrapped(f"{key}{where}{problem.problem}.{others}", f"  {number}. ")
        lines += _wrapped(f"{problem.remedy[:1].upper()}{problem.remedy[1:]}.", "     ")
    return lines


def _heading_of_decisions(found: Understanding) -> str:
    return f"To decide ({len(found.decisions)})"


def _decisions(found: Understanding) -> list[str]:
    lines = []
    for decision in found.decisions:
        lines += _wrapped(decision.question, "  - ")
        if decision.lines:
            lines.append(f"      [{decision.section}]")
            lines += [f"      {line}" for line in decision.lines]
    return lines
