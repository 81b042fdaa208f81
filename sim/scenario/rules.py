"""Settings that are allowed one by one and impossible together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from operator import itemgetter
from typing import Any

from sim.errors import InputError
from sim.organisation.roster.roster import Roster
from sim.organisation.settings import ORGANISATION
from sim.programme.invitations import with_open_levels
from sim.programme.large_assignment import has_solver
from sim.programme.policies import policies_of
from sim.scenario.messages import hint, number_text, quoted
from sim.scenario.positions import Position
from sim.scenario.source import Source
from sim.scenario.variants import Variant

__all__ = ["check_base", "check_baseline", "check_variants", "has_programme", "refusals"]

NO_PROGRAMME = "none"

_DIRECTED = frozenset({"traditional", "reverse", "reciprocal"})
_MOST_LEVELS = int(ORGANISATION["levels"].high)
_NO_SIZE = "hiring_freeze"
_SIZE_IS_SHARE = "technology_jump"

Settings = Mapping[str, Mapping[str, Any]]


def has_programme(settings: Settings) -> bool:
    """Whether anybody is paired at all under these settings."""
    return bool(settings["programme"]["policy"] != NO_PROGRAMME)


def check_base(settings: Settings, source: Source) -> None:
    """Check the organisation, which all variants share.

    Raises
    ------
    InputError
        For more levels or departments than people, complete ties without a file, or skills that all weigh
        nothing.
    """
    organisation = settings["organisation"]
    for name in ("levels", "departments"):
        count, people = organisation[name], organisation["employees"]
        if count is not None and count > people:
            problem = f"{count} {name} are more than the {people} people of the organisation"
            remedy = f"use at most {people}, or leave {name} out to have it worked out"
            raise source.error(("organisation", name), problem, remedy)
    wanted, total = organisation["turnover"], organisation["turnover_total"]
    if wanted is not None and total is not None and total < wanted:
        problem = f"fewer leave in all ({number_text(total)}) than quit ({number_text(wanted)})"
        remedy = f"use at least {number_text(wanted)}, or leave one of the two out"
        raise source.error(("organisation", "turnover_total"), problem, remedy)
    if organisation["ties_complete"] and organisation["ties"] is None:
        remedy = "give organisation.ties, or leave ties_complete out"
        problem = "there is no file of ties that could be complete"
        raise source.error(("organisation", "ties_complete"), problem, remedy)
    if not any(skill["weight"] for skill in organisation["skills"]):
        remedy = "give at least one skill a weight above 0"
        raise source.error(("organisation", "skills"), "all skills have weight 0", remedy)


def check_baseline(baseline: str | None, variants: Sequence[Variant], source: Source) -> None:
    """Check that the baseline, if it is given, names a variant.

    Raises
    ------
    InputError
        If it does not.
    """
    names = [variant.name for variant in variants]
    if baseline is not None and baseline not in names:
        problem = f"{quoted(baseline)} is not the name of a variant"
        raise source.error(("baseline",), problem, hint(baseline, names))


def check_variants(
    variants: Sequence[Variant],
    source: Source,
    roster: Roster | None = None,
    unset: Collection[str] | None = None,
) -> None:
    """Check each variant's programme, pay, ties and shocks against the rest of its settings.

    `unset` names the base settings that nobody wrote, by dotted key; None where that is not known.

    Raises
    ------
    InputError
        Naming the variant, the setting and what to do.
    """
    for refusal in refusals(variants, source, roster, unset):
        raise refusal


def refusals(
    variants: Sequence[Variant],
    source: Source,
    roster: Roster | None = None,
    unset: Collection[str] | None = None,
) -> Iterator[InputError]:
    """Everything for which the variants are refused, one after the other; nothing where they may be simulated."""
    any_programme = any(has_programme(variant.settings) for variant in variants)
    for number, variant in enumerate(variants):
        here = _Place(number, variant, source, any_programme)
        yield from here.check_start()
        yield from here.check_level_gap()
        yield from here.check_invited()
        yield from here.check_pairs_exist()
        yield from here.check_check_ins()
        yield from here.check_steps()
        yield from here.check_null_models()
        yield from here.check_ties(roster)
        yield from here.check_shocks()
        yield from here.check_solver()
        yield from here.check_pay(unset)


class _Place:
    """One variant's settings, and where each of them is written."""

    def __init__(self, number: int, variant: Variant, source: Source, any_programme: bool) -> None:
        self.number = number
        self.variant = variant
        self.source = source
        self.programme = with_open_levels(variant.settings["programme"])
        self.has_programme = has_programme(variant.settings)
        self.any_programme = any_programme

    def place(self, section: str, key: str) -> Position:
        """Where the value that holds in this variant is written: by the variant, or in the base."""
        if f"{section}.{key}" in self.variant.overrides:
            return ("variant", self.number, section, key)
        return (section, key)

    def named(self) -> str:
        """Name the variant for a message, if the scenario names any."""
        return f" of variant {quoted(self.variant.name)}" if self.source.variant_names else ""

    def check_start(self) -> Iterator[InputError]:
        start, months = self.programme["start_month"], self.variant.settings["scenario"]["months"]
        if self.has_programme and start >= months:
            yield self.source.error(
                self.place("programme", "start_month"),
                f"the programme{self.named()} would begin in month {start}, after the end of the "
                f"simulation (months = {months})",
                f"let it begin in month {months - 1} or before, or set months above {start}",
                ("months",),
                self.place("programme", "policy"),
            )

    def check_level_gap(self) -> Iterator[InputError]:
        organisation = self.variant.settings["organisation"]
        gap, levels = self.programme["minimum_level_gap"], organisation["levels"]
        if not self.has_programme or levels is None or gap < levels or not self.needs_gap():
            return
        yield self.source.error(
            self.place("programme", "minimum_level_gap"),
            f"no pair{self.named()} can be {gap} levels apart in an organisation of {levels} "
            f"level{'' if levels == 1 else 's'}",
            f"use at most {levels - 1}",
            ("organisation", "levels"),
            ("organisation", "roster"),
            self.place("programme", "policy"),
        )

    def needs_gap(self) -> bool:
        """Whether the pairs have a direction, which is what a gap is for."""
        return any(policy.direction in _DIRECTED for policy in policies_of(self.programme))

    def check_invited(self) -> Iterator[InputError]:
        """Somebody must be invited to each of the roles."""
        if not self.has_programme:
            return
        levels = self.variant.settings["organisation"]["levels"]
        for role in ("mentee", "mentor"):
            low, high = f"{role}_from_level", f"{role}_to_level"
            first, last = self.programme[low], self.programme[high]
            if first > last:
                yield self.source.error(
                    self.place("programme", low),
                    f"no level{self.named()} is both at least {first} and at most {last}",
                    f"use at most {last}, or raise {high}",
                    self.place("programme", high),
                    self.place("programme", "policy"),
                )
            if levels is not None and first > levels:
                yield self.source.error(
                    self.place("programme", low),
                    f"nobody{self.named()} stands at level {first} in an organisation of {levels} "
                    f"level{'' if levels == 1 else 's'}",
                    f"use at most {levels}",
                    ("organisation", "levels"),
                    ("organisation", "roster"),
                    self.place("programme", "policy"),
                )
        newest, below = self.programme["minimum_tenure"], self.programme["mentee_tenure_below"]
        if 0 < below <= newest:
            yield self.source.error(
                self.place("programme", "mentee_tenure_below"),
                f"no mentee{self.named()} can have been there less than {below} months and at least "
                f"{newest}",
                f"use more than {newest}, or 0 for no limit",
                self.place("programme", "minimum_tenure"),
                self.place("programme", "policy"),
            )

    def check_steps(self) -> Iterator[InputError]:
        """A stepped start has openings of its own."""
        rolling = self.programme["enrolment"] == "rolling"
        if self.has_programme and rolling and self.programme["lottery_steps"] > 1:
            yield self.source.error(
                self.place("programme", "lottery_steps"),
                f"a stepped start{self.named()} and enrolment month by month exclude each other",
                'use enrolment = "fixed", or lottery_steps = 1',
                self.place("programme", "enrolment"),
            )

    def check_pairs_exist(self) -> Iterator[InputError]:
        """Some mentor's level must be on the side of some mentee's that the direction asks for."""
        if not self.has_programme:
            return
        programme = self.programme
        levels = self.variant.settings["organisation"]["levels"] or _MOST_LEVELS
        mentors = programme["mentor_from_level"], min(levels, programme["mentor_to_level"])
        mentees = programme["mentee_from_level"], min(levels, programme["mentee_to_level"])
        gap = programme["minimum_level_gap"]
        highest, lowest = mentors[1] - mentees[0], mentors[0] - mentees[1]
        for policy in policies_of(programme):
            needed = {
                "either": ("at least as high as", "mentor_to_level", highest >= 0),
                "traditional": (f"{gap} above", "mentor_to_level", highest >= gap),
                "reciprocal": (f"{gap} above", "mentor_to_level", highest >= gap),
                "reverse": (f"{gap} below", "mentor_from_level", -lowest >= gap),
                "peer": ("the same as", "mentor_from_level", lowest <= 0 <= highest),
            }
            if policy.direction not in needed:
                continue
            words, key, possible = needed[policy.direction]
            if not possible:
                yield self.source.error(
                    self.place("programme", key),
                    f"no pair{self.named()} is possible: a mentor's level must be {words} the mentee's, "
                    f"with mentors of level {mentors[0]} to {mentors[1]} and mentees of level "
                    f"{mentees[0]} to {mentees[1]}",
                    "invite other levels, or choose another direction",
                    *(
                        self.place("programme", name)
                        for name in (
                            "mentor_from_level", "mentor_to_level", "mentee_from_level",
                            "mentee_to_level", "minimum_level_gap", "direction", "policy",
                        )
                    ),
                )  # fmt: skip

    def check_check_ins(self) -> Iterator[InputError]:
        """A cohort must last longer than the time to its first check-in."""
        interval, length = self.programme["check_in_months"], self.programme["cohort_months"]
        fixed = self.programme["enrolment"] == "fixed"
        if self.has_programme and fixed and interval >= length:
            yield self.source.error(
                self.place("programme", "check_in_months"),
                f"no check-in{self.named()} would take place: the first would be after {interval} "
                f"months, and a cohort lasts {length}",
                f"use at most {length - 1}, or 0 for none"
                if length > 1
                else "use 0 for none, or longer cohorts",
                self.place("programme", "cohort_months"),
                self.place("programme", "policy"),
            )

    def check_null_models(self) -> Iterator[InputError]:
        """A variant without a programme may share a base with a null model, unless all are such."""
        for name, what in (("placebo", "a placebo"), ("shuffled", "a monthly shuffle")):
            place = self.place("programme", name)
            if not self.programme[name] or self.has_programme:
                continue
            if place[0] == "variant" or not self.any_programme:
                yield self.source.error(
                    place,
                    f"{what} needs pairs, and the policy{self.named()} is {quoted(NO_PROGRAMME)}",
                    f"choose another programme.policy, or leave {name} out",
                    self.place("programme", "policy"),
                )

    def check_ties(self, roster: Roster | None) -> Iterator[InputError]:
        """Ties that are complete must all have a place."""
        if roster is None or not self.variant.settings["organisation"]["ties_complete"]:
            return
        places = self.variant.settings["ties"]["places"]
        most = max(Counter(roster.ties[:, 0].tolist()).items(), key=itemgetter(1), default=(0, 0))
        if most[1] > places:
            yield self.source.error(
                self.place("ties", "places"),
                f"the ties are complete, and there is room for {places} of the {most[1]} ties of "
                f"{quoted(roster.employee_id[most[0]])}{self.named()}",
                f"use at least {most[1]}, or leave organisation.ties_complete out",
                ("organisation", "ties_complete"),
                ("organisation", "ties"),
            )

    def check_solver(self) -> Iterator[InputError]:
        if self.programme["large_cohorts"] == "flow" and not has_solver():
            yield self.source.error(
                self.place("programme", "large_cohorts"),
                '"flow" needs OR-tools, which is not installed',
                'install it (pip install "mentorsim[large]"), or use "blocks"',
            )

    def check_pay(self, unset: Collection[str] | None) -> Iterator[InputError]:
        """Salaries by level are one for each level, and say all that there is to say about pay."""
        organisation, costs = self.variant.settings["organisation"], self.variant.settings["costs"]
        stated = costs["salary_by_level"]
        if not stated:
            return
        from sim.organisation.design import default_levels  # here, as it brings the compiler along

        by_level = self.place("costs", "salary_by_level")
        levels = organisation["levels"] or default_levels(int(organisation["employees"]))
        if len(stated) != levels:
            yield self.source.error(
                by_level,
                f"{len(stated)} {'salary' if len(stated) == 1 else 'salaries'} for {levels} "
                f"level{'' if levels == 1 else 's'}{self.named()}",
                f"give {levels}, the lowest level's first, or set organisation.levels",
                ("organisation", "levels"),
            )
        for name in ("salary", "salary_growth"):
            place = self.place("costs", name)
            in_base = unset is not None and f"costs.{name}" not in unset
            if place[0] == "variant" or (in_base and by_level[0] != "variant"):
                yield self.source.error(
                    place,
                    f"salary_by_level says what each level earns{self.named()}, and {name} is given as well",
                    "remove one of the two",
                    by_level,
                )

    def check_shocks(self) -> Iterator[InputError]:
        months = self.variant.settings["scenario"]["months"]
        place = self.place("environment", "shocks")
        for index, shock in enumerate(self.variant.settings["environment"]["shocks"]):
            here = (*place, index)
            if shock["month"] >= months:
                problem = f"month {shock['month']} is after the end of the simulation"
                remedy = f"use 0 to {months - 1}, or more months than {months}"
                yield self.source.error((*here, "month"), problem, remedy, ("months",))
            if shock["size"] is None:
                continue
            size = number_text(shock["size"])
            if shock["kind"] == _NO_SIZE:
                problem = f"a {_NO_SIZE} has no size, and {size} is given"
                yield self.source.error((*here, "size"), problem, "leave size out")
            if shock["kind"] == _SIZE_IS_SHARE and shock["size"] > 1:
                problem = f"{size} is out of range for a {_SIZE_IS_SHARE}, whose size is a share"
                yield self.source.error((*here, "size"), problem, "write a number from 0 to 1")
