"""The best programme for the money, on a small firm: what comes out, saved and read, stopped, asked in vain."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import sim.deciding.trials as trials
from sim.calibration.ensemble import Ensemble, shipped_ensemble
from sim.cli import main
from sim.deciding.best import Best, best
from sim.deciding.levers import LEVERS, Space
from sim.deciding.racing import Question
from sim.deciding.searching import MAIN, search
from sim.deciding.trials import halves
from sim.errors import InputError
from sim.outcomes.goals import BY_NAME
from sim.report.deciding import best_page, best_summary
from sim.scenario import Scenario, load_scenario
from sim.simulation.plan import plans_of

pytestmark = pytest.mark.long

FIRM = """\
title = "A small firm & its <mentors>"
months = 13
seed = 5
[organisation]
employees = 30
[programme]
start_month = 1
cohort_months = 6
[[variant]]
name = "No programme"
programme.policy = "none"
[[variant]]
name = "Ours"
programme.policy = "reciprocal"
programme.places = 0.1
"""


@pytest.fixture(scope="module", autouse=True)
def short_search() -> Iterator[None]:
    """Searches of a third of the usual length."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(trials, "_SEARCH", 36)
        yield


@pytest.fixture(scope="module")
def firm(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("firm") / "firm.toml"
    file.write_text(FIRM, encoding="utf-8")
    return file


@pytest.fixture(scope="module")
def found(firm: Path) -> Best:
    return best(load_scenario(firm), 40_000, "engagement", designs=12, fresh=24, workers=1)


def test_no_programme_and_as_many_invitations_as_places_compete(found: Best) -> None:
    assert "No programme" in found.names
    assert found.designs["invited"].str.startswith("as many as there are places").any()
    assert {"No programme", "Ours"} <= set(found.designs["design"])
    row = found.finalists[found.finalists["design"] == "No programme"].iloc[0]
    assert row["cost"] == 0.0 and row["engagement"] == row["engagement_low"] == 0.0


def test_the_pick_keeps_the_budget_and_the_curve_rises_with_it(found: Best) -> None:
    pick = found.finalists.iloc[0]
    assert pick["standing"] == "pick" and pick["design"] == found.pick
    assert pick["cost"] <= 1.02 * 40_000
    assert found.curve["budget"].tolist() == [5_000, 10_000, 20_000, 40_000, 80_000]
    assert (found.curve["gain_in_search"].diff().dropna() >= -1e-9).all()
    # A coordinator of a quarter of a post costs more than these two have.
    assert found.curve["design"].tolist()[:2] == ["No programme"] * 2


def test_every_parameter_set_is_used_equally_and_the_final_has_others() -> None:
    whole = len(shipped_ensemble())
    half = whole // 2
    search, fresh = halves(shipped_ensemble(), 7, 2 * half + 3)
    for firms in (search, fresh):
        _, often = np.unique([firm.parameters for firm in firms], return_counts=True)
        assert len(often) in (half, whole - half) and len(set(often)) == 1
    assert len(search) >= 36
    assert not {firm.parameters for firm in search} & {firm.parameters for firm in fresh}
    assert not {firm.luck for firm in search} & {firm.luck for firm in fresh}
    few = Ensemble(("volunteering.level",), np.array([[0.1], [0.2], [0.3]]))
    search, fresh = halves(few, 1, 20)
    assert len(search) >= 36 and len({firm.parameters for firm in search}) == 1
    assert len(fresh) == 20 and len({firm.parameters for firm in fresh}) == 2


def test_goals_and_intervals(found: Best) -> None:
    assert set(found.goals["goal"]) <= set(BY_NAME)
    assert {"retention", "engagement", "money"} <= set(found.goals["goal"])
    for name in found.goals["goal"]:
        low, mean, high = (found.finalists[f"{name}{end}"] for end in ("_low", "", "_high"))
        assert (low <= mean).all() and (mean <= high).all()
    shares = found.finalists["probability_best"].dropna()
    assert (
        shares.sum() == pytest.approx(1.0)
        and (found.finalists["cost_of_wrong_pick"].dropna() >= 0).all()
    )


def test_the_winners_are_a_scenario(found: Best, tmp_path: Path) -> None:
    folder = found.save(tmp_path / "out", command="mentorsim best firm.toml")
    scenario = load_scenario(folder / "best.toml")
    assert scenario.baseline == "No programme" and found.pick in [
        one.name for one in scenario.variants
    ]
    mine = scenario.variant(found.pick).settings["programme"]
    assert mine == found.candidates[0].settings["programme"]
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["kind"] == "best" and manifest["contents"]["curve.csv"]["rows"] == 5
    read = pd.read_csv(folder / "finalists.csv")
    assert read["design"].tolist() == list(found.names)
    with pytest.raises(InputError, match="results already"):
        found.save(folder)
    found.save(folder, overwrite=True)


def test_the_page_says_what_the_tables_say(found: Best) -> None:
    text = best_page(found)
    assert "A small firm &amp; its &lt;mentors&gt;" in text and "<mentors>" not in text
    assert text.count('class="answer"') == 1
    for name in found.names:
        assert name in text.replace("&amp;", "&")
    words = best_summary(found)
    assert f"“{found.pick}”" in words.replace("\n", " ") or "run no programme" in words
    assert "nan" not in text.lower().replace("finance", "") and "nan" not in words


def test_it_is_asked_from_the_command_line_and_is_the_same_with_other_workers(
    firm: Path, found: Best, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["best", str(firm), "--budget", "40,000", "--goal", "engagement", "--designs", "12"]
    words += ["--fresh", "24", "--quiet", "--workers", "2", "--output", str(tmp_path / "out")]
    assert main(words) == 0
    assert "What each" in (tmp_path / "out" / "best.html").read_text(encoding="utf-8")
    assert "mentorsim compare" in capsys.readouterr().out
    own = found.save(tmp_path / "own")
    for name in ("curve", "finalists", "goals", "designs", "value_of_knowing"):
        ours, theirs = (folder / f"{name}.csv" for folder in (own, tmp_path / "out"))
        assert ours.read_bytes() == theirs.read_bytes(), name
    assert main(words) == 2  # there are results already
    assert "results already" in capsys.readouterr().err


def test_stopped_early_it_says_so(firm: Path) -> None:
    def stop(done: int, total: int) -> None:
        if done >= 650:
            raise KeyboardInterrupt

    found = best(load_scenario(firm), 40_000, designs=10, fresh=20, workers=1, progress=stop)
    assert found.interrupted and found.fresh == 0
    assert "too good" in best_page(found)

    def at_once(done: int, total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        best(load_scenario(firm), 40_000, designs=10, fresh=20, workers=1, progress=at_once)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"budget": 0}, "no budget"),
        ({"budget": float("nan")}, "no budget"),
        ({"goal": "retentoin"}, "retention"),
        ({"budget_in": "kind"}, "cash"),
        ({"designs": 3}, "10 to 5000"),
        ({"fresh": True}, "out of range"),
    ],
)
def test_what_cannot_be_asked(given: dict[str, object], words: str) -> None:
    scenario = Scenario(months=12, organisation={"employees": 10})
    with pytest.raises(InputError, match=words):
        best(scenario, **{"budget": 1_000, **given})  # type: ignore[arg-type]


def test_a_goal_that_the_firm_does_not_have() -> None:
    scenario = Scenario(
        months=14, organisation={"employees": 12, "levels": 2}, programme={"start_month": 1}
    )
    with pytest.raises(InputError, match="undefined"):
        best(scenario, 50_000, "leaders", designs=10, fresh=20)


@pytest.mark.full
def test_on_a_small_grid_the_race_finds_what_exhaustive_search_finds(firm: Path) -> None:
    """Pairing and places, every combination lived through all firms; the race leads to one that is no worse."""
    scenario = load_scenario(firm).with_settings({"organisation.employees": 80, "months": 20})
    plan, *_ = plans_of(scenario)
    space = Space(scenario, plan.chart.level, (LEVERS[0], LEVERS[2]))
    firms, _ = halves(shipped_ensemble(), 1, 20)
    raced, whole = (
        trials.Trials(
            scenario, plan.chart, list(space.anchors())[:1], firms, shipped_ensemble(),
            "outside_cost", workers=2,
        )
        for _ in range(2)
    )  # fmt: skip
    questions = {MAIN: Question("engagement", 1e9, 6)}
    found = search(space, raced, questions, designs=70, seed=1, stopped=lambda _: False)
    first = found.race.ranking(MAIN, found.firms)[0]
    whole.candidates[:] = raced.candidates
    everybody = list(range(len(raced.candidates)))
    whole.run(everybody, len(firms))
    gains = whole.gains("engagement", everybody, len(firms))
    best_of_all = int(gains.mean(axis=1).argmax())
    behind = gains[best_of_all] - gains[first]
    error = behind.std(ddof=1) / len(firms) ** 0.5
    assert behind.mean() <= max(0.02 * abs(gains[best_of_all].mean()), 2.0 * error)
    spent = sum(raced.known(one) for one in everybody)
    assert spent < 0.7 * len(everybody) * len(firms)
