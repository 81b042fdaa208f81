"""Why two people are on the list together, in words that name only what is on file."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from sim.engine import columns
from sim.organisation.roster.roster import Roster
from sim.pair_lists.making import Part
from sim.programme.rules import aims_of

__all__ = ["largest_gain", "reasons_for"]

_FEWEST_YEARS = 2.0


def reasons_for(part: Part, index: int) -> list[str]:
    """Up to three reasons for a pair, the weightiest for its policy first; only evidence on file."""
    roster, policy = part.scoring.roster, part.scoring.policy
    mentee, mentor = int(part.matches.mentees[index]), int(part.matches.mentors[index])
    if bool(part.fixed[index]):
        return ["settled beforehand: the pair was fixed", *_about(roster, mentee, mentor)][:3]
    found = list(_skills(part, mentee, mentor))
    found += _about(roster, mentee, mentor)
    if policy.score == "random":
        found = ["drawn by lot", *found]
    return found[:3]


def _skills(part: Part, mentee: int, mentor: int) -> Iterator[str]:
    """What the mentor knows, by the skills on file, and the mentee wants or knows less of."""
    roster, scoring = part.scoring.roster, part.scoring
    names = scoring.plan.skill_names
    aims = int(aims_of(scoring.plan.skill, scoring.policy.direction_code, True))
    aimed = {name for k, name in enumerate(names) if aims >> k & 1}
    have, own = roster.skills_have[mentor], roster.skills_have[mentee]
    wants = [
        name
        for name in roster.skills_want[mentee]
        if name in aimed and have.get(name, 0.0) > own.get(name, 0.0)
    ]
    for name in wants:
        own_level = f", the mentee's at {own[name]:.0%}" if name in own else ""
        yield f"wants to learn {_plain(name)} (the mentor's is on file at {have[name]:.0%}{own_level})"
    gaps = [
        (have[name] - own[name], name)
        for name in names
        if name in aimed and name in have and name in own and name not in wants
    ]
    for gap, name in sorted(gaps, reverse=True)[:2]:
        if gap > 0.05:
            yield f"the mentor knows more of {_plain(name)} ({have[name]:.0%} against {own[name]:.0%})"


def _about(roster: Roster, mentee: int, mentor: int) -> list[str]:
    """Levels, departments, sites, ages and time of service, where they are on file."""
    found = []
    apart = int(roster.level[mentor] - roster.level[mentee])
    labels = f"{roster.level_names[roster.level[mentor] - 1]} and {roster.level_names[roster.level[mentee] - 1]}"
    if apart:
        where = "above" if apart > 0 else "below"
        steps = f"{abs(apart)} level{'s' if abs(apart) > 1 else ''}"
        found.append(f"the mentor stands {steps} {where} ({labels})")
    else:
        found.append(f"both stand on the same level ({labels.split(' and ')[0]})")
    years = float(roster.age[mentor] - roster.age[mentee])
    if abs(years) >= _FEWEST_YEARS:
        found.append(f"the mentor is {abs(years):.0f} years {'older' if years > 0 else 'younger'}")
    service = float(roster.tenure_months[mentor] - roster.tenure_months[mentee]) / 12.0
    if service >= _FEWEST_YEARS:
        found.append(f"the mentor has been there {service:.0f} years longer")
    one, other = (roster.department_names[roster.department[row]] for row in (mentor, mentee))
    found.append(f"both work in {one}" if one == other else f"across departments ({one}, {other})")
    if roster.site[mentee] >= 0 and roster.site[mentor] >= 0:
        one, other = (roster.site_names[roster.site[row]] for row in (mentor, mentee))
        found.append(f"same site ({one})" if one == other else f"across sites ({one}, {other})")
    return found


def largest_gain(part: Part, index: int) -> str:
    """The skill of which the mentee has most to gain, and whether that is on file or expected; "" if none."""
    scoring = part.scoring
    mentee, mentor = int(part.matches.mentees[index]), int(part.matches.mentors[index])
    direction = scoring.policy.direction_code
    aims = int(aims_of(scoring.plan.skill, direction, True))
    weights = scoring.plan.skill[columns.SKILL_WEIGHT]
    gaps = scoring.skills[mentor] - scoring.skills[mentee]
    aimed = np.array([bool(aims >> k & 1) for k in range(len(gaps))])
    worth = np.where(aimed & (gaps > 0.0), gaps * weights, -1.0)
    best = int(worth.argmax())
    if worth[best] <= 0.0:
        return ""
    name = scoring.plan.skill_names[best]
    known = all(name in scoring.roster.skills_have[row] for row in (mentee, mentor))
    return f"{_plain(name)} ({'on file' if known else 'expected by level and age'})"


def _plain(name: str) -> str:
    return name.replace("_", " ")
