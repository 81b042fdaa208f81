"""The benchmark's baselines compute the engine's model; where one does not, the benchmark says so and fails."""

from __future__ import annotations

import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from conftest import plan_of

PLACE = Path(__file__).resolve().parents[2] / "benchmarks"
SMALL = {"months": 24, "organisation.employees": 60, "programme.policy": "reciprocal"}


@pytest.fixture
def benchmark(monkeypatch: pytest.MonkeyPatch) -> Any:
    """The benchmark's files, by name, as its command sees them."""
    monkeypatch.syspath_prepend(str(PLACE))
    before = set(sys.modules)

    def load(name: str) -> ModuleType:
        return __import__(name)

    yield load
    for name in set(sys.modules) - before:
        if str(getattr(sys.modules[name], "__file__", "")).startswith(str(PLACE)):
            del sys.modules[name]


@pytest.mark.long
def test_idiomatic_mesa_is_the_same_model_and_others_are_told_apart(
    benchmark: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    report, plan = benchmark("measuring").Report(), plan_of(SMALL)
    benchmark("comparisons").check_same_model(report, plan, plan, 12)
    assert report.verdict() == 0
    assert "Not valid" not in report.page("command")

    without = {"departures.embeddedness_effect": 0.0, "departures.settledness_effect": 0.0}
    other = plan_of({**SMALL, **without})
    benchmark("comparisons").check_same_model(report, other, plan, 12)
    capsys.readouterr()
    assert report.verdict() == 1
    assert "do not compute the engine's model: idiomatic Mesa (" in capsys.readouterr().err
    assert "**Not valid: these baselines" in report.page("command")


def test_fused_kernel_computes_the_numbers_of_the_engine(
    benchmark: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Run as plain Python, which computes the same: nothing has to be compiled for it."""
    kernels, report = benchmark("fused_kernel"), benchmark("measuring").Report()
    for name in ("philox", "find_usual", "live_month"):
        function = getattr(kernels, name)
        monkeypatch.setattr(kernels, name, getattr(function, "py_func", function))
    report.title("")
    benchmark("costs").check_fused(report, plan_of({**SMALL, "programme.policy": "none"}))
    assert report.verdict() == 0
    monkeypatch.setattr(kernels, "philox", lambda *_: (0.5, 0.5, 0.5))
    benchmark("costs").check_fused(report, plan_of({**SMALL, "programme.policy": "none"}))
    assert report.verdict() == 1
    assert "the fused kernel" in capsys.readouterr().err
