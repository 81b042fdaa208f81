"""Run all comparisons and write their table into docs/verification.md.

``PYTHONPATH=.:tests python -m verification`` prints the table and puts it between the marks of the page;
``--more 6`` runs six times as many worlds of each closed form.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from sim.simulation.warming import warm_up
from verification import classics
from verification.findings import Finding
from verification.firms import studies
from verification.forms import FORMS

PAGE = Path(__file__).resolve().parents[2] / "docs" / "verification.md"
BEGIN, END = "<!-- table: made by `python -m verification` -->\n", "<!-- end of table -->\n"


def all_findings(more: int) -> list[Finding]:
    """Every comparison that the page lists."""
    with studies("march_1991"):
        found = [one for form in FORMS.values() for one in form(more)]
        found += [classics.march(cell) for cell in classics.MARCH]
        found.append(classics.march_turnover())
        found += [classics.cowan_jonard(rewired) for rewired in classics.COWAN_JONARD]
        found += [one for width in classics.DEFFUANT for one in classics.deffuant(width)]
    return found


def _number(value: float) -> str:
    return "0" if abs(value) < 1e-9 else f"{value:.4g}"


def table(found: list[Finding]) -> str:
    """The comparisons as a table."""
    lines = [
        "| form | what | expected | engine ± tolerance | runs | z | wrong variants rejected |",
        "|---|---|--:|--:|--:|--:|---|",
    ]
    for one in found:
        z = 4.0 * (one.mean - one.expected) / one.tolerance if one.tolerance > 1e-9 else 0.0
        tolerance = "exact" if one.tolerance <= 1e-9 else f"± {one.tolerance:.2g}"
        wrong = "; ".join(f"{name} ({_number(value)})" for name, (value, _) in one.wrong.items())
        verdict = "" if one.agrees() and not one.not_rejected() else " **fails**"
        lines.append(
            f"| {one.name} | {one.what} | {_number(one.expected)} | {_number(one.mean)} {tolerance}"
            f"{verdict} | {one.runs} | {z:+.1f} | {wrong} |"
        )
    return "\n".join(lines) + "\n"


def main() -> None:
    """Run, print, and write."""
    parser = argparse.ArgumentParser(prog="python -m verification", description=__doc__)
    parser.add_argument("--more", type=int, default=1, help="times as many worlds per closed form")
    more = parser.parse_args().more
    warm_up()
    made = table(all_findings(more))
    print(made)
    text = PAGE.read_text(encoding="utf-8")
    before, rest = text.split(BEGIN)
    PAGE.write_text(before + BEGIN + made + END + rest.split(END)[1], encoding="utf-8")


if __name__ == "__main__":
    main()
