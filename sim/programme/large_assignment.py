"""The optimal assignment of many thousands, without ever making the whole table of scores.

Each mentee gets a short list of candidates, and the best assignment within the lists is found exactly, as
a flow of least cost. Lists of everybody's best mentors would not do: all hold the same popular mentors,
and most mentees go without. The lists therefore rank mentors by score minus *price*, which is high for
those whom many want, and hold a few mentors by chance besides.

Beyond some 20,000 a side not even every pair is scored once. Mentees are put in groups of those who are
alike, and all look among the mentors who are best for the most typical of them.

Prices are those of the assignment in which a sample of mentees choose softly among all mentors (Sinkhorn
iterations; Cuturi 2013). They decide who is looked at, not who is paired.

The result is the same whenever it is computed on the same machine. Prices use NumPy's exponential and
matrix products, whose last bits differ between machines, so that there another pair of almost the same
worth may be made.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from importlib.util import find_spec

import numpy as np
from numpy.typing import NDArray

__all__ = ["assign_large", "has_solver"]

Scores = NDArray[np.float64]
Columns = NDArray[np.intp]
Capacities = NDArray[np.int64]
ScoreBlock = Callable[[Columns, Columns], Scores]
Arcs = tuple[Columns, Columns, Scores]

_ALL_UP_TO = 4 * 10**8
"""Pairs up to which every mentor is looked at for every mentee, unless told otherwise."""
_SAMPLE = 1_000
_PRICED, _PRICED_CELLS = 1_000, 100_000_000
_ROUNDS, _WARMTH = 100, 0.05
"""Sinkhorn iterations; softness of the choice, as a share of how far the best mentor is above the mean."""
_STAYING_OUT = np.float32(1e-13)
"""How much a mentee likes to stay out, where 1 is her best mentor without a price; it bounds the prices."""
_CELLS = 2_000_000
"""Scores that are held at a time while candidates are sought."""
_TOGETHER, _LANDMARKS = 64, 64
_STEPS = 1_000_000
"""Integers that a score is expressed in for the flow."""
_WHO_IS_PRICED, _COMPARED_WITH, _WHO_IS_SEEN, _BY_CHANCE = range(1, 5)


def has_solver() -> bool:
    """Whether OR-tools is installed (``pip install mentorsim[large]``), without loading it."""
    return find_spec("ortools") is not None


def assign_large(
    score_block: ScoreBlock,
    mentees: int,
    capacity: Capacities,
    *,
    candidates: int = 20,
    sample: int | None = None,
    everyone: bool = True,
) -> tuple[Columns, tuple[str, ...]]:
    """Pair mentees with mentors nearly optimally; for each mentee the mentor's column, or -1, and notes.

    Parameters
    ----------
    score_block
        Called with rows and columns; how good the pairs of these mentees with these mentors would be,
        0 or more in any unit, negative where a pair is forbidden; shape (rows, columns).
    mentees
        How many there are.
    capacity
        Mentees that each mentor can have, 0 or more; shape (mentors,).
    candidates
        Mentors on each mentee's list, three quarters by price and one quarter by chance. At 10,000 a
        side, with all mentors looked at, 20 reached more than 99 % of the greatest sum
        (``benchmarks/pairing_at_scale.py``).
    sample
        Mentors looked at for each mentee, 0 for all. By default all where there are at most
        400 million pairs, else 1,000: those who are best for one of a group of mentees who are alike.
        That is faster and takes less memory, at the price of some percent of the sum.
    everyone
        Whether, within the lists, as many as possible are matched; else the sum alone counts.

    Returns
    -------
    found, notes
        Columns of shape (mentees,); sentences on how they were found, for the reader of a report.

    Raises
    ------
    ValueError
        If `candidates` is below 1, `sample` or `mentees` negative, or a score infinite or not a number.
    """
    if candidates < 1 or mentees < 0 or (sample or 0) < 0:
        raise ValueError(f"{candidates} candidates, {mentees} mentees, sample {sample}")
    found = np.full(mentees, -1, dtype=np.intp)
    mentors = np.flatnonzero(capacity > 0)
    if not mentees or not len(mentors):
        return found, ()
    if sample is None:
        sample = 0 if mentees * len(mentors) <= _ALL_UP_TO else _SAMPLE
    if sample >= len(mentors):
        sample = 0
    places = np.minimum(capacity[mentors], mentees)

    def scores_of(rows: Columns, columns: Columns) -> Scores:
        block = score_block(rows, mentors[columns])
        if block.size and not block.max() < np.inf:
            raise ValueError("scores must be numbers below infinity")
        return block

    prices = _prices(scores_of, mentees, places)
    blocks = (
        _promising(scores_of, mentees, prices, sample)
        if sample
        else _everybody(mentees, len(mentors))
    )
    arcs = _candidates(scores_of, blocks, prices, candidates, len(mentors))
    notes = [
        f"Each mentee has up to {candidates} candidates, chosen from "
        + (f"{sample} promising mentors." if sample else "all mentors.")
    ]
    chosen = _flow(arcs, mentees, places, everyone)
    if chosen is None:
        chosen = _greedy(arcs, mentees, places)
        notes.append("OR-tools is not installed: the best pairs among them were made first.")
    else:
        notes.append("The best assignment among them was found exactly.")
    late = _late(scores_of, chosen, places, sample or len(mentors))
    if late:
        notes.append(f"{late} mentees got a mentor from outside their list.")
    found[chosen >= 0] = mentors[chosen[chosen >= 0]]
    return found, tuple(notes)


def _numbers(purpose: int, start: int, count: int) -> NDArray[np.uint64]:
    """Random integers of 64 bits, as many as wanted from a place in the sequence of a purpose.

    NumPy's Philox, whose integers are the same everywhere and for ever.
    """
    # One step of Philox's counter gives four numbers.
    source = np.random.Philox(key=purpose, counter=start // 4)
    return source.random_raw(count + start % 4)[start % 4 :]


def _shuffled(purpose: int, count: int) -> Columns:
    return np.argsort(_numbers(purpose, 0, count), kind="stable")


def _prices(score_block: ScoreBlock, mentees: int, places: Capacities) -> Scores:
    """What each mentor's place is worth, in units of the score; 0 where there is room for all who want it.

    A sample of mentees spread themselves over the mentors, each more on those who score high for their
    price; prices rise until no mentor is in greater demand than the sample's share of the places.
    """
    mentors = len(places)
    sampled = min(mentees, _PRICED, max(1, _PRICED_CELLS // mentors))
    rows = np.sort(_shuffled(_WHO_IS_PRICED, mentees)[:sampled])
    likes = np.empty((sampled, mentors), dtype=np.float32)
    spread = np.zeros(sampled)
    every = np.arange(mentors)
    step = max(1, _CELLS // mentors)
    for begin in range(0, sampled, step):
        block = score_block(rows[begin : begin + step], every)
        allowed = block >= 0.0
        best = block.max(axis=1, initial=0.0)
        mean = np.sum(block, axis=1, where=allowed) / np.maximum(allowed.sum(axis=1), 1)
        spread[begin : begin + step] = np.where(allowed.any(axis=1), best - mean, 0.0)
        likes[begin : begin + step] = np.where(allowed, block - best[:, np.newaxis], -np.inf)
    warmth = _WARMTH * float(spread.mean())
    if warmth <= 0.0:
        return np.zeros(mentors)
    likes /= np.float32(warmth)
    np.exp(likes, out=likes)
    # Where places are few, each mentee wants but a share of one.
    wanted = min(1.0, float(places.sum()) / mentees)
    share = places * (sampled / mentees)
    cheapness = np.ones(mentors)
    for _ in range(_ROUNDS):
        takes = wanted / (likes @ cheapness.astype(np.float32) + _STAYING_OUT)
        demand = takes.astype(np.float32) @ likes
        cheapness = np.minimum(1.0, share / np.maximum(demand, _STAYING_OUT))
    return -warmth * np.log(np.maximum(cheapness, _STAYING_OUT))


def _everybody(mentees: int, mentors: int) -> Iterator[tuple[Columns, Columns]]:
    """Rows and columns that are scored together: each mentee with all mentors."""
    step = max(1, _CELLS // mentors)
    for begin in range(0, mentees, step):
        yield np.arange(begin, min(begin + step, mentees)), np.arange(mentors)


def _promising(
    score_block: ScoreBlock, mentees: int, prices: Scores, sample: int
) -> Iterator[tuple[Columns, Columns]]:
    """Groups of mentees who are alike, each with the mentors who are best for one of them.

    One mentor in ten is there by chance, for those in the group who may have others than she may.
    """
    mentors = len(prices)
    every = np.arange(mentors)
    by_chance = sample // 10
    for number, (rows, typical) in enumerate(_alike(score_block, mentees, mentors)):
        scores = score_block(rows[typical : typical + 1], every)[0]
        ranked = np.where(scores >= 0.0, prices - scores, np.inf)
        best = np.argpartition(ranked, sample - by_chance - 1)[: sample - by_chance]
        chance = _numbers(_WHO_IS_SEEN, number * by_chance, by_chance) % np.uint64(mentors)
        yield rows, np.union1d(best, chance.astype(np.intp))


def _alike(score_block: ScoreBlock, mentees: int, mentors: int) -> Iterator[tuple[Columns, int]]:
    """Mentees in groups of those who score alike with some mentors; and which of them is most typical.

    A group is split in two, again and again, where its mentees' scores differ most.
    """
    compared = np.sort(_shuffled(_COMPARED_WITH, mentors)[:_LANDMARKS])
    traits = np.empty((mentees, len(compared)), dtype=np.float32)
    step = max(1, _CELLS // len(compared))
    for begin in range(0, mentees, step):
        rows = np.arange(begin, min(begin + step, mentees))
        traits[rows] = np.maximum(score_block(rows, compared), -1.0)
    groups = [np.arange(mentees)]
    while groups:
        rows = groups.pop()
        own = traits[rows]
        mean = own.mean(axis=0)
        widest = int(own.var(axis=0).argmax())
        above = own[:, widest] > mean[widest]
        if len(rows) <= _TOGETHER or above.all() or not above.any():
            for begin in range(0, len(rows), _TOGETHER):
                part = slice(begin, begin + _TOGETHER)
                yield rows[part], int(((own[part] - mean) ** 2).sum(axis=1).argmin())
        else:
            groups += [rows[above], rows[~above]]


def _candidates(
    score_block: ScoreBlock,
    blocks: Iterator[tuple[Columns, Columns]],
    prices: Scores,
    candidates: int,
    mentors: int,
) -> Arcs:
    """Mentee, mentor and score of every pair on a list, in order of mentee and mentor."""
    by_chance = candidates // 4
    by_price = candidates - by_chance
    pairs: list[Columns] = []
    scores: list[Scores] = []
    drawn = 0
    for rows, columns in blocks:
        block = score_block(rows, columns)
        allowed = block >= 0.0
        ranked = np.where(allowed, prices[columns] - block, np.inf)
        if by_price < len(columns):
            places = np.argpartition(ranked, by_price - 1, axis=1)[:, :by_price]
        else:
            places = np.broadcast_to(np.arange(len(columns)), block.shape)
        numbers = _numbers(_BY_CHANCE, drawn, len(rows) * by_chance).reshape(len(rows), by_chance)
        drawn += numbers.size
        places = np.concatenate([places, _drawn(allowed, numbers)], axis=1)
        values = np.take_along_axis(block, places, axis=1)
        line, place = np.nonzero(values >= 0.0)
        pairs.append(rows[line] * mentors + columns[places[line, place]])
        scores.append(values[line, place])
    which, first = np.unique(np.concatenate(pairs), return_index=True)
    return which // mentors, which % mentors, np.concatenate(scores)[first]


def _drawn(allowed: NDArray[np.bool_], numbers: NDArray[np.uint64]) -> Columns:
    """For each row, allowed columns by chance, one for each number; 0 where there is none."""
    counts = allowed.sum(axis=1).astype(np.uint64)
    flat = np.append(np.flatnonzero(allowed), 0)
    begin = np.cumsum(counts) - counts
    which = begin[:, np.newaxis] + numbers % np.maximum(counts, 1)[:, np.newaxis]
    drawn = flat[which] % allowed.shape[1]
    return np.where(counts[:, np.newaxis] > 0, drawn, 0).astype(np.intp)


def _flow(arcs: Arcs, mentees: int, places: Capacities, everyone: bool) -> Columns | None:
    """The greatest sum along the arcs, exactly but for rounding scores to a millionth of the highest.

    None if OR-tools is not installed. Every mentee sends one unit, over a mentor or by staying out.
    """
    try:
        from ortools.graph.python import min_cost_flow
    except ImportError:
        return None
    rows, columns, scores = arcs
    top = float(scores.max(initial=0.0))
    steps = (
        np.rint(scores * (_STEPS / top)).astype(np.int64)
        if top > 0.0
        else np.zeros(len(rows), np.int64)
    )
    # Staying out brings 0 points; or, if everyone is to be matched, costs more than all could gain by it.
    out = (_STEPS + 1) * min(mentees, int(places.sum())) if everyone else 0
    mentors = len(places)
    sink = mentees + mentors
    flow = min_cost_flow.SimpleMinCostFlow()
    each, every = np.arange(mentees), np.arange(mentees, sink)
    made = flow.add_arcs_with_capacity_and_unit_cost(
        rows, mentees + columns, np.ones_like(rows), _STEPS - steps
    )
    flow.add_arcs_with_capacity_and_unit_cost(
        each, np.full(mentees, sink), np.ones_like(each), np.full(mentees, _STEPS + out)
    )
    flow.add_arcs_with_capacity_and_unit_cost(
        every, np.full(mentors, sink), places, np.zeros_like(every)
    )
    flow.set_nodes_supplies(
        np.arange(sink + 1), np.append(np.repeat([1, 0], [mentees, mentors]), -mentees)
    )
    status = flow.solve()
    if status != flow.OPTIMAL:
        raise RuntimeError(f"OR-tools found no assignment: {status}")
    taken = flow.flows(made) > 0
    found = np.full(mentees, -1, dtype=np.intp)
    found[rows[taken]] = columns[taken]
    return found


def _greedy(arcs: Arcs, mentees: int, places: Capacities) -> Columns:
    """The best pair first, among the arcs; equal scores by mentee, then mentor."""
    rows, columns, scores = arcs
    best = np.argsort(-scores, kind="stable")
    found, room = [-1] * mentees, places.tolist()
    for row, column in zip(rows[best].tolist(), columns[best].tolist(), strict=True):
        if found[row] < 0 and room[column]:
            found[row] = column
            room[column] -= 1
    return np.array(found, dtype=np.intp)


def _late(score_block: ScoreBlock, found: Columns, places: Capacities, looked_at: int) -> int:
    """Those without a mentor take, in turn, the best of the first `looked_at` mentors who have room.

    Changes `found`; returns how many were helped.
    """
    room = places - np.bincount(found[found >= 0], minlength=len(places))
    helped = 0
    for row in np.flatnonzero(found < 0):
        free = np.flatnonzero(room)[:looked_at]
        if not len(free):
            break
        scores = score_block(np.array([row]), free)[0]
        best = int(scores.argmax())
        if scores[best] >= 0.0:
            found[row] = free[best]
            room[free[best]] -= 1
            helped += 1
    return helped
