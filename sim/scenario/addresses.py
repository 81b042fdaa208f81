"""How a setting is named in code, with the variant that it is of: ``Reverse: programme.places``.

A key alone is of the base, which every variant takes over unless it sets the key itself. A variant's name in
front makes it that variant's own; ``*`` in front sets it in every variant, whatever they set themselves.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sim.errors import InputError
from sim.scenario.document import nested
from sim.scenario.messages import described, hint, listed, quoted
from sim.scenario.schema import sections
from sim.scenario.variants import Variant

__all__ = ["EVERY", "address", "by_variant", "refuse_overridden", "split_key"]

EVERY = "*"
"""In front of a key: set in every variant."""


def split_key(key: str) -> tuple[str | None, str]:
    """The variant that a key is of (None: the base, ``"*"``: every one) and the setting, ``section.name``."""
    variant, colon, rest = key.rpartition(":")
    return (variant.strip() if colon else None), rest.strip()


def address(variant: str | None, setting: str) -> str:
    """The key of a setting; the inverse of :func:`split_key`."""
    return setting if variant is None else f"{variant}: {setting}"


def by_variant(
    given: Mapping[str, Any], names: Sequence[str]
) -> tuple[dict[str, Any], dict[int, dict[str, Any]]]:
    """Changes of the base, and of each variant by its position.

    Parameters
    ----------
    given
        By key, as above, or by section.
    names
        Of the variants.

    Raises
    ------
    InputError
        If there is no such variant, a setting is given twice, or a name is no text.
    """
    base: dict[str, Any] = {}
    own: dict[int, dict[str, Any]] = {}
    for key, value in given.items():
        variant, setting = split_key(key) if isinstance(key, str) else (None, key)
        if variant is None:
            base[setting] = value
            continue
        if variant != EVERY and variant not in names:
            problem = f"there is no variant {quoted(variant)}"
            raise InputError(problem, remedy=hint(variant, names), key=key)
        if "." not in setting and not (setting in sections() and isinstance(value, Mapping)):
            problem = f"{described(setting)} is no setting of a variant"
            remedy = f'write "{variant}: section.name", such as "{variant}: programme.places"'
            raise InputError(problem, remedy=remedy, key=key)
        for number, name in enumerate(names):
            if variant in (EVERY, name):
                changes = own.setdefault(number, {})
                if setting in changes:
                    raise InputError(f"{setting} is given twice", remedy="give it once", key=key)
                changes[setting] = value
    return base, {number: nested(changes) for number, changes in own.items()}


def refuse_overridden(
    changes: Mapping[str, Any],
    variants: Sequence[Variant],
    own: Mapping[int, Mapping[str, Mapping[str, Any]]],
) -> None:
    """Complain about a change of the base that some variants would not take over.

    Parameters
    ----------
    changes
        Of the base, by section.
    variants
        As they are.
    own
        Changes of single variants; what is changed there as well is meant.

    Raises
    ------
    InputError
        If a variant sets the key itself.
    """
    for section, name in _settings(changes):
        key = f"{section}.{name}"
        setting_it = [
            variant.name
            for number, variant in enumerate(variants)
            if key in variant.overrides and name not in own.get(number, {}).get(section, {})
        ]
        if setting_it:
            problem = f"{listed(setting_it)} set{'s' * (len(setting_it) == 1)} it, where a change of the base does nothing"
            remedy = (
                f'write "{address(setting_it[0], key)}" to change it there, or "{address(EVERY, key)}" to '
                "change it in every variant"
            )
            raise InputError(problem, remedy=remedy, key=key)


def _settings(changes: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for section, values in changes.items():
        if section in sections() and isinstance(values, Mapping):
            yield from ((section, name) for name in values)
