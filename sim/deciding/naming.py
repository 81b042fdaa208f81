"""Names of the finalists: what matters most about each, and what sets those apart that would be called the same."""

from __future__ import annotations

from collections.abc import Sequence

from sim.deciding.levers import LEVERS, Candidate, Space

__all__ = ["names_of"]

_SHORT = {
    "capacity": "{} a mentor",
    "training": "training {}",
    "check_ins": "check-ins {}",
}

_INVITED = {
    ("voluntary", False): "volunteers",
    ("voluntary", True): "volunteers of two years or less",
    ("nominated", False): "nominated",
    ("offered_by_lot", False): "by lot",
    ("asked_by_name", False): "asked by name",
}


def names_of(
    chosen: Sequence[int], candidates: Sequence[Candidate], space: Space, posts: float
) -> dict[int, str]:
    """Of the finalists: a letter and the three things that matter most; their own where they have one."""
    names, letters = {}, 0
    for one in chosen:
        candidate = candidates[one]
        if candidate.values is None:
            names[one] = candidate.name
            continue
        words = space.words(candidate.values)
        programme = candidate.settings["programme"]
        places = round(float(programme["places"]) * posts)
        letter = chr(ord("A") + letters) if letters < 26 else f"A{letters}"
        what = _INVITED[programme["participation"], bool(programme["mentee_tenure_below"])]
        names[one] = (
            f"{letter}: {words['policy']}, {what}, {places} place{'' if places == 1 else 's'}"
        )
        letters += 1
    return _told_apart(names, candidates, space)


def _told_apart(
    names: dict[int, str], candidates: Sequence[Candidate], space: Space
) -> dict[int, str]:
    """Names that are the same but for their letter get what sets them apart."""
    alike: dict[str, list[int]] = {}
    for one, name in names.items():
        if candidates[one].values is not None:
            alike.setdefault(name.partition(": ")[2], []).append(one)
    for same in (many for many in alike.values() if len(many) > 1):
        words = [space.words(candidates[one].values or ()) for one in same]
        apart = [
            lever.name for lever in LEVERS[3:] if len({told[lever.name] for told in words}) > 1
        ][:2]
        for one, told in zip(same, words, strict=True):
            more = ", ".join(_SHORT.get(key, "{}").format(told[key]) for key in apart)
            names[one] = f"{names[one]}, {more}"[:100] if more else names[one]
    return names
