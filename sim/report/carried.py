"""What carries about half of an effect, or more, in the main scenario, by policy and goal: made, not written.

``PYTHONPATH=.:tests python -m verification.what_carries_what`` makes it with ``docs/what_carries_what.md``.
"""

from __future__ import annotations

from collections.abc import Mapping

__all__ = ["CARRIED"]

CARRIED: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "reverse": {
        "ideas": ("awareness.gain",),
        "engaged": (
            "awareness.gain",
            "engagement.awareness_effect",
        ),
        "stay": (
            "awareness.gain",
            "engagement.awareness_effect",
            "engagement.reversion",
            "vacancies.fill_rate",
        ),
    },
    "reciprocal": {
        "ideas": ("awareness.gain",),
        "engaged": (
            "awareness.gain",
            "engagement.awareness_effect",
        ),
        "stay": (
            "engagement.awareness_effect",
            "awareness.gain",
            "engagement.reversion",
        ),
    },
}
