"""Classic models hosted by the engine: golden and published values, and wrong variants that are rejected.

The models are in docs/studies and scenarios/classics, the comparisons in verification/classics.py;
``-m full`` runs what takes minutes.
docs/verification.md has the figures.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import command_line
import sim
from sim.engine import columns
from sim.registry import ADDED
from sim.simulation.plan import plans_of
from sim.simulation.simulation import Simulation
from sim.testing import check_mechanism
from verification import classics
from verification.findings import Finding
from verification.firms import STUDIES, studies
from verification.forms import FORMS

pytestmark = pytest.mark.long


@pytest.fixture(scope="module", autouse=True)
def _studies() -> Iterator[None]:
    with studies("march_1991"):
        yield


def check(found: Finding) -> None:
    assert found.agrees(), f"{found.what}: {found.mean:.4g}, not {found.expected:.4g}"
    assert not found.not_rejected(), f"{found.what}: also fits {found.not_rejected()}"


# --- March 1991 ----------------------------------------------------------------------------------------


def test_march_keeps_the_promises_of_a_mechanism() -> None:
    check_mechanism(ADDED.mechanisms["march_1991"])


@pytest.mark.parametrize("cell", ["p1 = .1, p2 = .9", "p1 = .9, p2 = .9", "p1 = .5, p2 = .5"])
def test_march_equilibrium_knowledge(cell: str) -> None:
    check(classics.march(cell))


@pytest.mark.full
def test_march_slow_learning_all_round() -> None:
    check(classics.march("p1 = .1, p2 = .1"))


def test_march_turnover_helps_where_members_learn_fast() -> None:
    check(classics.march_turnover())


@pytest.mark.full
@pytest.mark.parametrize("cell", classics.MARCH_CELLS, ids=str)
def test_march_figure_1(cell: tuple[float, float]) -> None:
    """Every cell: the golden value strictly, the printed figure within its own reading and sampling."""
    published, golden = classics.MARCH_CELLS[cell]
    values = classics.march_code(300, 200, socialisation=cell[0], code_learning=cell[1])
    error = values.std(ddof=1) / np.sqrt(len(values))
    assert abs(values.mean() - golden) < 4 * np.hypot(error, 0.0012)
    assert abs(values.mean() - published) < 4 * np.sqrt(error**2 + 0.012**2 + 0.003**2)


@pytest.mark.full
def test_march_moderate_turnover_is_best_where_members_learn_fast_and_harmful_where_slow() -> None:
    def code(p1: float, p3: float) -> float:
        settings = {"socialisation": p1, "code_learning": 0.5, "turnover": p3}
        return float(classics.march_code(400, 20, **settings).mean())

    fast = [code(0.9, p3) for p3 in (0.0, 0.1, 0.3, 1.0)]
    slow = [code(0.1, p3) for p3 in (0.0, 0.1, 1.0)]
    for found, golden in zip(fast, (0.741, 0.836, 0.869, 0.612), strict=True):
        assert abs(found - golden) < 4 * 0.11 / 20
    for found, golden in zip(slow, (0.789, 0.738, 0.613), strict=True):
        assert abs(found - golden) < 4 * 0.11 / 20


@pytest.mark.full
@pytest.mark.parametrize(
    ("share", "golden"),
    [(0.0, 0.7635), (0.1, 0.7663), (0.3, 0.7776), (0.5, 0.7725), (0.7, 0.7647), (1.0, 0.7416)],
)
def test_march_fast_and_slow_learners(share: float, golden: float) -> None:
    """Figure 3, the code after 18 updates: slow learners feed it, fast ones live off it."""
    settings = {"socialisation": 0.1, "code_learning": 0.5, "fast_share": share}
    values = classics.march_code(600, 18, **settings)
    assert abs(values.mean() - golden) < 4 * np.hypot(values.std(ddof=1) / np.sqrt(600), 0.001)


@pytest.mark.full
def test_march_turbulence_wears_knowledge_out_unless_people_are_replaced() -> None:
    settings = {"socialisation": 0.5, "code_learning": 0.5, "turbulence": 0.02}
    without = classics.march_code(200, 100, **settings).mean()
    renewed = classics.march_code(200, 100, **settings, turnover=0.1).mean()
    assert abs(without) < 0.1
    assert renewed > 0.4


def test_march_in_a_scenario() -> None:
    """As a user would run it: a scenario, two variants, the study's own outcomes in the table."""
    skills = [{"name": f"dimension_{k}", "kind": "emerging", "weight": 1.0} for k in range(30)]
    scenario = sim.Scenario(
        months=20,
        organisation={"employees": 51, "departments": 1, "skills": skills},
        programme={"start_month": 0},
        march_1991={"active": True, "socialisation": 0.9},
        variants=[
            {"name": "closed"},
            {"name": "open", "march_1991.turnover": 0.3},
        ],
        practice={
            f"{kind}_{what}": 0.0 for kind in ("emerging",) for what in ("practice", "decay")
        },
        learning={"rate": 0.0, "contact_rate": 0.0, "mentor_rate": 0.0},
        departures={"quit_rate": 0.0, "involuntary_rate": 0.0, "retirement_rate": 0.0},
    )
    comparison = sim.compare(scenario, replicates=4, workers=1)
    assert {"march_members", "march_code"} <= set(comparison.outcomes["outcome"])


# --- Cowan & Jonard 2004 -------------------------------------------------------------------------------


@pytest.mark.parametrize("rewired", classics.COWAN_JONARD)
def test_barter_on_a_small_world(rewired: float) -> None:
    check(classics.cowan_jonard(rewired))


@pytest.mark.full
def test_barter_is_best_on_a_small_world_and_not_without_experts() -> None:
    def mean(rewired: float, **settings: float) -> float:
        return float(
            np.mean([classics.barter_until_exhausted(rewired, run, **settings).mean() for run in range(40)])
        )  # fmt: skip

    shares = (0.0, 0.03, 0.1, 0.2, 0.5, 1.0)
    goldens = (13.18, 15.57, 16.48, 16.69, 15.79, 15.51)
    found = [mean(share) for share in shares]
    for value, golden in zip(found, goldens, strict=True):
        assert abs(value - golden) < 4 * np.hypot(0.7 / np.sqrt(40), 0.08)
    assert max(found) == max(found[2], found[3]) > max(found[0], found[-1]) + 0.5
    assert abs(mean(0.0, experts=0.0) - 8.39) < 0.1
    assert abs(mean(0.3, experts=0.0) - mean(1.0, experts=0.0)) < 0.05
    for tolerance, golden in ((0.001, 18.1), (0.05, 13.0)):
        assert abs(mean(0.1, tolerance=tolerance) - golden) < 0.6


# --- Deffuant et al. 2000 ------------------------------------------------------------------------------


@pytest.mark.parametrize("width", classics.DEFFUANT)
def test_opinions_cluster(width: float) -> None:
    for found in classics.deffuant(width):
        check(found)


@pytest.mark.full
@pytest.mark.parametrize(
    ("width", "clusters"),
    [(0.3, 1.00), (0.25, 1.97), (0.2, 2.02), (0.15, 2.92), (0.12, 3.61), (0.1, 4.36)],
)
def test_number_of_opinions(width: float, clusters: float) -> None:
    found = [classics.big_clusters(classics.opinions(width, run)[1], width) for run in range(100)]
    error = np.hypot(np.std(found, ddof=1) / 10, 0.03)
    assert abs(np.mean(found) - clusters) < 4 * error


# --- the two as scenarios ------------------------------------------------------------------------------


def test_the_data_are_run_0_of_the_script(tmp_path: Path) -> None:
    subprocess.run(
        [sys.executable, classics.CLASSICS / "prepare.py", "cowan_jonard", tmp_path], check=True
    )
    subprocess.run(
        [sys.executable, classics.CLASSICS / "prepare.py", "deffuant", tmp_path], check=True
    )
    written = sorted(tmp_path.iterdir())
    assert len(written) == 3
    for file in written:
        assert file.read_bytes() == (classics.CLASSICS / "data" / file.name).read_bytes()


def test_the_network_is_that_of_the_file_and_stays() -> None:
    """Both directions of every link, nothing else, before and after people have met."""
    scenario = sim.load_scenario(classics.CLASSICS / "cowan_jonard.toml")
    assert scenario.roster is not None
    links = {tuple(link) for link in scenario.roster.ties.tolist()}
    assert len(links) == 2 * 5 * 500
    assert links == {(other, one) for one, other in links}
    world = Simulation(plans_of(scenario)[0], scenario.seed, 0)
    for _ in range(3):
        found = [(one, int(o)) for one, row in enumerate(world.state.ties) for o in row if o >= 0]
        assert len(found) == len(links)
        assert set(found) == links
        world.run(5)
    knowledge = [list(skills.values()) for skills in scenario.roster.skills_have]
    begun = Simulation(plans_of(scenario)[0], scenario.seed, 0).state.skills
    np.testing.assert_array_equal(begun, knowledge)


def _people(name: str, folder: Path) -> dict[str, Any]:
    """Skills at the end by variant, from a comparison at the command line; no extension is loaded."""
    file = classics.CLASSICS / f"{name}.toml"
    result = command_line.sim(
        "compare", str(file), "--people", "--output", str(folder), folder=folder.parent
    )
    assert result.returncode == 0, result.stderr
    table = pd.read_parquet(folder / "people.parquet")
    ends = [column for column in table if column.startswith("skill_") and column.endswith("_end")]
    return {variant: rows[ends].to_numpy() for variant, rows in table.groupby("variant")}


def test_cowan_jonard_at_the_command_line(tmp_path: Path) -> None:
    skills = _people("cowan_jonard", tmp_path / "results")
    assert 30 * skills["Barter"].mean() == pytest.approx(
        classics.barter_until_exhausted(0.1, 0).mean(), rel=1e-12
    )
    assert 15 < 30 * skills["Barter"].mean() < 18
    assert 30 * skills["Giving"].mean() > 28


def test_deffuant_at_the_command_line(tmp_path: Path) -> None:
    found = _people("deffuant", tmp_path / "results")
    widths = {"Consensus": 0.5, "Two groups": 0.2, "Three groups": 0.15}
    for number, (variant, width) in enumerate(widths.items(), 1):
        np.testing.assert_array_equal(
            np.sort(found[variant][:, 0]), np.sort(classics.opinions(width, 0)[1])
        )
        assert classics.big_clusters(found[variant][:, 0], width) == number


def test_the_study_is_written_with_what_the_documentation_names() -> None:
    """March's model needs no private name of the package."""
    text = (STUDIES / "march_1991.py").read_text(encoding="utf-8")
    imports = [line for line in text.splitlines() if line.startswith(("import", "from"))]
    assert imports == ["import numpy as np", "import sim", "from sim import columns, draws"]
    assert "march_1991" in ADDED.mechanisms
    assert columns.M["march_code"] >= len(columns.MEASURES)
    assert "mentorsim_extension_march_1991" in sys.modules


def test_the_page_lists_every_form_and_model() -> None:
    page = (STUDIES.parent / "verification.md").read_text(encoding="utf-8")
    for form in " ".join(FORMS).split():
        assert f"\n| {form} | " in page, f"{form}: run `python -m verification`"
    for cell in classics.MARCH:
        assert f"| March 1991 | {cell} | " in page
    for rewired in classics.COWAN_JONARD:
        assert f"| mean knowledge, {rewired:g} rewired | " in page
    for number, _ in classics.DEFFUANT.values():
        assert f"with {number} clusters" in page
    assert "**fails**" not in page
