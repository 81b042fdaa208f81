"""A desk: what one browser tab is about: a scenario as written, a staff list, and what was dialled."""

from __future__ import annotations

import copy
import io
import re
import secrets
import threading
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from sim.app.dials import DIALS, Dial, group_of, read_dial
from sim.errors import InputError
from sim.experiments.comparison import Comparison
from sim.organisation.pay import base_salary
from sim.organisation.roster.options import options_of
from sim.organisation.roster.roster import Roster
from sim.organisation.roster.understanding import Understanding, understand
from sim.outcomes.goals import GOALS
from sim.scenario.loading import load_scenario, parse_scenario
from sim.scenario.scenario import Scenario
from sim.scenario.source import Source
from sim.scenario.staff import Staff
from sim.scenario.templates import new_scenario
from sim.scenario.writing import scenario_text

__all__ = ["MOST_PROGRAMMES", "Desk", "ProgrammeRow"]

MOST_PROGRAMMES = 5
"""Programmes side by side, besides none."""

_DECIDED_BY_ROSTER = ("employees", "levels", "departments", "sites", "roster", "ties")
_NEW = "Another programme"


@dataclass(frozen=True, slots=True)
class ProgrammeRow:
    """One programme as the form shows it."""

    place: int
    name: str
    policy: str
    used: bool
    besides: str


@dataclass
class Desk:
    """One tab's work; changed by one request at a time.

    Attributes
    ----------
    token
        What its address has in it.
    document
        The scenario as a file would have it, nested tables.
    name
        What the scenario came from.
    staff_name, staff_bytes, understood
        The uploaded staff list, and how it was read; None without one.
    goal
        Key of what the programme is for.
    unused
        Positions of variants that are not compared.
    problem
        Why the last change could not be taken, as a sentence; empty if it could.
    remark
        What is implausible about what is simulated; empty if nothing is.
    awaited
        Name of a staff list that the scenario names and that is not here; empty if there is none.
    comparison
        The latest answer.
    answer
        Names what the page should show: another word for every other answer, whichever server gives it; empty
        before there is one.
    version
        Rises with everything that the page should say.
    doing
        What goes on, in a word.
    firms, asked
        How many firms the answer is made of, and will be.
    """

    token: str
    document: dict[str, Any] = field(default_factory=dict)
    name: str = ""
    staff_name: str = ""
    staff_bytes: bytes | None = None
    understood: Understanding | None = None
    goal: str = "stay"
    unused: set[int] = field(default_factory=set)
    problem: str = ""
    remark: str = ""
    awaited: str = ""
    comparison: Comparison | None = None
    answer: str = ""
    version: int = 0
    doing: str = ""
    firms: int = 0
    asked: int = 0
    _changing: threading.Lock = field(default_factory=threading.Lock, repr=False)

    # --- what goes on --------------------------------------------------------------------------------

    def now(self, **changed: Any) -> None:
        """Change attributes at once, so that whoever looks sees all of it or none; for several threads."""
        with self._changing:
            for name, value in changed.items():
                setattr(self, name, value)
            if "comparison" in changed:
                self.answer = secrets.token_hex(6)
            self.version += 1

    def state(self) -> dict[str, Any]:
        """What the page says about what goes on."""
        with self._changing:
            names = ("version", "doing", "firms", "asked", "answer")
            return {"problem": self.trouble, **{name: getattr(self, name) for name in names}}

    @property
    def trouble(self) -> str:
        """What to say beside the dials: why the last change could not be taken, what is missing, or implausible."""
        missing = (
            f"The scenario names the staff list {self.awaited!r}: upload it, too; until then a firm of the "
            "usual make stands for it."
        )
        said = [self.problem or self.remark, missing if self.awaited else ""]
        return " ".join(filter(None, said))

    # --- starting ------------------------------------------------------------------------------------

    def start_anew(self) -> None:
        """Begin with the usual comparison at default values."""
        self.document = tomllib.loads(new_scenario())
        self.name = "the usual comparison"
        self._leave_out_many()

    def start_from_file(self, path: Any) -> None:
        """Begin with a scenario of the library.

        Raises
        ------
        InputError
            If it cannot be used.
        """
        scenario = load_scenario(path)
        self.document = copy.deepcopy(dict(scenario.document))
        self.name = str(getattr(path, "name", path))
        roster = self.document.get("organisation", {}).get("roster")
        if roster is not None:
            self.take_staff((path.parent / str(roster)).read_bytes(), str(roster))
        self._leave_out_many()

    def start_from_text(self, content: bytes, name: str) -> None:
        """Begin with an uploaded scenario. No other file is read: a staff list that it names is asked for.

        Raises
        ------
        InputError
            If it cannot be used.
        """
        document = parse_scenario(content, name)[0]
        organisation = document.get("organisation")
        asked = ""
        if isinstance(organisation, dict) and ("roster" in organisation or "ties" in organisation):
            asked = str(organisation.pop("roster", ""))
            organisation.pop("ties", None)
        Scenario.from_document(document, Source())  # says what is wrong
        self.document, self.name = document, name
        self.awaited = asked
        self._leave_out_many()

    def take_staff(self, content: bytes, name: str) -> None:
        """Take a staff list, which stays in memory.

        Raises
        ------
        InputError
            If it cannot be read, with everything that is wrong with it.
        """
        if not self.document:
            self.start_anew()
        plain = re.split(r"[\\/]", name)[-1] or "staff.csv"
        organisation = dict(self.document.get("organisation", {}))
        for key in _DECIDED_BY_ROSTER:
            organisation.pop(key, None)
        found = understand(
            io.BytesIO(content), options_of(self._organisation(organisation)), name=plain
        )
        if found.roster is None:
            raise found.error()
        self.document["organisation"] = {**organisation, "roster": plain}
        self.staff_name, self.staff_bytes, self.understood = plain, content, found
        self.awaited = ""

    @staticmethod
    def _organisation(given: Mapping[str, Any]) -> dict[str, Any]:
        return {**group_of("organisation").defaults(), **given}

    def _leave_out_many(self) -> None:
        """Compare the first five programmes, if there are more."""
        programmes = [place for place, one in self._variants() if self._policy(one) != "none"]
        self.unused = set(programmes[MOST_PROGRAMMES:])

    def _variants(self) -> Iterator[tuple[int, dict[str, Any]]]:
        yield from enumerate(self.document.get("variant", []))

    @staticmethod
    def _policy(variant: Mapping[str, Any]) -> str:
        programme = variant.get("programme", {})
        return str(programme.get("policy", "")) if isinstance(programme, Mapping) else ""

    # --- what the form shows and sends ---------------------------------------------------------------

    def scenario(self, document: dict[str, Any] | None = None) -> Scenario:
        """The scenario with the variants that are compared.

        Raises
        ------
        InputError
            If something dialled cannot be.
        """
        chosen = self.chosen_document(document)
        return Scenario.from_document(chosen, Source(), self._staff(chosen))

    def chosen_document(self, document: dict[str, Any] | None = None) -> dict[str, Any]:
        """The document with the variants that are compared."""
        chosen = copy.deepcopy(self.document if document is None else document)
        if "variant" in chosen:
            chosen["variant"] = [
                one for place, one in enumerate(chosen["variant"]) if place not in self.unused
            ]
        return chosen

    def _staff(self, document: Mapping[str, Any]) -> Staff | None:
        organisation = document.get("organisation", {})
        if self.understood is None or self.staff_bytes is None:
            return None
        options = options_of(self._organisation(organisation))
        roster: Roster | None = self.understood.roster
        assert roster is not None
        return Staff(roster, (".", self.staff_name, None, options))

    def value_of(self, dial: Dial, scenario: Scenario) -> Any:
        """What a dial stands at."""
        section, _, name = dial.key.rpartition(".")
        if dial.key == "costs.salary":
            return round(base_salary(scenario.settings["costs"]), 2)
        return scenario.settings[section or "scenario"][name]

    def rows(self) -> list[ProgrammeRow]:
        """The programmes, and an empty row for another one."""
        found = []
        for place, variant in self._variants():
            policy = self._policy(variant)
            if policy == "none":
                continue
            besides = [
                f"{key}.{name} = {value}" if isinstance(values, Mapping) else f"{key} = {values}"
                for key, values in variant.items()
                if key != "name"
                for name, value in (values.items() if isinstance(values, Mapping) else [("", "")])
                if (key, name) != ("programme", "policy")
            ]
            found.append(
                ProgrammeRow(
                    place,
                    str(variant.get("name", "")),
                    policy,
                    place not in self.unused,
                    "; ".join(besides),
                )
            )
        return found

    def dial(self, form: Mapping[str, str]) -> None:
        """Take what a form sends; on trouble nothing changes but `problem`.

        Parameters
        ----------
        form
            Dials by key, ``programme-N-name``, ``-policy`` and ``-used`` by position, ``goal``.
        """
        if form.get("goal") in {goal.key for goal in GOALS} | {"pay"}:
            self.goal = form["goal"]
        document, unused = copy.deepcopy(self.document), set(self.unused)
        try:
            scenario = self.scenario()
            for dial in DIALS:
                if dial.key in form:
                    self._turn(document, dial, form[dial.key], scenario)
            self._take_programmes(document, unused, form)
            before, self.unused = self.unused, unused
            try:
                self.scenario(document)
            except InputError:
                self.unused = before
                raise
        except InputError as error:
            self.problem = str(error)
            return
        self.document, self.problem = document, ""

    def _turn(self, document: dict[str, Any], dial: Dial, text: str, scenario: Scenario) -> None:
        section, _, name = dial.key.rpartition(".")
        value = read_dial(dial, text)
        if value == self.value_of(dial, scenario):
            return
        if section == "organisation" and self.understood is not None and name in _DECIDED_BY_ROSTER:
            return
        table = document.setdefault(section, {}) if section else document
        table[name] = value

    def _take_programmes(
        self, document: dict[str, Any], unused: set[int], form: Mapping[str, str]
    ) -> None:
        variants = document.setdefault("variant", [])
        for place, variant in enumerate(variants):
            stem = f"programme-{place}"
            if f"{stem}-name" not in form:
                continue
            variant["name"] = form[f"{stem}-name"].strip()
            variant["programme"] = {
                **variant.get("programme", {}),
                "policy": form[f"{stem}-policy"],
            }
            (unused.discard if form.get(f"{stem}-used") == "yes" else unused.add)(place)
        if form.get("programme-new-policy"):
            name = form.get("programme-new-name", "").strip() or _NEW
            variants.append({"name": name, "programme": {"policy": form["programme-new-policy"]}})
        used = [
            place
            for place, one in enumerate(variants)
            if self._policy(one) != "none" and place not in unused
        ]
        if len(used) > MOST_PROGRAMMES:
            raise InputError(
                f"{len(used)} programmes are ticked",
                remedy=f"compare at most {MOST_PROGRAMMES} at a time",
            )

    # --- downloads -----------------------------------------------------------------------------------

    def toml(self, replicates: int | None = None) -> str:
        """The scenario as it was dialled, ready for ``mentorsim compare``.

        Parameters
        ----------
        replicates
            Firms that the app simulates at most; None if the file is not to say.
        """
        above = [f"From {self.name}, as it was dialled in the app."]
        if self.staff_name:
            above.append(f"Put the staff list {self.staff_name} into the same folder.")
        document = self.chosen_document()
        if replicates is not None:
            document = {**document, "replicates": replicates}
        return scenario_text(document, above)
