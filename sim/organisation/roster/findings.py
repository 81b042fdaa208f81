"""What was found in a file: what is said about it, what is wrong with it, what the planner should decide.

Reading never stops at the first slip. Each step writes down what is wrong and goes on as if the cell were
empty, so that everything comes out at once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from sim.errors import InputError

__all__ = [
    "CellError",
    "Decision",
    "Findings",
    "Problem",
    "listed",
    "people",
    "quoted",
    "rows_text",
]


class CellError(Exception):
    """A cell, or a row of headings, that cannot be read: what is wrong, and what would be right."""

    def __init__(self, problem: str, remedy: str) -> None:
        super().__init__(problem)
        self.problem = problem
        self.remedy = remedy


@dataclass(frozen=True, slots=True)
class Problem:
    """Something without which the file cannot be used.

    Attributes
    ----------
    problem, remedy
        What is wrong, and what would be right.
    key
        The column, as the file and as we name it; None if it is about the whole file.
    lines
        Lines of the file, counted from 1.
    values
        The distinct texts that are wrong.
    """

    problem: str
    remedy: str
    key: str | None = None
    lines: tuple[int, ...] = ()
    values: tuple[str, ...] = ()

    def error(self, file: str) -> InputError:
        """The same as an error about one file: the first line, and how many more rows there are."""
        text = self.problem
        if len(self.lines) > 1:
            more = f"{len(self.lines) - 1:,} more row{'s' if len(self.lines) > 2 else ''}"
            others = [quoted(value) for value in self.values[1:]]
            which = f": {listed(others, 6)}" if others else ""
            text = f"{text} (and {more} with the same problem{which})"
        line = self.lines[0] if self.lines else None
        return InputError(text, remedy=self.remedy, file=file, line=line, key=self.key)


@dataclass(frozen=True, slots=True)
class Decision:
    """Something that the planner should look at or choose, with lines ready for a section of the scenario."""

    question: str
    lines: tuple[str, ...] = ()
    section: str = "organisation"


@dataclass(slots=True)
class Findings:
    """Notes, problems and decisions, in the order in which they were found.

    Attributes
    ----------
    notes
        Plain sentences: what was understood, what is missing, what was left out.
    warnings
        Those of them that may turn a result upside down.
    problems
        What stops the file from being used.
    decisions
        What to choose.
    """

    notes: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    decisions: list[Decision] = field(default_factory=list)

    def note(self, text: str) -> None:
        """Add a sentence."""
        self.notes.append(text)

    def warn(self, text: str) -> None:
        """Add a sentence that must be seen."""
        self.warnings.append(text)

    def ask(self, question: str, *lines: str, section: str = "organisation") -> None:
        """Add something to decide."""
        self.decisions.append(Decision(question, lines, section))

    def wrong(
        self,
        problem: str,
        remedy: str,
        key: str | None = None,
        lines: Sequence[int] = (),
        values: Sequence[str] = (),
    ) -> None:
        """Add a problem."""
        self.problems.append(Problem(problem, remedy, key, tuple(lines), tuple(values)))

    def error(self, file: str) -> InputError:
        """All problems as one error; as plain as any other where there is one."""
        if len(self.problems) == 1:
            return self.problems[0].error(file)
        parts = []
        for number, problem in enumerate(self.problems, 1):
            parts.append(f"  {number}. {problem.error('').describe()}")
        text = f"there are {len(self.problems)} things to put right:\n" + "\n".join(parts)
        return InputError(text, file=file)


def quoted(text: str, limit: int = 40) -> str:
    """Return `text` in quotes for a message: short, and with control characters made visible."""
    return repr(text if len(text) <= limit else text[: limit - 3] + "...")


def listed(names: Sequence[str], most: int = 15) -> str:
    """Names with commas, the first `most` of them."""
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(names[:most]) + more


def people(count: int) -> str:
    """``1 person``, ``2 people``."""
    return f"{count:,} {'person' if count == 1 else 'people'}"


def rows_text(lines: Sequence[int], most: int = 6) -> str:
    """``line 4``, ``lines 4, 7 and 12``, ``lines 4, 7, 9 and 210 more``."""
    if len(lines) == 1:
        return f"line {lines[0]}"
    shown = [f"{line}" for line in lines[:most]]
    if len(lines) > most:
        return f"lines {', '.join(shown)} and {len(lines) - most:,} more"
    return f"lines {', '.join(shown[:-1])} and {shown[-1]}"
