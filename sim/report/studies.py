"""A validation in a folder, and its figure: every study on its own scale, the published range and the simulated one."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.errors import InputError
from sim.files import whole_file, write_csv
from sim.report import style
from sim.report.wording import clipped

if TYPE_CHECKING:
    from sim.experiments.validation import Found, Validation

__all__ = ["FILES", "save_validation", "validation_figure"]

FILES = ("validation.csv", "validation.svg", "validation.png")
"""What a validation leaves in its folder."""

_MOST = 60
_HIT, _MISS = "#0072b2", "#d55e00"


def validation_figure(validation: Validation) -> Figure:
    """Draw a row per study: grey what agrees, a bar for the published figure, the simulated range."""
    found = validation.found[:_MOST]
    height = 1.5 + 0.42 * max(1, len(found))
    with style.styled():
        figure = Figure(figsize=(11.5, height))
        figure.text(0.015, 1 - 0.14 / height, "Published studies, repeated on simulated firms",
                    fontsize=13, fontweight="bold", va="top")  # fmt: skip
        text = (
            "Grey: what would agree. Upright mark: published figure. Dot and line: simulated median and "
            f"95 % of {validation.replicates} repetitions, full if they agree."
        )
        figure.text(0.015, 1 - 0.45 / height, text, fontsize=9.5, color=style.MUTED, va="top")
        rows = figure.subplots(max(1, len(found)), 1, squeeze=False)[:, 0]
        for axis, one in zip(rows, found, strict=False):
            _row(axis, one)
        figure.subplots_adjust(
            left=0.36, right=0.76, top=1 - 0.75 / height, bottom=0.25 / height, hspace=0.25
        )
    return figure


def _row(axis: Axes, one: Found) -> None:
    study, (low, high) = one.study, one.range
    known = [x for x in (study.published, study.low, study.high, low, high) if np.isfinite(x)]
    left, right = min(known), max(known)
    room = 0.12 * (right - left or 1.0)
    axis.set_xlim(left - room, right + room)
    axis.set_ylim(-1.0, 1.0)
    ends = np.clip((study.low, study.high), left - room, right + room)
    axis.axvspan(float(ends[0]), float(ends[1]), color=style.FAINT, zorder=1)
    if np.isfinite(study.published):
        axis.plot([study.published] * 2, [-0.8, 0.8], color=style.INK, linewidth=1.8, zorder=2)
    if np.isfinite(one.median):
        colour = _HIT if one.agrees else _MISS
        axis.plot([low, high], [0.0, 0.0], color=colour, linewidth=1.6, zorder=3)
        face = colour if one.agrees else "white"
        axis.plot([one.median], [0.0], "o", color=colour, markerfacecolor=face, zorder=4)
    axis.set_yticks([0.0], [f"{clipped(study.title, 46)} ({study.source})"])
    axis.tick_params(axis="y", length=0, labelsize=8.5, labelcolor=style.INK)
    axis.set_xticks([])
    for side in ("top", "right", "left", "bottom"):
        axis.spines[side].set_visible(False)
    fitted = ", fitted to" if one.used_for_fitting else ""
    verdict = "agrees" if one.agrees else "misses"
    axis.annotate(
        f"{one.median:.3g} [{low:.3g}, {high:.3g}] {verdict}{fitted}", (1.02, 0.5),
        xycoords="axes fraction", va="center", fontsize=8, annotation_clip=False,
    )  # fmt: skip


def save_validation(validation: Validation, folder: str | Path, *, overwrite: bool = False) -> Path:
    """Write the table of a validation and its figure (:data:`FILES`) into a folder; returns it.

    Raises
    ------
    InputError
        If they are there already, unless they are to be overwritten, or cannot be written.
    """
    place = Path(folder)
    try:
        place.mkdir(parents=True, exist_ok=True)
        there = [name for name in FILES if (place / name).exists()]
        if there and not overwrite:
            remedy = "name another folder, or replace them with overwrite=True (--overwrite)"
            raise InputError(f"{there[0]} exists already", remedy=remedy, file=place)
        with whole_file(place / FILES[0]) as draft:
            write_csv(validation.table, draft)
        _save_figure(validation, place)
    except InputError:
        raise
    except (OSError, ValueError) as error:
        problem = f"the validation cannot be written ({error})"
        raise InputError(problem, remedy="name another folder", file=place) from error
    return place


def _save_figure(validation: Validation, folder: Path) -> None:
    words = "; ".join(
        f"{one.study.title}: published {one.study.published:.3g}, simulated {one.median:.3g}"
        for one in validation.found
    )
    style.save_figure(
        validation_figure(validation),
        folder / "validation",
        title="Published studies, repeated on simulated firms",
        description=f"{words}. All numbers are in validation.csv.",
    )
