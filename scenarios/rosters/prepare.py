"""Make the example rosters of this folder from the published files.

Usage: ``python prepare.py RAW_FOLDER [OUTPUT_FOLDER]``

``RAW_FOLDER`` must hold (see README.md for where they come from)

- ``lazega-law-firm/nodes.csv`` and ``lazega-law-firm/edges_advice.csv``,
- ``ibm-hr-attrition/WA_Fn-UseC_-HR-Employee-Attrition.csv``.

The files are written to ``OUTPUT_FOLDER``, by default the folder of this script. Nothing is drawn
at random: the same raw files give the same rosters, byte for byte.
"""

from __future__ import annotations

import argparse
import csv
from collections.abc import Iterable, Sequence
from pathlib import Path

LAZEGA_STATUS = {"1": "partner", "2": "associate"}
LAZEGA_OFFICE = {"1": "Boston", "2": "Hartford", "3": "Providence"}
LAZEGA_PRACTICE = {"1": "litigation", "2": "corporate"}

# Answers from 1 to 4; their mean stands in for an engagement score.
IBM_ATTITUDES = ("JobSatisfaction", "JobInvolvement", "EnvironmentSatisfaction")
IBM_KEPT = (
    "EmployeeNumber",
    "JobLevel",
    "Department",
    "Age",
    "YearsAtCompany",
    "YearsSinceLastPromotion",
)


def read(path: Path) -> list[dict[str, str]]:
    """Return the rows of a CSV file by the names of its columns."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file, strict=True))


def write(path: Path, headings: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Write a CSV file with plain line ends."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(headings)
        writer.writerows(rows)


def lazega(raw: Path, output: Path) -> None:
    """Write the 71 lawyers and their advice ties; gender and law school are left out."""
    write(
        output / "lazega_law_firm.csv",
        ("employee_id", "level", "department", "site", "age", "tenure_years"),
        (
            (
                lawyer["id"],
                LAZEGA_STATUS[lawyer["status"]],
                LAZEGA_PRACTICE[lawyer["practice"]],
                LAZEGA_OFFICE[lawyer["office"]],
                lawyer["age"],
                lawyer["seniority"],
            )
            for lawyer in read(raw / "nodes.csv")
        ),
    )
    write(
        output / "lazega_law_firm_advice.csv",
        ("source", "target"),
        ((tie["source"], tie["target"]) for tie in read(raw / "edges_advice.csv")),
    )


def ibm(raw: Path, output: Path) -> None:
    """Write the 1,470 fictional employees, all as present staff: there are no dates of leaving."""

    def engagement(employee: dict[str, str]) -> str:
        answers = [int(employee[column]) for column in IBM_ATTITUDES]
        return f"{sum(answers) / len(answers):.2f}"

    write(
        output / "ibm_hr_fictional.csv",
        (*IBM_KEPT, "engagement_score_1_4"),
        (
            (*(employee[column] for column in IBM_KEPT), engagement(employee))
            for employee in read(raw / "WA_Fn-UseC_-HR-Employee-Attrition.csv")
        ),
    )


def main() -> None:
    """Read the two folders from the command line and write the three files."""
    parser = argparse.ArgumentParser(description="Make the example rosters.")
    parser.add_argument("raw", type=Path, help="folder with the published files")
    parser.add_argument("output", type=Path, nargs="?", default=Path(__file__).parent)
    arguments = parser.parse_args()
    lazega(arguments.raw / "lazega-law-firm", arguments.output)
    ibm(arguments.raw / "ibm-hr-attrition", arguments.output)


if __name__ == "__main__":
    main()
