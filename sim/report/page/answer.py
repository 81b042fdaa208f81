"""The answer first: which programmes do what, how surely, and which cannot be told apart."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sim.outcomes.outcome import Outcome
from sim.report.page.sure import kept
from sim.report.page.view import Verdict, View, verdict_of
from sim.report.words import Amount, capitalised, counted, listed, named, number_word

__all__ = ["Answer", "Cell", "Glance", "Standing", "answer", "standings"]


_MOST_NAMED = 3
_MOST_FRONT = 6


@dataclass(frozen=True, slots=True)
class Cell:
    """One outcome of one variant: the verdict, the amount, and in how many firms."""

    verdict: Verdict
    amount: Amount
    often: str


@dataclass(frozen=True, slots=True)
class Glance:
    """One row of the table at a glance; no cell of money where it is not told."""

    name: str
    cells: tuple[Cell, ...]
    money: Cell | None


@dataclass(frozen=True, slots=True)
class Standing:
    """How a variant compares with the others, pair by pair."""

    name: str
    ahead: tuple[str, ...]
    behind: tuple[str, ...]
    unclear: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """The first section."""

    lead: tuple[str, ...]
    between: tuple[tuple[str, str], ...]
    glance: tuple[Glance, ...]
    how: tuple[str, ...]


def answer(view: View) -> Answer:
    """Say in plain language what came out."""
    return Answer(
        lead=tuple(_lead(view)),
        between=tuple((item.title, _front(view, item)) for item in view.headlines)
        if len(view.others) > 1
        else (),
        glance=tuple(_glance(view, name) for name in view.others),
        how=tuple(_how(view)),
    )


def _glance(view: View, name: str) -> Glance:
    cells = []
    for item in view.headlines:
        amount = view.effect(name, item)
        better, _, firms = view.counts(name, item)
        often = f"{better:,} of {firms:,}" if amount.known else ""
        cells.append(Cell(verdict_of(amount, item.higher_is_better), amount, often))
    money = None
    if name in view.paying:
        net = view.worth(name, "net_value", sign=True)
        often = "{:,} of {:,}".format(*view.positive(name, "net_value"))
        money = Cell(verdict_of(net, True), net, often)
    return Glance(name, tuple(cells), money)


def _lead(view: View) -> Iterator[str]:
    if not view.others:
        yield (
            f"Only {named(view.baseline)} was simulated, so that there is no difference to tell. Add a "
            "variant to compare it with."
        )
        return
    if view.firms < 2:
        yield (
            "One simulated firm cannot tell an effect from chance: the differences below are of that "
            "one firm. Use more replicates."
        )
        return
    patterns: dict[tuple[Verdict, ...], list[Outcome]] = {}
    for item in view.headlines:
        verdicts = tuple(
            verdict_of(view.effect(name, item), item.higher_is_better) for name in view.others
        )
        patterns.setdefault(verdicts, []).append(item)
    for verdicts, items in patterns.items():
        yield _pattern(view, verdicts, items)
    if view.paying:
        yield _pays(view)
    if holding := kept(view):
        yield holding


def _pattern(view: View, verdicts: Sequence[Verdict], items: Sequence[Outcome]) -> str:
    """One sentence about the headlines with the same verdicts."""
    what = capitalised(listed([item.title.lower() for item in items]))
    sets = {
        verdict: [name for name, own in zip(view.others, verdicts, strict=True) if own == verdict]
        for verdict in ("better", "worse", "unclear", "single", "undefined")
    }
    if sets["undefined"] == view.others:
        return f"{what}: undefined in these firms."
    if sets["better"] == view.others:
        return f"{what}: better under {_all(view)} than under {named(view.baseline)}."
    if sets["worse"] == view.others:
        return f"{what}: worse under {_all(view)} than under {named(view.baseline)}."
    if sets["unclear"] == view.others:
        return f"{what}: {_none(view)} be told apart from {named(view.baseline)}."
    parts = [
        f"{verdict} under {_some(view, names)}"
        for verdict, names in list(sets.items())[:2]
        if names
    ]
    if parts:
        parts[0] += f" than under {named(view.baseline)}"
    hazy = [*sets["unclear"], *sets["single"]]
    if hazy:
        tail = f" from {named(view.baseline)}" if not parts else " from it"
        parts.append(f"{_some(view, hazy)} cannot be told apart{tail}")
    if sets["undefined"]:
        parts.append(f"undefined under {_some(view, sets['undefined'])}")
    return f"{what}: {'; '.join(parts)}."


def _some(view: View, names: Sequence[str]) -> str:
    """A few by name, many by number: the table says which."""
    if len(names) <= _MOST_NAMED:
        return listed([named(name) for name in names])
    return f"{number_word(len(names))} of the {number_word(len(view.others))} {view.noun}s"


def _all(view: View) -> str:
    if len(view.others) == 1:
        return named(view.others[0])
    return (
        f"both {view.noun}s"
        if len(view.others) == 2
        else f"all {number_word(len(view.others))} {view.noun}s"
    )


def _none(view: View) -> str:
    return f"{named(view.others[0])} cannot" if len(view.others) == 1 else f"no {view.noun} can"


def _pays(view: View) -> str:
    """Whether the exits avoided pay for the programmes."""
    verdicts = {
        name: verdict_of(view.worth(name, "net_value", sign=True), True) for name in view.paying
    }
    parts = []
    for verdict, words in (
        ("better", "saves more by avoided quits than it costs"),
        ("worse", "costs more than the quits it avoids would have cost"),
        ("unclear", "cannot be told to save more by avoided quits than it costs, or less"),
    ):
        names = [name for name in view.paying if verdicts[name] == verdict]
        if not names:
            continue
        if names == view.paying and len(names) > 1:
            return f"Money: each of the {number_word(len(names))} programmes {words}."
        if len(names) == 1:
            parts.append(f"{named(names[0])} {words}")
        elif len(names) <= _MOST_NAMED:
            parts.append(f"each of {_some(view, names)} {words}")
        else:
            parts.append(f"{number_word(len(names))} of the programmes: each {words}")
    return f"Money: {'; '.join(parts)}." if parts else "Money: undefined in these firms."


def standings(view: View, item: Outcome) -> tuple[Standing, ...]:
    """Every variant against every other, in the same firms; in the scenario's order, never ranked."""
    found, places = [], {1: "ahead", -1: "behind", 0: "unclear"}
    for name in view.others:
        sets: dict[str, list[str]] = {"ahead": [], "behind": [], "unclear": []}
        for rival in view.others:
            if rival != name:
                sets[places[view.against(item, name, rival)]].append(rival)
        found.append(Standing(name, *(tuple(sets[key]) for key in ("ahead", "behind", "unclear"))))
    return tuple(found)


def _front(view: View, item: Outcome) -> str:
    """Who is in front, and who cannot be told apart."""
    every = standings(view, item)
    front = [one.name for one in every if not one.behind]
    if view.firms < 2 or len(front) == len(every):
        what = "Neither can" if len(every) == 2 else "None of them can"
        return f"{what} be told apart from the other{'s' if len(every) > 2 else ''}."
    if len(front) == 1:
        (ahead,) = (one.ahead for one in every if one.name == front[0])
        rivals = [one.name for one in every if one.name != front[0]]
        if len(ahead) == len(rivals):
            others = (
                "the other" if len(rivals) == 1 else f"each of the other {number_word(len(rivals))}"
            )
            return f"{named(front[0])} is ahead of {others}."
        which = _some(view, ahead) if len(ahead) <= _MOST_NAMED else number_word(len(ahead))
        return f"{named(front[0])} is ahead of {which}, and cannot be told apart from the rest."
    rest = [one.name for one in every if one.name not in front]
    behind = (
        f"{named(rest[0])} is behind at least one of them."
        if len(rest) == 1
        else f"Each of the other {number_word(len(rest))} is behind at least one {view.noun}."
    )
    which = listed([named(name) for name in front])
    if len(front) > _MOST_FRONT:
        which = f"{capitalised(number_word(len(front)))} of the {number_word(len(every))}"
    return f"{which} cannot be told apart, and are behind none. {behind}"


def _how(view: View) -> Iterator[str]:
    people = int(view.manifest["scenario"]["organisation"]["employees"])
    yield (
        f"Every variant was tried on the same {counted(view.firms, 'simulated firm')} of {people:,} "
        f"people over {view.comparison.scenario.months} months, with the same people and luck: a "
        "difference is the variant’s doing in this model."
        + (" Every two firms share a parameter set." if view.sets_differ else "")
    )
    if view.firms > 1:
        yield (
            "The counts say in how many single firms a variant did better; the 95 % interval says how "
            f"well the mean over such firms{' and parameter sets' if view.sets_differ else ''} is known. "
            "Where it includes zero, we say “cannot tell apart”."
        )
    pairs = len(view.others) * (len(view.others) + 1) // 2 * len(view.headlines)
    if view.firms > 1 and pairs >= 20:
        yield (
            f"Of the {pairs} comparisons of two variants behind this page, about "
            f"{round(pairs / 20)} would seem to differ by chance even if nothing did."
        )
