"""Small staff lists, and the settings under which pairs are made for them."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

from sim.organisation.roster.roster import Roster
from sim.organisation.roster.understanding import read_roster
from sim.scenario import Scenario

SKILLS = [
    "digital_tools", "emerging_technology", "market_trends", "inclusive_culture", "industry_knowledge",
    "organisational_know_how", "leadership_and_strategy", "communication_and_coaching",
]  # fmt: skip


def settings_of(policy: str, **programme: Any) -> Any:
    return Scenario(programme={"policy": policy, "start_month": 0, **programme}).settings


def firm(people: int, seed: int, *, stated: bool = True, roles: bool = False) -> str:
    """A staff list of a small firm with three levels, managers, sites and departments."""
    luck = random.Random(seed)
    head = "employee_id,level,department,manager_id,site,age,hire_date,skills_have"
    lines = [head + (",role" if roles else "")]
    for row in range(people):
        level = 3 if row == 0 else 2 if row < 1 + people // 5 else 1
        manager = "" if row == 0 else "P0" if level == 2 else f"P{1 + row % max(1, people // 5)}"
        skills = ";".join(f"{name}:{luck.random():.2f}" for name in SKILLS) if stated else ""
        age, site = luck.randint(22, 62), luck.choice(["North", "South", ""])
        cells = [
            f"P{row}",
            level,
            luck.choice("ABC"),
            manager,
            site,
            age,
            f"{2000 + luck.randint(20, 25)}-01-01",
            skills,
        ]
        if roles:
            cells.append(luck.choice(["mentor", "mentee", "either"]))
        lines.append(",".join(map(str, cells)))
    return "\n".join(lines) + "\n"


def roster_of(tmp_path: Path, text: str, name: str = "staff.csv") -> Roster:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return read_roster(path)
