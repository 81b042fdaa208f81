"""Who gains and who loses: generations and levels; small groups stay unseen."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from sim.outcomes.declared import outcome as outcome_named
from sim.outcomes.goals import Goal
from sim.report.decisions import Verdict, judged
from sim.report.page.view import Row, View
from sim.report.said import MARKS, mark
from sim.report.words import Amount, counted, listed, named, number_word

__all__ = ["Block", "GroupRow", "Marks", "People", "VariantPeople", "people"]

_KINDS = {"generation": "Generation", "level": "Level"}
"""Departments are in groups.csv: many small groups, in which chance stands out."""

_MOST_NAMED, _MOST_LOSERS = 2, 4

_PER_100 = {
    "stay": "more stay, per 100 and year",
    "engaged": "more engaged, per 100",
    "ideas": "more ideas, per 100 and year",
}

_NAMES = {
    "boomer": "Baby Boomers",
    "gen_x": "Generation X",
    "millennial": "Millennials",
    "gen_z": "Generation Z",
}


@dataclass(frozen=True, slots=True)
class GroupRow:
    """One group: how many people, and the change in each headline; no cells where it is withheld."""

    name: str
    people: str
    cells: tuple[tuple[Verdict, Amount], ...]


@dataclass(frozen=True, slots=True)
class Block:
    """The groups of one kind."""

    kind: str
    rows: tuple[GroupRow, ...]


@dataclass(frozen=True, slots=True)
class VariantPeople:
    """One variant: sentences, and the groups."""

    name: str
    sentences: tuple[str, ...]
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Marks:
    """One group under one variant: a mark per headline, and the same in words."""

    marks: tuple[tuple[Verdict, str], ...]
    words: str


@dataclass(frozen=True, slots=True)
class People:
    """The section: the headlines that are told by group, and every variant."""

    outcomes: tuple[tuple[str, str], ...]
    variants: tuple[VariantPeople, ...]
    summary: tuple[str, ...]
    legend: str
    columns: tuple[tuple[str, tuple[str, ...]], ...]
    marks: tuple[tuple[str, tuple[Marks, ...]], ...]


def people(view: View) -> People:
    """Changes in the headlines by group."""
    table = view.comparison.groups
    kinds = [kind for kind in _KINDS if kind in set(table["by"])]
    table = table[table["by"].isin(kinds)]
    cells: dict[tuple[str, str, str], dict[str, Row]] = {}
    for row in table.to_dict("records"):
        key = (str(row["variant"]), str(row["by"]), str(row["group"]))
        cells.setdefault(key, {})[str(row["outcome"])] = row
    items = [
        goal
        for goal in view.decisions.goals
        if outcome_named(goal.outcome).by_group and goal.outcome in set(table["outcome"])
    ]
    variants = tuple(_variant(name, kinds, cells, items, view) for name in view.others)
    columns = _columns(variants)
    return People(
        outcomes=tuple((item.title, _PER_100[item.key]) for item in items),
        variants=variants,
        summary=tuple(_summary(variants, items, view)),
        legend=_legend(variants),
        columns=columns,
        marks=tuple((one.name, _marks(one, columns)) for one in variants),
    )


def _legend(variants: Sequence[VariantPeople]) -> str:
    """The marks that occur, in words."""
    every = (
        cell for one in variants for block in one.blocks for row in block.rows for cell in row.cells
    )
    seen = {verdict for verdict, _ in every}
    return ", ".join(f"{MARKS[verdict]} {mark(verdict)}" for verdict in MARKS if verdict in seen)


def _columns(variants: Sequence[VariantPeople]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """The groups of every kind that have people under any variant."""
    found: dict[str, dict[str, None]] = {}
    for one in variants:
        for block in one.blocks:
            found.setdefault(block.kind, {}).update(dict.fromkeys(row.name for row in block.rows))
    return tuple((kind, tuple(names)) for kind, names in found.items() if names)


def _marks(
    one: VariantPeople, columns: tuple[tuple[str, tuple[str, ...]], ...]
) -> tuple[Marks, ...]:
    """One mark per headline for every group; a group that is withheld has none."""
    rows = {(block.kind, row.name): row for block in one.blocks for row in block.rows}
    found = []
    for kind, names in columns:
        for name in names:
            row = rows.get((kind, name))
            cells = row.cells if row else ()
            words = ", ".join(mark(verdict) for verdict, _ in cells)
            if not cells:
                words = "withheld: fewer than five people" if row else "nobody"
            marks = tuple((verdict, MARKS[verdict]) for verdict, _ in cells)
            found.append(Marks(marks, words))
    return tuple(found)


def _summary(variants: Sequence[VariantPeople], items: list[Goal], view: View) -> Iterator[str]:
    """For every headline, who loses under which variants; who gains is in the table."""
    if view.firms < 2:
        yield "One firm cannot tell who gains from chance."
        return
    for place, item in enumerate(items):
        losers: dict[str, list[str]] = {}
        for one in variants:
            for block in one.blocks:
                for row in block.rows:
                    if row.cells and row.cells[place][0] == "worse":
                        losers.setdefault(row.name, []).append(named(one.name))
        parts = [
            f"{group} under {listed(names) if len(names) <= _MOST_NAMED else counted(len(names), view.noun)}"
            for group, names in losers.items()
        ]
        text = listed(parts)
        if len(parts) > _MOST_LOSERS:
            text = (
                f"{number_word(len(parts))} groups under at least one {view.noun} (▼ in the table)"
            )
        yield f"{item.title}: clearly worse for {text or 'no group shown'}."


def _variant(
    name: str,
    kinds: list[str],
    cells: Mapping[tuple[str, str, str], Mapping[str, Row]],
    items: list[Goal],
    view: View,
) -> VariantPeople:
    blocks = []
    for kind in kinds:
        rows = [
            _row(_label(kind, group), own, items)
            for (variant, by, group), own in cells.items()
            if variant == name and by == kind
        ]
        blocks.append(Block(_KINDS[kind], tuple(row for row in rows if row is not None)))
    return VariantPeople(name, tuple(_sentences(blocks, items, view)), tuple(blocks))


def _label(kind: str, group: str) -> str:
    if kind == "generation":
        return _NAMES.get(group, group)
    return f"Level {group}" if kind == "level" and group.isdigit() else group


def _row(label: str, own: Mapping[str, Row], items: list[Goal]) -> GroupRow | None:
    """One group; None if nobody is ever in it."""
    first = own[items[0].outcome]
    if bool(first["suppressed"]):
        return GroupRow(label, "few", ()) if float(first["people"]) > 0.0 else None
    found = []
    for item in items:
        row = own[item.outcome]
        low, high = sorted(item.sign * float(row[key]) for key in ("low", "high"))
        amount = Amount(item.sign * float(row["difference"]), low, high, _PER_100[item.key])
        found.append((judged(low, high), amount))
    return GroupRow(label, f"{float(first['people']):,.0f}", tuple(found))


def _sentences(blocks: list[Block], items: list[Goal], view: View) -> list[str]:
    """For every headline, who is clearly better or worse off; nobody is ranked."""
    if view.firms < 2:
        return ["One firm cannot tell who gains from chance."]
    sentences = []
    for place, item in enumerate(items):
        worse = _those(blocks, place, "worse")
        better = _those(blocks, place, "better")
        parts = [f"worse for {worse}"] if worse else []
        parts += [f"better for {better}"] if better else []
        if not parts:
            parts = [f"no group shown can be told apart from itself under {named(view.baseline)}"]
        elif not worse:
            parts.append("clearly worse for no group shown")
        sentences.append(f"{item.title}: {'; '.join(parts)}.")
    return sentences


def _those(blocks: list[Block], place: int, verdict: Verdict) -> str:
    """The groups with a verdict in one headline, in words; nothing if there is none."""
    parts = []
    for block in blocks:
        rows = [row for row in block.rows if row.cells]
        names = [row.name for row in rows if row.cells[place][0] == verdict]
        if names and len(names) == len(rows) > 1:
            parts.append(f"every {block.kind.lower()} shown")
        else:
            parts += names
    return listed(parts)
