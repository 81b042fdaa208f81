"""Declared settings of the organisation and of its surroundings."""

from __future__ import annotations

from sim.engine.generations import GENERATIONS
from sim.parameters import Parameter, ParameterGroup

__all__ = ["ORGANISATION", "ENVIRONMENT", "DEFAULT_SKILLS", "SHOCK", "SKILL", "SKILL_KINDS"]

SKILL_KINDS = ("emerging", "institutional", "interpersonal")

DEFAULT_SKILLS: tuple[dict[str, object], ...] = (
    {"name": "digital_tools", "kind": "emerging", "weight": 1.0},
    {"name": "emerging_technology", "kind": "emerging", "weight": 1.0},
    {"name": "market_trends", "kind": "emerging", "weight": 1.0},
    {"name": "inclusive_culture", "kind": "emerging", "weight": 0.5},
    {"name": "industry_knowledge", "kind": "institutional", "weight": 1.0},
    {"name": "organisational_know_how", "kind": "institutional", "weight": 1.0},
    {
        "name": "leadership_and_strategy",
        "kind": "institutional",
        "weight": 1.0,
        "grows_by_mentoring": True,
    },
    {
        "name": "communication_and_coaching",
        "kind": "interpersonal",
        "weight": 1.0,
        "grows_by_mentoring": True,
    },
)

SKILL = ParameterGroup(
    "skill",
    "One skill of the organisation ([[organisation.skills]])",
    (
        Parameter(
            "name", None, "", "Name of the skill: letters, digits, underscores.", kind="text"
        ),
        Parameter(
            "kind",
            "institutional",
            "",
            "Emerging skills age with the technology frontier, institutional ones grow with tenure, "
            "interpersonal ones grow with practice.",
            kind="choice",
            choices=SKILL_KINDS,
        ),
        Parameter("weight", 1.0, "", "Weight of the skill in a person's output.", 0.0, 100.0),
        Parameter(
            "grows_by_mentoring",
            False,
            "",
            "Whether mentors get better at it by mentoring.",
            kind="boolean",
        ),
    ),
)

ORGANISATION = ParameterGroup(
    "organisation",
    "The firm",
    (
        Parameter(
            "employees",
            400,
            "posts",
            "Number of posts, all filled at the start.",
            1,
            2_000_000,
            kind="integer",
        ),
        Parameter(
            "roster",
            None,
            "",
            "Path of a CSV file or Excel workbook with the real staff, relative to the scenario "
            "file; it then sets employees, levels, departments and sites.",
            kind="text",
        ),
        Parameter(
            "level_order",
            [],
            "",
            "Levels, grades or titles of the roster, lowest first; those that are equal share brackets. "
            "Without it numbers and known words order themselves.",
            kind="list",
        ),
        Parameter(
            "level_1_is",
            None,
            "",
            "Whether the smallest number among the roster's levels is the bottom (as is taken) or the top.",
            kind="choice",
            choices=("bottom", "top"),
        ),
        Parameter(
            "dates",
            None,
            "",
            "Whether day or month stands first in the roster's dates; needed only where no date tells.",
            kind="choice",
            choices=("day first", "month first"),
        ),
        Parameter(
            "file_date",
            None,
            "",
            "The day as of which the roster was made (yyyy-mm-dd): who starts later is left out, who left "
            "before is a leaver.",
            kind="text",
        ),
        Parameter(
            "contractors",
            False,
            "",
            "Whether contractors and agency workers in the roster count as staff.",
            kind="boolean",
        ),
        Parameter(
            "pay_is",
            None,
            "",
            "What the roster's column of pay holds; needed only where its heading does not say and the amounts do "
            "not look like yearly salaries.",
            kind="choice",
            choices=("per year", "per month", "per hour", "thousands per year"),
        ),
        Parameter(
            "ties",
            None,
            "",
            "Path of a CSV file (source,target) with known advice ties between "
            "employee ids of the roster.",
            kind="text",
        ),
        Parameter(
            "ties_complete",
            False,
            "",
            "Whether the file has all ties there are at the start; otherwise free places are filled as in any "
            "firm.",
            kind="boolean",
        ),
        Parameter(
            "turnover",
            None,
            "share of staff per year",
            "Share of the staff who quit of their own will in a year, without a programme. The hazard of "
            "quitting is fitted to it; without it the model's own holds. Goes before departures.quit_rate.",
            0.0,
            0.8,
        ),
        Parameter(
            "turnover_total",
            None,
            "share of staff per year",
            "Share of the staff who leave in a year for whatever reason, without a programme. Fits dismissals "
            "and retirements as well; with turnover given, what is left for them.",
            0.0,
            0.9,
        ),
        Parameter(
            "levels",
            None,
            "levels",
            "Levels of the hierarchy; worked out from the size by default "
            "(about 4.7 at 150 people and 1.4 more with every tenfold).",
            1,
            12,
            source="W-SPAN",
            grade="derived",
            kind="integer",
        ),
        Parameter(
            "departments",
            None,
            "departments",
            "Number of departments; worked out from the size by default (about 35 people each).",
            1,
            10_000,
            source="W-SPAN",
            grade="derived",
            kind="integer",
        ),
        Parameter(
            "span",
            7.0,
            "direct reports",
            "Direct reports per head.",
            2.0,
            50.0,
            source="W-SPAN",
            grade="measured",
            prior=(5.0, 11.0),
        ),
        Parameter(
            "senior_share",
            0.4,
            "share",
            "Share of staff without reports who hold the second level.",
            0.0,
            1.0,
            source="level shares of ordinary firms",
            grade="assumed",
            prior=(0.25, 0.55),
        ),
        Parameter(
            "generations",
            dict(zip(GENERATIONS, (0.12, 0.31, 0.38, 0.19), strict=True)),
            "share",
            "Shares of the generations among the staff at the start.",
            source="W-MIX",
            grade="derived",
            kind="shares",
            choices=GENERATIONS,
        ),
        Parameter(
            "start_year",
            2026,
            "year",
            "Calendar year of the first month; decides who belongs to which generation.",
            1950,
            2100,
            kind="integer",
        ),
        Parameter(
            "sites",
            {"Headquarters": 0.7, "Second site": 0.3},
            "share",
            "Sites and their shares of the departments.",
            kind="shares",
        ),
        Parameter(
            "work_modes",
            {"on_site": 0.35, "hybrid": 0.5, "remote": 0.15},
            "share",
            "Shares of work modes.",
            source="assumed mix of an office firm",
            grade="assumed",
            kind="shares",
            choices=("on_site", "hybrid", "remote"),
        ),
        Parameter(
            "home_site_share",
            0.8,
            "share",
            "Share of a department's people who sit at its home site.",
            0.0,
            1.0,
            source="W-TIES (co-location of practices)",
            grade="assumed",
            prior=(0.6, 1.0),
        ),
        Parameter(
            "hierarchy_strength",
            0.5,
            "0 to 1",
            "How strongly rank decides who speaks: lowers psychological safety.",
            0.0,
            1.0,
            source="M-REV (direction)",
            grade="assumed",
            prior=(0.2, 0.8),
        ),
        Parameter(
            "management_support",
            0.6,
            "0 to 1",
            "How far leaders back the programme: raises "
            "volunteering and the keeping of appointments.",
            0.0,
            1.0,
            source="M-INPUT (direction)",
            grade="assumed",
            prior=(0.3, 0.9),
        ),
        Parameter(
            "objectives_clarity",
            0.6,
            "0 to 1",
            "How clear the pairs' objectives are: the share "
            "of meeting time spent on what the programme is for.",
            0.0,
            1.0,
            source="M-DEFIC (gains where the taught skill matches)",
            grade="assumed",
            prior=(0.3, 0.9),
        ),
        Parameter(
            "skills",
            [dict(skill) for skill in DEFAULT_SKILLS],
            "",
            "The skills that matter: name, kind and weight of each ([[organisation.skills]]).",
            kind="table",
        ),
    ),
)

SHOCK = ParameterGroup(
    "shock",
    "One scheduled shock ([[environment.shocks]])",
    (
        Parameter(
            "kind",
            None,
            "",
            "What happens.",
            kind="choice",
            choices=("downturn", "technology_jump", "retirement_wave", "hiring_freeze"),
        ),
        Parameter(
            "month",
            12,
            "month",
            "First month of the shock, counted from 0.",
            0,
            1200,
            kind="integer",
        ),
        Parameter("months", 6, "months", "How long it lasts.", 1, 1200, kind="integer"),
        Parameter(
            "size",
            None,
            "",
            "Downturn: factor on quits, with layoffs added (default 0.6); "
            "technology jump: share of emerging skill that becomes obsolete, spread over its "
            "months (0.15); retirement wave: factor on retirement (3); hiring freeze: no size.",
            0.0,
            100.0,
        ),
    ),
)

ENVIRONMENT = ParameterGroup(
    "environment",
    "Labour market, technology, shocks",
    (
        Parameter(
            "labour_market",
            1.0,
            "factor",
            "Ease of finding another job: factor on the hazard of quitting (1 = ordinary).",
            0.0,
            10.0,
            source="W-QUIT",
            grade="derived",
            prior=(0.6, 1.4),
            neutral=1.0,
        ),
        Parameter(
            "technology_pace",
            1.0,
            "factor",
            "Speed of the technology frontier: factor on the obsolescence of emerging skills.",
            0.0,
            10.0,
            source="W-OBS",
            grade="derived",
            prior=(0.5, 2.0),
            neutral=1.0,
        ),
        Parameter(
            "layoff_factor",
            3.0,
            "factor",
            "Factor on involuntary exits during a downturn.",
            1.0,
            50.0,
            source="W-INVOL (2009 against 2019)",
            grade="assumed",
            prior=(1.5, 5.0),
            neutral=1.0,
        ),
        Parameter(
            "shocks",
            [],
            "",
            "Scheduled shocks: kind, month, months, size ([[environment.shocks]]).",
            kind="table",
        ),
    ),
)
