"""Declared properties of a pilot: how well it measures, who answers, and what it calls known.

What holds of its survey holds of the survey of a programme that runs (:mod:`sim.deciding.update`).
"""

from __future__ import annotations

from sim.parameters import Parameter, ParameterGroup

__all__ = ["PILOT"]

PILOT = ParameterGroup(
    "pilot",
    "How a pilot is measured and read",
    (
        Parameter(
            "survey_reliability",
            0.85,
            "share of the variance",
            "How much of what an engagement survey finds to differ between people truly differs.",
            0.05,
            1.0,
            source="internal consistency of engagement scales, .8 to .93 (Schaufeli, Bakker & Salanova 2006)",
            grade="measured",
            neutral=1.0,
        ),
        Parameter(
            "survey_response",
            0.75,
            "share",
            "Who answers a survey, of people of average engagement.",
            0.01,
            1.0,
            source="assumed: three in four answer a firm's own survey; studies publish about half (Baruch & Holtom 2008)",
            grade="assumed",
            neutral=1.0,
        ),
        Parameter(
            "response_by_engagement",
            0.5,
            "logit per SD",
            "How much readier the engaged are to answer.",
            -5.0,
            5.0,
            source="those who refuse to answer are less satisfied (Rogelberg et al. 2003, direction)",
            grade="assumed",
            neutral=0.0,
        ),
        Parameter(
            "survey_spread",
            0.2,
            "share of the scale",
            "How much single answers to a survey differ between people: standard deviation. With who answers it says "
            "how far a survey's mean may be off (`mentorsim update`).",
            0.0,
            0.5,
            source="assumed: scores on engagement scales of 0 to 6 usually differ by 1 to 1.2",
            grade="assumed",
            neutral=0.0,
        ),
        Parameter(
            "test_reliability",
            0.8,
            "share of the variance",
            "The same of a test of the skills that mentees are to learn.",
            0.05,
            1.0,
            source="assumed: usual reliability of a short test of skills",
            grade="assumed",
            neutral=1.0,
        ),
        Parameter(
            "test_attendance",
            0.9,
            "share",
            "Who sits a test of skills.",
            0.01,
            1.0,
            source="assumed: one in ten is away or declines",
            grade="assumed",
            neutral=1.0,
        ),
        Parameter(
            "survey_minutes",
            10.0,
            "minutes",
            "Time that one survey takes each person.",
            0.0,
            600.0,
            source="assumed: a pulse survey of some twenty questions",
            grade="assumed",
        ),
        Parameter(
            "test_minutes",
            45.0,
            "minutes",
            "Time that one test of skills takes each person.",
            0.0,
            600.0,
            source="assumed: a short test with tasks from the work itself",
            grade="assumed",
        ),
        Parameter(
            "significance",
            0.05,
            "probability",
            "How often a pilot may find an effect of a programme that does nothing.",
            0.001,
            0.5,
            source="convention",
        ),
        Parameter(
            "power",
            0.8,
            "probability",
            "How often it should find an effect that is there, to be called able to.",
            0.05,
            0.999,
            source="convention (Cohen 1988)",
        ),
        Parameter(
            "small_arm",
            20,
            "people",
            "Arms of fewer people are compared by permutation.",
            0,
            1000,
            source="assumed: Student's t is close from about twenty people",
            kind="integer",
        ),
    ),
)
