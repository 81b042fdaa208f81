"""What carries more than half of an effect in the main scenario, by policy and goal: made, not written.

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
        ),
    },
    "reciprocal": {
        "ideas": ("awareness.gain",),
        "engaged": (
            "awareness.gain",
            "engagement.awareness_effect",
        ),
        "stay": ("awareness.gain",),
    },
}
