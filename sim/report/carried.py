"""What carries more than half of an effect in the main scenario, by policy and goal: made, not written.

``PYTHONPATH=.:tests python -m verification.what_carries_what`` makes it with ``docs/what_carries_what.md``.
"""

from __future__ import annotations

from collections.abc import Mapping

__all__ = ["CARRIED"]

CARRIED: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "random": {
        "stay": (
            "embeddedness.relationships_weight",
            "practice.institutional_practice",
        ),
    },
    "reverse": {
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
    "reciprocal": {
        "engaged": (
            "awareness.gain",
            "engagement.awareness_effect",
        ),
        "stay": (
            "awareness.gain",
            "engagement.awareness_effect",
        ),
    },
    "complementary": {
        "stay": (
            "practice.institutional_practice",
            "vacancies.fill_rate",
            "embeddedness.relationships_weight",
        ),
    },
}
