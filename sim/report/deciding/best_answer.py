"""What to run: the answer to what was asked, in sentences; and what is to be minded with it."""

from __future__ import annotations

from collections.abc import Iterator

from sim.deciding.levers import LEVERS
from sim.outcomes.goals import PAY
from sim.report.deciding.best_words import Row, Words
from sim.report.words import capitalised, counted, listed, named, number_word

__all__ = ["answer", "following", "lead", "warnings"]

_GROWING = ("places", "cadence", "length", "training")
"""Levers whose last value is the most of something."""


def warnings(words: Words) -> Iterator[str]:
    """What is to be known before anything else is read."""
    if words.found.interrupted and not words.found.fresh:
        yield (
            "Stopped early: nothing was judged on fresh firms. What is told rests on the firms on which the "
            "programmes were chosen, and is too good."
        )
    elif words.found.interrupted:
        yield f"Stopped early: the finalists were judged on {counted(words.found.fresh, 'fresh firm')} only."


def lead(words: Words) -> str:
    """The answer in a sentence."""
    budget = f"For {words.money(words.found.budget)} a year in {words.found.budget_in}"
    if words.is_none:
        return (
            f"{budget}, run no programme: nothing that was tried and that this pays for does better for "
            f"{_aim(words)}."
        )
    text = f"{budget}, {named(words.found.pick)}: {words.gain(words.main)}."
    if words.main["low"] <= 0.0:
        text += " On fresh firms that cannot be told from no change."
    elif not words.noticeable(words.main["gain"]):
        text += " That is too little to notice."
    return text


def _aim(words: Words) -> str:
    return f"whoever wants {words.goal.want}"


def answer(words: Words) -> Iterator[str]:
    """The answer: what to run, what it costs, and what is as good."""
    if not words.is_none:
        yield _in_words(words, words.pick)
        above = float(words.main["share_above"])
        yield (
            f"It costs {words.money(words.pick['cost_cash'])} a year in cash and "
            f"{words.money(words.pick['cost_total'])} with participants’ time; "
            f"in {round(100.0 * above)} of 100 firms it costs more than the budget."
        )
        yield from _pays(words)
        yield from _at_the_edge(words)
    others = words.equal()
    if others:
        wrong = max(float(row["behind_high"]) for row in others)
        cost = max(float(row["cost_of_wrong_pick"]) for row in [words.pick, *others])
        same = all(row["standing"] == "equal" for row in others)
        what = "equal to it" if same else "not to be told apart from it"
        yield (
            f"{capitalised(number_word(len(others)))} other finalist{'s are' if len(others) > 1 else ' is'} {what}: "
            "take whichever is easiest to run. To pick the wrong one would mean that, on average, "
            f"{words.amount(words.goal, -cost)} at most, and hardly more than {words.short(words.goal, -max(0.0, wrong))}."
        )
        cheapest = min([words.pick, *others], key=lambda row: float(row["cost"]))
        if cheapest is not words.pick and cheapest["cost"] < 0.9 * words.pick["cost"]:
            yield (
                f"The cheapest of these is {named(str(cheapest['design']))}, for {words.money(cheapest['cost'])} a year."
            )
    elif not words.is_none:
        yield "Every other finalist does surely less."
    yield from _ahead(words)


def _pays(words: Words) -> Iterator[str]:
    """Whether the quits that it prevents pay for it, where money is not what was wanted."""
    if "money" in words.pick and not words.is_none and words.found.goal != "money":
        pay, low, high = (float(words.pick[f"money{end}"]) for end in ("", "_low", "_high"))
        if high < 0.0:
            yield (
                f"The quits that it prevents do not pay for it: {words.short(PAY, pay)} a year "
                f"({words.span(PAY, low, high)}), participants’ time included."
            )
        elif low > 0.0:
            yield f"The quits that it prevents pay for it: {words.short(PAY, pay)} a year ({words.span(PAY, low, high)})."
        else:
            yield "Whether the quits that it prevents pay for it cannot be told."


def following(words: Words) -> Iterator[str]:
    """What to do next."""
    if words.is_none:
        yield "Next: look from which budget on a programme does something (below), or ask for another goal (--goal)."
        return
    yield (
        "Next: see the winners in full (mentorsim compare best.toml --ensemble), and ask what a pilot could show before it "
        "is for all (mentorsim pilot best.toml)."
    )


def _at_the_edge(words: Words) -> Iterator[str]:
    """What is as large as anything that was tried, so that more might do more."""
    values = words.found.candidates[0].values
    if values is None:
        return
    edge = [
        f"{lever.title.lower()} ({lever.words[value]})"
        for lever, value in zip(LEVERS, values, strict=True)
        if lever.name in _GROWING and value == len(lever) - 1
    ]
    if edge:
        yield f"At the most that was tried: {listed(edge)}. More might do more; it was not tried."


def _ahead(words: Words) -> Iterator[str]:
    ahead = [row for row in words.rows if row["standing"] == "ahead"]
    if ahead:
        yield (
            f"On fresh firms {listed([named(str(row['design'])) for row in ahead])} did surely more than the one "
            "that led the search: run that instead, and expect a little less than it shows here."
        )


def _in_words(words: Words, row: Row) -> str:
    """What a programme is, in one sentence."""
    if not row["policy"]:
        return f"{named(str(row['design']))} is one of the scenario’s own programmes."
    parts = [f"{lever.title.lower()}: {row[lever.name]}" for lever in LEVERS]
    return f"{capitalised('; '.join(parts))}."
