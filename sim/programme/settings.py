"""Declared settings of a mentoring programme and of its costs."""

from __future__ import annotations

from sim.parameters import Parameter, ParameterGroup

__all__ = ["PROGRAMME", "COSTS", "POLICIES", "DIRECTIONS", "SCORES", "ASSIGNMENTS"]

POLICIES = ("none", "random", "traditional", "reverse", "reciprocal")
DIRECTIONS = ("either", "traditional", "reverse", "reciprocal")
SCORES = ("random", "gap")
ASSIGNMENTS = ("random", "optimal")

PROGRAMME = ParameterGroup(
    "programme",
    "The mentoring programme",
    (
        Parameter("policy", "none", "", "The pairing policy: a preset of direction, score, assignment "
                  "and rules.", kind="choice", choices=POLICIES),
        Parameter("direction", None, "", "Who teaches whom; by default the policy's own.",
                  kind="choice", choices=DIRECTIONS),
        Parameter("score", None, "", "What makes a good pair; by default the policy's own.",
                  kind="choice", choices=SCORES),
        Parameter("assignment", None, "", "How pairs are made from scores; by default the policy's "
                  "own.", kind="choice", choices=ASSIGNMENTS),
        Parameter("start_month", 6, "month", "Month of the first cohort, counted from 0.", 0, 1200,
                  kind="integer"),
        Parameter("cohort_months", 12, "months", "Length of a cohort.", 1, 60, source="M-LEN",
                  kind="integer"),
        Parameter("cohorts", 0, "cohorts", "Number of cohorts, one after the other; 0 = until the "
                  "end.", 0, 1200, kind="integer"),
        Parameter("meetings_per_month", 1.0, "meetings per month", "Planned cadence.", 0.25, 4.0,
                  source="M-LEN"),
        Parameter("meeting_hours", 1.0, "hours", "Length of a meeting.", 0.25, 8.0, source="M-LEN"),
        Parameter("preparation_hours", 0.5, "hours", "Preparation per person and meeting.", 0.0, 8.0,
                  source="cost guides of programme owners"),
        Parameter("participation", "voluntary", "", "Who takes part: those who volunteer, or "
                  "everyone.", kind="choice", choices=("voluntary", "universal")),
        Parameter("places", 0.15, "dyads per employee", "Dyads opened per employee and cohort, the "
                  "same under every policy so that the dose is equal.", 0.0, 1.0,
                  source="share of staff in formal programmes"),
        Parameter("mentor_capacity", 2, "mentees", "Most mentees per mentor at a time.", 1, 10,
                  source="M-CAP", kind="integer"),
        Parameter("minimum_level_gap", 1, "levels", "Smallest difference of level between the two, "
                  "where the direction asks for one.", 0, 11, kind="integer"),
        Parameter("bar_own_manager", True, "", "Nobody is paired with their own manager.",
                  kind="boolean"),
        Parameter("bar_skip_level", True, "", "Nobody is paired with their manager's manager.",
                  kind="boolean"),
        Parameter("bar_same_team", True, "", "Nobody is paired within their own team.",
                  kind="boolean"),
        Parameter("same_site_only", False, "", "Pairs must share a site.", kind="boolean"),
        Parameter("training_hours", 0.0, "hours", "Training of each participant before the first "
                  "meeting.", 0.0, 80.0, source="M-INPUT"),
        Parameter("placebo", False, "", "Null model: the pairs meet and cost, and nothing follows "
                  "from it.", kind="boolean"),
    ),
)

COSTS = ParameterGroup(
    "costs",
    "Prices, in the scenario's own currency",
    (
        Parameter("salary", 60_000.0, "currency per year", "Yearly salary at level 1 and 2 on "
                  "average.", 0.0, 1e9, source="worked example of the planners' notes"),
        Parameter("salary_growth", 1.3, "factor per level", "How much more each level above the "
                  "second earns.", 1.0, 5.0, source="assumed pay structure", grade="assumed"),
        Parameter("load", 1.3, "factor", "Employer's cost over salary.", 1.0, 3.0,
                  source="worked example of the planners' notes"),
        Parameter("productive_hours", 1_800.0, "hours per year", "Working hours per person and "
                  "year.", 100.0, 4_000.0, source="worked example of the planners' notes"),
        Parameter("coordinator_share", 0.25, "full-time equivalents", "The coordinator's time while "
                  "a cohort runs, at the salary above.", 0.0, 100.0,
                  source="worked example of the planners' notes"),
        Parameter("platform", 40.0, "currency per participant", "Platform and material, per "
                  "participant and cohort.", 0.0, 1e6,
                  source="worked example of the planners' notes"),
        Parameter("replacement_staff", 0.2, "share of yearly salary", "Cost of replacing someone at "
                  "level 1 or 2.", 0.0, 10.0, source="W-COST", grade="measured", prior=(0.1, 0.4)),
        Parameter("replacement_middle", 0.8, "share of yearly salary", "Cost of replacing someone "
                  "between the second level and the top two.", 0.0, 10.0, source="W-COST",
                  grade="measured", prior=(0.2, 1.0)),
        Parameter("replacement_leader", 2.0, "share of yearly salary", "Cost of replacing someone in "
                  "the top two of four or more levels.", 0.0, 10.0, source="W-COST",
                  grade="measured", prior=(0.5, 2.2)),
    ),
)
