"""Adding to the model from outside the package, and the public conformance tests."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import sim
from places import ROOT
from sim.engine import columns
from sim.extensions import AddedMechanism, forget
from sim.mechanisms.month import MECHANISMS
from sim.programme.settings import POLICIES
from sim.registry import ADDED
from sim.simulation.simulation import Simulation
from sim.testing import check_mechanism, check_policy, plan_of

EXAMPLES = ROOT / "docs" / "extensions"


@pytest.fixture(autouse=True)
def _forgotten() -> Iterator[None]:
    """Whatever a test adds is gone after it."""
    yield
    for kind in ("policies", "scores", "mechanisms", "outcomes"):
        for name in tuple(getattr(ADDED, kind)):
            forget(name)
    ADDED.sources.clear()
    for name in ADDED.measures:
        del columns.M[name]
    ADDED.measures.clear()
    ADDED.reporters.clear()
    ADDED.decisions.clear()


def examples() -> None:
    for file in sorted(EXAMPLES.glob("*.py")):
        sim.load_extension(file)


# --- the model's own parts keep the promises, and so do the documented examples ---------------------


@pytest.mark.parametrize("mechanism", MECHANISMS, ids=lambda mechanism: mechanism.name)
def test_the_models_mechanisms_conform(mechanism: Any) -> None:
    check_mechanism(mechanism)


@pytest.mark.long
@pytest.mark.parametrize("policy", POLICIES)
def test_the_models_policies_conform(policy: str) -> None:
    check_policy(policy)


def test_the_documented_examples_conform() -> None:
    examples()
    assert set(ADDED.policies) == {"commuting_pairs"}
    assert set(ADDED.mechanisms) == {"lunch_lottery"}
    check_policy("commuting_pairs")
    check_mechanism(ADDED.mechanisms["lunch_lottery"])


def test_the_documentation_shows_the_examples_as_they_are() -> None:
    text = (ROOT / "docs" / "extending.md").read_text(encoding="utf-8")
    for file in EXAMPLES.glob("*.py"):
        assert f"```python\n{file.read_text(encoding='utf-8')}```" in text, file.name


# --- what is added takes part in a comparison -------------------------------------------------------


def with_examples(**more: Any) -> sim.Scenario:
    return sim.Scenario(
        months=26,
        organisation={"employees": 60},
        variants=[
            {"name": "none"},
            {"name": "commuting", "programme.policy": "commuting_pairs"},
            {"name": "lunches", "lunch_lottery.active": True},
        ],
        **more,
    )


def test_examples_take_part_in_a_comparison_and_do_what_they_say() -> None:
    examples()
    found = sim.compare(with_examples(), replicates=4, workers=1, dyads=True)
    lunches = found.outcomes.query("outcome == 'lunches'").groupby("variant")["value"].mean()
    assert lunches[["none", "commuting"]].isna().all(), "nobody counted them"
    assert lunches["lunches"] == pytest.approx(12 * 0.2, rel=0.1)
    ties = found.effects.query("outcome == 'ties' and variant == 'lunches'")["difference"]
    assert float(ties.iloc[0]) > 0.0
    told = found.effects.query("outcome == 'lunches'").set_index("variant")
    assert told["difference"].isna().all() and told["baseline_mean"].isna().all()
    assert (told["replicates"] == 0).all() and not told["distinguishable"].any()
    assert (found.dyads.query("kind == 'formal'")["variant"] == "commuting").all()
    assert set(found.manifest["extensions"]) == {"commuting_pairs.py", "lunch_lottery.py"}


@pytest.mark.long
def test_processes_know_the_extensions_of_their_driver() -> None:
    examples()
    one = sim.compare(with_examples(), replicates=3, workers=1)
    many = sim.compare(with_examples(), replicates=3, workers=2, executor="processes")
    pd.testing.assert_frame_equal(one.outcomes, many.outcomes, check_exact=True)


def test_what_is_registered_and_not_asked_for_changes_nothing() -> None:
    scenario = sim.Scenario(
        months=20, organisation={"employees": 40}, variants=[{"name": "r", "programme.policy": "reverse"}]
    )  # fmt: skip
    before = sim.run(scenario).outcomes
    examples()
    scenario = sim.Scenario(
        months=20, organisation={"employees": 40}, variants=[{"name": "r", "programme.policy": "reverse"}]
    )  # fmt: skip
    after = sim.run(scenario).outcomes
    pd.testing.assert_series_equal(after[before.index], before, check_exact=True)


def test_a_portfolio_can_hold_an_added_policy() -> None:
    examples()
    scenario = sim.Scenario(
        months=20,
        organisation={"employees": 80},
        variants=[
            {
                "name": "both",
                "programme.policy": "portfolio",
                "programme.portfolio": {"reverse": 1, "commuting_pairs": 1},
            }
        ],
    )
    dyads = sim.run(scenario, dyads=True).dyads.query("kind == 'formal'")
    assert set(dyads["direction"]) == {"reverse", "either"}


@pytest.mark.long
def test_the_command_line_loads_extensions(tmp_path: Path) -> None:
    scenario = tmp_path / "firm.toml"
    scenario.write_text(
        "months = 20\n[organisation]\nemployees = 30\n[[variant]]\nname = 'none'\n"
        "[[variant]]\nname = 'ours'\nprogramme.policy = 'commuting_pairs'\n"
    )
    example = str(EXAMPLES / "commuting_pairs.py")
    shown = command("check", str(scenario), "--extension", example, folder=tmp_path)
    assert shown.returncode == 0, shown.stderr
    assert "commuting_pairs" in shown.stdout
    done = command(
        "compare", str(scenario), "--replicates", "2", "--no-figures", "--quiet",
        "--extension", example, folder=tmp_path,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "--extension" in (tmp_path / "results" / "firm" / "manifest.json").read_text()
    without = command("check", str(scenario), folder=tmp_path)
    assert without.returncode == 2
    assert "commuting_pairs" in without.stderr


def command(*words: str, folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "sim", *words],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), str(folder)])},
        capture_output=True,
        text=True,
        check=False,
    )


def test_installed_packages_offer_extensions_through_an_entry_point(tmp_path: Path) -> None:
    (tmp_path / "our_pairs.py").write_text((EXAMPLES / "commuting_pairs.py").read_text())
    metadata = tmp_path / "our_pairs-1.0.dist-info"
    metadata.mkdir()
    (metadata / "METADATA").write_text("Metadata-Version: 2.1\nName: our-pairs\nVersion: 1.0\n")
    (metadata / "entry_points.txt").write_text("[mentorsim.extensions]\nours = our_pairs\n")
    (tmp_path / "firm.toml").write_text("[programme]\npolicy = 'commuting_pairs'\n")
    shown = command("check", "firm.toml", folder=tmp_path)
    assert shown.returncode == 0, shown.stderr
    assert "commuting_pairs" in shown.stdout


# --- errors -----------------------------------------------------------------------------------------


def test_wrong_extensions_get_one_clear_message(tmp_path: Path) -> None:
    broken = tmp_path / "broken.py"
    broken.write_text("import sim\nraise RuntimeError('no')\n")
    for file, words in (
        (tmp_path / "missing.py", "no such extension"),
        (broken, r"cannot be loaded \(RuntimeError: no\)"),
    ):
        with pytest.raises(sim.InputError, match=words):
            sim.load_extension(file)
        shown = command("check", "x.toml", "--extension", str(file), folder=tmp_path)
        assert shown.returncode == 2
        assert file.name in shown.stderr
        assert "Traceback" not in shown.stderr
    with pytest.raises(sim.InputError, match="cannot be loaded"):
        sim.load_extension("no_such_module_anywhere")


def test_names_are_taken_once() -> None:
    examples()
    examples()  # the same again is no trouble
    policy = sim.Policy("either", "gap", "greedy")
    for name in ("reverse", "commuting_pairs"):
        with pytest.raises(sim.InputError, match="already"):
            sim.register_policy(name, policy)
    with pytest.raises(sim.InputError, match="already"):
        sim.register_score("gap", lambda candidates: candidates.gaps())
    with pytest.raises(sim.InputError, match="already"):
        sim.register_measure("quits")
    with pytest.raises(sim.InputError, match="already"):
        sim.register_mechanism(replace(lunch(), name="learning", parameters=renamed("learning")))
    with pytest.raises(sim.InputError, match="already"):
        sim.register_mechanism(
            replace(lunch(), name="encounters", parameters=renamed("encounters"))
        )
    with pytest.raises(sim.InputError, match="letters, digits"):
        sim.register_policy("a b", policy)


def test_policies_and_mechanisms_must_name_what_there_is() -> None:
    examples()
    with pytest.raises(sim.InputError, match="unknown score, 'magic'"):
        sim.register_policy("ours", sim.Policy("either", "magic", "greedy"))
    with pytest.raises(sim.InputError, match="act after 'lunch'"):
        sim.register_mechanism(replace(lunch(), name="ours", after="lunch"))
    with pytest.raises(sim.InputError, match="another name"):
        sim.register_mechanism(replace(lunch(), name="ours"))


def test_an_added_mechanism_reads_its_choices_as_numbers() -> None:
    """The position of the word among those that its parameter declares."""
    style = sim.Parameter(
        "style", "plain", "", "How.", kind="choice", choices=("plain", "bold"), coded=True
    )
    seen: list[int] = []

    def step(state: Any, p: Any, own: Any, month: int) -> None:
        seen.append(int(own.style))

    group = sim.ParameterGroup("dress", "Dress", (style,))
    sim.register_mechanism(AddedMechanism("dress", group, step, after="learning", writes=()))
    for word in ("plain", "bold"):
        plan = plan_of({"months": 1, "dress.active": True, "dress.style": word})
        Simulation(plan, 1, 0).run()
    assert seen == [0, 1]


# --- the checks can fail ----------------------------------------------------------------------------


def lunch() -> AddedMechanism:
    if "lunch_lottery" not in ADDED.mechanisms:
        examples()
    return ADDED.mechanisms["lunch_lottery"]


def renamed(name: str) -> sim.ParameterGroup:
    return sim.ParameterGroup(name, "another", lunch().parameters.parameters)


def too_good(state: Any, p: Any, own: Any, month: int) -> None:
    if own.share > 0:
        state.skills[:, 0] = 1.5


def forgetful(state: Any, p: Any, own: Any, month: int) -> None:
    if own.share > 0:
        state.person[columns.ENGAGEMENT] *= np.random.default_rng().uniform(0.99, 1.0)


def stubborn(state: Any, p: Any, own: Any, month: int) -> None:
    state.person[columns.CONFIDENCE] *= 0.99


def idle(state: Any, p: Any, own: Any, month: int) -> None:
    pass


@pytest.mark.parametrize(
    ("step", "writes", "words"),
    [
        (too_good, ("skills",), "leaves its range"),
        (too_good, ("ties",), "does not declare: .*skills"),
        (forgetful, ("engagement",), "same seed"),
        (stubborn, ("confidence",), "neutral setting"),
        (idle, (), "changes nothing"),
        (idle, ("weather",), "unknown columns"),
    ],
)
def test_a_wrong_mechanism_is_found_out(step: Any, writes: tuple[str, ...], words: str) -> None:
    with pytest.raises(AssertionError, match=words):
        check_mechanism(replace(lunch(), step=step, writes=writes, after="recording"))


def flat(candidates: Any) -> Any:
    return np.ones(len(candidates.mentees))


def unsure(candidates: Any) -> Any:
    return np.full(candidates.shape, np.nan)


def moody(candidates: Any) -> Any:
    return np.random.default_rng().uniform(size=candidates.shape)


def meddling(candidates: Any) -> Any:
    candidates.state.person[columns.ENGAGEMENT] *= 0.9
    return candidates.gaps()


@pytest.mark.parametrize(
    ("score", "words"),
    [
        (flat, "has the shape"),
        (unsure, "undefined for some"),
        (moody, "another when it is asked again"),
        (meddling, "changed the state"),
    ],
)
def test_a_wrong_policy_is_found_out(score: Any, words: str) -> None:
    sim.register_score("wrong", score)
    sim.register_policy("wrong", sim.Policy("either", "wrong", "optimal"))
    with pytest.raises(AssertionError, match=words):
        check_policy("wrong")


def test_a_number_of_ones_own_is_recorded_in_every_variant_without_a_mechanism() -> None:
    """It is written down as the month ends, with and without the compiled months, and changes nothing."""

    def new(**more: Any) -> sim.Scenario:
        return sim.Scenario(
            months=20, organisation={"employees": 40}, variants=[
                {"name": "none", "programme.policy": "none"},
                {"name": "r", "programme.policy": "reverse"}, *more.get("also", ())
            ],
        )  # fmt: skip

    before = sim.run(new(), "r").outcomes
    column = sim.register_reporter("veterans", veterans)
    sim.register_outcome(
        sim.Outcome("veterans", "Veterans", "%", "Share with ten years of service.",
                    "100 · Σ veterans / Σ headcount", None, share_of_veterans)
    )  # fmt: skip
    result = sim.run(new(), "r", people=True)
    pd.testing.assert_series_equal(result.outcomes[before.index], before, check_exact=True)
    people = result.people
    there = people["left"].isna()
    assert result.monthly["veterans"].iloc[-1] == (there & (19 - people["hired"] >= 120)).sum() > 0
    told = sim.compare(new(), replicates=2).effects.query("outcome == 'veterans'")
    assert (told["replicates"] == 2).all() and told["baseline_mean"].between(1, 60).all()
    plan = sim.run(new(), "r").plan
    by_phase = Simulation(plan, new().seed, 0).run_phase_by_phase()
    np.testing.assert_array_equal(by_phase.state.monthly[:, column], result.monthly["veterans"])


def test_what_records_cannot_change_the_firm() -> None:
    sim.register_reporter("meddler", meddle)
    scenario = sim.Scenario(months=14, organisation={"employees": 20})
    with pytest.raises(ValueError, match="read-only"):
        sim.run(scenario)


def veterans(state: Any, p: Any, month: int) -> float:
    there = state.whole[columns.ACTIVE] == 1
    return float((there & (month - state.whole[columns.HIRE_MONTH] >= 120)).sum())


def share_of_veterans(sums: Any, context: Any) -> Any:
    return 100.0 * sums["veterans"] / sums["headcount"]


def meddle(state: Any, p: Any, month: int) -> float:
    state.person[columns.ENGAGEMENT] += 0.1
    return 1.0
