"""What a programme's own figures are called: the columns of the file that platforms and personnel records fill."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

__all__ = ["COLUMNS", "MONTHS_BEFORE", "NAMES", "STANDING", "Column", "template"]

MONTHS_BEFORE = 12
"""Months before the start that are used, at most."""


@dataclass(frozen=True, slots=True)
class Column:
    """One figure of a month.

    Attributes
    ----------
    names
        What others call it.
    meaning
        What it is.
    share_of
        The column of which a share, written as a percentage, is taken; "" if it must be a number.
    """

    names: str
    meaning: str
    share_of: str = ""


COLUMNS: Mapping[str, Column] = {
    "headcount": Column("employees staff people fte", "People employed at the end of the month."),
    "registered": Column(
        "sign_ups signups enrolled applicants registrations volunteers registered_participants",
        "People who asked for a place this month, as mentor or mentee.",
    ),
    "matched": Column(
        "participants matched_participants people_matched participants_matched",
        "People who got a partner this month, both sides counted.",
        "registered",
    ),
    "pairs": Column(
        "matches pairs_opened pairs_started new_pairs new_matches relationships",
        "Pairs that began this month.",
    ),
    "good_fit": Column(
        "good_matches good_fits satisfied_pairs positive_fit",
        "Pairs that called it a good fit after their first meeting this month.",
        "pairs",
    ),
    "poor_fit": Column(
        "bad_matches poor_fits bad_fit negative_fit", "Pairs that called it a poor one.", "pairs"
    ),
    "sessions_planned": Column(
        "meetings_planned planned_sessions planned_meetings sessions_scheduled scheduled",
        "Meetings that were planned for the month.",
    ),
    "sessions_held": Column(
        "meetings_held held_sessions held_meetings sessions_completed meetings_completed sessions meetings "
        "attendance",
        "Those of them that took place.",
        "sessions_planned",
    ),
    "ended_early": Column(
        "early_endings pairs_ended_early early_closures broken_up dropped_pairs",
        "Pairs that broke up this month (not because somebody left).",
        "pairs",
    ),
    "survey": Column(
        "engagement engagement_score survey_score survey_mean engagement_survey",
        "Mean of the engagement survey, if there was one this month, always on the same scale.",
    ),
    "quits": Column(
        "resignations voluntary_exits leavers_voluntary", "People who quit this month."
    ),
    "participants_now": Column(
        "participants_employed current_participants ever_participants",
        "People employed who take part or ever did.",
    ),
    "quits_participants": Column(
        "participant_quits quits_of_participants resignations_participants",
        "People who quit and took part or ever did.",
    ),
}
"""The columns besides the month, in the order of the template."""

STANDING = ("headcount", "survey", "participants_now")
"""Columns that say how things stand; all others are what happened in the month, and add up."""

NAMES = {
    "month": ("month months month_number month_of_programme period monat mois mes maand",),
    **{name: (f"{name} {column.names}",) for name, column in COLUMNS.items()},
}
"""What files may call the columns, as :func:`sim.organisation.roster.rows.read_rows` takes it."""


def template(horizon: int = 6) -> str:
    """The text of an empty file: what each column means, the year before, and some months."""
    lines = [
        "# Figures of a mentoring programme, one row a month. Leave blank what is not known: nothing is made up."
    ]
    lines += ["# month: 1 is the month in which the first cohort opened, -1 the month before it."]
    lines += [f"# {name}: {column.meaning}" for name, column in COLUMNS.items()]
    lines.append(",".join(["month", *COLUMNS]))
    months = [*range(-MONTHS_BEFORE, 0), *range(1, horizon + 1)]
    lines += [f"{month}{',' * len(COLUMNS)}" for month in months]
    return "\n".join(lines) + "\n"
