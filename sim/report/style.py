"""How figures look and how they are written: colours, line styles, SVG without outside references."""

from __future__ import annotations

import html
import io
import re
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import matplotlib
from matplotlib.figure import Figure

from sim.files import whole_file
from sim.report.wording import clipped

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from sim.experiments.comparison import Comparison

__all__ = [
    "Dashes",
    "FAINT",
    "INK",
    "MUTED",
    "Look",
    "heading",
    "looks",
    "names_of",
    "quiet_frame",
    "save_figure",
    "styled",
]

Dashes = Literal["solid"] | tuple[float, Sequence[float]]

INK, MUTED, FAINT = "#1a1a1a", "#5a5a5a", "#d5d5d5"

# Okabe and Ito's colours, which people with any colour vision tell apart, the palest left out.
_COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#000000")
_DASHES: tuple[Dashes, ...] = (
    "solid",
    (0, (5, 1.5)),
    (0, (1, 1)),
    (0, (6, 1.5, 1, 1.5)),
    (0, (3, 1, 1, 1, 1, 1)),
)
_STYLE: Any = {
    "font.family": ["sans-serif"],
    "font.size": 9.0,
    "text.color": INK,
    "axes.labelcolor": INK,
    "axes.edgecolor": MUTED,
    "xtick.color": MUTED,
    "ytick.color": MUTED,
    "text.parse_math": False,  # a name may contain dollar signs
    "svg.fonttype": "none",
    "svg.hashsalt": "mentorsim",
}


@dataclass(frozen=True, slots=True)
class Look:
    """What one variant is drawn with: colour and dashes, beside its name in words."""

    colour: str
    dashes: Dashes


def looks(names: Sequence[str], baseline: str) -> dict[str, Look]:
    """Return the look of each variant; the baseline is grey."""
    others = [name for name in names if name != baseline]
    chosen = {
        name: Look(
            _COLOURS[place % len(_COLOURS)],
            _DASHES[(place + place // len(_COLOURS)) % len(_DASHES)],
        )
        for place, name in enumerate(others)
    }
    return {baseline: Look(MUTED, "solid"), **chosen}


@contextmanager
def styled() -> Iterator[None]:
    """Draw and save in the house style, whatever the user's matplotlib settings are."""
    with matplotlib.rc_context(), warnings.catch_warnings():
        matplotlib.rcdefaults()
        matplotlib.rcParams.update(_STYLE)
        # Names in scripts that the font lacks: boxes in the PNG, right in the SVG.
        warnings.filterwarnings("ignore", message="Glyph .* missing")
        yield


def heading(figure: Figure, comparison: Comparison, subtitle: str) -> None:
    """Write the scenario's title, what the figure shows, and how it was made."""
    height = figure.get_figheight()
    title = clipped(comparison.scenario.title, 110)
    figure.text(0.015, 1 - 0.14 / height, title, fontsize=13, fontweight="bold", va="top")
    firms = f"{comparison.replicates} simulated firms per variant"
    line = f"{subtitle}; {firms}, with the same people and luck under every variant"
    figure.text(0.015, 1 - 0.45 / height, line, fontsize=9.5, color=MUTED, va="top")


def quiet_frame(axis: Axes) -> None:
    """Leave only the left and lower edges of the frame."""
    for side in ("top", "right"):
        axis.spines[side].set_visible(False)
    axis.tick_params(labelsize=8)


def names_of(comparison: Comparison) -> list[str]:
    """Names of the variants, in the order of the scenario."""
    return list(comparison.variants)


def save_figure(figure: Figure, stem: Path, *, title: str, description: str) -> tuple[Path, Path]:
    """Write a figure as SVG, with its text as text, and as PNG; return both paths.

    Parameters
    ----------
    figure
        What to write.
    stem
        Path without the ending.
    title, description
        What a screen reader says.
    """
    svg, png = stem.with_name(f"{stem.name}.svg"), stem.with_name(f"{stem.name}.png")
    with styled():
        text = io.StringIO()
        nothing = dict.fromkeys(("Date", "Creator", "Format", "Type"))
        figure.savefig(text, format="svg", metadata=nothing)
        told = _self_contained(text.getvalue(), title, description)
        with whole_file(svg) as draft:
            draft.write_text(told, encoding="utf-8", newline="\n")
        with whole_file(png) as draft:
            figure.savefig(draft, format="png", dpi=160)
    return svg, png


def _self_contained(svg: str, title: str, description: str) -> str:
    """Drop what points outside the file, and say in words what the picture shows."""
    svg = re.sub(r"<!DOCTYPE.*?>\s*", "", svg, count=1, flags=re.DOTALL)
    svg = re.sub(r"\s*<metadata>.*?</metadata>", "", svg, count=1, flags=re.DOTALL)
    words = f"<title>{html.escape(title)}</title>\n <desc>{html.escape(description)}</desc>\n"
    return re.sub(
        r"(<svg )(.*?>)",
        lambda found: f'{found[1]}role="img" {found[2]}\n {words}',
        svg,
        count=1,
        flags=re.DOTALL,
    )
