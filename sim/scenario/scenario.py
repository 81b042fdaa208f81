"""A scenario: one organisation, one base programme, and the variants to compare."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.errors import InputError
from sim.scenario.addresses import by_variant, refuse_overridden
from sim.scenario.document import changed_document, nested, places_of
from sim.scenario.frozen import Frozen, plain
from sim.scenario.messages import hint, quoted
from sim.scenario.rules import check_base, check_baseline, check_variants, has_programme
from sim.scenario.sections import DEFAULT, resolve_sections
from sim.scenario.source import Source
from sim.scenario.staff import Staff, read_staff, roster_digest, with_staff
from sim.scenario.variants import Variant, resolve_variants, tables_of_variants

if TYPE_CHECKING:
    from sim.organisation.roster.roster import Roster

__all__ = ["Scenario", "Variant"]


class Scenario:
    """What is simulated: validated, complete and unchangeable.

    Parameters
    ----------
    **given
        The keys at the top of a scenario file (``title``, ``months``, ``seed``, ...), each section
        as a mapping (``organisation={"employees": 200}``), and ``variants``, a list of mappings
        with ``name`` and sections or dotted keys. What is not given has its default. Files are
        looked for from the current folder.

    Raises
    ------
    InputError
        As for a scenario file, without line numbers.

    Examples
    --------
    >>> scenario = Scenario(
    ...     months=24,
    ...     variants=[
    ...         {"name": "No programme", "programme.policy": "none"},
    ...         {"name": "Reverse", "programme.policy": "reverse"},
    ...     ],
    ... )
    >>> scenario.baseline
    'No programme'
    >>> scenario.variant("Reverse").settings["programme"]["policy"]
    'reverse'
    """

    def __init__(self, **given: Any) -> None:
        self._build(nested(given), Source(), None)

    @classmethod
    def from_document(
        cls, document: Mapping[str, Any], source: Source, staff: Staff | None = None
    ) -> Scenario:
        """Return the scenario that a parsed file says; `source` knows its lines.

        `staff` is a roster read before, used again if it is the one that is asked for.

        Raises
        ------
        InputError
            If anything in it is wrong.
        """
        scenario = cls.__new__(cls)
        scenario._build(document, source, staff)
        return scenario

    def _build(self, document: Mapping[str, Any], source: Source, staff: Staff | None) -> None:
        tables = tables_of_variants(document, source)
        source = source.with_variants(tables)
        settings, origins = resolve_sections(document, source)
        staff = read_staff(settings, source, staff)
        if staff is not None:
            with_staff(settings, origins, staff, source)
        check_base(settings, source)
        variants = resolve_variants(tables, settings, source)
        check_baseline(settings["scenario"]["baseline"], variants, source)
        unset = [key for key, origin in origins.items() if origin == DEFAULT]
        check_variants(variants, source, None if staff is None else staff.roster, unset)
        self._document, self._source, self._staff = document, source, staff
        self._settings, self._origins, self._variants = Frozen(settings), Frozen(origins), variants

    @property
    def title(self) -> str:
        """One line that says what the scenario asks."""
        return str(self._settings["scenario"]["title"])

    @property
    def description(self) -> str:
        """What to look at in the results."""
        return str(self._settings["scenario"]["description"])

    @property
    def months(self) -> int:
        """How long each replicate lasts."""
        return int(self._settings["scenario"]["months"])

    @property
    def seed(self) -> int:
        """Master seed of all random numbers."""
        return int(self._settings["scenario"]["seed"])

    @property
    def replicates(self) -> int:
        """How many simulated firms each variant is tried on."""
        return int(self._settings["scenario"]["replicates"])

    @property
    def settings(self) -> Mapping[str, Mapping[str, Any]]:
        """The base settings by section and name, read-only; ``None`` = worked out later."""
        return self._settings

    @property
    def origins(self) -> Mapping[str, str]:
        """Where each base setting comes from, by dotted key.

        ``default``; ``line 12`` (or ``file`` if the line cannot be told); ``given`` (in code);
        ``changed`` (by :meth:`with_settings`); ``roster``.
        """
        return self._origins

    @property
    def variants(self) -> tuple[Variant, ...]:
        """The alternatives to compare, at least one."""
        return self._variants

    @property
    def baseline(self) -> str:
        """Name of the variant that the others are compared with."""
        given = self._settings["scenario"]["baseline"]
        if given is not None:
            return str(given)
        without = (item.name for item in self._variants if not has_programme(item.settings))
        return next(without, self._variants[0].name)

    @property
    def file(self) -> Path | None:
        """The file that it was read from, if any."""
        return self._source.file

    @property
    def document(self) -> Mapping[str, Any]:
        """What was written, nested like a file and unchecked: from it the scenario can be made again."""
        return self._document

    @property
    def roster(self) -> Roster | None:
        """The real staff, with known ties, if the organisation names a roster."""
        return None if self._staff is None else self._staff.roster

    def variant(self, name: str | int | None = None) -> Variant:
        """Return one variant.

        Parameters
        ----------
        name
            Its name, or its position from 0. None: the first that is not the baseline, or the
            only one.

        Raises
        ------
        InputError
            If there is no such variant.
        """
        if name is None:
            others = (item for item in self._variants if item.name != self.baseline)
            return next(others, self._variants[0])
        if isinstance(name, int):
            if not 0 <= name < len(self._variants):
                remedy = f"use 0 to {len(self._variants) - 1}, or a name"
                raise InputError(f"there is no variant number {name}", remedy=remedy)
            return self._variants[name]
        names = [item.name for item in self._variants]
        if name not in names:
            problem = f"there is no variant {quoted(str(name))}"
            raise InputError(problem, remedy=hint(name, names), file=self.file)
        return self._variants[names.index(name)]

    def with_settings(self, changes: Mapping[str, Any] | None = None, /, **more: Any) -> Scenario:
        """Return a copy with some base settings replaced, checked like any scenario.

        Parameters
        ----------
        changes, **more
            By dotted key (``{"programme.start_month": 12, "months": 24}``) or as sections
            (``programme={"start_month": 12}``). Shares and lists are replaced whole; ``variants``
            replaces all variants. ``"Reverse: programme.places"`` is that variant's own setting,
            ``"*: programme.places"`` every variant's.

        Raises
        ------
        InputError
            If the changed scenario is wrong, or a variant sets a key of the base itself, so that the
            change would do nothing there.
        """
        given = {**(changes or {}), **more}
        base, own = by_variant(given, [item.name for item in self._variants])
        new = nested(base)
        tables = list(self._document.get("variant", ()))
        if "variant" in new and own:
            problem = "variants are replaced, and one of them is changed"
            raise InputError(
                problem, remedy="write the change into the new variants", key="variants"
            )
        if own and not tables:  # the only variant is the base
            new = changed_document(new, own[0])
            own = {}
        if "variant" not in new:
            refuse_overridden(new, self._variants, own)
        places = [*places_of(new)]
        for number, table in own.items():
            tables[number] = changed_document(tables[number], table)
            places += [("variant", number, *place) for place in places_of(table)]
        document = changed_document(self._document, new)
        if own:
            document["variant"] = tables
        return Scenario.from_document(document, self._source.with_changes(places), self._staff)

    def digest(self) -> str:
        """Return a SHA-256, in hexadecimal, over all settings, variants and the roster.

        Comments, order, the file's name and what is left to defaults make no difference; the
        roster counts by its content, not by its path.
        """
        content = plain(self._settings)
        variants = [[item.name, plain(item.settings)] for item in self._variants]
        if self._staff is not None:
            people = roster_digest(self._staff.roster)
            for settings in (content, *(settings for _, settings in variants)):
                settings["organisation"] |= {"roster": people, "ties": None}
        text = json.dumps([content, variants], sort_keys=True, allow_nan=False)
        return hashlib.sha256(text.encode()).hexdigest()

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Scenario):
            return NotImplemented
        return self is other or self.digest() == other.digest()

    def __hash__(self) -> int:
        return hash(self.digest())

    def __repr__(self) -> str:
        names = ", ".join(quoted(item.name) for item in self._variants[:4])
        more = ", ..." if len(self._variants) > 4 else ""
        return f"<Scenario {quoted(self.title)}: {self.months} months; {names}{more}>"
