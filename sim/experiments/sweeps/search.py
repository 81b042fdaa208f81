"""Searching for the best programme: a design whose points are proposed while the sweep runs.

Points come in generations. Each generation is a function of the seed and of the results of all generations
before it, so that a search that was killed goes on as if nothing had happened. When the budget is spent,
the points that look best are simulated anew on fresh firms: what was chosen because it looked good is not
judged by the luck that made it look good.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.errors import InputError
from sim.experiments.sweeps.cells import Cells
from sim.experiments.sweeps.factors import Factor
from sim.experiments.sweeps.optimising import costs_of, front, searched_variant, violations_of
from sim.experiments.sweeps.store import SweepFolder
from sim.experiments.sweeps.study import Row, Study

__all__ = ["Search"]

Real = NDArray[np.float64]

_FIRST_SHARE = 0.25
"""Share of the budget that is spread evenly over the factors before the search begins."""


class Search:
    """Proposes points, and says how many replicates each needs.

    Parameters
    ----------
    study
        With a block of kind "optimise".
    folder
        Where proposed points are kept.
    """

    def __init__(self, study: Study, folder: SweepFolder) -> None:
        block = study.proposed
        assert block is not None
        if folder.shard != (1, 1):
            problem = "a search cannot be split into shards: each step needs all results"
            raise InputError(problem, remedy="run it as one sweep, or on dask", key="design")
        self.study, self.folder, self.block = study, folder, block
        self.options = block.options
        self.known = sum(len(one.rows) for one in study.blocks)
        self.chosen: set[int] | None = None

    def wanted(self, shape: tuple[int, int]) -> NDArray[np.int64]:
        """Replicates of every cell: the usual number, and fresh ones on top for the points that look best."""
        wanted = np.full(shape, self.study.replicates, dtype=np.int64)
        for point in self.chosen or ():
            wanted[point] += int(self.options["final_replicates"])
        return wanted

    def propose(self, cells: Cells, watched: Sequence[str]) -> bool:
        """Propose the next generation, or choose the points that are simulated anew; False if all is done."""
        tried = len(cells.rows) - self.known
        budget, generation = int(self.options["budget"]), int(self.options["generation"])
        if tried < budget:
            # A killed search may have written half a generation: the rest is what it would have been.
            first = tried - tried % generation
            count = min(generation, budget - first)
            rows = self._next(cells, watched, count, first)[tried - first :]
            self.folder.add_rows(rows)
            cells.add(rows)
            return True
        if self.chosen is None:
            costs, violations = self._results(cells, watched)
            best = np.flatnonzero(front(costs, violations))
            self.chosen = {self.known + int(point) for point in best}
            return bool(self.chosen)
        return False

    def _results(self, cells: Cells, watched: Sequence[str]) -> tuple[Real, Real]:
        """Costs, shape (tried, objectives), and violations of constraints, shape (tried,)."""
        values = cells.seen()[
            :, self.known :, searched_variant(self.study), : self.study.replicates
        ]
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", RuntimeWarning)  # a point without any result is NaN
            means = np.nanmean(values, axis=2) if values.size else values[:, :, 0:0].sum(axis=2)
        by_name = dict(zip(watched, means, strict=True))
        return costs_of(self.options, by_name), violations_of(self.options, by_name)

    def _next(self, cells: Cells, watched: Sequence[str], count: int, tried: int) -> list[Row]:
        """The points after the first `tried`: spread evenly at first, then where a model of what is good and bad
        expects more."""
        factors = [self.study.factors[index] for index in self.block.factors]
        seed = int(self.options["seed"])
        first = max(int(_FIRST_SHARE * int(self.options["budget"])), 1)
        if tried < first or self.options["method"] == "random":
            proposed = _spread(factors, count, tried, seed)
        else:
            costs, violations = self._results(cells, watched)
            costs, violations = costs[:tried], violations[:tried]
            places = list(self.block.factors)
            told = cells.rows[self.known : self.known + tried]
            rows = [tuple(row[place] for place in places) for row in told]
            proposed = _modelled(factors, rows, costs, violations, count, (seed, tried))
        own = self.study.own_values()
        found = []
        for values in proposed:
            row = list(own)
            for place, value in zip(self.block.factors, values, strict=True):
                row[place] = value
            found.append(tuple(row))
        return found


def _spread(factors: Sequence[Factor], count: int, skip: int, seed: int) -> list[Row]:
    """The next points of a scrambled Sobol' sequence."""
    from scipy.stats import qmc

    sampler = qmc.Sobol(d=len(factors), scramble=True, rng=np.random.default_rng(seed))
    if skip:
        sampler.fast_forward(skip)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # balance asks for powers of two
        sample = sampler.random(count)
    return [
        tuple(factor.at(float(share)) for factor, share in zip(factors, shares, strict=True))
        for shares in sample
    ]


def _modelled(
    factors: Sequence[Factor],
    rows: Sequence[Row],
    costs: Real,
    violations: Real,
    count: int,
    seed: tuple[int, int],
) -> list[Row]:
    """Points that a tree-structured Parzen estimator proposes, given everything that was tried."""
    try:
        import optuna
    except ImportError:
        raise InputError(
            "Optuna is not installed, which proposes the points",
            remedy='install it (pip install "mentorsim[optimise]"), or use method = "random"',
            key="design.method",
        ) from None
    optuna.logging.set_verbosity(optuna.logging.ERROR)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # its remarks on experimental options
        sampler = optuna.samplers.TPESampler(
            seed=int(np.random.SeedSequence(seed).generate_state(1)[0]),
            n_startup_trials=0,
            multivariate=True,
            constant_liar=True,
        )
        study = optuna.create_study(directions=["minimize"] * costs.shape[1], sampler=sampler)
        space = {factor.key: _distribution(optuna, factor) for factor in factors}
        for row, cost, violation in zip(rows, costs, violations, strict=True):
            if not np.isfinite(cost).all():
                continue
            given = zip(factors, row, strict=True)
            study.add_trial(
                optuna.trial.create_trial(
                    params={factor.key: value for factor, value in given},
                    distributions=space,
                    values=[float(one) for one in cost],
                    constraints={"missed": float(violation)},
                )
            )
        asked = [study.ask(space) for _ in range(count)]
    return [tuple(trial.params[factor.key] for factor in factors) for trial in asked]


def _distribution(optuna: Any, factor: Factor) -> Any:
    if factor.values:
        return optuna.distributions.CategoricalDistribution(list(factor.values))
    if factor.whole:
        return optuna.distributions.IntDistribution(int(factor.low), int(factor.high))
    return optuna.distributions.FloatDistribution(factor.low, factor.high, log=factor.logarithmic)
