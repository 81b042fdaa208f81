"""Where things are, for tests in any folder."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SCENARIOS = ROOT / "scenarios"
ROSTERS = SCENARIOS / "rosters"
TESTS = ROOT / "tests"
