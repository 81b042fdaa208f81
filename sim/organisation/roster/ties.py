"""Known advice ties between people of a roster."""

from __future__ import annotations

from sim.organisation.roster.column_names import TIES_COLUMNS
from sim.organisation.roster.findings import Findings, quoted
from sim.organisation.roster.partners import unique_pairs
from sim.organisation.roster.reading import RosterSource
from sim.organisation.roster.roster import Roster, Whole
from sim.organisation.roster.rows import read_rows

__all__ = ["read_ties"]


def read_ties(source: RosterSource, roster: Roster, *, name: str | None = None) -> Whole:
    """Read who seeks advice from whom: (m, 2) rows of `roster`, sorted, each tie once.

    The file has the columns ``source`` and ``target`` with employee ids. Ties of people who are
    listed in the roster as having left are passed over.

    Raises
    ------
    InputError
        If an id is in no row of the roster, or somebody is their own adviser.
    """
    findings = Findings()
    rows, _ = read_rows(source, TIES_COLUMNS, ("source", "target"), findings, name)
    row_of = {employee: row for row, employee in enumerate(roster.employee_id)}
    left = frozenset(roster.left_employee_id)
    found: dict[str, list[int]] = {}
    for column in ("source", "target"):
        texts = rows.texts(column)
        if empty := [row for row, text in enumerate(texts) if not text]:
            rows.wrong(column, empty, "the cell is empty", "this column is needed for everybody")
        found[column] = [_find(text, row_of) for text in texts]
        unknown = [
            row
            for row, end in enumerate(found[column])
            if end < 0 and texts[row] and texts[row] not in left
        ]
        if unknown:
            problem = f"{quoted(texts[unknown[0]])} is nobody's id in the roster"
            examples = ", ".join(quoted(employee) for employee in roster.employee_id[:3])
            remedy = f"give ids as the roster has them, such as {examples}"
            rows.wrong(column, unknown, problem, remedy)
    pairs = list(zip(found["source"], found["target"], strict=True))
    if same := [row for row, (source_, target) in enumerate(pairs) if source_ == target >= 0]:
        problem = f"{quoted(rows.texts('source')[same[0]])} seeks advice from themselves"
        rows.wrong("target", same, problem, "remove the row")
    if findings.problems:
        raise findings.error(rows.file)
    return unique_pairs([pair for pair in pairs if min(pair) >= 0])


def _find(text: str, row_of: dict[str, int]) -> int:
    """Return the row of an id, -1 if there is none.

    Programs that keep a column of ids with gaps as decimal numbers write ``17.0`` for ``17``.
    """
    row = row_of.get(text)
    return row_of.get(text.removesuffix(".0"), -1) if row is None else row
