"""Compiling faster, to faster code: nothing leaks, no count is lost, and borrowers are told from owners."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import numba
import numpy as np
import pytest
from numba import config
from numba.core.caching import NullCache
from numba.core.runtime import _nrt_python, rtsys

from conftest import plan_of
from sim.engine.code_files import CodeFiles
from sim.engine.compiled import kernel, rule
from sim.simulation.simulation import Simulation

pytestmark = pytest.mark.skipif(bool(config.DISABLE_JIT), reason="nothing is compiled")

FIRM = {
    "months": 30,
    "organisation.employees": 60,
    "programme.policy": "portfolio",
    "programme.start_month": 2,
    "programme.check_in_months": 3,
}


@rule
def row_of(table, row):  # type: ignore[no-untyped-def]
    """A view: counted, because it is handed back."""
    return table[row]


@rule
def total_of(table, row):  # type: ignore[no-untyped-def]
    """Borrows a row of which another function has made a view."""
    total = 0.0
    for number in row_of(table, row):
        total += number
    return total


@kernel
def sums_of(table):  # type: ignore[no-untyped-def]
    """Allocates, fills a copy from a list of rows, and hands it back."""
    found = np.empty(table.shape[0])
    kept = table[np.arange(table.shape[0])]
    for row in range(table.shape[0]):
        found[row] = total_of(kept, row)
    return found


@pytest.fixture
def unfreed() -> Any:
    """How many arrays compiled code has made and not given back."""
    _nrt_python.memsys_enable_stats()

    def count() -> int:
        stats = rtsys.get_allocation_stats()
        return int(stats.mi_alloc - stats.mi_free)

    yield count
    _nrt_python.memsys_disable_stats()


def test_what_owns_an_array_gives_it_back(unfreed: Any) -> None:
    table = np.arange(12.0).reshape(4, 3)
    np.testing.assert_array_equal(sums_of(table), table.sum(axis=1))
    before, references = unfreed(), sys.getrefcount(table)
    for _ in range(50):
        sums_of(table)
    assert (unfreed(), sys.getrefcount(table)) == (before, references)
    kept = [sums_of(table) for _ in range(5)]
    assert unfreed() == before + len(kept)


def test_a_simulated_firm_gives_back_all_that_it_borrows(unfreed: Any) -> None:
    """After months, openings and check-ins every column is held as often as before."""
    Simulation(plan_of(FIRM), 1, 0).run()
    before = unfreed()
    world = Simulation(plan_of(FIRM), 1, 0)
    arrays = [one for one in world.state if isinstance(one, np.ndarray)]
    held = [sys.getrefcount(one) for one in arrays]
    world.run()
    assert [sys.getrefcount(one) for one in arrays] == held
    del world, arrays
    assert unfreed() == before


def test_a_function_called_from_python_and_from_compiled_code_says_the_same() -> None:
    table = np.arange(6.0).reshape(2, 3)
    assert total_of(table, 1) == sums_of(table)[1] == 12.0


def test_no_machine_code_is_made_of_what_becomes_part_of_others() -> None:
    """Only what Python calls is handed to numba's engine, which compiles all that it holds."""

    @rule
    def double(number):  # type: ignore[no-untyped-def]
        return 2.0 * number

    @kernel
    def doubled(number):  # type: ignore[no-untyped-def]
        return double(number)

    doubled._cache = NullCache()  # what an earlier run has kept would not be compiled
    assert doubled(1.5) == 3.0
    engine = doubled.targetctx.codegen()._engine
    [entry] = doubled.overloads.values()
    [part] = double.get_overload.__self__._found.values()
    assert engine.is_symbol_defined(entry.fndesc.llvm_func_name)
    assert not engine.is_symbol_defined(part.fndesc.llvm_func_name)


def test_a_kept_function_is_read_without_its_translation(tmp_path: Path) -> None:
    """What Python calls is found again by name; what numba would keep for other functions is left out."""

    def thrice(number: float) -> float:
        return 3.0 * number

    for hits in (0, 1):
        function = numba.njit(thrice)
        function._cache = CodeFiles(thrice, lambda: tmp_path)
        assert function(14.0) == 42.0
        assert sum(function.stats.cache_hits.values()) == hits
    [kept] = function.overloads.values()
    named = {one.name: one for one in kept.library._shared_module.functions}
    assert {kept.fndesc.llvm_func_name, kept.fndesc.llvm_cpython_wrapper_name} <= set(named)
    assert all("unreachable" in str(one) for one in named.values())
