"""A roster that says everything that a roster can say, about some people only."""

from __future__ import annotations

HEADINGS = (
    "employee_id,level,department,manager_id,age,tenure_years,work_mode,months_since_promotion,"
    "engagement,mentoring_role,mentor_capacity,skills_have_0_1,exclude_ids,past_partner_ids,"
    "must_pair_with,skills_want_0_1"
)
WORK_MODES = ("remote", "hybrid", "on site")
WANTED = (
    "digital_tools",
    "industry_knowledge",
    "leadership_and_strategy",
    "inclusive_culture",
    "juggling",
)
ROLES = ("both", "mentor", "mentee", "none", "")


def roster_with_everything(people: int) -> str:
    """A CSV file of this many people in three departments and one of a single person."""
    return "\n".join([HEADINGS, *(_row(number, people) for number in range(1, people + 1))]) + "\n"


def _row(number: int, people: int) -> str:
    level = 4 if number == 1 else 3 if number < 5 else 2 if number < people / 2 else 1
    boss = "" if number == 1 else 1 if number < 5 else 2 + number % 3
    others = [other for other in (number + 7, number + 8) if other <= people]
    fixed = [other for other in (number + 1, number + 9) if other <= people]
    cells = (
        number,
        level,
        "Alone" if number == 6 else f"D{2 + number % 3}",
        boss,
        25 + number if number % 3 else "",
        number / 4 if number % 3 else "",
        WORK_MODES[number % 3] if number % 4 else "",
        number if number % 5 else "",
        2 * number if number % 2 else "",
        ROLES[number * number % 7 % 5],
        number % 4 if number % 3 == 1 else "",
        f"digital_tools:{number / 100};industry_knowledge:0.9" if number % 4 == 1 else "",
        ";".join(str(other) for other in others) if number % 2 else "",
        others[0] if others and number % 2 == 0 else "",
        ";".join(str(other) for other in fixed) if number % 11 == 0 else "",
        f"{WANTED[number % 5]}:1;market_trends:0.5" if number % 3 else "",
    )
    return ",".join(str(cell) for cell in cells)
