"""The sentence on what a programme would have to prevent: of one programme, and of several."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import pytest

from sim.report.page.first_costs import _break_even
from sim.report.page.view import View


def told(*programmes: tuple[float, float]) -> list[str]:
    """What is said of programmes that need, and avoid, so many quits a year."""
    numbers = {f"P{place}": one for place, one in enumerate(programmes)}

    def worth(name: str, quantity: str) -> Any:
        return SimpleNamespace(value=numbers[name][quantity == "exits_avoided"])

    decisions = SimpleNamespace(pays=lambda name: SimpleNamespace(verdict="unknown"))
    view = SimpleNamespace(firms=9, paying=list(numbers), worth=worth, decisions=decisions)
    return list(_break_even(cast(View, view)))


def test_one_programme_is_it() -> None:
    (text, *_) = told((4.0, 1.0))
    assert text.startswith("To pay by prevented quits alone, it would have to prevent 4")


@pytest.mark.parametrize("needs", [(4.0, 6.0)])
def test_several_are_each(needs: tuple[float, float]) -> None:
    (text, *_) = told((needs[0], 1.0), (needs[1], 2.0))
    assert text.startswith("To pay by prevented quits alone, each would have to prevent 4")
    assert "on average they prevent" in text


def test_what_is_unknown_is_left_out() -> None:
    (text, *_) = told((4.0, 1.0), (float("nan"), 2.0))
    assert ", it would have to prevent 4" in text
    assert told((float("nan"), 1.0)) == []
