"""The targets: every published figure that the model is calibrated to or compared with, in one table.

Each gives the value, the range that counts as agreement, its source in the evidence table and the source's
mark (V read in the publication, S read in another text, D derived, DATA computed from data). A target that
parameters are fitted to validates nothing; those marked as checks are only compared. The statistics
themselves are in :mod:`sim.calibration.leaving`, :mod:`~sim.calibration.staff` and
:mod:`~sim.calibration.mentoring`.

Ranges. Where a figure comes with a spread between studies, years or countries, the range is that; where
it does not, it is wide enough that three simulated firms hit it by chance when their mean does. A figure
of which only the direction is published has a range on that side of "nothing".
"""

from __future__ import annotations

from math import inf

from sim.calibration import leaving, mentoring, staff
from sim.calibration.target import Target, of_outcome

__all__ = ["TARGETS", "Target"]

_YEARLY = "per 100 and year"
_FITTED, _CHECK = True, False

_LEAVING = (
    Target("quits", "Quits", _YEARLY, 14.5, 12.0, 17.0, "W-LEVEL", "D", _FITTED,
           of_outcome("quits")),
    Target("involuntary_exits", "Involuntary exits", _YEARLY, 4.0, 2.0, 8.0, "W-INVOL", "S", _FITTED,
           of_outcome("involuntary_exits")),
    Target("retirement_age", "Mean age at retirement", "years", 63.0, 61.0, 65.5, "W-RETIRE", "V",
           _FITTED, leaving.retirement_age),
    Target("first_year_quits", "Quits in the first year of service", "% of quits", 28.4, 20.0, 40.0,
           "W-SERV", "DATA", _FITTED, leaving.quits_after(0, 12)),
    # The data's band "1-2" holds those with one or two completed years: the second and the third.
    Target("second_year_quits", "Quits in the second and third year", "% of quits", 21.8, 14.0, 30.0,
           "W-SERV", "DATA", _CHECK, leaving.quits_after(12, 36)),
    Target("late_quits", "Quits after five years of service", "% of quits", 37.8, 25.0, 50.0, "W-SERV",
           "DATA", _FITTED, leaving.quits_after(60, inf),
           "The defaults are short of it by less than their own error over firms."),
    Target("quits_among_young", "Quits among exits, 25-39", "%", 79.0, 65.0, 92.0, "W-KIND", "DATA",
           _FITTED, leaving.quits_among_exits(25, 39)),
    Target("quits_among_middle", "Quits among exits, 40-54", "%", 54.2, 40.0, 80.0, "W-KIND", "DATA",
           _FITTED, leaving.quits_among_exits(40, 54)),
    Target("quits_among_old", "Quits among exits, 55-64", "%", 9.8, 5.0, 40.0, "W-KIND", "DATA",
           _CHECK, leaving.quits_among_exits(55, 64),
           "US federal staff retire from about 55 on; the model's firm has no pension at that age."),
    Target("quits_of_upper_levels", "Quits of those who lead, over others", "ratio", 0.63, 0.4, 0.9,
           "W-QUIT", "V (Canada 2024: 6.6 / 10.5)", _FITTED, leaving.quits_of_upper_levels),
    Target("newcomers", "Staff with at most a year of service", "%", 18.0, 12.0, 24.0, "W-TENURE", "V",
           _FITTED, leaving.newcomers),
    Target("newcomers_by_age", "That share at 25-34, over 45-54", "ratio", 2.33, 1.5, 3.5, "W-TENURE",
           "V", _FITTED, leaving.newcomers_by_age),
    Target("long_service", "Ten years of service or more, 45-64", "%", 49.0, 35.0, 60.0, "W-TENURE",
           "V", _FITTED, leaving.long_service),
    Target("age_and_leaving", "Age with voluntary leaving", "correlation", -0.14, -0.22, -0.06,
           "W-AGE", "V", _FITTED, leaving.age_and_leaving),
    Target("engagement_and_leaving", "Engagement with leaving", "correlation", -0.24, -0.34, -0.14,
           "W-ATT", "S", _FITTED, leaving.engagement_and_leaving),
    Target("embeddedness_and_leaving", "Embeddedness with leaving", "correlation", -0.26, -0.34, -0.18,
           "W-ATT", "S", _FITTED, leaving.embeddedness_and_leaving),
    Target("age_gained", "Mean age after four years, less that at first", "years", 0.0, -1.0, 1.0,
           "W-MIX", "D (a firm stays what it is)", _FITTED, leaving.age_gained),
    Target("engagement_hazard", "Hazard of quitting per SD of engagement", "ratio", 0.62, 0.54, 0.70,
           "W-ATT", "D (.56 to .68)", _FITTED, leaving.engagement_hazard),
)  # fmt: skip

_STAFF = (
    Target("engaged", "Engaged", "%", 32.0, 29.0, 36.0, "W-ENG", "S", _FITTED, of_outcome("engaged")),
    Target("disengaged", "Actively disengaged", "%", 17.0, 13.0, 20.0, "W-ENG", "S", _FITTED,
           of_outcome("disengaged")),
    Target("engaged_apart", "Engaged, between generations", "points", 5.0, 0.0, 12.0, "W-ENG", "V",
           _CHECK, staff.engaged_apart),
    Target("alike_in_teams", "Engagement alike in teams, ICC(1)", "share of variance", 0.11, 0.05, 0.2,
           "Bliese 2000", "M (usual range)", _FITTED, staff.alike_in_teams),
    Target("promotions", "Promotions", _YEARLY, 8.9, 6.5, 11.5, "W-PROM", "S", _FITTED,
           of_outcome("promotions")),
    Target("outside_hires", "Managers hired from outside", "% of new managers", 15.6, 10.0, 25.0,
           "W-PROM", "S", _FITTED, staff.outside_hires),
    Target("direct_reports", "Direct reports", "people", 9.0, 5.0, 11.0, "W-SPAN", "V", _CHECK,
           staff.direct_reports),
    Target("small_spans", "Managers with fewer than five reports", "%", 37.0, 15.0, 50.0, "W-SPAN", "S",
           _CHECK, staff.small_spans,
           "A firm without a roster gets a regular chart; real teams differ more in size."),
    Target("older_advisers", "Advice from older colleagues", "% of ties", 62.0, 50.0, 72.0, "W-TIES",
           "DATA", _FITTED, staff.advisers_older_by(0.0, inf)),
    Target("younger_advisers", "Advice from those 15 years younger", "% of ties", 5.6, 2.0, 12.0,
           "W-TIES", "DATA", _CHECK, staff.advisers_older_by(-inf, -15.0),
           "Half of the law firm are partners, most of them older; an ordinary firm has fewer people at the "
           "top whose advice could be sought."),
    Target("ties_across_departments", "Advice ties between departments", "%", 60.0, 45.0, 72.0,
           "W-DEPT, W-TIES", "DATA", _CHECK, of_outcome("ties_across_departments")),
    Target("digital_gap", "Emerging skills, 25-34 against 55-65", "SD", 0.65, 0.45, 0.85, "W-DIG", "D",
           _FITTED, staff.digital_gap),
    Target("voiced", "Ideas voiced", _YEARLY, 64.0, 54.0, 74.0, "I-RATE", "V", _FITTED,
           of_outcome("voiced")),
    Target("idea_givers", "Staff who voice an idea in a year", "%", 22.0, 17.0, 28.0, "I-PART", "V",
           _FITTED, staff.idea_givers),
    Target("idea_shape", "Inequality of ideas per head", "negative binomial shape", 0.17, 0.1, 0.3,
           "I-PART", "D", _CHECK, staff.idea_shape),
    Target("adopted", "Ideas carried out", "% of voiced", 35.0, 25.0, 45.0, "I-IMPL", "S", _FITTED,
           staff.adopted),
)  # fmt: skip

_MENTORING = (
    Target("mentored_informally", "Have an informal mentor", "%", 22.6, 18.0, 27.0, "M-PREV", "S",
           _FITTED, of_outcome("mentored_informally")),
    Target("informal_years", "Length of informal mentoring", "years", 3.3, 2.3, 4.3, "M-PREV", "S",
           _FITTED, mentoring.informal_years),
    Target("mentees_per_mentor", "Mentees per mentor", "people", 1.3, 1.1, 1.7, "M-CAP", "D", _FITTED,
           mentoring.mentees_per_mentor),
    Target("who_joins", "Engagement of mentees before they join", "SD above others", 0.15, 0.02, 0.4,
           "M-JOIN", "V (direction)", _FITTED, mentoring.participants_and_engagement),
    Target("similarity_and_quality", "Deep similarity with quality", "correlation", 0.45, 0.38, 0.59,
           "M-SIM", "V", _FITTED, mentoring.similarity_and_quality),
    Target("meeting_and_quality", "Meetings kept with quality", "correlation", 0.25, 0.12, 0.4,
           "M-FREQ", "V", _FITTED, mentoring.meeting_and_quality),
    Target("quality_and_engagement", "Quality with the mentee's engagement", "correlation", 0.30, 0.1,
           0.45, "M-QUAL", "V (satisfaction .38)", _CHECK, mentoring.quality_and_engagement),
    Target("meetings_kept_near", "Meetings kept at one site, over two", "ratio", 1.22, 1.02, 1.4,
           "M-TIME", "V (feedback received)", _FITTED, mentoring.meetings_kept_near),
    Target("quality_near", "Quality at one site less that at two", "SD", 0.0, -0.2, 0.2, "M-DIST",
           "V (direction)", _CHECK, mentoring.quality_near),
    Target("early_endings", "Pairs that break up", "% of pairs", 24.0, 10.0, 38.0, "M-END",
           "V (other domain)", _FITTED, mentoring.early_endings),
    Target("not_helped", "Mentees who were hardly helped", "% of mentees", 13.8, 6.0, 22.0, "M-BENEFIT",
           "V", _FITTED, mentoring.not_helped),
    Target("newcomers_gain", "Newcomers' gain by four weekly meetings", "% of output", 17.0, 12.0, 22.0,
           "M-GAIN", "V", _FITTED, mentoring.newcomers_gain),
    Target("newcomers_gain_kept", "Of that, kept at six months", "%", 95.0, 80.0, 130.0, "M-KEEP",
           "S (more than 90)", _CHECK, mentoring.newcomers_gain_kept),
    # .12 SD of pupils' scores; teachers' own effect on these has an SD of .1 to .2 (M): .6 to 1.2 of that.
    Target("deficits_matched", "Output of the weak whose mentor is strong there", "SD of their level", 0.7,
           0.4, 1.2, "M-DEFIC", "D (.12 of pupils' SD over .1 to .2)", _FITTED,
           mentoring.deficits_matched),
    Target("deficits_unmatched", "Less gained where the mentor is not", "SD of their level", 0.3, 0.02,
           1.0, "M-DEFIC", "V (direction)", _CHECK, mentoring.deficits_unmatched),
    Target("effect_on_output", "Output of mentees after a year", "SD above the same people alone", 0.4,
           0.1, 0.8, "M-DEFIC", "D (all mentees: less than the matched)", _CHECK,
           mentoring.effect_on_mentees("output")),
    Target("effect_on_engagement", "Engagement of mentees after a year",
           "SD above the same people alone", 0.15, 0.02, 0.4, "M-SIZE", "V (direction: small)", _FITTED,
           mentoring.effect_on_mentees("engagement")),
    Target("quitting_of_mentees", "Odds of quitting, mentees", "over the same people alone", 0.85, 0.65,
           1.0, "M-SIZE", "V (direction: small)", _CHECK, mentoring.quitting_of_mentees),
)  # fmt: skip

TARGETS: tuple[Target, ...] = _LEAVING + _STAFF + _MENTORING
"""All targets, in the order in which they are shown."""
