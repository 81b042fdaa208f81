"""What a planner asks of a pair list, and what cannot be asked."""

from __future__ import annotations

from dataclasses import dataclass, field

from sim.errors import InputError
from sim.programme.policies import PRESETS
from sim.registry import ADDED

__all__ = ["CHOICES", "PREFERENCES", "Draft", "PairRequest", "refuse_judgements"]

CHOICES = ("lottery", "best")
"""Who gets a place where places are short."""

PREFERENCES = ("same_site", "other_site", "same_department", "other_department", "same_work_mode")
"""What may decide among pairs that are as good as equal."""

_JUDGEMENTS = {
    "self_selected": "in it people choose for themselves; the simulation depicts their choices, and a list that "
    "made them up would not be theirs. Let them choose on a platform, or take another policy",
    "nominated": "in it a coordinator pairs by what they know of people, which no file holds. The list that they "
    "make is the pair list",
    "ai_assisted": "it stands for somebody else's prediction of fit, which the simulation depicts by its accuracy. "
    "Take the product's own list",
}


@dataclass(frozen=True, slots=True)
class Draft:
    """What a coordinator has settled in a draft that is read back.

    Attributes
    ----------
    fixed
        Pairs (mentee, mentor) that stay, by employee id.
    forbidden
        Pairs that must not be made, by employee id.
    """

    fixed: tuple[tuple[str, str], ...] = ()
    forbidden: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class PairRequest:
    """What is asked of a pair list.

    Attributes
    ----------
    places
        Most pairs; None: as many as there are mentees where the roster states roles, else the settings' share
        of the headcount.
    choose
        ``lottery`` or ``best``: who gets a place where there are fewer than people who could have one.
    prefer
        Of :data:`PREFERENCES`; they decide among pairs that are as good as equal.
    draft
        What is settled already.
    """

    places: int | None = None
    choose: str = "lottery"
    prefer: tuple[str, ...] = ()
    draft: Draft = field(default_factory=Draft)

    def __post_init__(self) -> None:
        if self.places is not None and self.places < 1:
            raise InputError(
                f"{self.places} places are too few", remedy="give 1 or more", key="places"
            )
        if self.choose not in CHOICES:
            remedy = f"choose one of: {', '.join(CHOICES)}"
            raise InputError(f"{self.choose!r} is not known", remedy=remedy, key="choose")
        for one in self.prefer:
            if one not in PREFERENCES:
                remedy = f"choose among: {', '.join(PREFERENCES)}"
                raise InputError(f"{one!r} is not a preference", remedy=remedy, key="prefer")
            other = {"same": "other", "other": "same"}[one.split("_")[0]]
            if f"{other}_{one.partition('_')[2]}" in self.prefer:
                problem = f"{one} and {other}_{one.partition('_')[2]} contradict each other"
                raise InputError(problem, remedy="prefer one of the two", key="prefer")


def refuse_judgements(policy: str) -> None:
    """Refuse policies that depict other people's judgement, and no policy at all.

    Raises
    ------
    InputError
        With a sentence that says why.
    """
    known = [name for name in (*PRESETS, *ADDED.names("policies")) if name not in _JUDGEMENTS]
    remedy = f"policies for a pair list: {', '.join(known)}, portfolio"
    if policy == "none":
        raise InputError("without a programme there are no pairs", remedy=remedy, key="policy")
    if policy in _JUDGEMENTS:
        problem = f"a pair list cannot be made by {policy}: {_JUDGEMENTS[policy]}"
        raise InputError(problem, remedy=remedy, key="policy")
