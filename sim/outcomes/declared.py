"""What is told about a simulated firm: every outcome, declared once.

One entry of the list is one outcome; :mod:`sim.outcomes.outcome` says what an outcome is.
"""

from __future__ import annotations

import numpy as np

from sim.outcomes.kinds import each_cohort, gaps, kept, per_100, ratio, skill, yearly
from sim.outcomes.money import (
    output_for_pay,
    outside_cost,
    payroll,
    programme_cash,
    programme_cost,
    programme_hours,
    replacement_cost,
    total_cost,
)
from sim.outcomes.outcome import SHARE, Context, Outcome, Real, Sums, curve_of, divided

__all__ = [
    "CURVES",
    "GROUPED",
    "OUTCOMES",
    "Context",
    "Outcome",
    "Sums",
    "add_outcome",
    "curve_of",
    "outcome",
    "remove_outcome",
]


def outcome(name: str) -> Outcome:
    """The outcome of a name; KeyError if there is none."""
    return _BY_NAME[name]


def _lottery_mentored_gap(sums: Sums, context: Context) -> Real:
    drawn = divided(100.0 * sums["drawn_mentored"], sums["drawn"])
    return np.asarray(drawn - divided(100.0 * sums["undrawn_mentored"], sums["undrawn"]))


def _digital_gap(sums: Sums, context: Context) -> Real:
    young = divided(sums["young_emerging"], sums["young"])
    gap = np.asarray(young - divided(sums["old_emerging"], sums["old"]))
    return gap if context.skills["emerging"] else np.full_like(gap, np.nan)


def _knowledge_held(sums: Sums, context: Context) -> Real:
    held = sums["institutional"] / context.months
    return held if context.skills["institutional"] else np.full_like(held, np.nan)


def _knowledge_lost(sums: Sums, context: Context) -> Real:
    # Leavers' skill is recorded as a sum over skills, what is held as a mean over skills.
    return divided(
        1200.0 * sums["institutional_lost"], sums["institutional"] * context.skills["institutional"]
    )


def _pairs_opened(sums: Sums, context: Context) -> Real:
    return divided(100.0 * sums["opened"] * context.months, sums["headcount"] * context.cohorts)


def _places_filled(sums: Sums, context: Context) -> Real:
    return divided(100.0 * sums["opened"], sums["places"])


def _participants(sums: Sums, context: Context) -> Real:
    return np.asarray(sums["participants"] * 12.0 / context.months)


OUTCOMES: list[Outcome] = [
    # --- the three headlines -----------------------------------------------------------------------
    per_100("innovation", "Innovation", True, "implemented", "Ideas carried out",
             headline=True, curve="monthly", by_group=True),
    ratio("engagement", "Engagement", "0 to 1", True, "engagement", "headcount",
           "Mean engagement, over people and months.",
           headline=True, curve="monthly", by_group=True),
    kept("retention_12_months", "Retention over 12 months", "left_within_year", "year_base",
          "Of those present when a year begins, the share still there when it ends; mean over the "
          "complete years from the programme's start.", headline=True, by_group=True),
    # --- engagement and leaving --------------------------------------------------------------------
    ratio("engaged", "Engaged", SHARE, True, "engaged", "headcount",
           "People whose engagement is high.", factor=100.0, curve="monthly", by_group=True),
    ratio("disengaged", "Disengaged", SHARE, False, "disengaged", "headcount",
           "People whose engagement is low.", factor=100.0),
    ratio("safety", "Psychological safety", "0 to 1", True, "safety", "headcount",
           "Mean over people and months of how safe it feels to speak up.", curve="monthly"),
    kept("retention", "Retention to the end", "left_of_cohort", "cohort_base",
          "Of those present when the programme starts, the share still there at the end (curve: in "
          "each month).", curve="cumulative"),
    per_100("quits", "Quits", False, "quits", "People who quit", curve="monthly", by_group=True),
    per_100("regretted_quits", "Regretted quits", False, "regretted",
             "People of good output who quit"),
    yearly("quits_staff", "Quits of staff", "People of the levels 1 and 2 who quit"),
    yearly("quits_middle", "Quits of the middle", "People between the second level and the top two "
            "who quit"),
    yearly("quits_leaders", "Quits of leaders", "People of the top two of four or more levels who "
            "quit"),
    per_100("involuntary_exits", "Involuntary exits", None, "involuntary", "People dismissed"),
    per_100("retirements", "Retirements", None, "retired", "People who retired"),
    # --- work, skills, knowledge -------------------------------------------------------------------
    ratio("output", "Productivity index", "index", True, "output", "headcount",
           "Mean output: skills in use times effort, about 0 to 1.", curve="monthly", by_group=True),
    ratio("newcomers_output", "Newcomers' productivity index", "index", True, "newcomers_output",
           "newcomers", "Mean output of people in their first year."),
    skill("emerging", "emerging skills (digital, AI, trends, inclusion)"),
    skill("institutional", "institutional skills (industry, know-how, leadership)"),
    skill("interpersonal", "interpersonal skills (communication, coaching)"),
    Outcome("digital_gap", "Digital gap", "0 to 1", "How much more emerging skill the young have than "
            "the old.", "Σ young_emerging / Σ young - Σ old_emerging / Σ old", False, _digital_gap,
            curve="monthly"),
    ratio("leaders_emerging", "Leaders' emerging skills", "0 to 1", True, "leaders_emerging",
           "leaders", "Mean emerging skill of the top two of four or more levels.", kind="emerging"),
    Outcome("knowledge_held", "Institutional knowledge held", "full-skill people", "Institutional skill "
            "summed over people, in an average month: 100 is the full skill of 100 people.",
            "Σ institutional / months", True, _knowledge_held),
    Outcome("knowledge_lost", "Institutional knowledge lost", "% per year", "Share of the institutional "
            "knowledge held that leaves with leavers in a year.",
            "1200 · Σ institutional_lost / (institutional skills · Σ institutional)", False,
            _knowledge_lost),
    # --- ties, careers, ideas ----------------------------------------------------------------------
    ratio("ties", "Advice ties", "per head", None, "ties", "headcount",
           "People whose advice a person seeks."),
    ratio("ties_across_levels", "Ties across levels", SHARE, True, "ties_across_levels", "ties",
           "Advice ties between people of different levels.", factor=100.0, curve="monthly"),
    ratio("ties_across_departments", "Ties across departments", SHARE, True,
           "ties_across_departments", "ties", "Advice ties between departments.", factor=100.0),
    per_100("promotions", "Promotions", None, "promotions", "Posts filled from within",
             by_group=True),
    per_100("ideas", "Ideas", True, "ideas", "Ideas had, voiced or not"),
    per_100("voiced", "Ideas voiced", True, "voiced", "Ideas heard where they are decided"),
    ratio("novelty", "Novelty of ideas", "index", True, "novelty", "implemented",
           "Mean novelty of the ideas carried out."),
    # --- the programme -----------------------------------------------------------------------------
    ratio("pair_quality", "Quality of pairs", "0 to 1", True, "pair_quality", "formal_pairs",
           "Mean quality of the programme's relationships, over pairs and months.", curve="monthly"),
    Outcome("pairs_opened", "Pairs opened", "per 100 employees and cohort", "Pairs with which a cohort "
            "begins.", "100 · Σ opened · months / (cohorts · Σ headcount)", None, _pairs_opened),
    Outcome("places_filled", "Places filled", SHARE, "Of the pairs for which there is room, the share that "
            "opens: fewer where too few people are invited, come, or fit.", "100 · Σ opened / Σ places", None,
            _places_filled),
    each_cohort("invited_mentees", "Invited to have a mentor", "People whom a cohort invites to have a mentor, "
                 "by level and tenure"),
    each_cohort("invited_mentors", "Invited to mentor", "People whom a cohort invites to mentor, by level and "
                 "tenure"),
    ratio("meetings_planned", "Meetings planned", "per head and year", None, "planned", "headcount",
           "The programme's meetings as planned.", factor=12.0),
    ratio("meetings_held", "Meetings held", "per head and year", None, "held", "headcount",
           "The programme's meetings that took place.", factor=12.0, curve="monthly"),
    ratio("meetings_kept", "Planned meetings held", SHARE, True, "held", "planned",
           "Of the planned meetings, the share that took place.", factor=100.0),
    ratio("early_endings", "Early endings", SHARE, False, "ended_early", "opened",
           "Of the programme's pairs, the share that broke up (exits not counted).", factor=100.0),
    ratio("mentee_gain", "Mentees' gain", "skill per meeting", True, "mentee_gain", "held",
           "Skill gained by mentees, summed over skills."),
    ratio("mentor_gain", "Mentors' gain", "skill per meeting", True, "mentor_gain", "held",
           "Skill gained by mentors, summed over skills."),
    ratio("good_fits", "Good fits", SHARE, True, "good_fits", "first_meetings",
           "Of the pairs that met, the share that fits well after the first meeting.", factor=100.0),
    ratio("poor_fits", "Poor fits", SHARE, False, "poor_fits", "first_meetings",
           "Of the pairs that met, the share that fits badly after the first meeting.", factor=100.0),
    ratio("re_paired", "Re-paired", SHARE, None, "re_paired", "opened",
           "Of the programme's pairs, the share that a check-in ended and paired anew.", factor=100.0),
    ratio("mentor_places", "Mentors' places", SHARE, True, "capacity", "volunteers",
           "Mentees whom the willing mentors could take, per person who asks for a place (of either "
           "role).", factor=100.0),
    ratio("coverage", "Coverage", SHARE, True, "participants", "volunteers",
           "Of those who want to take part, the share that gets a pair.", factor=100.0),
    ratio("turned_away", "Turned away", SHARE, False, "turned_away", "volunteers",
           "Of those who want to take part, the share that gets none.", factor=100.0),
    Outcome("participants", "Participants", "people per year", "Mentors and mentees of the cohorts that "
            "open, for the whole firm; who takes part twice counts twice.",
            "Σ participants · 12 / months", None, _participants),
    ratio("mentored_formally", "With a formal mentor", SHARE, None, "mentored_formally", "headcount",
           "People with a mentor of the programme, in an average month.", factor=100.0,
           curve="monthly"),
    ratio("mentored_informally", "With an informal mentor", SHARE, None, "mentored_informally",
           "headcount", "People with an informal mentor, in an average month.", factor=100.0),
    # --- what one sees against what it does: see sim/experiments/selection.py --------------------------
    ratio("joiners", "Took part", SHARE, None, "joiners", "headcount",
           "People who take part or ever did, of either role, in an average month.", factor=100.0),
    *gaps(),
    Outcome("lottery_mentored_gap", "Mentored, drawn by lot", SHARE, "Share of those drawn who are or "
            "ever were mentees, less that of those not drawn: how far the lot decided.",
            "100 · (Σ drawn_mentored / Σ drawn - Σ undrawn_mentored / Σ undrawn)", None,
            _lottery_mentored_gap),
    # --- time and money ----------------------------------------------------------------------------
    Outcome("programme_hours", "Participants' time", "hours per employee-year", "Meetings, their "
            "preparation and training, both sides.", "12 · (Σ hours + training_hours · Σ "
            "trained + 2 · objectives_hours · Σ opened) / Σ headcount", False,
            programme_hours),
    Outcome("programme_cost", "Cost of the programme", "currency per year", "Participants' time, "
            "coordination, sponsor, training, recognition and platform, for the whole firm.",
            "((Σ meeting_pay + training_hours · Σ training_pay + objectives_hours · (Σ opened_pay + "
            "Σ opened) + check_in_hours · Σ check_ins + sponsor_hours · pay of the top · months with a "
            "cohort) · salary · load / productive_hours + coordinator_share · salary · load · months "
            "with a cohort / 12 + training_fee · Σ trained + recognition · Σ recognised + platform · "
            "Σ participants) · 12 / months", False, programme_cost),
    Outcome("outside_cost", "Of this, besides participants' time", "currency per year", "Coordination, "
            "sponsor, training fees, recognition and platform, for the whole firm.",
            "((objectives_hours · Σ opened + check_in_hours · Σ check_ins + sponsor_hours · pay of the "
            "top · months with a cohort) · salary · load / productive_hours + coordinator_share · salary "
            "· load · months with a cohort / 12 + training_fee · Σ trained + recognition · Σ recognised "
            "+ platform · Σ participants) · 12 / months", False, outside_cost),
    Outcome("programme_cash", "Of this, money paid out", "currency per year", "Platform, training fees and "
            "recognition, for the whole firm; the rest of the programme's cost is working time.",
            "(training_fee · Σ trained + recognition · Σ recognised + platform · Σ participants) · 12 / "
            "months", False, programme_cash),
    Outcome("replacement_cost", "Cost of replacing those who quit", "currency per year", "What "
            "replacing those who quit costs the whole firm.", "salary · Σ replacement · 12 / months",
            False, replacement_cost),
    Outcome("payroll", "Payroll", "currency per year", "What all employees cost the employer.",
            "salary · load · Σ pay / months", None, payroll),
    Outcome("output_for_pay", "Output for pay", "index", "Mean output, each person's weighted by pay: a change of "
            "1 % is worth 1 % of the payroll, if output is worth what is paid for it.",
            "Σ output_pay / Σ pay", True, output_for_pay),
    Outcome("total_cost", "Programme and replacement cost", "currency per employee-year", "Cost of the "
            "programme and of replacing those who quit, per employee: lower than without the programme "
            "means that exits avoided pay for it.",
            "(programme_cost + replacement_cost) · months / Σ headcount", False, total_cost),
]  # fmt: skip
"""Every outcome, in the order in which it is shown; those that extensions add come last."""

_BY_NAME = {item.name: item for item in OUTCOMES}

CURVES: list[Outcome] = [item for item in OUTCOMES if item.curve]
"""Those that are told month by month."""

GROUPED: list[Outcome] = [item for item in OUTCOMES if item.by_group]
"""Those that are told by generation, level and department."""


def add_outcome(item: Outcome) -> None:
    """Put an outcome behind the others; see :func:`sim.extensions.register_outcome`."""
    OUTCOMES.append(item)
    _BY_NAME[item.name] = item
    if item.curve:
        CURVES.append(item)
    if item.by_group:
        GROUPED.append(item)


def remove_outcome(name: str) -> None:
    """Take an outcome out again."""
    del _BY_NAME[name]
    for known in (OUTCOMES, CURVES, GROUPED):
        known[:] = [item for item in known if item.name != name]
