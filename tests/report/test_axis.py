"""Numbers at an axis never run into each other, whatever they are; zero is always there."""

from __future__ import annotations

import re

import pytest

from sim.report.page.charts import _SIZE, _axis, _breadth, _Scale


@pytest.mark.parametrize(
    ("low", "high", "some_left_out"),
    [(-1.2e7, 0.9e7, True), (-40_000.0, 90_000.0, False), (-0.001, 0.004, True), (3.0, 8.0, False),
     (-123_456_789.0, 123_456_789.0, True), (-1.0, 1.0, False), (-5_227_335_820.0, 2_034_712_529.0, True), (-6_966_731.0, 419_546.0, True)],
)  # fmt: skip
def test_numbers_at_an_axis(low: float, high: float, some_left_out: bool) -> None:
    drawn = _axis(_Scale(low, high), 20.0)
    told = re.findall(r'<text x="([-\d.]+)"[^>]*>([^<]+)</text>', drawn)
    assert len(told) >= 1
    marks = drawn.count("<path") - 1
    assert (len(told) < marks) == some_left_out
    places = sorted(
        (float(at) - _breadth(text, _SIZE) / 2, float(at) + _breadth(text, _SIZE) / 2)
        for at, text in told
    )
    for (_, right), (left, _) in zip(places, places[1:], strict=False):
        assert left - right >= 2.9
    if low < 0.0 < high:
        assert any(re.fullmatch(r"0(\.0+)?", text) for _, text in told)
