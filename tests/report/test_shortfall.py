"""What a programme lacks, and that more of it closes the gap."""

from __future__ import annotations

from functools import cache
from typing import Any

from sim.experiments.compare import compare
from sim.report.shortfall import Shortfall, shortfalls
from sim.scenario import Scenario


@cache
def lacking(policy: str, *changes: tuple[str, Any]) -> Shortfall:
    given: dict[str, Any] = {
        "months": 13, "replicates": 3, "seed": 4,
        "organisation.employees": 120, "organisation.levels": 4,
        "programme.start_month": 1, "programme.cohort_months": 12,
        "programme.participation": "universal", "programme.places": 1.0, **dict(changes),
    }  # fmt: skip
    variants = [
        {"name": "No", "programme.policy": "none"},
        {"name": "Ours", "programme.policy": policy},
    ]
    (found,) = shortfalls(compare(Scenario(**given, variants=variants), workers=1))
    return found


def test_places_are_short_until_there_are_as_many_as_it_says() -> None:
    few = lacking("random", ("programme.places", 0.05))
    assert few.short == "places"
    assert few.variant == "Ours"
    assert few.turned_away > 30
    assert few.interval[0] <= few.turned_away <= few.interval[1]
    assert few.places is not None
    assert f"places = {few.places:.2g} would be enough" in few.sentence
    enough = lacking("random", ("programme.places", min(1.0, round(few.places, 2))))
    assert enough.short != "places"
    assert enough.turned_away < 0.6 * few.turned_away


def test_mentors_are_short_where_each_takes_one() -> None:
    changes = {"mentor_capacity": 1, "mentor_from_level": 3, "mentee_to_level": 2}
    one = lacking("traditional", *((f"programme.{name}", value) for name, value in changes.items()))
    assert one.short == "mentors"
    assert one.more_mentors is not None
    few, many = one.more_mentors
    assert few == many
    assert few - 1 < one.turned_away <= few
    assert f"mentors are short, and {few} more would serve them" in one.sentence


def test_where_hardly_anybody_is_turned_away_nothing_is_short() -> None:
    everybody = lacking(
        "random", ("programme.mentor_capacity", 4), ("volunteering.several_mentees", 1.0)
    )
    assert everybody.turned_away < 0.1 * everybody.asked
    assert everybody.short in ("", "fit")
    assert everybody.places is None
