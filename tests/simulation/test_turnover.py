"""A planner's own turnover is what the firm then shows, whatever the hazards are."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import sim
from places import ROSTERS
from sim.errors import InputError
from sim.scenario import Scenario
from sim.simulation import turnover
from sim.simulation.plan import plans_of
from sim.simulation.turnover import shown_turnover, with_own_turnover

pytestmark = pytest.mark.long

FIRM: dict[str, Any] = {"employees": 120, "levels": 4}


@pytest.fixture(autouse=True)
def quick_search(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Rates are looked for in a quarter of the usual firms; what is found is judged in the same ones."""
    if "wanted" not in request.fixturenames or request.node.callspec.params["wanted"] != 0.15:
        monkeypatch.setattr(turnover, "PERSON_YEARS", 10_000)


def shown(scenario: Scenario) -> Any:
    """What the scenario's first variant shows, with its own rates."""
    return shown_turnover(plans_of(with_own_turnover(scenario))[0])


@pytest.mark.parametrize("wanted", [0.05, 0.09, 0.15, 0.30])
def test_the_turnover_that_is_set_is_what_a_firm_shows(wanted: float) -> None:
    scenario = Scenario(months=36, organisation={**FIRM, "turnover": wanted})
    assert shown(scenario).quits == pytest.approx(wanted, rel=0.02)
    if wanted != 0.15:
        return
    # In firms that the search has not seen, within chance: about 2,400 person-years.
    found = sim.compare(scenario, replicates=8, workers=1).outcomes
    quits = found.loc[found["outcome"] == "quits", "value"]
    wide = 3.0 * 100.0 * (wanted / (8 * 120 * 2.5)) ** 0.5
    assert quits.mean() == pytest.approx(100.0 * wanted, abs=wide)


@pytest.mark.parametrize(
    "wanted",
    [
        pytest.param(0.05, marks=pytest.mark.full),
        0.09,
        pytest.param(0.15, marks=pytest.mark.full),
        0.30,
    ],
)
def test_so_does_the_firm_of_a_roster(wanted: float) -> None:
    roster = str(ROSTERS / "lazega_law_firm.csv")
    scenario = Scenario(months=24, organisation={"roster": roster, "turnover": wanted})
    assert shown(scenario).quits == pytest.approx(wanted, rel=0.03)


def test_the_total_fits_dismissals_and_retirements_too() -> None:
    both = Scenario(months=36, organisation={**FIRM, "turnover": 0.08, "turnover_total": 0.14})
    found = shown(both)
    assert found.quits == pytest.approx(0.08, rel=0.03)
    assert found.total == pytest.approx(0.14, rel=0.03)
    alone = Scenario(months=36, organisation={**FIRM, "turnover_total": 0.10})
    found = shown(alone)
    assert found.total == pytest.approx(0.10, rel=0.03)
    plain = shown_turnover(plans_of(Scenario(months=36, organisation=FIRM))[0])
    assert found.quits / found.total == pytest.approx(plain.quits / plain.total, abs=0.1)


def test_what_a_variant_sets_stays_and_the_rest_is_the_same_everywhere() -> None:
    variants = [
        {"name": "as it is", "programme.policy": "none"},
        {"name": "calm", "programme.policy": "none", "departures.quit_rate": 0.01},
    ]
    scenario = Scenario(months=24, organisation=FIRM, variants=variants)
    assert with_own_turnover(scenario) is scenario
    own = with_own_turnover(scenario.with_settings({"organisation.turnover_total": 0.2}))
    assert own.variant("calm").settings["departures"]["quit_rate"] == 0.01
    rates = own.variant("as it is").settings["departures"]
    assert rates["quit_rate"] == own.settings["departures"]["quit_rate"] != 0.21
    again = with_own_turnover(own)
    assert again.settings["departures"] == own.settings["departures"]


def test_no_turnover_and_impossible_turnover() -> None:
    assert shown(Scenario(months=12, organisation={**FIRM, "turnover": 0.0})).quits < 0.001
    with pytest.raises(InputError, match="fewer leave in all"):
        Scenario(organisation={**FIRM, "turnover": 0.2, "turnover_total": 0.1})
    with pytest.raises(InputError, match="out of range"):
        Scenario(organisation={**FIRM, "turnover": 9})


def test_the_mesa_face_has_it_too() -> None:
    model = sim.MentoringModel(Scenario(months=12, organisation={**FIRM, "turnover": 0.3}))
    assert model.simulation.plan.record["departures"]["quit_rate"][0] > 0.3


def test_a_file_is_enough(tmp_path: Path) -> None:
    path = tmp_path / "firm.toml"
    path.write_text("months = 12\n[organisation]\nemployees = 60\nturnover = 0.15\n")
    assert with_own_turnover(sim.load_scenario(path)).settings["departures"]["quit_rate"] > 0.1
