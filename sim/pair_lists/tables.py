"""A pair list as tables: pairs, unmatched, and how it was made."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from sim.pair_lists.known import WORDS
from sim.pair_lists.making import PairList
from sim.pair_lists.reasons import largest_gain, reasons_for

__all__ = [
    "STATUSES",
    "first_line",
    "how_it_was_made",
    "mean_score",
    "pairs_table",
    "unmatched_table",
    "words_on_needs",
]

STATUSES = ("draft", "fixed", "forbidden")

_DIRECTIONS = {
    "either": "the more senior teaches",
    "traditional": "senior teaches junior",
    "reverse": "junior teaches senior",
    "reciprocal": "both teach",
    "peer": "both teach, as equals",
    "anyone": "whoever knows more teaches",
}


def pairs_table(found: PairList) -> pd.DataFrame:
    """One row per pair, in the order of the roster."""
    ids = found.roster.employee_id
    rules = "; ".join(WORDS[name] for name in found.rules.checked) or "none"
    unchecked = "; ".join(f"{WORDS[name]} ({why})" for name, why in found.rules.unchecked)
    rows: list[dict[str, Any]] = []
    for part in found.parts:
        for index, mentee in enumerate(part.matches.mentees.tolist()):
            mentor = int(part.matches.mentors[index])
            reasons = [*reasons_for(part, index), "", "", ""][:3]
            stated = bool(part.scoring.stated[mentee] and part.scoring.stated[mentor])
            level = found.roster.level
            others = [
                (ids[row], "yes" if found.room_left[row] > 0 else "no") if row >= 0 else ("", "")
                for row in part.alternatives[index].tolist()
            ]
            score = 100.0 * float(part.matches.scores[index]) / max(found.best_score, 1e-12)
            rows.append(
                {
                    "row": mentee,
                    "mentee": ids[mentee],
                    "mentor": ids[mentor],
                    "status": "fixed" if bool(part.fixed[index]) else "draft",
                    "direction": _DIRECTIONS[part.scoring.policy.direction],
                    "score": round(score, 1),
                    "reason 1": reasons[0],
                    "reason 2": reasons[1],
                    "reason 3": reasons[2],
                    "largest expected gain": largest_gain(part, index),
                    "levels apart": int(level[mentor] - level[mentee]),
                    "other mentors as good": int(part.as_good[index]),
                    "alternative 1": others[0][0],
                    "alternative 1 free": others[0][1],
                    "alternative 2": others[1][0],
                    "alternative 2 free": others[1][1],
                    "basis": _basis(part.scoring.policy.score, stated),
                    "rules checked": rules,
                    "rules not checked": unchecked,
                    "mentor as drafted": ids[mentor],
                }
            )
    names = list(rows[0]) if rows else ["row", "mentee", "mentor", "status", "mentor as drafted"]
    table = pd.DataFrame(rows, columns=names)
    return table.sort_values("row", kind="stable").drop(columns="row").reset_index(drop=True)


def _basis(score: str, stated: bool) -> str:
    if score == "random":
        return "drawn by lot"
    return "stated" if stated and score in ("gap", "goals") else "estimated"


def unmatched_table(found: PairList) -> pd.DataFrame:
    """Mentees without a mentor and why; mentors without a mentee."""
    ids = found.roster.employee_id
    rows = [(ids[row], "mentee", reason) for row, reason in found.unmatched]
    rows += [(ids[row], "mentor", reason) for row, reason in found.idle]
    return pd.DataFrame(rows, columns=["person", "wanted to be", "reason"])


def first_line(found: PairList) -> str:
    """What the list can and cannot tell, before anything else."""
    pairs = f"{found.pairs:,} pair{'s' if found.pairs != 1 else ''}"
    policy = found.parts[0].scoring.policy
    if policy.score == "random":
        return f"{pairs}, drawn by lot among those who are allowed."
    if not found.estimated:
        if policy.score in ("gap", "goals"):
            return f"{pairs}. The skills of everybody in them are on file; this is the best that the rules allow."
        return f"{pairs}."
    lots = f"mentors drawn by lot under the same rules would keep {found.kept_by_lots:.0%} of the score"
    if found.estimated == found.pairs:
        return (
            f"{pairs}. Skills are not on file: the list can tell levels and ages apart, not people; {lots}. Let "
            "people choose among the alternatives, or add skills."
        )
    return (
        f"{pairs}; in {found.estimated:,} of them skills are not on file, and the list can tell levels and ages apart, "
        f"not people; {lots}."
    )


def _of(mentors: int, willing: int) -> str:
    """How many mentors there are, and how many of those who would mentor these are."""
    if mentors == willing:
        return f"{mentors:,} mentors"
    return f"{mentors:,} of the {willing:,} who may mentor (the others are allowed for nobody)"


def words_on_needs(found: PairList) -> list[str]:
    """Coverage, who is turned away, and what would close the gap."""
    need = found.needs
    lines = [
        f"Coverage: {_of(need.mentors, need.willing)} can take {need.capacity:,} mentees; {need.mentees:,} may get one "
        f"({need.coverage:.0%})."
    ]
    if need.places < need.mentees:
        how = "by lot" if found.request.choose == "lottery" else "to the best pairs"
        lines.append(f"Places: {need.places:,}; given {how}. More or fewer: --places.")
    if not found.participants.by_role:
        return [
            *lines,
            "Nobody is known to have signed up: the file has no roles, so everybody whom the settings invite counts.",
        ]
    if need.turned_away:
        lines.append(f"Turned away: {need.turned_away:,} mentees who could have a mentor.")
    if need.without_prospect and found.participants.by_role:
        lines.append(
            f"Out of reach: {need.without_prospect:,} mentees for whom levels and rules leave no mentor (see unmatched)."
        )
    if need.more_mentors:
        more, each = need.more_mentors, need.each
        ways = [
            f"{more:,} more mentor{'s' if more > 1 else ''} with {each} mentee{'s' if each > 1 else ''} each, whom the rules "
            "allow for those who wait"
        ]
        if need.smallest_capacity is not None:
            ways.append(f"or {need.smallest_capacity} mentees for every mentor")
        if need.raised_capacity is not None:
            ways.append(
                f"or {need.raised_capacity} mentees for every mentor, also for those who have stated fewer"
            )
        lines.append(f"To serve everybody: {', '.join(ways)}.")
    return lines


def how_it_was_made(found: PairList, source: str, version: str, seed: int) -> list[tuple[str, str]]:
    """Everything that a reader needs to judge the list, as label and text."""
    policy = found.plan.settings["programme"]["policy"]
    scoring = found.parts[0].scoring
    people = found.participants
    by = (
        "the roles in the roster"
        if people.by_role
        else "the levels and times of service in the settings"
    )
    lines = [
        ("What this list can tell", first_line(found)),
        *(tuple(line.split(": ", 1)) for line in words_on_needs(found) if ": " in line),
        ("Roster", source),
        ("Policy", f"{policy}: {_DIRECTIONS[scoring.policy.direction]}, by {scoring.policy.score}"),
        (
            "Taking part",
            f"by {by}: {len(people.mentees):,} may get a mentor, {len(people.mentors):,} may mentor",
        ),
        (
            "Score",
            "0 to 100, where 100 is the best pair of this list. It says how much there is to teach by the policy, not "
            "whether two people will get on.",
        ),
        ("Basis", _basis_text(found)),
        ("Rules checked", ", ".join(WORDS[name] for name in found.rules.checked) or "none"),
        (
            "Rules not checked",
            "; ".join(f"{WORDS[name]}: {why}" for name, why in found.rules.unchecked) or "none",
        ),
        (
            "Rules checked in part",
            "; ".join(
                f"{WORDS[name]}: missing for {count:,} people" for name, count in found.rules.partly
            )
            or "none",
        ),
        ("Preferences among equals", ", ".join(found.request.prefer).replace("_", " ") or "none"),
        ("Places short", f"given by {found.request.choose}"),
        (
            "To settle pairs",
            "write fixed or forbidden into the column status, or another id into the column mentor; then run "
            "mentorsim pair again with --draft and this file",
        ),
        ("Same list again", f"the same file, settings and seed ({seed}) give the same list"),
        ("Made by", f"mentorsim {version}"),
    ]
    if people.without_role:
        lines.insert(
            4, ("Without a role", f"{people.without_role:,} people on the roster, not on this list")
        )
    return [(str(label), str(text)) for label, text in lines]


def _basis_text(found: PairList) -> str:
    scoring = found.parts[0].scoring
    if not scoring.estimates:
        return (
            "stated: the skills of everybody are on file"
            if scoring.policy.score != "random"
            else "lots"
        )
    return (
        f"stated where the skills of both people are on file; else estimated: the mean over {scoring.worlds} imputed "
        "firms, smoothed over level, age, time of service and department"
    )


def mean_score(found: PairList) -> float:
    """Mean expected score of the pairs, in the units of the policy."""
    scores = np.concatenate([part.matches.scores for part in found.parts])
    return float(scores.mean()) if len(scores) else 0.0
