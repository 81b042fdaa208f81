"""Names and places of every column: the vocabulary in which kernels pick what they use.

``engagement = state.person[columns.ENGAGEMENT]``. A name in a tuple and the constant below it stand at
the same place; a test holds them together.
"""

from __future__ import annotations

# --- real-valued columns of a person ---------------------------------------------------------------
PERSON = (
    "engagement",  # 0 to 1
    "baseline_engagement",  # trait: where engagement returns to
    "confidence",  # 0 to 1: in giving feedback and voicing ideas
    "safety",  # 0 to 1: how safe it feels to speak up the hierarchy
    "humility",  # trait, 0 to 1
    "mentoring_ability",  # trait, 0 to 1
    "growth_need",  # trait, 0 to 1
    "propensity",  # trait: factor on the rate of ideas, mean 1
    "output",  # skills in use, weighted, times effort; about 0 to 1
    "embeddedness",  # 0 to 1: ties that hold a person
    "learnt",  # skill gained this month in mentoring, summed over skills
    "relationship_push",  # sum over this month's meetings of quality minus the neutral quality
    "sponsor_quality",  # quality of the best relationship with somebody higher up, 0 if none
    "engagement_begin",  # engagement at the programme's start, or at hire
    "output_begin",  # output at the programme's start, or at hire
    "fresh_views",  # sum over relationships that met of quality times novelty of the partner's knowledge
    "attention",  # sum over relationships that met of quality
    "partner_quality",  # quality of the best running relationship
    "safety_push",  # psychological safety gained at this month's meetings
    "confidence_push",  # confidence gained at this month's meetings
    "settledness",  # trait, standard normal at hire: how little somebody is inclined to move on
    "initiative",  # trait, standard normal: how readily somebody asks and comes forward
    "unit",  # what department and manager add to the baseline of engagement
    "given",  # skill that others gained from the person this month in mentoring, summed over skills
)
(
    ENGAGEMENT,
    BASELINE_ENGAGEMENT,
    CONFIDENCE,
    SAFETY,
    HUMILITY,
    MENTORING_ABILITY,
    GROWTH_NEED,
    PROPENSITY,
    OUTPUT,
    EMBEDDEDNESS,
    LEARNT,
    RELATIONSHIP_PUSH,
    SPONSOR_QUALITY,
    ENGAGEMENT_BEGIN,
    OUTPUT_BEGIN,
    FRESH_VIEWS,
    ATTENTION,
    PARTNER_QUALITY,
    SAFETY_PUSH,
    CONFIDENCE_PUSH,
    SETTLEDNESS,
    INITIATIVE,
    UNIT,
    GIVEN,
) = range(len(PERSON))

# --- whole-numbered columns of a person ------------------------------------------------------------
PERSON_WHOLE = (
    "active",  # 1 if the slot is filled
    "holder",  # number of the slot's present or last person, from 0
    "number",  # the person's number: 1, 2, ... in order of hire
    "birth_month",  # month of birth, the first simulated month being 0
    "hire_month",  # month of hire; negative for those present at the start
    "level",  # 1 (lowest) to L
    "year_level",  # level at the start of the running year of the window
    "level_month",  # month in which the person came to this level
    "post",
    "department",
    "site",
    "work_mode",  # 0 on site, 1 hybrid, 2 remote
    "manager",  # slot of the manager, -1 if none
    "left_now",  # code of CAUSES: why the slot's person left this month, 0 if nobody did
    "formal_mentors",  # running formal pairs as mentee
    "formal_mentees",  # running formal pairs as mentor
    "informal_mentors",
    "informal_mentees",
    "helped_formally",  # 1 if in a running formal pair as mentee that has influence
    "sponsor",  # slot of the partner behind sponsor_quality, -1 if none
    "partner",  # slot of the partner behind partner_quality, -1 if none
    "turned_away",  # 1 if the person asked for a place this month and got none
    "ideas_heard",  # ideas of last month that were voiced
    "ideas_implemented_now",  # ideas of last month that were adopted
    "ideas_rejected",  # ideas of last month that went unheard
    "volunteered",  # cohorts for which the person volunteered
    "months_formal",  # months with a formal mentor so far
    "months_informal",  # months with an informal mentor so far
    "meetings_as_mentee",
    "meetings_as_mentor",
    "ideas_voiced",
    "ideas_implemented",
    "promotions",
    "cohorts_as_mentee",
    "cohorts_as_mentor",
    "willing",  # to mentor in the cohort that runs: 1 one mentee, 2 as many as the programme allows
    "recognised",  # 1 if recognised this month for a completed pair
    "arm",  # code of ARMS: what the first lot said about the person
)
(
    ACTIVE,
    HOLDER,
    NUMBER,
    BIRTH_MONTH,
    HIRE_MONTH,
    LEVEL,
    YEAR_LEVEL,
    LEVEL_MONTH,
    PERSON_POST,
    PERSON_DEPARTMENT,
    SITE,
    WORK_MODE,
    MANAGER,
    LEFT_NOW,
    FORMAL_MENTORS,
    FORMAL_MENTEES,
    INFORMAL_MENTORS,
    INFORMAL_MENTEES,
    HELPED_FORMALLY,
    SPONSOR,
    PARTNER,
    TURNED_AWAY,
    IDEAS_HEARD,
    IDEAS_IMPLEMENTED_NOW,
    IDEAS_REJECTED,
    VOLUNTEERED,
    MONTHS_FORMAL,
    MONTHS_INFORMAL,
    MEETINGS_AS_MENTEE,
    MEETINGS_AS_MENTOR,
    IDEAS_VOICED,
    IDEAS_IMPLEMENTED,
    PROMOTIONS,
    COHORTS_AS_MENTEE,
    COHORTS_AS_MENTOR,
    WILLING,
    RECOGNISED,
    ARM,
) = range(len(PERSON_WHOLE))

ARMS = ("no lot", "drawn", "not drawn")
NO_LOT, DRAWN, NOT_DRAWN = range(len(ARMS))

# --- columns of a pair (dyad) ----------------------------------------------------------------------
DYAD = (
    "quality",  # 0 to 1
    "similarity",  # deep-level similarity of values, 0 to 1
    "chemistry",  # what similarity does not explain, standard normal
    "first_quality",  # quality after the first meeting
    "score",  # what the pairing policy thought of the pair
    "mentee_gain",  # skill gained so far by the mentee, summed over skills
    "mentor_gain",
    "training",  # 0 to 1: how far the participants were trained
    "say",  # 0 to 1: how far the two chose each other
)
(
    QUALITY,
    SIMILARITY,
    CHEMISTRY_TERM,
    FIRST_QUALITY,
    SCORE,
    MENTEE_GAIN,
    MENTOR_GAIN,
    TRAINING,
    SAY,
) = range(len(DYAD))

DYAD_WHOLE = (
    "mentor",  # slot
    "mentee",  # slot
    "formal",  # 1 if part of a programme
    "two_way",  # 1 if both teach
    "direction",  # code of DIRECTIONS, or INFORMAL_DIRECTION
    "influence",  # 0 in a placebo programme: the pair meets and nothing follows
    "begun",  # month
    "planned_end",  # month after the last one; a large number if open
    "met_now",  # meetings held this month
    "planned_now",  # meetings planned this month
    "held",  # meetings held so far
    "missed",  # meetings missed so far
    "silent",  # months in a row in which planned meetings were all missed
    "taught_out",  # 1 if no usable gap was left at the last meeting
    "ending",  # code of ENDINGS: why the pair ended, 0 while it runs
    "aims_mentee",  # bit mask of the skills that the mentee is to learn
    "aims_mentor",  # bit mask of the skills that the mentor is to learn
    "mentor_number",  # person numbers, for the table of pairs
    "mentee_number",
    "level_gap",  # mentor's level minus mentee's when the pair began
    "age_gap",  # mentor's age minus mentee's, months
)
(
    MENTOR,
    MENTEE,
    FORMAL,
    TWO_WAY,
    DIRECTION,
    INFLUENCE,
    BEGUN,
    PLANNED_END,
    MET_NOW,
    PLANNED_NOW,
    HELD,
    MISSED,
    SILENT,
    TAUGHT_OUT,
    ENDING,
    AIMS_MENTEE,
    AIMS_MENTOR,
    MENTOR_NUMBER,
    MENTEE_NUMBER,
    LEVEL_GAP,
    AGE_GAP,
) = range(len(DYAD_WHOLE))

OPEN_ENDED = 1_000_000

DIRECTIONS = ("either", "traditional", "reverse", "reciprocal", "informal", "peer", "anyone")
EITHER, TRADITIONAL, REVERSE, RECIPROCAL, INFORMAL_DIRECTION, PEER, ANYONE = range(len(DIRECTIONS))

ENDINGS = (
    "running",
    "completed",
    "ended early",
    "nothing left to learn",
    "mentor left",
    "mentee left",
    "re-paired",
    "dealt anew",
)
(
    RUNNING,
    COMPLETED,
    ENDED_EARLY,
    NOTHING_LEFT,
    MENTOR_LEFT,
    MENTEE_LEFT,
    RE_PAIRED,
    DEALT_ANEW,
) = range(len(ENDINGS))

CAUSES = ("stayed", "retired", "involuntary", "quit")
STAYED, RETIRED, INVOLUNTARY, QUIT = range(len(CAUSES))

# --- posts, departments, skills, surroundings ------------------------------------------------------
POST = (
    "level",
    "department",
    "boss",  # post of the boss, -1 at the top
    "site",
    "slot",  # slot of the person who holds it, -1 if vacant
    "vacant_since",  # month
    "reports",  # posts that report to it
    "waiting_slot",  # empty slot that whoever is hired in this vacancy's wake will fill
)
(
    POST_LEVEL,
    POST_DEPARTMENT,
    POST_BOSS,
    POST_SITE,
    POST_SLOT,
    VACANT_SINCE,
    REPORTS,
    WAITING_SLOT,
) = range(len(POST))

DEPARTMENT = (
    "awareness",  # 0 to 1: what leaders have heard from below
    "stories",  # 0 to 1: how much is told of pairs that went well
    "told",  # stories told this month
    "heads",  # people, in a month in which stories may be told
    "climate",  # lasting, standard normal: how good a department this is to work in
    "room",  # ideas that the department still has time to carry out
)
AWARENESS, STORIES, TOLD, HEADS, CLIMATE, ROOM = range(len(DEPARTMENT))

DEPARTMENT_WHOLE = ("first_post", "end_post", "leaders")
FIRST_POST, END_POST, LEADERS = range(len(DEPARTMENT_WHOLE))

SKILL_COLUMNS = ("weight", "kind", "decay", "practice", "entry", "grows_by_mentoring")
SKILL_WEIGHT, SKILL_KIND, SKILL_DECAY, SKILL_PRACTICE, SKILL_ENTRY, SKILL_BY_MENTORING = range(
    len(SKILL_COLUMNS)
)
EMERGING, INSTITUTIONAL, INTERPERSONAL = range(3)

SURROUNDINGS = (
    "quit_factor",
    "layoff_factor",
    "retirement_factor",
    "obsolescence",
    "jump",
    "freeze",
)
QUIT_FACTOR, LAYOFF_FACTOR, RETIREMENT_FACTOR, OBSOLESCENCE, JUMP, FREEZE = range(len(SURROUNDINGS))

# --- counters of a world ---------------------------------------------------------------------------
COUNTS = (
    "dyads",  # rows in use in the table of pairs
    "people",  # persons so far
    "clipped",  # values that had to be held within 0 to 1
    "leavers",  # rows in use in the table of leavers
    "ended",  # rows in use in the table of ended pairs
    "keep_people",  # 1 if leavers are to be written down
    "keep_dyads",  # 1 if ended pairs are to be written down
    "window_start",  # month from which outcomes count (start of the programme)
    "levels",  # number of levels L
)
(
    DYADS,
    PEOPLE,
    CLIPPED,
    LEAVERS,
    ENDED,
    KEEP_PEOPLE,
    KEEP_DYADS,
    WINDOW_START,
    LEVELS,
) = range(len(COUNTS))

# --- what is recorded every month, summed over people ----------------------------------------------
MEASURES = (
    "headcount",
    "engagement",
    "engaged",
    "disengaged",
    "output",
    "emerging",
    "institutional",
    "interpersonal",
    "newcomers",  # in their first year
    "newcomers_output",
    "retired",
    "involuntary",
    "quits",
    "regretted",
    "left_within_year",  # leavers among those present at the start of the running year
    "left_of_cohort",  # leavers among those present at the start of the window
    "year_base",  # people present at the start of a year, in the month in which it starts
    "cohort_base",  # people present at the start of the window, in the month in which it starts
    "hires",
    "promotions",
    "ideas",
    "voiced",
    "implemented",
    "novelty",  # summed over implemented ideas
    "institutional_lost",  # institutional skill of leavers
    "mentored_formally",  # people with a formal mentor
    "mentored_informally",
    "formal_pairs",
    "pair_quality",  # summed over formal pairs
    "planned",  # formal meetings planned
    "held",
    "informal_held",
    "ended_early",
    "completed",
    "mentee_gain",  # skill gained by mentees of formal pairs
    "mentor_gain",
    "opened",  # formal pairs opened
    "volunteers",
    "turned_away",
    "trained",  # participants who were trained
    "participants",  # participants of cohorts that open
    "young",  # people under 35
    "young_emerging",
    "old",  # people of 50 and more
    "old_emerging",
    "leaders",  # people of the top two of four or more levels
    "leaders_emerging",
    "ties",
    "ties_across_levels",
    "ties_across_departments",
    "safety",
    "pay",  # pay factors of the level
    "output_pay",  # output × pay factor of the level
    "meeting_pay",  # hours held × pay factor of the level, both sides
    "replacement",  # replacement cost of voluntary exits, in salaries of level 1
    "quits_staff",  # quits at the levels 1 and 2
    "quits_middle",  # at the levels between
    "quits_leaders",  # at the top two of four or more levels
    "training_pay",  # pay factors of those who were trained
    "opened_pay",  # pay factors of both sides of pairs that opened
    "check_ins",  # running pairs that the coordinator asked how it goes
    "re_paired",  # pairs that a check-in ended and replaced
    "recognised",  # people recognised for a completed pair
    "first_meetings",  # formal pairs that met for the first time
    "good_fits",  # those of them that fit well from the start
    "poor_fits",  # those that fit badly
    "hours",  # hours of participants' time at meetings and in preparing them, both sides
    "capacity",  # mentees that the willing mentors of an opening cohort could take
    "places",  # pairs for which an opening cohort has room
    "invited_mentees",  # people whom an opening cohort invites to have a mentor
    "invited_mentors",  # people whom it invites to be one
    "joiners",  # people who are, or ever were, mentor or mentee of the programme
    "joiners_engagement",
    "joiners_output",
    "joiners_quits",
    "drawn",  # people whom the first lot about them drew
    "drawn_engagement",
    "drawn_output",
    "drawn_mentored",  # those of them who are, or ever were, mentees of the programme
    "drawn_quits",
    "undrawn",  # people whom it did not draw
    "undrawn_engagement",
    "undrawn_output",
    "undrawn_mentored",
    "undrawn_quits",
    "at_risk",  # people who were there when the month's departures were decided
    "joiners_at_risk",  # those of them who had taken part by then
    "drawn_at_risk",  # those of them whom the first lot about them had drawn
    "undrawn_at_risk",  # those of them whom it had not drawn
)
M = {name: index for index, name in enumerate(MEASURES)}
(
    M_HEADCOUNT,
    M_ENGAGEMENT,
    M_ENGAGED,
    M_DISENGAGED,
    M_OUTPUT,
    M_EMERGING,
    M_INSTITUTIONAL,
    M_INTERPERSONAL,
    M_NEWCOMERS,
    M_NEWCOMERS_OUTPUT,
    M_RETIRED,
    M_INVOLUNTARY,
    M_QUITS,
    M_REGRETTED,
    M_LEFT_WITHIN_YEAR,
    M_LEFT_OF_COHORT,
    M_YEAR_BASE,
    M_COHORT_BASE,
    M_HIRES,
    M_PROMOTIONS,
    M_IDEAS,
    M_VOICED,
    M_IMPLEMENTED,
    M_NOVELTY,
    M_INSTITUTIONAL_LOST,
    M_MENTORED_FORMALLY,
    M_MENTORED_INFORMALLY,
    M_FORMAL_PAIRS,
    M_PAIR_QUALITY,
    M_PLANNED,
    M_HELD,
    M_INFORMAL_HELD,
    M_ENDED_EARLY,
    M_COMPLETED,
    M_MENTEE_GAIN,
    M_MENTOR_GAIN,
    M_OPENED,
    M_VOLUNTEERS,
    M_TURNED_AWAY,
    M_TRAINED,
    M_PARTICIPANTS,
    M_YOUNG,
    M_YOUNG_EMERGING,
    M_OLD,
    M_OLD_EMERGING,
    M_LEADERS,
    M_LEADERS_EMERGING,
    M_TIES,
    M_TIES_ACROSS_LEVELS,
    M_TIES_ACROSS_DEPARTMENTS,
    M_SAFETY,
    M_PAY,
    M_OUTPUT_PAY,
    M_MEETING_PAY,
    M_REPLACEMENT,
    M_QUITS_STAFF,
    M_QUITS_MIDDLE,
    M_QUITS_LEADERS,
    M_TRAINING_PAY,
    M_OPENED_PAY,
    M_CHECK_INS,
    M_RE_PAIRED,
    M_RECOGNISED,
    M_FIRST_MEETINGS,
    M_GOOD_FITS,
    M_POOR_FITS,
    M_HOURS,
    M_CAPACITY,
    M_PLACES,
    M_INVITED_MENTEES,
    M_INVITED_MENTORS,
    M_JOINERS,
    M_JOINERS_ENGAGEMENT,
    M_JOINERS_OUTPUT,
    M_JOINERS_QUITS,
    M_DRAWN,
    M_DRAWN_ENGAGEMENT,
    M_DRAWN_OUTPUT,
    M_DRAWN_MENTORED,
    M_DRAWN_QUITS,
    M_UNDRAWN,
    M_UNDRAWN_ENGAGEMENT,
    M_UNDRAWN_OUTPUT,
    M_UNDRAWN_MENTORED,
    M_UNDRAWN_QUITS,
    M_AT_RISK,
    M_JOINERS_AT_RISK,
    M_DRAWN_AT_RISK,
    M_UNDRAWN_AT_RISK,
) = range(len(MEASURES))
