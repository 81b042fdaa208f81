"""A folder of results with tables, texts and a manifest, which appears whole or not at all."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from sim.experiments.saving import seal, whole_folder
from sim.files import write_csv

__all__ = ["Kept"]


class Kept:
    """What came out of a question, which can be kept in a folder."""

    manifest: Mapping[str, Any]  # how it was made

    def _tables(self) -> Mapping[str, pd.DataFrame]:
        """The tables, by name without ending."""
        raise NotImplementedError

    def _texts(self, folder: Path, command: str | None) -> Mapping[str, str]:
        """The page and what else there is to read, by name of the file."""
        raise NotImplementedError

    def save(
        self, folder: str | Path, *, overwrite: bool = False, command: str | None = None
    ) -> Path:
        """Write tables (CSV), page and a manifest into a folder, whole or not at all; returns the folder.

        Parameters
        ----------
        overwrite
            Whether earlier results in it are replaced.
        command
            How it could be made again; page and manifest say so.

        Raises
        ------
        InputError
            If the folder holds something else than results, or results that may not be overwritten, or cannot
            be written. It is then as it was before.
        """
        texts = self._texts(Path(folder), command)
        with whole_folder(folder, overwrite=overwrite) as draft:
            rows = {}
            for name, table in self._tables().items():
                write_csv(table, draft / f"{name}.csv")
                rows[f"{name}.csv"] = len(table)
            for name, text in texts.items():
                (draft / name).write_text(text, encoding="utf-8", errors="replace", newline="\n")
            seal(draft, {**self.manifest, "command": command}, rows)
        return Path(folder)
