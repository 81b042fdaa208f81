"""Three classic models in the engine, against golden values of independent programs.

March 1991 is docs/studies/march_1991.py. Cowan & Jonard 2004 and Deffuant et al. 2000 are the scenarios of
scenarios/classics, each run with a roster, and ties, that the script beside them writes.
"""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
from numpy.typing import NDArray

import sim
from sim.simulation.plan import plans_of
from sim.simulation.simulation import Simulation
from verification.findings import Finding
from verification.firms import flat, plan_for, simulation, unclipped

__all__ = [
    "CLASSICS",
    "COWAN_JONARD",
    "DEFFUANT",
    "MARCH",
    "MARCH_CELLS",
    "cowan_jonard",
    "deffuant",
    "march",
    "march_code",
    "march_turnover",
]

CLASSICS = Path(__file__).resolve().parents[2] / "scenarios" / "classics"

Real = NDArray[np.float64]
Wrong = Mapping[str, tuple[float, float]]


def _against(
    name: str, what: str, golden: float, error: float, values: Real, wrong: Mapping[str, Real]
) -> Finding:
    ran: Wrong = {
        variant: (float(found.mean()), float(found.std(ddof=1) / np.sqrt(len(found))))
        for variant, found in wrong.items()
    }
    return Finding(
        name, what, golden, float(values.mean()), float(values.std(ddof=1)), len(values), error, ran, True
    )  # fmt: skip


# --- March 1991 ----------------------------------------------------------------------------------------

_TOGETHER = 10
"""Organisations (departments) in one world."""


def march_code(organisations: int, periods: int, **settings: Any) -> Real:
    """Knowledge of the codes of so many independent organisations of 50 after so many periods."""
    given = {f"march_1991__{name}": value for name, value in settings.items()}
    plan = plan_for(flat(50 * _TOGETHER, _TOGETHER), periods, 30, march_1991__active=True, **given)
    study = sys.modules["mentorsim_extension_march_1991"]
    found = [
        study.knowledge(unclipped(simulation(plan, world).run()).state)[0]
        for world in range(-(-organisations // _TOGETHER))
    ]
    return np.concatenate(found)[:organisations]


MARCH: dict[str, tuple[float, float, int, int, float, float, dict[str, dict[str, bool]]]] = {
    "p1 = .1, p2 = .9": (0.1, 0.9, 100, 100, 0.974, 0.0004, {
        "beliefs imitated, members jump (text, as read here)": {"members_jump": True, "beliefs_count": True},
        "members and code by notches, beliefs imitated (the BASIC listing)": {
            "beliefs_count": True, "code_gradual": True,
        },
        "beliefs imitated": {"beliefs_count": True},
    }),
    "p1 = .9, p2 = .9": (0.9, 0.9, 300, 20, 0.731, 0.0012, {
        "members jump": {"members_jump": True},
    }),
    "p1 = .5, p2 = .5": (0.5, 0.5, 200, 40, 0.810, 0.001, {}),
    "p1 = .1, p2 = .1": (0.1, 0.1, 200, 200, 0.864, 0.001, {}),
}  # fmt: skip
"""p1, p2, organisations, periods until nothing changes, golden value and its error, wrong variants."""

MARCH_CELLS = {
    (0.1, 0.1): (0.857, 0.8640), (0.1, 0.5): (0.9545, 0.9532), (0.1, 0.9): (0.977, 0.9738),
    (0.2, 0.1): (0.8135, 0.8190), (0.2, 0.5): (0.919, 0.9092), (0.2, 0.9): (0.9505, 0.9407),
    (0.3, 0.1): (0.803, 0.8058), (0.3, 0.5): (0.8735, 0.8707), (0.3, 0.9): (0.9115, 0.9068),
    (0.4, 0.1): (0.787, 0.7990), (0.4, 0.5): (0.835, 0.8377), (0.4, 0.9): (0.8885, 0.8730),
    (0.5, 0.1): (0.801, 0.7999), (0.5, 0.5): (0.796, 0.8102), (0.5, 0.9): (0.854, 0.8389),
    (0.6, 0.1): (0.8155, 0.8036), (0.6, 0.5): (0.778, 0.7872), (0.6, 0.9): (0.8035, 0.8077),
    (0.7, 0.1): (0.805, 0.8039), (0.7, 0.5): (0.780, 0.7692), (0.7, 0.9): (0.7695, 0.7793),
    (0.8, 0.1): (0.802, 0.8077), (0.8, 0.5): (0.752, 0.7526), (0.8, 0.9): (0.744, 0.7541),
    (0.9, 0.1): (0.7935, 0.8124), (0.9, 0.5): (0.745, 0.7412), (0.9, 0.9): (0.7505, 0.7310),
}  # fmt: skip
"""Figure 1 by (p1, p2): read off the printed figure, and the golden value (error 0.0004 to 0.0012)."""


def march(cell: str, organisations: int | None = None) -> Finding:
    """A cell of March's Figure 1: knowledge when nothing changes any more."""
    p1, p2, runs, periods, golden, error, variants = MARCH[cell]
    settings = {"socialisation": p1, "code_learning": p2}
    values = march_code(organisations or runs, periods, **settings)
    wrong = {
        name: march_code(max(120, runs), periods, **settings, **variant)
        for name, variant in variants.items()
    }
    if not variants:
        wrong = {
            "p1 = .9": march_code(100, 40, **{**settings, "socialisation": 0.9}),
            "p2 = .9": march_code(100, periods, **{**settings, "code_learning": 0.9}),
        }
        if p1 == 0.5:
            wrong["p2 = .9"] = march_code(300, 40, **{**settings, "code_learning": 0.9})
    return _against("March 1991", cell, golden, error, values, wrong)


def march_turnover(organisations: int = 300) -> Finding:
    """What turnover p3 = 0.3 adds to the code's knowledge where members learn fast (20 updates)."""
    settings = {"socialisation": 0.9, "code_learning": 0.5}
    none = march_code(organisations, 20, **settings)
    some = march_code(organisations, 20, turnover=0.3, **settings)
    return _against(
        "March 1991", "turnover .3 minus none, p1 = .9, p2 = .5", 0.128, 0.0013, some - none,
        {"sign": none - some,
         "everybody replaced": march_code(40, 20, turnover=1.0, **settings) - none[:40]},
    )  # fmt: skip


# --- Cowan & Jonard 2004 -------------------------------------------------------------------------------

COWAN_JONARD = {0.0: (13.18, 0.08), 0.1: (16.48, 0.08), 1.0: (15.51, 0.08)}
"""Mean knowledge by share of rewired links: golden value and its error."""

_SCALE = 30.0


@cache
def _prepare() -> Any:
    """The script that writes the data of a run."""
    spec = importlib.util.spec_from_file_location("prepare_classics", CLASSICS / "prepare.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@cache
def _scenario(name: str) -> sim.Scenario:
    return sim.load_scenario(CLASSICS / f"{name}.toml")


@cache
def network(rewired: float, run: int, experts: float) -> sim.Scenario:
    """The scenario of Cowan & Jonard with the people and links of a run."""
    with TemporaryDirectory() as folder:
        roster, ties = _prepare().cowan_jonard(Path(folder), run, rewired=rewired, experts=experts)
        return _scenario("cowan_jonard").with_settings(
            organisation={"roster": str(roster), "ties": str(ties)}
        )


def barter_until_exhausted(
    rewired: float, run: int, *, barter: bool = True, experts: float = 0.05, tolerance: float = 0.01
) -> Real:
    """Knowledge of 500 people in 5 fields when no linked pair has anything left to trade."""
    scenario = network(rewired, run, experts).with_settings({"encounters.tolerance": tolerance})
    (plan,) = plans_of(scenario, ["Barter" if barter else "Giving"])
    world = Simulation(plan, scenario.seed, run)
    while world.month < plan.months:
        before = world.state.skills.copy()
        unclipped(world.run(1))
        if np.array_equal(before, world.state.skills):
            return _SCALE * world.state.skills
    raise AssertionError(f"still trading after {plan.months} months")


def cowan_jonard(rewired: float, runs: int = 20, giving_runs: int = 3) -> Finding:
    """Mean knowledge under barter on a small world; giving in its place must be told apart."""

    def means(number: int, barter: bool) -> Real:
        return np.array(
            [barter_until_exhausted(rewired, run, barter=barter).mean() for run in range(number)]
        )

    golden, error = COWAN_JONARD[rewired]
    return _against(
        "Cowan & Jonard 2004", f"mean knowledge, {rewired:g} rewired", golden, error, means(runs, True),
        {"giving instead of barter": means(giving_runs, False)},
    )  # fmt: skip


# --- Deffuant et al. 2000 ------------------------------------------------------------------------------

DEFFUANT = {0.5: (1, 1.00), 0.2: (2, 0.98), 0.15: (3, 0.92)}
"""By width of the gate: number of big clusters, and the share of runs that have it."""


@cache
def _people(run: int) -> sim.Scenario:
    """The scenario of Deffuant et al. with the people of a run."""
    with TemporaryDirectory() as folder:
        roster = _prepare().deffuant(Path(folder), run)
        return _scenario("deffuant").with_settings({"organisation.roster": str(roster)})


def opinions(width: float, run: int, *, symmetric: bool = True) -> tuple[Real, Real]:
    """Opinions of 1000 people at the start, and when they have settled."""
    kernel = "averaging" if symmetric else "gaps_close"
    variant = {"name": "Run", "encounters.width": width, "encounters.kernel": kernel}
    scenario = _people(run).with_settings(variants=[variant])
    (plan,) = plans_of(scenario)
    world = Simulation(plan, scenario.seed, run)
    begin = world.state.skills[:, 0].copy()
    return begin, unclipped(world.run()).state.skills[:, 0].copy()


def big_clusters(settled: Real, width: float, share: float = 0.05) -> int:
    """Clusters with at least a share of the people."""
    order = np.sort(settled)
    sizes = np.diff(np.flatnonzero(np.concatenate([[True], np.diff(order) > width / 2, [True]])))
    return int((sizes >= share * len(order)).sum())


def deffuant(width: float, runs: int = 50) -> tuple[Finding, Finding]:
    """Share of runs with the golden number of clusters; and drift of the mean, which is none."""
    number, share = DEFFUANT[width]
    hits, drifts, wrong = [], [], []
    for run in range(runs):
        begin, settled = opinions(width, run)
        hits.append(float(big_clusters(settled, width) == number))
        drifts.append(settled.mean() - begin.mean())
    for run in range(10):
        begin, settled = opinions(width, run, symmetric=False)
        wrong.append(settled.mean() - begin.mean())
    binomial = max(share * (1 - share), 1e-4) ** 0.5
    clusters = Finding(
        "Deffuant et al. 2000", f"share of runs with {number} clusters, d = {width:g}", share,
        float(np.mean(hits)), binomial, runs, (max(share * (1 - share), 1e-4) / 250) ** 0.5,
    )  # fmt: skip
    mean = _against(
        "Deffuant et al. 2000", f"drift of the mean, d = {width:g}", 0.0, 0.0, np.array(drifts),
        {"only the lower moves": np.array(wrong)},
    )  # fmt: skip
    return clusters, mean
