"""Which headline effects are more than what null models give; nothing where the scenario holds none."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sim.outcomes.outcome import Outcome
from sim.report.nulls import TITLES, counts_of
from sim.report.page.view import Row, View
from sim.report.words import Amount, listed, named

__all__ = ["Against", "Nulls", "nulls"]


@dataclass(frozen=True, slots=True)
class Against:
    """One programme against one null model: the variant that stands for it, and a cell per headline."""

    null: str
    variant: str
    meetings: str
    cells: tuple[tuple[Amount, str], ...]


@dataclass(frozen=True, slots=True)
class Nulls:
    """The section: a line per null model, and every programme in full.

    Attributes
    ----------
    outcomes
        Title and unit of the headlines.
    counts
        Per null model its title, what it leaves of a programme, and how many effects survive.
    programmes
        Name and rows of every programme.
    """

    outcomes: tuple[tuple[str, str], ...]
    counts: tuple[tuple[str, str, tuple[str, ...]], ...]
    programmes: tuple[tuple[str, tuple[Against, ...]], ...]


_LEAVES = {
    "zero_effect": "the pairs meet and cost, and nothing follows",
    "shuffled_partners": "the same people meet, and nobody keeps a partner",
    "random_pairing": "pairs that last, made by lot",
}


def nulls(view: View) -> Nulls | None:
    """The section; None where there is nothing to tell."""
    table = view.comparison.nulls
    if not len(table):
        return None
    names = [item.name for item in view.headlines]
    counted = counts_of(table)
    counts = tuple(
        (title, _LEAVES[kind], tuple(_share(*counted[kind, name]) for name in names))
        for kind, title in TITLES.items()
        if (kind, names[0]) in counted
    )
    return Nulls(
        tuple((item.title, item.unit_of_differences) for item in view.headlines),
        counts,
        tuple((str(name), tuple(_rows(view, str(name)))) for name in table["variant"].unique()),
    )


def _share(survive: list[str], others: list[str]) -> str:
    """How many survive, and which do not, where these are few."""
    every = len(survive) + len(others)
    if not every:
        return "no effect shown"
    text = f"{len(survive)} of {every} survive"
    if others and survive and len(others) <= 3:
        text += f"; not {listed([named(name) for name in others])}"
    return text


def _rows(view: View, name: str) -> Iterator[Against]:
    table = view.comparison.nulls
    own = table[table["variant"] == name]
    for kind, group in own.groupby("null", sort=False):
        rows = {str(row["outcome"]): row for row in group.to_dict("records")}
        first = next(iter(rows.values()))
        ratio = float(first["meetings"])
        yield Against(
            TITLES.get(str(kind), "no programme"),
            str(first["null_variant"]),
            f"{ratio:.2f}" if ratio == ratio else "–",
            tuple(_cell(rows[item.name], item) for item in view.headlines),
        )


def _cell(row: Row, item: Outcome) -> tuple[Amount, str]:
    value, low, high = (float(row[key]) for key in ("difference", "low", "high"))
    told = row["null"] == "no_programme" and row["verdict"] == "survives"
    return Amount(value, low, high, item.unit_of_differences), "an effect" if told else str(
        row["verdict"]
    )
