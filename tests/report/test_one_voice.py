"""One voice: whatever comes out, no two sentences of a page contradict each other, and screen and page agree."""

from __future__ import annotations

import html
import re

import numpy as np
import pytest

from pages import altered, check
from sim.calibration.ensemble import shipped_ensemble
from sim.experiments.compare import compare
from sim.experiments.comparison import Comparison
from sim.outcomes.goals import GOALS, SIZES, band_of, size_of
from sim.report.advice import advise
from sim.report.decisions import Decisions, judged
from sim.report.hanging import hanging
from sim.report.leading import lead
from sim.report.page import report_page
from sim.report.plain import PLAIN, plainly
from sim.report.said import MARKS, cell, gained
from sim.report.summary import summarise
from sim.scenario import Scenario

NAMES = ("Nothing", "Alpha", "Beta", "Gamma", "Delta", "Epsilon")
FIRMS = 24
WORDS = {goal.more: (goal, 1.0) for goal in GOALS} | {goal.less: (goal, -1.0) for goal in GOALS}


@pytest.fixture(scope="module")
def real() -> Comparison:
    return firms(ensemble=False)


@pytest.fixture(scope="module")
def unsure() -> Comparison:
    return firms(ensemble=True)


def firms(*, ensemble: bool) -> Comparison:
    policies = ("none", "random", "reverse", "reciprocal", "similarity", "traditional")
    variants = [
        {"name": name, "programme.policy": policy}
        for name, policy in zip(NAMES, policies, strict=True)
    ]
    size = {"organisation": {"employees": 60, "levels": 4}, "programme": {"start_month": 3}}
    scenario = Scenario(title="One voice", months=18, **size, variants=variants)
    return compare(scenario, replicates=FIRMS, ensemble=ensemble)


def at_random(found: Comparison, seed: int, *, sets: bool) -> Comparison:
    """Effects of every kind: none, small, large, harmful, noisy; with an ensemble some that hinge."""
    rng, effects = np.random.default_rng(seed), {}
    for name in NAMES[1:]:
        effect = rng.choice([0.0, 0.5, 2.0, 2.1, 6.0, -4.0]) + rng.choice(
            [0.05, 1.0, 8.0]
        ) * rng.normal(size=FIRMS)
        if sets and rng.random() < 0.5:
            column = shipped_ensemble().values[np.arange(FIRMS) // 2, rng.integers(100)]
            effect += 2.0 * (column - column.mean()) / (column.std() or 1.0)
        effects[name] = effect
    return altered(found, effects)


@pytest.mark.parametrize("sets", [False, True])
@pytest.mark.parametrize(
    "seed", [0, 1, *(pytest.param(seed, marks=pytest.mark.long) for seed in range(2, 8))]
)
def test_every_sentence_rests_on_its_decision(
    seed: int, sets: bool, request: pytest.FixtureRequest
) -> None:
    base: Comparison = request.getfixturevalue("unsure" if sets else "real")
    found = at_random(base, seed, sets=sets) if seed else base
    page, decisions = report_page(found), Decisions(found)
    check(page)
    text = " ".join(html.unescape(re.sub(r"<[^>]*>", " ", page.split("</style>")[1])).split())
    printed = summarise(found)

    # What is said of a programme by name is what its decision says, to the digit.
    counted = 0
    for place in (text, " ".join(printed.split())):
        for words, (goal, sign) in WORDS.items():
            for name, number in re.findall(rf"“(\w+)”:? (?:does more on average, |comes closest: |does most: )?"
                                           rf"([\d.,]+|under 0\.1) {words}", place):  # fmt: skip
                one = decisions.of(goal, name)
                assert f"{number} {words}" == gained(one), (name, goal.key)
                assert sign * one.value >= 0.0
                counted += 1
    marks = page.split('id="c-glance"')[1].split("</table>")[0].split('<tr role="row">')[2:]
    for name, row in zip(NAMES[1:], marks, strict=True):
        shown = re.findall(r'<span aria-hidden="true">(.)</span>', row)
        told = [decisions.of(goal, name) for goal in GOALS[: len(shown) - 2]]
        told += [decisions.pays(name), decisions.output(name)]
        assert shown == [MARKS[one.verdict] for one in told]
        line = next(line for line in printed.splitlines() if line.startswith(f"{name} "))
        assert re.findall("[▲▼≈○]", line) == shown[:3]
        for goal in GOALS[:3]:  # the chart says the same number
            one = decisions.of(goal, name)
            chart = page.split(f'id="chart-{goal.key}-title"')[1].split("</svg>")[0]
            assert f">{cell(one)}</text>" in chart

    # A programme is recommended only where the intervals, and the sets, carry it.
    money = {"pay": decisions.pays, "pay_with_output": decisions.pays_with_output}
    for advice in advise(decisions, list(NAMES[1:]), decisions.paying):
        goal = advice.goal
        told = [
            money[goal.key](name) if goal.is_money else decisions.of(goal, name)
            for name in NAMES[1:]
        ]
        better = {one.name: one for one in told if one.verdict == "better"}
        assert set(advice.names) <= set(better)
        assert all(goal.is_money or one.noticeable for one in advice.front if advice.names)
        if advice.names:
            least = min(better[name].value for name in advice.names)
            left = [one for name, one in better.items() if name not in advice.names]
            assert all(one.value <= least or not (goal.is_money or one.noticeable) for one in left)
        assert ("none of these" in advice.text) <= (not advice.names)
        assert advice.text in text or goal.key == "start"
        if goal.is_money:
            assert ("none of these; each costs more" in advice.text) == all(
                one.verdict == "worse" for one in told
            )
    said = lead(decisions, advise(decisions, list(NAMES[1:]), decisions.paying), len(NAMES) - 1)
    assert said in text
    assert said in " ".join(printed.split())
    for sentence in hanging(decisions, advise(decisions, list(NAMES[1:]), decisions.paying)):
        assert sentence in text
        assert sentence in " ".join(printed.split())
    for name in re.findall(r"prevents do not pay", said):
        assert name
    assert counted or seed == 0 or "cannot" in said or "None of these" in said


def test_page_one_says_what_a_lead_hangs_on_that_no_study_measures(real: Comparison) -> None:
    ahead = {name: np.full(FIRMS, 6.0 if name == "Beta" else 0.0) for name in NAMES[1:]}
    found = altered(real, ahead)
    page = html.unescape(report_page(found))
    answer = page.split('<section id="answer"')[1].split("</section>")[0]
    (said,) = hanging(Decisions(found), advise(Decisions(found), list(NAMES[1:]), []))
    assert said.startswith("No study measures how much leaders learn")
    assert said in answer
    assert said in " ".join(summarise(found).split())


def test_the_rule_of_sizes() -> None:
    words = [size_of(change, 100.0) for change in (0.9, 1.9, 2.1, 4.9, 5.1, 14.9, 15.1, -40.0)]
    assert words == [
        *("too small to notice", "too small to notice", "small", "small"),
        *("clear", "clear", "large", "large"),
    ]
    assert size_of(0.9, 2.0) == "too small to notice"  # less than one person, whatever the share
    assert size_of(3.0, 0.0) == SIZES[-1][1]
    assert band_of(1000.0) == 20.0


def test_verdicts_say_no_more_than_their_intervals() -> None:
    assert judged(0.1, 5.0, band=1.0) == "better"
    assert judged(-5.0, -0.1, band=1.0) == "worse"
    assert judged(-0.9, 0.9, band=1.0) == "equal"
    assert judged(-0.9, 1.1, band=1.0) == "unknown"
    assert judged(-0.9, 0.9) == "unknown"
    assert judged(float("nan"), float("nan"), band=1.0) == "unknown"


def test_every_parameter_of_the_ensemble_has_plain_words() -> None:
    assert set(shipped_ensemble().keys) <= set(PLAIN)
    for words in PLAIN.values():
        assert re.match(r"(how|what|whether|when) ", words)
        assert not words.endswith(".")
    assert plainly("ties.places").startswith("this: ")
    assert plainly("gone.away") == "gone.away"
