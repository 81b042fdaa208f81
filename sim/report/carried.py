"""x"""

from __future__ import annotations

from collections.abc import Mapping

__all__ = ["CARRIED"]

CARRIED: Mapping[str, Mapping[str, tuple[str, ...]]] = {}
