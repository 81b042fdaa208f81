"""What is said about a roster as a whole: what was read, what is missing, what was left out."""

from __future__ import annotations

import numpy as np

from sim.organisation.roster.findings import listed, people, quoted
from sim.organisation.roster.headings import plain
from sim.organisation.roster.roster import Roster
from sim.organisation.roster.rows import Rows

__all__ = ["gaps", "left_out", "missing", "summary"]

# Headings that say too little, and what they should say.
UNCLEAR = {
    **dict.fromkeys(("tenure", "seniority", "lengthofservice"), "tenure_years or tenure_months"),
    **dict.fromkeys(("skills", "expertise"), "skills_have or skills_want (name:level;name:level)"),
}
# Headings of personal data, whole and in part; never read, and named apart in the notes.
PERSONAL = ("name", "sex", "race", "employeename", "preferredname", "displayname", "nom", "nombre")
PRIVATE = (
    *("firstname", "lastname", "fullname", "surname", "mail", "phone", "address", "salary", "payrate"),
    *("gender", "ethnic", "religion", "maritalstatus", "nationality", "disability", "nachname", "vorname"),
    *("racedesc", "citizen", "geschlecht", "gehalt", "salaire", "salario", "salaris", "citizendesc"),
)  # fmt: skip
HELPERS = ("name", "first_name", "last_name", "email", "manager_name", "manager_email")
"""Columns that are read to find managers, and then forgotten."""


def summary(rows: Rows, roster: Roster) -> list[str]:
    """Say what was read, from which columns."""
    counts = [
        f"{len(names):,} {word if len(names) > 1 else word[:-1]}"
        for word, names in (
            ("levels", roster.level_names),
            ("departments", roster.department_names),
            ("sites", roster.site_names),
        )
        if names
    ]
    found = [f"Staff: {people(roster.headcount)}, {', '.join(counts)}."]
    if roster.left:
        found.append(f"Left: {people(roster.left)} no longer on the staff, kept apart.")
    renamed = [
        f"{quoted(heading)} as {column}"
        for column, heading in rows.headings.items()
        if plain(heading) != plain(column) and column not in HELPERS
    ]
    if renamed:
        found.append(f"Columns: read {listed(renamed, 25)}.")
    return found


def missing(roster: Roster) -> list[tuple[str, int, str]]:
    """What the roster does not tell: name, number of people, and what becomes of it."""
    drawn, rules = "drawn as in a synthetic firm", "as the programme's settings say"
    no_skills = np.array([not skills for skills in roster.skills_have])
    found = []
    for name, unknown, instead in (
        ("Age", np.isnan(roster.age), drawn),
        ("Tenure", np.isnan(roster.tenure_months), drawn),
        ("Time since promotion", np.isnan(roster.months_since_promotion), drawn),
        ("Engagement", np.isnan(roster.engagement), drawn),
        ("Site", roster.site < 0, drawn),
        ("Work mode", roster.work_mode < 0, drawn),
        ("Manager", roster.manager < 0, "heads, or placed under a manager by level and department"),
        ("Skills had", no_skills, drawn),
        ("Role", roster.role < 0, rules),
        ("Capacity", roster.capacity < 0, rules),
    ):
        if count := int(unknown.sum()):
            found.append((name, count, instead))
    return found


def gaps(roster: Roster) -> list[str]:
    """Say what the roster does not tell and what becomes of it."""
    found = []
    for name, count, instead in missing(roster):
        if count == roster.headcount:
            found.append(f"{name}: known for nobody; {instead}.")
        else:
            found.append(
                f"{name}: missing for {count:,} of {roster.headcount:,} people; {instead}."
            )
    if any(roster.skills_want):
        found.append("Skills wanted: the policy complementary pairs by them; the others do not.")
    if len(roster.fixed_pairs):
        found.append(f"Fixed pairs: {len(roster.fixed_pairs):,}; every cohort begins with them.")
    return found


def left_out(rows: Rows) -> list[str]:
    """Say which columns were not read, and why."""
    plain_of = {heading: plain(heading) for heading in rows.left_out}
    unclear = [heading for heading in plain_of if plain_of[heading] in UNCLEAR]
    helpers = [rows.headings[column] for column in HELPERS if column in rows]
    personal = [
        heading
        for heading, text in plain_of.items()
        if heading not in unclear and (text in PERSONAL or any(word in text for word in PRIVATE))
    ]
    others = [quoted(heading) for heading in plain_of if heading not in (*unclear, *personal)]
    found = [
        f"Column {quoted(heading)}: not read; to be read, name it {UNCLEAR[plain_of[heading]]}."
        for heading in unclear
    ]
    if helpers:
        names = listed([quoted(name) for name in helpers])
        found.append(f"Personal columns used to find managers, and not kept: {names}.")
    if personal:
        found.append(f"Personal columns not read: {listed([quoted(name) for name in personal])}.")
    if others:
        found.append(f"Columns not used: {listed(others)}.")
    return found
