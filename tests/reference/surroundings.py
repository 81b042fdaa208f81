"""What is known before the first month: the skills, and the course of the environment."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from reference.entities import Skill
from reference.luck import total

DEFAULT_DOWNTURN, DEFAULT_JUMP, DEFAULT_WAVE = 0.6, 0.15, 3.0


@dataclass
class Surroundings:
    """One month's labour market, technology and shocks."""

    quit_factor: float
    layoff_factor: float = 1.0
    retirement_factor: float = 1.0
    obsolescence: float = 1.0
    jump: float = 0.0
    frozen: bool = False


def list_of_skills(settings: Any) -> list[Skill]:
    """The organisation's skills; their weights are scaled to add up to one."""
    declared: Sequence[Mapping[str, Any]] = settings.organisation.skills
    weights = total(float(skill["weight"]) for skill in declared)
    skills = []
    for index, skill in enumerate(declared):
        kind = skill["kind"]
        skills.append(
            Skill(
                index=index,
                name=skill["name"],
                kind=kind,
                weight=float(skill["weight"]) / weights,
                decay=getattr(settings.practice, f"{kind}_decay"),
                practice=getattr(settings.practice, f"{kind}_practice"),
                entry=getattr(settings.skill_levels, f"{kind}_entry"),
                grows_by_mentoring=bool(skill["grows_by_mentoring"]),
            )
        )
    return skills


def course(environment: Any, months: int) -> list[Surroundings]:
    """The surroundings of every month, the scheduled shocks included; shocks of a kind add up."""
    found = [
        Surroundings(
            quit_factor=environment.labour_market, obsolescence=environment.technology_pace
        )
        for _ in range(months)
    ]
    for shock in environment.shocks:
        size = shock.get("size")
        for month in range(shock["month"], min(months, shock["month"] + shock["months"])):
            now = found[month]
            match shock["kind"]:
                case "downturn":
                    now.quit_factor *= DEFAULT_DOWNTURN if size is None else size
                    now.layoff_factor *= environment.layoff_factor
                case "technology_jump":
                    share = min(0.99, DEFAULT_JUMP if size is None else size)
                    now.jump += 1.0 - (1.0 - share) ** (1.0 / shock["months"])
                case "retirement_wave":
                    now.retirement_factor *= DEFAULT_WAVE if size is None else size
                case "hiring_freeze":
                    now.frozen = True
    return found
