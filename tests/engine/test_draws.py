"""Addressed random numbers: published answers, addresses, independence, equality of all ways to look."""

from __future__ import annotations

import itertools
import json
from pathlib import Path

import numpy as np
import pytest

from sim.engine import decisions
from sim.engine.decisions import DECISIONS
from sim.engine.draws import (
    draw,
    draw_for_all,
    draw_for_others,
    look_up,
    luck_of,
    normal,
    normal_pair,
    philox,
)

GOLDEN = Path(__file__).parent / "golden" / "draws.json"

# Salmon et al. 2011, Random123 known-answer file, philox4x32 with 10 rounds: counter, key, answer.
KNOWN_ANSWERS = [
    ((0, 0, 0, 0), (0, 0), (0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8)),
    (
        (0xFFFFFFFF,) * 4,
        (0xFFFFFFFF,) * 2,
        (0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD),
    ),
    (
        (0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344),
        (0xA4093822, 0x299F31D0),
        (0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1),
    ),
]


@pytest.mark.parametrize(("counter", "key", "answer"), KNOWN_ANSWERS)
def test_philox_gives_the_published_answers(
    counter: tuple[int, ...], key: tuple[int, ...], answer: tuple[int, ...]
) -> None:
    words = philox(*(np.uint64(word) for word in counter + key))
    assert tuple(int(word) for word in words) == answer


def test_compiled_and_plain_python_give_the_same_bits() -> None:
    words = [np.uint64(word) for word in (7, 3, 11 << 16, 2, 99, 1)]
    with np.errstate(over="ignore"):
        plain = philox.py_func(*words)
    assert [int(word) for word in philox(*words)] == [int(word) for word in plain]


def test_decisions_have_unique_stable_codes() -> None:
    codes = [decision.code for decision in DECISIONS]
    names = [decision.name for decision in DECISIONS]
    assert len(set(codes)) == len(codes)
    assert len(set(names)) == len(names)
    assert all(0 < code < 65536 for code in codes)
    assert all(len(decision.lanes) == 4 for decision in DECISIONS)
    constants = {
        value
        for name, value in vars(decisions).items()
        if name.isupper() and isinstance(value, int)
    }
    assert constants == set(codes), "every code constant is in the registry, and nothing else"


def test_golden_values_do_not_move() -> None:
    """A changed number here changes every result ever published: make it on purpose, with a new file."""
    golden = json.loads(GOLDEN.read_text())
    found = {
        decision.name: [
            decision.code,
            list(look_up(20261122, 3, decision.name, 12, other=5, when=7).values()),
        ]
        for decision in DECISIONS
    }
    assert found == golden


@pytest.mark.parametrize("people", [1, 7, 64])
@pytest.mark.parametrize("when", [0, 65_023])
def test_many_draws_at_once_are_the_draws_one_by_one(people: int, when: int) -> None:
    luck = luck_of(2**63 + 5, 2**32 - 1)
    found = np.zeros((4, people))
    draw_for_all(luck, decisions.MOOD, when, found)
    for who in range(people):
        assert tuple(found[:, who]) == draw(luck, decisions.MOOD, who, -1, when)
    found = np.zeros((2, people))
    draw_for_others(luck, decisions.TIE_SEARCH, 11, 3, when, found)
    for place in range(people):
        assert tuple(found[:, place]) == draw(luck, decisions.TIE_SEARCH, 11, 3 + place, when)[:2]


def test_every_word_of_the_address_matters() -> None:
    base = {"who": 5, "other": 2, "when": 3, "what": decisions.MOOD, "world": 1, "seed": 9}
    numbers = set()
    for changed in (None, *base):
        address = dict(base)
        if changed is not None:
            address[changed] += 1
        luck = luck_of(address["seed"], address["world"])
        numbers.add(draw(luck, address["what"], address["who"], address["other"], address["when"]))
    assert len(numbers) == len(base) + 1
    high_seed = draw(luck_of(9 + 2**32, 1), decisions.MOOD, 5, 2, 3)
    assert high_seed not in numbers, "the upper half of the seed counts too"


def test_no_other_person_is_not_person_zero() -> None:
    luck = luck_of(1, 0)
    assert draw(luck, decisions.MEETING, 5, -1, 0) != draw(luck, decisions.MEETING, 5, 0, 0)


@pytest.mark.parametrize(("seed", "world"), [(-1, 0), (2**64, 0), (0, -1), (0, 2**32)])
def test_seeds_and_worlds_out_of_range_are_refused(seed: int, world: int) -> None:
    with pytest.raises(ValueError, match="not within"):
        luck_of(seed, world)


def test_an_unknown_decision_is_named_with_those_there_are() -> None:
    with pytest.raises(KeyError, match="mood"):
        look_up(1, 0, "weather", 3)


def _sample(decision: int, people: int = 2000, months: int = 10) -> np.ndarray:
    luck = luck_of(4, 2)
    return np.array(
        [draw(luck, decision, who, -1, when) for when in range(months) for who in range(people)]
    )


def test_numbers_are_uniform_and_lanes_independent() -> None:
    numbers = _sample(decisions.MOOD)
    count = len(numbers)
    assert numbers.min() > 0.0
    assert numbers.max() < 1.0
    np.testing.assert_allclose(numbers.mean(axis=0), 0.5, atol=4 / np.sqrt(12 * count))
    # Kolmogorov-Smirnov distance, at the 0.1 % level.
    for lane in range(4):
        ordered = np.sort(numbers[:, lane])
        distance = np.abs(ordered - (np.arange(count) + 0.5) / count).max()
        assert distance < 1.95 / np.sqrt(count)
    correlation = np.corrcoef(numbers.T) - np.eye(4)
    assert np.abs(correlation).max() < 4 / np.sqrt(count)


def test_decisions_months_neighbours_and_worlds_are_uncorrelated() -> None:
    first = _sample(decisions.MOOD)[:, 0]
    count = len(first)
    by_month = first.reshape(10, -1)
    samples = {
        "another decision": _sample(decisions.IDEA)[:, 0],
        "the next month": np.roll(by_month, 1, axis=0).ravel(),
        "the next person": np.roll(by_month, 1, axis=1).ravel(),
        "another world": np.array(
            [
                draw(luck_of(4, 3), decisions.MOOD, w, -1, m)[0]
                for m in range(10)
                for w in range(2000)
            ]
        ),
    }
    for name, other in samples.items():
        assert abs(np.corrcoef(first, other)[0, 1]) < 4 / np.sqrt(count), name
    for one, other in itertools.combinations(samples.values(), 2):
        assert abs(np.corrcoef(one, other)[0, 1]) < 4 / np.sqrt(count)


def test_normal_numbers_have_the_right_moments() -> None:
    uniform = _sample(decisions.MOOD, people=4000)
    values = np.array([normal(row[0], row[1]) for row in uniform])
    pairs = np.array([normal_pair(row[2], row[3]) for row in uniform])
    count = len(values)
    for sample in (values, pairs[:, 0], pairs[:, 1]):
        assert abs(sample.mean()) < 4 / np.sqrt(count)
        assert abs(sample.var() - 1.0) < 4 * np.sqrt(2 / count)
        assert abs((sample**4).mean() - 3.0) < 4 * np.sqrt(96 / count)
    assert abs(np.corrcoef(pairs.T)[0, 1]) < 4 / np.sqrt(count)
