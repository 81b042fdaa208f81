"""What is said when an input is wrong: one message with the place, the problem and the remedy."""

from __future__ import annotations

from pathlib import Path

__all__ = ["InputError"]


class InputError(ValueError):
    """A scenario, roster or option that cannot be used.

    The command line prints it as it is and exits with code 2; nothing else is printed.

    Parameters
    ----------
    problem
        What is wrong, as one sentence without a full stop, naming the value that was found.
    remedy
        What would be right: the allowed range, the nearest valid name, the thing to do.
    file
        The file that was read, if there is one.
    line
        Line in that file, counted from 1, where it can be told.
    key
        Dotted name of the setting, or the column of a table.
    """

    def __init__(
        self,
        problem: str,
        *,
        remedy: str = "",
        file: str | Path | None = None,
        line: int | None = None,
        key: str | None = None,
    ) -> None:
        self.problem = problem
        self.remedy = remedy
        self.file = None if file is None else str(file)
        self.line = line
        self.key = key
        super().__init__(self.describe())

    def describe(self) -> str:
        """Return the message: ``file, line 4: key: problem. Remedy.``"""
        place = self.file or ""
        if self.line is not None:
            place = f"{place}, line {self.line}" if place else f"line {self.line}"
        head = ": ".join(part for part in (place, self.key) if part)
        text = f"{head}: {self.problem}" if head else self.problem
        if self.remedy:
            text = f"{text.rstrip('.')}. {self.remedy[0].upper()}{self.remedy[1:]}"
        return text if text.endswith((".", "?", "!")) else f"{text}."

    def __reduce__(self) -> tuple[object, ...]:
        """Pickle by its parts, so that a worker's error reaches the driver whole."""
        return (_rebuild, (self.problem, self.remedy, self.file, self.line, self.key))


def _rebuild(
    problem: str, remedy: str, file: str | None, line: int | None, key: str | None
) -> InputError:
    return InputError(problem, remedy=remedy, file=file, line=line, key=key)
