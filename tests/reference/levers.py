"""What hours and money spent on a programme amount to; each has falling returns."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Levers:
    """What helps a programme: from 0 to 1, but for check-ins per month and the size of a group.

    A group of 0 is none: each pair meets apart.
    """

    support: float
    clarity: float
    training: float
    recognition: float
    check_ins: float
    platform: bool
    group: int


def levers_of(settings: Any) -> Levers:
    """The levers of resolved settings."""
    programme, firm, scales = settings.programme, settings.organisation, settings.support
    hours = programme.training_hours
    effect = effect_of(hours, scales.training_scale)
    if programme.training_for == "mentors":
        effect = scales.mentor_training_share * effect
    elif programme.training_for == "mentees":
        effect = (1.0 - scales.mentor_training_share) * effect
    months = programme.check_in_months
    return Levers(
        support=nearer_to_one(
            firm.management_support, effect_of(programme.sponsor_hours, scales.sponsor_scale)
        ),
        clarity=nearer_to_one(
            firm.objectives_clarity, effect_of(programme.objectives_hours, scales.objectives_scale)
        ),
        training=effect,
        recognition=effect_of(programme.recognition, scales.recognition_scale),
        check_ins=1.0 / months if months > 0 else 0.0,
        platform=programme.platform,
        group=programme.group_size if programme.form == "group" else 0,
    )


def effect_of(spent: float, scale: float) -> float:
    """``1 - exp(-spent / scale)``."""
    return 1.0 - math.exp(-spent / scale)


def nearer_to_one(base: float, effect: float) -> float:
    """What is lacking shrinks by the share `effect`."""
    return 1.0 - (1.0 - base) * (1.0 - effect)
