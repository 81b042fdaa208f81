"""What to believe after a programme has run for a while, as a page and on the screen."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from sim.report.deciding.page import Cell, Section, Table, page
from sim.report.plain import plainly
from sim.report.said import count
from sim.report.words import capitalised, counted, listed, number_word

if TYPE_CHECKING:
    from sim.deciding.update import Updated

__all__ = ["update_page", "update_summary"]

Row = Mapping[Any, Any]

_LEARNT = 0.1
"""Share of what is open that must be explained to say that something was learnt."""

_MOSTLY = 0.5
"""Share below which most is still open."""

_MOST_NAMED = 5

_HOLDING = ("engagement.", "embeddedness.", "departures.", "learning.")
"""Sections that lead from meetings to staying."""


def update_page(found: Updated, *, command: str | None = None) -> str:
    """The page as text."""
    told = _Words(found)
    sections = [
        Section(
            "answer",
            "What to believe now",
            lead=told.lead(),
            sentences=tuple(told.answer()),
            points=tuple(told.points()),
        ),
        told.figures(),
        told.forecasts(),
        told.learnt(),
        Section("next", "How to go on", sentences=tuple(told.next())),
        Section(
            "assumed",
            "What was made of your file",
            points=tuple(found.observed.notes) or ("All of it was used as it is.",),
        ),
        Section("trust", "How far to trust this", sentences=tuple(told.trust())),
    ]
    facts = (
        f"{found.scenario.title} · {found.variant} · {counted(found.observed.last, 'month')} seen · "
        f"{counted(len(found.figures), 'figure')} beside {counted(int(found.facts['firms']), 'simulated firm')} under "
        f"{counted(int(found.facts['sets']), 'set')} of assumptions · in brackets, where 95 of 100 such firms lie"
    )
    title = f"After {counted(found.observed.last, 'month')} of “{found.variant}”"
    return page(
        "What a programme’s own figures say",
        title,
        facts,
        tuple(told.warnings()),
        sections,
        command,
    )


def update_summary(found: Updated) -> str:
    """What is printed when it is done."""
    told = _Words(found)
    lines = [*told.warnings(), told.lead(), *told.answer(), *(f"- {one}" for one in told.points())]
    return "\n".join(
        "\n".join(textwrap.wrap(line, 100, subsequent_indent="  " if line[:1] == "-" else ""))
        for line in lines
    )


class _Words:
    """Everything that is said about what was found."""

    def __init__(self, found: Updated) -> None:
        self.found = found
        self.rows: list[Row] = list(found.forecasts.to_dict("records"))
        self.lessons: list[Row] = list(found.learnt.to_dict("records"))
        self.seen: list[Row] = list(found.figures.to_dict("records"))
        self.alarm = found.contradiction.alarm

    def warnings(self) -> Iterator[str]:
        told = self.found.contradiction
        if not self.alarm:
            return
        yield (
            f"The model is contradicted: figures as unlike its own as yours come out in {_often(told.p_value)} of the firms "
            "in which it is right. Do not use the forecasts or the moved sets. Look first at the figures marked below: a "
            "slip in the file, a firm that is not as the scenario says, a programme that was run otherwise; else this model "
            "is not one of your firm."
        )

    def running(self) -> bool:
        """Whether something was learnt about how it runs."""
        return any(not row["effect"] and row["explained"] >= _LEARNT for row in self.rows)

    def working(self) -> bool:
        """Whether something was learnt about whether it works."""
        return any(row["effect"] and row["explained"] >= _LEARNT for row in self.rows)

    def lead(self) -> str:
        if self.alarm:
            return "Your figures contradict the model: do not use it for this programme."
        if self.running() and not self.working():
            return "You have learnt how it runs, not whether it works."
        if self.running() and self.working():
            return "You have learnt how it runs, and something about whether it works."
        if self.working():
            return "You have learnt something about whether it works."
        return "These figures say little, neither how it runs nor whether it works."

    def answer(self) -> Iterator[str]:
        if self.alarm:
            outside = [row for row in self.seen if not row["inside"]]
            if outside:
                parts = [
                    f"{row['title'].lower()}: {_number(row['seen'])} {row['unit']} ({_number(row['low'])} to {_number(row['high'])} were predicted)"
                    for row in outside
                ]
                yield f"Outside what was predicted: {'; '.join(parts)}."
            else:
                yield "No single figure is outside its band: it is how they go together that never comes out."
            return
        if not self.working():
            yield (
                "Whether it works shows in differences from a firm without the programme, and you have no such firm: "
                "attendance and fit say how it runs. A lottery would tell more (mentorsim pilot says how much)."
            )
        elif max(row["explained"] for row in self.rows if row["effect"]) < _MOSTLY:
            yield (
                "Most of what was open about whether it works is still open. A lottery among those who ask for a place would "
                "tell more (mentorsim pilot says how much)."
            )
        outside = [row for row in self.seen if not row["inside"]]
        if outside:
            yield (
                f"{capitalised(number_word(len(outside)))} of {len(self.seen)} figures "
                f"{'is' if len(outside) == 1 else 'are'} outside the band in which 95 of 100 firms lie "
                f"({listed([str(row['title']).lower() for row in outside])}); together they do not contradict the model."
            )
        else:
            yield f"All {len(self.seen)} figures are where 95 of 100 simulated firms have them."

    def points(self) -> Iterator[str]:
        if self.alarm:
            return
        for row in self.rows:
            yield (
                f"{row['title']}: {_number(row['after'])} {row['unit']} ({_span(row, 'after')}); before, "
                f"{_number(row['before'])} ({_span(row, 'before')}). {self._gained(row)}"
            )

    def _gained(self, row: Row) -> str:
        if row["explained"] < 0.02 or row["gain"] < 2.0 * row["gain_error"]:
            return "As open as before."
        share = round(100.0 * row["explained"])
        if row["explained"] < _LEARNT:
            return f"Hardly less open: your figures settle {share} of 100 parts of it."
        return f"Your figures settle {share} of 100 parts of what was open."

    def figures(self) -> Section:
        rows = [
            [
                Cell(str(row["title"]), str(row["unit"])),
                Cell(_number(row["seen"])),
                Cell(_number(row["predicted"]), f"{_number(row['low'])} to {_number(row['high'])}"),
                Cell("inside", "", "equal")
                if row["inside"]
                else Cell("outside", _beyond(row), "worse"),
            ]
            for row in self.seen
        ]
        heads = [
            ("Figure", ""),
            ("Yours", ""),
            ("Predicted", "middle, and where 95 of 100 firms lie"),
            ("", ""),
        ]
        return Section(
            "figures",
            "Your figures beside those predicted",
            sentences=(
                "Predicted is what simulated firms show over the same months, before anything was learnt: assumptions "
                "and chance together.",
            ),
            tables=(Table("Figures so far.", heads, rows),),
        )

    def forecasts(self) -> Section:
        rows = [
            [
                Cell(str(row["title"]), str(row["unit"])),
                Cell(_number(row["before"]), _span(row, "before")),
                Cell(_number(row["after"]), _span(row, "after")),
                Cell(_number(row["moved"]), _span(row, "moved")),
                Cell(f"{100.0 * max(0.0, row['explained']):.0f} of 100"),
            ]
            for row in self.rows
        ]
        heads = [
            ("", ""),
            ("Before", "95 of 100 firms"),
            ("Now", "95 of 100 firms, by regression"),
            ("Under the moved sets", "95 of 100 firms, simulated anew"),
            ("Settled", "parts of what was open"),
        ]
        return Section(
            "forecasts",
            f"What comes, up to month {self.found.facts['horizon']}",
            sentences=(
                "The regression knows your firm’s own level of quits and engagement as well; the moved sets know only what "
                "your figures say about assumptions, for any firm of this kind.",
            ),
            tables=(Table("Forecasts for a firm like yours.", heads, rows),),
        )

    def learnt(self) -> Section:
        told = [row for row in self.lessons if row["learnt"] in ("much", "some")]
        little = [row for row in self.lessons if row["learnt"] == "little"]
        nothing = len(self.lessons) - len(told) - len(little)
        rows = [
            [
                Cell(capitalised(plainly(str(row["parameter"]))), str(row["parameter"])),
                Cell(
                    _plain(row["before"]),
                    f"{_plain(row['before_low'])} to {_plain(row['before_high'])}",
                ),
                Cell(
                    _plain(row["after"]),
                    f"{_plain(row['after_low'])} to {_plain(row['after_high'])}",
                ),
                Cell(f"{100.0 * row['explained']:.0f} of 100"),
            ]
            for row in [*told, *little]
        ]
        heads = [
            ("Assumption", ""),
            ("Before", "middle, and nine sets of ten"),
            ("Now", "middle, and nine sets of ten"),
            ("Settled", "parts of what was open"),
        ]
        sentences = []
        if told:
            parts = [plainly(str(row["parameter"])) for row in told[:_MOST_NAMED]]
            more = (
                f" and {number_word(len(told) - _MOST_NAMED)} more"
                if len(told) > _MOST_NAMED
                else ""
            )
            sentences.append(f"You have learnt {listed(parts)}{more}.")
        else:
            sentences.append("You have learnt nothing about any single assumption.")
        sentences.append(
            f"Of {len(self.lessons)} assumptions that vary, {nothing} are exactly as open as before; nothing was learnt about "
            "them, and their sets were not moved."
        )
        if not self.working() and not any(
            str(row["parameter"]).startswith(_HOLDING) for row in told
        ):
            sentences.append(
                "Among these is what turns meetings into staying: how strongly engagement, learning and ties hold people."
            )
        tables = (Table("What was learnt.", heads, rows),) if rows else ()
        return Section(
            "learnt",
            "What you have learnt, and what not",
            sentences=tuple(sentences),
            tables=tables,
        )

    def next(self) -> Iterator[str]:
        if self.alarm:
            yield "Find out what is different before anything else. ensemble.csv is written with a warning on its first lines."
            return
        yield (
            "The sets of assumptions, moved to where your figures say, are in ensemble.csv. To compare programmes in the "
            "light of them: mentorsim compare SCENARIO --ensemble ensemble.csv"
        )
        yield (
            "All sets stay; each is moved by a regression on your figures, and only in what these say something about. They "
            "were not held to the published figures anew."
        )

    def trust(self) -> Iterator[str]:
        told, firms = self.found.contradiction, int(self.found.facts["firms"])
        yield (
            f"The alarm was tried on the {firms:,} simulated firms, each judged by firms of other sets: it sounded in "
            f"{100.0 * told.false_alarms:.1f} of 100 in which the model is right. Yours is as far off as, or further than, "
            f"{_often(1.0 - told.p_value)} of them."
        )
        parts = [
            f"{row['title'].lower()} {row['gain']:+.2f} ± {1.96 * row['gain_error']:.2f}".replace(
                "-", "−"
            )
            for row in self.rows
        ]
        yield f"Gain in log score over not looking at the figures, in firms of unseen sets: {'; '.join(parts)}."
        held = [100.0 * row["held"] for row in self.rows]
        yield (
            f"Of intervals that should hold 95 of 100 truths, {min(held):.0f} to {max(held):.0f} of 100 did, in firms of "
            "unseen sets."
        )
        measuring = self.found.scenario.settings["pilot"]
        yield (
            "All this holds if the model is right. Your survey is taken to be answered by "
            f"{100.0 * measuring['survey_response']:.0f} of 100, whose answers differ by "
            f"{100.0 * measuring['survey_spread']:.0f} points of 100 (standard deviation; [pilot] in the scenario)."
        )


def _often(share: float) -> str:
    if share < 0.005:
        return "under 1 of 100"
    return f"{min(99, round(100.0 * share))} of 100"


def _number(value: float) -> str:
    if abs(value) < 0.05:
        return "about 0" if value else "0"
    return f"−{count(value)}" if value < 0.0 else count(value)


def _span(row: Row, name: str) -> str:
    return f"{_number(row[f'{name}_low'])} to {_number(row[f'{name}_high'])}"


def _plain(value: float) -> str:
    return f"{value:.3g}".replace("-", "−")


def _beyond(row: Row) -> str:
    side = "fewer" if row["seen"] < row["low"] else "more"
    return f"{side} than in all but {max(1, round(100.0 * row['beyond']))} of 100 firms"
