"""The best programme for the money, as a page and on the screen."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from sim.deciding.levers import LEVERS
from sim.deciding.trials import BUDGETS
from sim.outcomes.goals import BY_NAME, PAY, Goal, band_of
from sim.report.deciding.curve import Point, curve_chart
from sim.report.deciding.page import Cell, Section, Table, as_table, page
from sim.report.page.knowing import knowing_in_words
from sim.report.plain import plainly
from sim.report.said import count, money
from sim.report.words import capitalised, counted, listed, named, number_word

if TYPE_CHECKING:
    from sim.deciding.best import Best

__all__ = ["best_page", "best_summary"]

Row = Mapping[Any, Any]

_TELLING = ("pick", "equal", "not told apart", "ahead")
_SHOWN_DESIGNS = 60
_GROWING = ("places", "cadence", "length", "training")
"""Levers whose last value is the most of something."""


def best_page(found: Best, *, command: str | None = None) -> str:
    """The page as text."""
    told = _Words(found)
    sections = [
        Section("answer", "What to run", lead=told.lead(), sentences=tuple(told.answer())),
        told.curve(),
        told.equals(),
        told.gives_up(),
        told.by_goal(),
        Section("hangs", "What it hangs on", sentences=tuple(told.hanging())),
        told.honest(),
        told.everything(),
    ]
    firms = found.facts["judged_firms"]
    facts = (
        f"{found.scenario.title} · goal: {found.goal} · budget: {told.money(found.budget)} a year in "
        f"{found.budget_in} ({BUDGETS[found.budget_in][1]}) · {counted(int(found.manifest['designs']), 'programme')} "
        f"tried in {int(found.manifest['simulations']):,} simulations, finalists judged on {counted(firms, 'firm')}"
    )
    title = f"The best programme for {told.money(found.budget)} a year"
    kicker = "Mentoring programmes, simulated before they are launched"
    return page(kicker, title, facts, tuple(told.warnings()), sections, command)


def best_summary(found: Best) -> str:
    """What is printed when it is done."""
    told = _Words(found)
    lines = [*told.warnings(), told.lead(), *told.answer()]
    lines += [""] + [
        f"{told.money(row['budget']):>14} a year: {row['design']}; {told.gain(row)}"
        for row in found.curve.to_dict("records")
    ]
    return "\n".join(
        "\n".join(textwrap.wrap(line, 100, subsequent_indent="  " if line[:1] == " " else "")) or ""
        for line in lines
    )


class _Words:
    """Everything that is said about what was found."""

    def __init__(self, found: Best) -> None:
        self.found, self.goal = found, BY_NAME[found.goal]
        self.currency = str(found.facts["currency"])
        self.rows: Sequence[Row] = found.finalists.to_dict("records")
        self.pick = next(row for row in self.rows if row["standing"] == "pick")
        self.is_none = found.candidates[0].has_programme is False
        self.main = next(
            row for row in found.curve.to_dict("records") if row["share_of_budget"] == 1.0
        )

    def money(self, number: float) -> str:
        return money(number, self.currency)

    def amount(self, goal: Goal, number: float) -> str:
        """``1.1 more people stay a year``."""
        size = self.money(number) if goal.is_money else count(number)
        return f"{size} {goal.more if number >= 0.0 else goal.less}"

    def short(self, goal: Goal, number: float) -> str:
        """``1.1 more``."""
        size = self.money(number) if goal.is_money else count(number)
        return f"{size} {goal.short_more if number > 0.0 else goal.short_less}" if number else size

    def span(self, goal: Goal, low: float, high: float) -> str:
        """``0.4 to 1.8``, with words where it holds zero."""
        if not math.isfinite(low):
            return "–"
        if low < 0.0 < high:
            return f"{self.short(goal, low)} to {self.short(goal, high)}"
        ends = [self.money(one) if goal.is_money else count(one) for one in (low, high)]
        if high <= 0.0:
            ends = ends[::-1]
        return " to ".join(dict.fromkeys(ends))

    def gain(self, row: Row) -> str:
        if row["gain"] == row["low"] == row["high"] == 0.0:
            return "no change"
        span = self.span(self.goal, row["low"], row["high"])
        return f"{self.amount(self.goal, row['gain'])} ({span})"

    def warnings(self) -> Iterator[str]:
        if self.found.interrupted and not self.found.fresh:
            yield (
                "Stopped early: nothing was judged on fresh firms. What is told rests on the firms on which the "
                "programmes were chosen, and is too good."
            )
        elif self.found.interrupted:
            yield f"Stopped early: the finalists were judged on {counted(self.found.fresh, 'fresh firm')} only."

    def lead(self) -> str:
        budget = f"For {self.money(self.found.budget)} a year in {self.found.budget_in}"
        if self.is_none:
            return (
                f"{budget}, run no programme: nothing that was tried and that this pays for does better for "
                f"{self._aim()}."
            )
        text = f"{budget}, {named(self.found.pick)}: {self.gain(self.main)}."
        if self.main["low"] <= 0.0:
            text += " On fresh firms that cannot be told from no change."
        elif not self._noticeable(self.main["gain"]):
            text += " That is too little to notice."
        return text

    def _aim(self) -> str:
        return f"whoever wants {self.goal.want}"

    def _noticeable(self, number: float) -> bool:
        return self.goal.is_money or number >= band_of(self._without())

    def _without(self) -> float:
        return float(self.found.facts["without"][self.found.goal])

    def equal(self) -> list[Row]:
        """Those that cannot be told apart from the pick, besides it; no programme is one, too."""
        return [row for row in self.rows if row["standing"] in _TELLING[1:]]

    def answer(self) -> Iterator[str]:
        if not self.is_none:
            yield self._in_words(self.pick)
            above = float(self.main["share_above"])
            yield (
                f"It costs {self.money(self.pick['cost_cash'])} a year in cash and "
                f"{self.money(self.pick['cost_total'])} with participants’ time; "
                f"in {round(100.0 * above)} of 100 firms it costs more than the budget."
            )
            yield from self._at_the_edge()
        others = self.equal()
        if others:
            wrong = max(float(row["behind_high"]) for row in others)
            cost = max(float(row["cost_of_wrong_pick"]) for row in [self.pick, *others])
            same = all(row["standing"] == "equal" for row in others)
            what = "equal to it" if same else "not to be told apart from it"
            yield (
                f"{capitalised(number_word(len(others)))} other finalist{'s are' if len(others) > 1 else ' is'} {what}: "
                "take whichever is easiest to run. To pick the wrong one would mean that, on average, "
                f"{self.amount(self.goal, -cost)} at most, and hardly more than {self.short(self.goal, -max(0.0, wrong))}."
            )
            cheapest = min([self.pick, *others], key=lambda row: float(row["cost"]))
            if cheapest is not self.pick and cheapest["cost"] < 0.9 * self.pick["cost"]:
                yield (
                    f"The cheapest of these is {named(str(cheapest['design']))}, for {self.money(cheapest['cost'])} a year."
                )
        elif not self.is_none:
            yield "Every other finalist does surely less."
        yield from self._ahead()

    def _at_the_edge(self) -> Iterator[str]:
        """What is as large as anything that was tried, so that more might do more."""
        values = self.found.candidates[0].values
        if values is None:
            return
        edge = [
            f"{lever.title.lower()} ({lever.words[value]})"
            for lever, value in zip(LEVERS, values, strict=True)
            if lever.name in _GROWING and value == len(lever) - 1
        ]
        if edge:
            yield f"At the most that was tried: {listed(edge)}. More might do more; it was not tried."

    def _ahead(self) -> Iterator[str]:
        ahead = [row for row in self.rows if row["standing"] == "ahead"]
        if ahead:
            yield (
                f"On fresh firms {listed([named(str(row['design'])) for row in ahead])} did surely more than the one "
                "that led the search: run that instead, and expect a little less than it shows here."
            )

    def _in_words(self, row: Row) -> str:
        """What a programme is, in one sentence."""
        if not row["policy"]:
            return f"{named(str(row['design']))} is one of the scenario’s own programmes."
        parts = [f"{lever.title.lower()}: {row[lever.name]}" for lever in LEVERS]
        return f"{capitalised('; '.join(parts))}."

    def curve(self) -> Section:
        told = self.found.curve.to_dict("records")
        drawn = curve_chart(
            [
                Point(
                    self.money(row["budget"]),
                    row["gain"],
                    row["low"],
                    row["high"],
                    row["share_of_budget"] == 1.0,
                )
                for row in told
            ],
            title="What each budget buys",
            description="; ".join(f"{self.money(row['budget'])}: {self.gain(row)}" for row in told),
            unit=self.goal.more,
        )
        rows = [
            [
                Cell(f"{self.money(row['budget'])} a year"),
                Cell(str(row["design"])),
                Cell(
                    self.short(self.goal, row["gain"]),
                    self.span(self.goal, row["low"], row["high"]),
                ),
                Cell(
                    self.money(row["cost"]),
                    f"{self.money(row['cost_low'])} to {self.money(row['cost_high'])} in single firms",
                ),
            ]
            for row in self.found.curve.to_dict("records")
        ]
        heads = [
            ("Budget", f"in {self.found.budget_in}"),
            ("Best programme", ""),
            (self.goal.title, "against no programme, 95 % interval"),
            ("Cost a year", "mean"),
        ]
        return Section(
            "curve",
            "What each budget buys",
            sentences=tuple(self._bend()),
            charts=(
                (f"{self.goal.title}: change against no programme, with its 95 % interval", drawn),
            ),
            tables=(Table("The best programme for each budget.", heads, rows),),
        )

    def _bend(self) -> Iterator[str]:
        """Where more money stops to buy more."""
        rows = self.found.curve.to_dict("records")
        enough = [
            row for row in rows if row["gain"] >= max(other["gain"] for other in rows) - _same(rows)
        ]
        if not any(row["low"] > 0.0 for row in rows):
            yield "None of these budgets buys a change that can be told from none."
            return
        yield (
            f"From {self.money(enough[0]['budget'])} on, more money buys nothing more that can be told apart."
            if enough[0] is not rows[-1]
            else "Every further step of the budget still buys something."
        )

    def equals(self) -> Section:
        rows = [
            [
                Cell(str(row["design"]), _STANDING[str(row["standing"])]),
                Cell(
                    self.short(self.goal, row[self.found.goal]),
                    self.span(
                        self.goal, row[f"{self.found.goal}_low"], row[f"{self.found.goal}_high"]
                    ),
                ),
                Cell(self._behind(row), ""),
                Cell(_chance(row["probability_best"])),
                Cell(_some(self, row["cost_of_wrong_pick"])),
                Cell(self.money(row["cost_cash"]), f"{self.money(row['cost_total'])} in total"),
            ]
            for row in self.rows
        ]
        heads = [
            ("Programme", ""),
            (self.goal.title, "against no programme"),
            ("Behind the pick", "95 % interval"),
            ("Best with probability", "of those within the budget"),
            ("If you pick it and it is not the best", "expected loss"),
            ("Cost a year", "cash"),
        ]
        levers = as_table(
            "What the finalists are.",
            ["Programme", *(lever.title for lever in LEVERS)],
            [
                [str(row["design"]), *(str(row[lever.name]) or "–" for lever in LEVERS)]
                for row in self.rows
            ],
        )
        return Section(
            "finalists",
            "The best few",
            sentences=(
                "Judged on firms and under assumptions that the search never saw; the same firms for all, so that "
                "differences are better known than the changes themselves.",
            ),
            tables=(
                Table("The finalists, the one that led the search first.", heads, rows),
                levers,
            ),
        )

    def _behind(self, row: Row) -> str:
        if row["standing"] == "pick":
            return "–"
        return f"{self._signed(row['behind_low'])} to {self._signed(row['behind_high'])}"

    def _signed(self, number: float) -> str:
        size = self.money(number) if self.goal.is_money else count(number)
        return size if number >= 0.0 else f"−{size}"

    def gives_up(self) -> Section:
        goals = list(self.found.goals["goal"])
        rows = []
        for row in self.rows:
            cells = [Cell(str(row["design"]))]
            for name in goals:
                goal = BY_NAME[name]
                kind = (
                    "better"
                    if row[f"{name}_low"] > 0.0
                    else "worse"
                    if row[f"{name}_high"] < 0.0
                    else "unknown"
                )
                cells.append(
                    Cell(
                        self.short(goal, row[name]),
                        self.span(goal, row[f"{name}_low"], row[f"{name}_high"]),
                        kind,
                    )
                )
            rows.append(cells)
        heads = [("Programme", ""), *((BY_NAME[name].title, BY_NAME[name].more) for name in goals)]
        run = [
            [
                str(row["design"]),
                count(row["participants"]),
                _of_100(row["turned_away"]),
                _of_100(row["meetings_kept"]),
                _of_100(row["early_endings"]),
            ]
            for row in self.rows
        ]
        return Section(
            "gives-up",
            "What each gives up",
            sentences=tuple(self._given_up()),
            tables=(
                Table("Change against no programme, with its 95 % interval.", heads, rows),
                as_table(
                    "How they run: people who take part in a year, mentors and mentees (who does so twice counts "
                    "twice); the rest of 100 each.",
                    [
                        "Programme",
                        "Take part",
                        "Asked in vain",
                        "Meetings held",
                        "Pairs that break up",
                    ],
                    run,
                ),
            ),
        )

    def _given_up(self) -> Iterator[str]:
        told = []
        for row in self.found.goals.to_dict("records"):
            goal = BY_NAME[str(row["goal"])]
            enough = row["given_up"] >= band_of(float(row["without"]))
            if (
                not goal.is_money
                and row["goal"] != self.found.goal
                and row["given_up_low"] > 0.0
                and enough
            ):
                told.append(
                    f"{goal.title.lower()} ({self.short(goal, row['given_up'])} under {named(str(row['design']))})"
                )
        if told:
            yield f"{named(self.found.pick)} gives up {listed(told)}."
        else:
            yield (
                f"{named(self.found.pick)} gives up nothing that anybody would notice: no programme within the budget does "
                "noticeably more for another goal."
            )
        if "money" in self.pick and not self.is_none and self.found.goal != "money":
            pay, low, high = (float(self.pick[f"money{end}"]) for end in ("", "_low", "_high"))
            if high < 0.0:
                yield (
                    f"The quits that it prevents do not pay for it: {self.short(PAY, pay)} a year "
                    f"({self.span(PAY, low, high)}), participants’ time included."
                )
            elif low > 0.0:
                yield f"The quits that it prevents pay for it: {self.short(PAY, pay)} a year ({self.span(PAY, low, high)})."
            else:
                yield "Whether the quits that it prevents pay for it cannot be told."

    def by_goal(self) -> Section:
        rows = [
            [
                Cell(BY_NAME[str(row["goal"])].title, str(row["unit"])),
                Cell(str(row["design"])),
                Cell(
                    self.short(BY_NAME[str(row["goal"])], row["gain"]),
                    self.span(BY_NAME[str(row["goal"])], row["low"], row["high"]),
                ),
                Cell(
                    self.short(BY_NAME[str(row["goal"])], row["gain_of_pick"]),
                    self.span(BY_NAME[str(row["goal"])], row["pick_low"], row["pick_high"]),
                ),
            ]
            for row in self.found.goals.to_dict("records")
        ]
        heads = [
            ("Goal", ""),
            ("Best for it within the budget", ""),
            ("What that does", "95 % interval"),
            (f"What “{self.found.pick}” does", "95 % interval"),
        ]
        different = {str(row[1].text) for row in rows}
        word = (
            "The same programme is best for every goal."
            if len(different) == 1
            else f"{capitalised(number_word(len(different)))} different programmes are best for {number_word(len(rows))} goals; "
            "how far they differ is in the last two columns."
        )
        return Section(
            "goals",
            "If you want something else",
            sentences=(word,),
            tables=(Table("The best programme for each goal under the same budget.", heads, rows),),
        )

    def hanging(self) -> Iterator[str]:
        sets = int(self.found.facts["sets"])
        yield f"The finalists lived under {counted(sets, 'set')} of assumptions that agree with published figures."
        if self.found.hinges:
            parts = [f"on {plainly(key)}" for key in self.found.hinges]
            yield f"How much {named(self.found.pick)} does depends most {listed(parts)}."
        elif not self.is_none:
            yield f"How much {named(self.found.pick)} does goes with no single assumption that stands out."
        table = self.found.value_of_knowing
        if len(table):
            yield from knowing_in_words(
                table.to_dict("records"), {self.goal.key: self._without()}, self.currency
            )
        yield (
            "No interval here holds what the model leaves out: your people, your politics, who will really "
            "volunteer. What does well here is a candidate for a pilot, not a proof."
        )

    def honest(self) -> Section:
        """How much of the search's lead was luck."""
        points = []
        for row in self.found.curve.to_dict("records"):
            if math.isfinite(row["lead_in_search"]) and row["cost"] > 0.0:
                points.append(
                    f"{self.money(row['budget'])}: {named(str(row['design']))} was {self._lead(row['lead_in_search'])} "
                    f"the other finalists in the search, and {self._lead(row['lead_on_fresh'])} them on fresh firms."
                )
        kept = float(self.found.facts["kept"])
        sentences = [
            "Whatever leads a search leads partly by luck. So the finalists were judged anew, on other firms and "
            "under the other half of the sets of assumptions; every number on this page is from there.",
        ]
        if not self.found.fresh:
            sentences = [
                "The search was stopped before the finalists could be judged on fresh firms."
            ]
        elif math.isfinite(kept):
            share = round(100.0 * min(max(kept, 0.0), 1.0))
            sentences.append(
                f"Of what set the finalists apart in the search, {share} of 100 parts were still there on fresh firms; "
                f"{100 - share} were luck."
            )
        return Section("luck", "How much of the lead was luck", sentences=sentences, points=points)

    def _lead(self, number: float) -> str:
        size = self.money(number) if self.goal.is_money else count(number)
        return f"{size} ahead of" if number >= 0.0 else f"{size} behind"

    def everything(self) -> Section:
        table = self.found.designs.sort_values(
            ["firms", "gain"], ascending=False, kind="stable", ignore_index=True
        )
        shown = table.head(_SHOWN_DESIGNS).to_dict("records")
        rows = [
            [
                str(row["design"]),
                *(str(row[lever.name]) or "–" for lever in LEVERS),
                f"{row['firms']}",
                self.short(self.goal, row["gain"]),
                self.money(row["cost"]),
            ]
            for row in shown
        ]
        heads = [
            "Programme",
            *(lever.title for lever in LEVERS),
            "Firms",
            self.goal.title,
            "Cost a year",
        ]
        made = self.found.manifest
        return Section(
            "tried",
            "What was tried",
            sentences=(
                f"{int(made['designs']):,} programmes began the race: no programme, the scenario’s own, and combinations "
                "of what a planner decides, at random at first and then in the neighbourhood of the best. All live "
                "through the same firms; what is surely worse leaves. Everything that is not in the table is as the "
                "scenario has it.",
                f"The search took {counted(int(made['search_firms']), 'firm')}, one set of assumptions each; half of the sets "
                "served the search and half the final, each set as often as any other.",
                "To see the winners in full: mentorsim compare best.toml --ensemble",
            ),
            tables=(
                as_table(
                    "Those that lasted longest; their numbers are those of the search, and so partly luck.",
                    heads,
                    rows,
                    summary=f"{len(shown)} of {len(table)} programmes that were tried (all: designs.csv)",
                ),
            ),
        )


def _same(rows: list[dict[Any, Any]]) -> float:
    """Half an interval of the largest: less than that is not told apart."""
    largest = max(rows, key=lambda row: row["gain"])
    return float(largest["high"] - largest["low"]) / 2.0


_STANDING = {
    "pick": "led the search",
    "equal": "equal: any difference is too small to notice",
    "not told apart": "cannot be told apart",
    "ahead": "surely more on fresh firms",
    "behind": "surely less",
    "costs more": "costs more than the budget",
}


def _chance(share: float) -> str:
    if not math.isfinite(share):
        return "–"
    return (
        "under 1 of 100"
        if share < 0.005
        else f"{min(99, round(100 * share)) if share < 1 else 100} of 100"
    )


def _some(told: _Words, number: float) -> str:
    return told.short(told.goal, -number) if math.isfinite(number) else "–"


def _of_100(number: float) -> str:
    return f"{number:.0f}" if math.isfinite(number) else "–"
