"""Analyses whose answer is known beforehand, through the whole pipeline where there is one."""

from __future__ import annotations

import math
import re
from pathlib import Path

import numpy as np
import pytest

import sweep_functions
from sim.analysis.asking import ask
from sim.analysis.comparing import adjusted
from sim.analysis.describing import bootstrap_interval
from sim.analysis.discovering import peel
from sim.analysis.indices import elementary_effects, morris, pawn, slices_of, sobol
from sim.analysis.plausible import plausible_means
from sim.analysis.sweep import sweep
from sim.experiments.sweeps.choosing import allocate, eliminate
from sim.experiments.sweeps.optimising import front
from sim.scenario import Scenario

PI = {"low": -math.pi, "high": math.pi}
ISHIGAMI = {"x1": PI, "x2": PI, "x3": PI}


def test_ishigami_through_the_whole_pipeline(tmp_path: Path) -> None:
    made = sweep(
        sweep_functions.ishigami, ISHIGAMI, {"kind": "saltelli", "points": 1024, "seed": 3},
        outcomes=["y", "noisy"], replicates=1, output=tmp_path / "s", engine="here",
    )  # fmt: skip
    table = ask(made.results, "sensitivity").table.set_index("factor").loc[["x1", "x2", "x3"]]
    # Ishigami and Homma (1990), a = 7, b = 0.1.
    np.testing.assert_allclose(table["first"], [0.3139, 0.4424, 0.0], atol=0.03)
    np.testing.assert_allclose(table["total"], [0.5576, 0.4424, 0.2437], atol=0.03)
    assert (table["first_low"] <= [0.3139, 0.4424, 0.0]).all()
    assert (table["first_high"] >= [0.3139, 0.4424, 0.0]).all()


def test_what_the_luck_of_replicates_adds_is_taken_away(tmp_path: Path) -> None:
    made = sweep(
        sweep_functions.ishigami, ISHIGAMI, {"kind": "saltelli", "points": 256, "seed": 1},
        outcomes=["noisy", "y"], replicates=4, output=tmp_path / "s", engine="here",
    )  # fmt: skip
    finding = ask(made.results, "sensitivity", outcome="noisy")
    table = finding.table.set_index("factor").loc[["x1", "x2", "x3"]]
    np.testing.assert_allclose(table["total"], [0.5576, 0.4424, 0.2437], atol=0.09)
    # Its variance is 13.84, the noise has variance 4.
    assert finding.drawing["chance"] == pytest.approx(4.0 / 17.84, abs=0.03)


def test_where_luck_is_all_nothing_surely_matters(tmp_path: Path) -> None:
    made = sweep(
        sweep_functions.luck_only, ISHIGAMI, {"kind": "saltelli", "points": 32, "seed": 1},
        outcomes=["y"], replicates=3, output=tmp_path / "s", engine="here",
    )  # fmt: skip
    finding = ask(made.results, "sensitivity")
    told = " ".join(finding.sentences)
    assert "cannot be told from none: luck may be all of it" in told
    assert "nan" not in told and "surely" not in told
    assert finding.table["total_low"].isna().all()


def test_indices_agree_with_salib() -> None:
    from SALib.analyze import sobol as theirs

    random = np.random.default_rng(5)
    values = random.normal(size=(256, 5, 1)) + np.arange(5)[None, :, None] * random.random(
        (256, 1, 1)
    )
    flat = values[:, :, 0]
    problem = {"num_vars": 3, "names": ["a", "b", "c"], "bounds": [[0, 1]] * 3}
    told = theirs.analyze(problem, flat.ravel(), calc_second_order=False, seed=1)
    found = sobol(values, resamples=50)
    np.testing.assert_allclose(found.total, told["ST"], rtol=1e-9)
    np.testing.assert_allclose(
        found.first, told["S1"], atol=0.15
    )  # they centre by the mixtures as well


def test_elementary_effects_of_a_plane_are_its_slopes(tmp_path: Path) -> None:
    made = sweep(
        sweep_functions.plain, {"a": {"low": 0.0, "high": 10.0}, "b": {"low": 0.0, "high": 1.0}},
        {"kind": "morris", "trajectories": 8}, outcomes=["y"], replicates=2,
        output=tmp_path / "s", engine="here",
    )  # fmt: skip
    table = ask(made.results, "sensitivity").table
    assert table["factor"].tolist() == ["a", "b"]
    np.testing.assert_allclose(table["effect"], [20.0, 1.0], rtol=1e-9)
    np.testing.assert_allclose(table["signed_effect"], [20.0, -1.0], rtol=1e-9)
    np.testing.assert_allclose(table["spread"], [0.0, 0.0], atol=1e-9)


def test_morris_agrees_with_salib() -> None:
    from SALib.analyze import morris as theirs

    random = np.random.default_rng(2)
    shares = []
    for _ in range(10):
        point = random.integers(0, 2, 3) / 3.0
        rows = [point.copy()]
        for place in random.permutation(3):
            point[place] += 2.0 / 3.0
            rows.append(point.copy())
        shares.append(rows)
    table = np.array(shares)
    values = np.sin(3.0 * table[..., 0]) + table[..., 1] * table[..., 2]
    effects, _ = elementary_effects(table, values[..., None])
    size, _, spread = morris(effects, resamples=20)
    problem = {"num_vars": 3, "names": ["a", "b", "c"], "bounds": [[0, 1]] * 3}
    told = theirs.analyze(problem, table.reshape(-1, 3), values.ravel(), num_levels=4)
    np.testing.assert_allclose(size, np.asarray(told["mu_star"]), rtol=1e-9)
    np.testing.assert_allclose(spread, np.asarray(told["sigma"]), rtol=1e-9)


def test_the_chance_of_being_best_is_calibrated() -> None:
    """Where two are equal, it is uniform; where they differ, it is Student's."""
    random = np.random.default_rng(7)
    chances = []
    for number in range(400):
        luck = random.normal(0.0, 3.0, 5)  # the same for both
        values = luck + random.normal(0.0, 1.0, (2, 5))
        drawn = plausible_means(values, seed=number, count=500)
        chances.append((drawn[:, 0] > drawn[:, 1]).mean())
    from scipy.stats import kstest, t

    assert kstest(chances, "uniform").pvalue > 0.01
    values = random.normal(0.0, 1.0, (2, 6)) + np.array([[0.8], [0.0]])
    difference = values[0] - values[1]
    exact = t.cdf(difference.mean() / (difference.std(ddof=1) / math.sqrt(6)), 5)
    drawn = plausible_means(values, count=40_000)
    assert (drawn[:, 0] > drawn[:, 1]).mean() == pytest.approx(exact, abs=0.01)


def test_optimal_allocation_of_the_textbook() -> None:
    """Chen and Lee (2011), here with smaller means better."""
    means, variances = np.array([1.2, 2.1, 3.4, 4.87, 6.05]), [3.3, 2.0, 4.5, 5.3, 6.9]
    assert allocate(-means, variances, [12, 6, 5, 5, 4], 100).tolist() == [48, 38, 11, 2, 1]


def test_the_race_keeps_the_best_as_often_as_promised() -> None:
    random = np.random.default_rng(11)
    right, spent = 0, []
    for _ in range(200):
        luck = random.normal(0.0, 2.0, 200)
        values = luck + random.normal(0.0, 1.0, (4, 200)) + np.array([[0.0], [0.0], [0.0], [0.5]])
        raced = eliminate(values, first=10, indifference=0.5, level=0.9)
        right += bool(raced.alive[3])
        spent.append(np.where(raced.alive, raced.left_at.max(), raced.left_at).sum())
    assert right >= 180
    # Common luck is no noise: without it the race would take many times as long.
    independent = random.normal(0.0, math.sqrt(5.0), (4, 200)) + np.array([[0.0]] * 3 + [[0.5]])
    assert (
        eliminate(independent, first=10, indifference=0.5, level=0.9).left_at.max()
        > np.median(spent) / 4
    )


def test_adjusted_p_values() -> None:
    assert adjusted([0.01, 0.04, 0.03, float("nan")])[:3] == pytest.approx([0.03, 0.06, 0.06])


def test_bootstrap_interval_agrees_with_scipy() -> None:
    from scipy.stats import bootstrap

    values = np.random.default_rng(3).exponential(size=40)
    told = bootstrap(
        (values,), np.mean, n_resamples=9999, rng=np.random.default_rng(1)
    ).confidence_interval
    low, high = bootstrap_interval(values)
    assert (low, high) == pytest.approx((told.low, told.high), abs=0.03)


def test_the_front() -> None:
    costs = np.array([[1.0, 5.0], [2.0, 2.0], [3.0, 3.0], [5.0, 1.0], [0.0, 0.0]])
    assert front(costs, np.array([0, 0, 0, 0, 1.0])).tolist() == [True, True, False, True, False]


def test_peeling_finds_the_corner() -> None:
    features = np.random.default_rng(1).random((600, 4))
    fails = (features[:, 1] > 0.7) & (features[:, 2] < 0.4)
    box = peel(features, fails)
    assert set(box.limits) == {1, 2}
    assert box.limits[1][0] == pytest.approx(0.7, abs=0.05)
    assert box.limits[2][1] == pytest.approx(0.4, abs=0.05)
    assert box.density > 0.85 and box.coverage > 0.8


def test_a_search_finds_the_optimum_and_judges_it_on_fresh_replicates(tmp_path: Path) -> None:
    pytest.importorskip("optuna")
    design = {
        "kind": "optimise", "objectives": {"y": "max"}, "constraints": {"z": {"most": 3.0}},
        "budget": 40, "generation": 10, "final_replicates": 6,
    }  # fmt: skip
    given = {
        "outcomes": ["y", "z"], "replicates": 2, "engine": "here",
    }  # fmt: skip
    factors = {"a": {"low": 0.0, "high": 5.0}, "b": {"low": 0.0, "high": 1.0}}
    made = sweep(sweep_functions.plain, factors, design, output=tmp_path / "s", **given)  # type: ignore[arg-type]
    finding = ask(made.results, "optimise")
    first = finding.table.iloc[0]
    # y = 2 a - b with a at most 3: the best is 6.
    assert first["a"] <= 3.0 and 2.0 * first["a"] - first["b"] > 5.0
    assert first["y_low"] < 2 * first["a"] - first["b"] < first["y_high"]
    counts = made.runs.groupby("point").size()
    assert counts[int(first["point"])] == 2 + 6 and counts.min() == 2
    # Killed in the middle of writing a generation and resumed, it asks for the same points.
    rest = tmp_path / "again"
    sweep(sweep_functions.plain, factors, {**design, "budget": 40}, output=rest, **given)  # type: ignore[arg-type]
    points = (rest / "points.jsonl").read_text().splitlines()
    (rest / "points.jsonl").write_text("\n".join(points[:24]) + "\n[0.5,")
    again = sweep(sweep_functions.plain, factors, design, output=rest, **given)  # type: ignore[arg-type]
    assert (rest / "points.jsonl").read_text() == (made.folder / "points.jsonl").read_text()
    assert again.ending is not None and again.ending.complete


@pytest.mark.long
def test_a_front_is_judged_on_fresh_replicates(tmp_path: Path) -> None:
    pytest.importorskip("optuna")
    made = sweep(
        sweep_functions.trade_off, {"a": {"low": 0.0, "high": 1.0}, "b": {"low": 0.0, "high": 1.0}},
        {"kind": "optimise", "objectives": {"gain": "max", "cost": "min"}, "budget": 60,
         "generation": 10, "final_replicates": 30},
        outcomes=["gain", "cost"], replicates=2, output=tmp_path / "s", engine="here",
    )  # fmt: skip
    finding = ask(made.results, "optimise")
    front = finding.table[finding.table["on_front"]]
    assert len(front) > 5
    # gain = sqrt(a) - b / 2, cost = a: what was chosen for its luck is judged without it.
    true = np.sqrt(front["a"]) - front["b"] / 2
    seen = (front["gain_searched"] - true).mean()
    assert seen > 0.05 and abs((front["gain"] - true).mean()) < seen / 2
    inside = (front["gain_low"] <= true) & (true <= front["gain_high"])
    assert inside.mean() > 0.8
    (told,) = [one for one in finding.sentences if "never saw, the front commands" in one]
    share, low, high, searched = (float(one) for one in re.findall(r"\d\.\d\d", told)[:4])
    assert low <= share <= high < searched
    pareto = ask(made.results, "pareto", objectives={"gain": "max", "cost": "min"})
    assert "hypervolume" in " ".join(pareto.sentences)
    across, bands = pareto.drawing["attained"]
    assert (np.diff(across) < 0).all() and bands.shape == (3, 200)
    sure, middle, hardly = (np.nan_to_num(one, nan=9.0) for one in bands)
    assert (sure >= middle).all() and (middle >= hardly).all()  # costs


def test_precision_is_reached_and_told(tmp_path: Path) -> None:
    from sim.experiments.sweeps.stopping import Seen, Stopping, contrast

    random = np.random.default_rng(4)
    values = np.stack([np.zeros((3, 400)), random.normal(1.0, 0.5, (3, 400))], axis=1)
    options = Stopping(rule="precision", outcome="y", half_width=0.1, look_ahead=5)
    seen = Seen({"y": values}, np.isfinite(values), None, 0)
    for point in range(3):
        found = contrast(options, seen, point, 1, 10)
        assert found.reached and found.half_width <= 0.1
        # The normal formula: (1.96 · 0.5 / 0.1)² = 96.
        assert 70 < found.replicates < 140


def test_discovered_rules_and_map_and_regret_of_a_known_plane(tmp_path: Path) -> None:
    made = sweep(
        sweep_functions.plain,
        {"levers": {"b": [0.0, 1.0]}, "uncertainties": {"a": {"low": -1.0, "high": 1.0}}},
        {"kind": "crossed", "levers": {"kind": "grid"}, "uncertainties": {"kind": "sobol", "points": 64}},
        outcomes=["y", "z"], replicates=3, output=tmp_path / "s", engine="here",
    )  # fmt: skip
    results = made.results
    assert results.alternatives.names == ("Function: b 0", "Function: b 1")
    best = ask(results, "best", outcome="y").table
    assert best["alternative"][0] == "Function: b 0"
    assert best["probability_best"][0] == 1.0
    regret = ask(results, "regret", outcome="y").table
    assert regret["mean_regret"].tolist() == pytest.approx([0.0, 1.0])
    assert regret["share_best"].tolist() == [1.0, 0.0]
    found = ask(results, "discover", outcome="z")
    assert found.table["rule"][0].startswith("a is at most")
    assert found.table["density"][0] == 1.0 and found.table["coverage"][0] == 1.0
    told = ask(results, "sensitivity", outcome="z")
    assert told.table["factor"][0] == "a" and told.table["pawn"][0] > told.table["by_chance"][0]
    assert told.sentences[0].startswith("What surely matters: a (")


@pytest.mark.parametrize("count", [2, 5, 10])
def test_indices_of_given_data_are_those_of_salib(count: int) -> None:
    """Where every factor has many values; SALib leaves the largest value of each out."""
    from SALib.analyze import pawn as theirs

    random = np.random.default_rng(1)
    x = random.random((600, 3))
    y = np.sin(6.0 * x[:, 0]) + 2.0 * x[:, 1] ** 2 + 0.1 * random.random(600)
    problem = {"num_vars": 3, "names": ["a", "b", "c"], "bounds": [[0.0, 1.0]] * 3}
    ours = pawn(np.array([slices_of(column, count) for column in x.T]), y)
    assert ours == pytest.approx(theirs.analyze(problem, x, y, S=count)["median"], abs=0.01)


def test_two_levels_are_two_parts_of_the_range() -> None:
    """A yes or no that decides whether the outcome is in its upper or its lower half: the distance is one half."""
    random = np.random.default_rng(2)
    yes = np.repeat([0.0, 1.0], 50)
    found = pawn(
        np.array([slices_of(yes, 10), slices_of(random.permutation(yes), 10)]),
        yes + random.random(100),
    )
    assert found[0] == 0.5 and found[1] < 0.2


def test_a_parameter_set_is_one_witness_however_many_points_it_met(tmp_path: Path) -> None:
    """With few sets every parameter goes along with some difference between them: none surely matters for that."""
    scenario = Scenario(
        months=3,
        organisation={"employees": 12},
        programme={"start_month": 0},
        variants=[
            {"name": "None", "programme.policy": "none"},
            {"name": "Some", "programme.policy": "random"},
        ],
    )
    made = sweep(
        scenario, {"uncertainties": {"ensemble": True}, "levers": {"programme.places": [0.1, 0.2, 0.3]}},
        "grid", outcomes=["engagement"], replicates=16, output=tmp_path / "s", engine="here",
    )  # fmt: skip
    told = ask(made.results, "sensitivity", of="level")
    real = told.table[told.table["factor"] != "programme.places"]
    assert len(real) > 20 and (real["by_chance"] > 0.4).all()
    assert (real["pawn"] > real["by_chance"]).sum() <= 1


def test_what_is_simulated_alike_shares_the_chance_of_being_best(tmp_path: Path) -> None:
    """A lever that changes nothing: the first of two equal alternatives had all of the chance, the second none."""
    made = sweep(
        sweep_functions.plain, {"levers": {"b": [0.0, 1.0], "nothing": [0.0, 1.0]}, "uncertainties": {"a": [0.1, 0.2]}},
        "grid", outcomes=["y", "z"], replicates=4, output=tmp_path / "s", engine="here",
    )  # fmt: skip
    table = ask(made.results, "best", outcome="y").table
    assert sorted(table["probability_best"]) == pytest.approx([0.0, 0.0, 0.5, 0.5])
    assert sorted(table["probability_top_3"]) == [1.0] * 4


def test_indices_of_designs_are_those_of_salib() -> None:
    """From one replicate, where nothing is taken away for luck, on the same arrays."""
    from SALib.analyze import morris as their_morris
    from SALib.analyze import sobol as their_sobol
    from SALib.sample import morris as trajectories
    from SALib.sample import sobol as sequences

    problem = {"num_vars": 3, "names": list(ISHIGAMI), "bounds": [[-math.pi, math.pi]] * 3}

    def outcome(x: np.ndarray) -> np.ndarray:
        return np.array(
            [sweep_functions.ishigami(dict(zip(ISHIGAMI, row, strict=True)), 0)["y"] for row in x]
        )

    x = sequences.sample(problem, 256, calc_second_order=False, seed=4)
    y = outcome(x)
    theirs = their_sobol.analyze(problem, y, calc_second_order=False, num_resamples=2)
    ours = sobol(y.reshape(-1, 5, 1), resamples=2)
    assert ours.first == pytest.approx(theirs["S1"], abs=0.005)
    assert ours.total == pytest.approx(theirs["ST"], abs=0.005)
    x = trajectories.sample(problem, 12, num_levels=4, seed=4)
    y = outcome(x)
    theirs = their_morris.analyze(problem, x, y, num_levels=4, num_resamples=2)
    shares = (x + math.pi) / (2.0 * math.pi)
    effects, _ = elementary_effects(shares.reshape(-1, 4, 3), y.reshape(-1, 4, 1))
    size, _, spread = morris(effects, resamples=2)
    assert size == pytest.approx(theirs["mu_star"])
    assert spread == pytest.approx(theirs["sigma"])
