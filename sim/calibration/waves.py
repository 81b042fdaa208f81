"""Waves that are kept on disk until a calibration is done, so that one that was stopped goes on from there."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from sim.engine.compiled import source_digest
from sim.errors import InputError
from sim.files import whole_file

__all__ = ["KeptWaves"]

Real = NDArray[np.float64]
Run = Callable[[Sequence[Real]], list[Real]]


class KeptWaves:
    """Simulates waves of parameter sets, or takes what an earlier call left of the very same sets.

    A file is taken only if it was made by the same code of the same sets: any other is replaced.

    Parameters
    ----------
    run
        Simulates sets (shares) and returns their figures, in order.
    folder
        Where the figures are kept; None to keep nothing.
    """

    def __init__(self, run: Run, folder: Path | None) -> None:
        self._run, self._folder = run, folder
        self._code = source_digest()
        self._files: list[Path] = []
        self.simulated = 0

    def __call__(self, sets: Sequence[Real]) -> list[Real]:
        """The figures of one wave, in order.

        Raises
        ------
        InputError
            If they cannot be written.
        """
        if self._folder is None:
            return self._run(sets)
        file = self._folder / f".wave_{len(self._files) + 1}.npz"
        self._files.append(file)
        shares = np.array(sets)
        known = self._known(file, shares)
        if known is not None:
            return list(known)
        figures = self._run(sets)
        self.simulated += 1
        self._write(file, shares, np.array(figures))
        return figures

    @property
    def kept(self) -> int:
        """Waves that lie in the folder."""
        return sum(file.exists() for file in self._files)

    def forget(self) -> None:
        """Remove the files: the calibration is done."""
        for file in self._files:
            file.unlink(missing_ok=True)

    def _known(self, file: Path, shares: Real) -> Real | None:
        try:
            with file.open("rb") as stream, np.load(stream, allow_pickle=False) as found:
                same = str(found["code"]) == self._code and np.array_equal(found["shares"], shares)
                return np.asarray(found["figures"]) if same else None
        except (OSError, ValueError, KeyError, EOFError, BadZipFile):  # none there, or half of one
            return None

    def _write(self, file: Path, shares: Real, figures: Real) -> None:
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            with whole_file(file) as draft, draft.open("wb") as stream:
                np.savez(stream, code=self._code, shares=shares, figures=figures)
        except OSError as error:
            problem = f"a finished wave cannot be kept ({error.strerror or error})"
            remedy = "make room, or name another folder"
            raise InputError(problem, remedy=remedy, file=file.parent) from error
