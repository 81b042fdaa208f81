"""Quality levers: what training, clear objectives, sponsorship, check-ins and recognition amount to.

Each lever costs time or money (:mod:`sim.organisation.costs`) and acts through one named mechanism. Hours
and money have falling returns: ``1 - exp(-spent / scale)`` of what there is to gain.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from sim.parameters import Parameter, ParameterGroup

__all__ = ["LEVERS", "SUPPORT", "levers_of"]

LEVERS = (
    "support",  # 0 to 1: how far leaders back the programme, sponsorship included
    "clarity",  # 0 to 1: share of meeting time spent on what the programme is for
    "training",  # 0 to 1: how far a pair was trained
    "recognition",  # 0 to 1
    "check_ins",  # check-ins per month
    "platform",  # 0 or 1
    "asked",  # 1 where the coordinator asks people by name, else 0
    "group",  # most mentees who meet their mentor together; 0 where pairs meet apart
)

SUPPORT = ParameterGroup(
    "support",
    "What hours and money spent on a programme amount to",
    (
        Parameter(
            "training_scale",
            4.0,
            "hours",
            "Training that gives about two thirds of its full effect.",
            0.1,
            1000.0,
            source="usual length of mentor training, half a day",
            grade="assumed",
            prior=(2.0, 8.0),
        ),
        Parameter(
            "mentor_training_share",
            0.6,
            "share",
            "How much of the effect of training comes from training mentors.",
            0.0,
            1.0,
            source="M-INPUT (training quality on both sides)",
            grade="assumed",
            prior=(0.4, 0.8),
        ),
        Parameter(
            "objectives_scale",
            2.0,
            "hours",
            "Time on objectives that closes about two thirds of what is unclear.",
            0.1,
            1000.0,
            source="M-INPUT (direction)",
            grade="assumed",
            prior=(1.0, 4.0),
        ),
        Parameter(
            "sponsor_scale",
            4.0,
            "hours per month",
            "A sponsor's time that closes about two thirds of the support that is lacking.",
            0.1,
            1000.0,
            source="M-INPUT (direction)",
            grade="assumed",
            prior=(2.0, 8.0),
        ),
        Parameter(
            "recognition_scale",
            50.0,
            "currency per person",
            "Recognition that gives about two thirds of its full effect.",
            0.1,
            1e6,
            source="price of a small event or gift",
            grade="assumed",
            prior=(20.0, 200.0),
        ),
        Parameter(
            "failing_below",
            0.35,
            "quality",
            "Relationships below this quality are failing.",
            0.0,
            1.0,
            source="assumed: platforms flag pairs in need of a check-in; where the line lies is not published",
            grade="assumed",
            prior=(0.25, 0.45),
        ),
        Parameter(
            "found_out",
            0.7,
            "probability",
            "Probability that a check-in finds that a pair is failing.",
            0.0,
            1.0,
            source="feedback is not always given",
            grade="assumed",
            prior=(0.4, 0.9),
        ),
    ),
)


def levers_of(settings: Mapping[str, Mapping[str, Any]]) -> dict[str, float]:
    """What a variant's levers amount to, by the names of :data:`LEVERS`."""
    programme, organisation, scales = (
        settings["programme"],
        settings["organisation"],
        settings["support"],
    )

    def share(spent: float, scale: str) -> float:
        return 1.0 - math.exp(-float(spent) / float(scales[scale]))

    def raised(base: float, spent: float, scale: str) -> float:
        return 1.0 - (1.0 - float(base)) * (1.0 - share(spent, scale))

    mentors = float(scales["mentor_training_share"])
    trained = {"both": 1.0, "mentors": mentors, "mentees": 1.0 - mentors}
    interval = int(programme["check_in_months"])
    return {
        "support": raised(
            organisation["management_support"], programme["sponsor_hours"], "sponsor_scale"
        ),
        "clarity": raised(
            organisation["objectives_clarity"], programme["objectives_hours"], "objectives_scale"
        ),
        "training": trained[programme["training_for"]]
        * share(programme["training_hours"], "training_scale"),
        "recognition": share(programme["recognition"], "recognition_scale"),
        "check_ins": 1.0 / interval if interval else 0.0,
        "platform": 1.0 if programme["platform"] else 0.0,
        "asked": 1.0 if programme["participation"] == "asked_by_name" else 0.0,
        "group": float(programme["group_size"]) if programme["form"] == "group" else 0.0,
    }
