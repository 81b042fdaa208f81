"""How pilots are read: adjusted differences, department means, stepped starts, changes, by the field's own formulas.

The same functions read simulated pilots and real ones.
"""

from __future__ import annotations

import math
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

__all__ = [
    "FEWEST",
    "Estimate",
    "NOTHING",
    "adjusted",
    "by_department",
    "changed",
    "filled",
    "stepped",
    "survival",
    "two_shares",
]

Real = NDArray[np.float64]
Flags = NDArray[np.bool_]

FEWEST = 5
"""People of an arm without whom nothing is worked out."""

_PERMUTATIONS = 499
_FEW_EVENTS = 5.0
_ENDLESS = 10.0
"""A log hazard ratio that no data could show: the search for the likelihood's summit has run away."""


class Estimate(NamedTuple):
    """What a reading finds.

    Attributes
    ----------
    value, error
        The difference and its standard error, in the unit of what was measured.
    freedom
        Degrees of freedom of Student's t.
    p
        How often chance alone makes so large a difference.
    low, high
        The interval of the level that was asked for.
    treated, others
        How many people were compared.
    """

    value: float = math.nan
    error: float = math.nan
    freedom: float = math.nan
    p: float = math.nan
    low: float = math.nan
    high: float = math.nan
    treated: int = 0
    others: int = 0


NOTHING = Estimate()


def filled(covariates: Real) -> Real:
    """Covariates with what is missing set to the mean, and a column more that says where it was.

    Before a lot, that leaves the comparison unbiased (White & Thompson 2005). Columns that say nothing are
    left out.

    Parameters
    ----------
    covariates
        Shape (people, covariates), NaN where not known.
    """
    columns = []
    for column in covariates.T:
        missing = ~np.isfinite(column)
        if missing.all():
            continue
        whole = np.where(missing, column[~missing].mean(), column)
        spread = whole.std()
        if spread > 0.0:
            columns.append((whole - whole.mean()) / spread)
        if missing.any():
            columns.append(missing.astype(float))
    return np.column_stack(columns) if columns else np.empty((len(covariates), 0))


def adjusted(
    values: Real,
    treated: Flags,
    covariates: Real,
    *,
    level: float = 0.05,
    small: int = 0,
    seed: int = 0,
) -> Estimate:
    """Least squares on arm and covariates, with errors that let arms differ in variance (HC2).

    Degrees of freedom are Welch's, from each arm's part of the variance. Where an arm has fewer than `small`
    people, p comes from permuting the arms over what the covariates leave (Freedman & Lane 1983). So it does where
    fewer than five events are to be expected in an arm; the error is then that of both arms together, because an
    arm without events would seem to know everything.

    Parameters
    ----------
    values
        Shape (people,); NaN is left out.
    treated
        The arm.
    covariates
        From before the start; shape (people, covariates); see :func:`filled`.
    level
        One minus that of the interval.
    small, seed
        See above; of the permutations.
    """
    known = np.isfinite(values)
    y, arm = values[known], treated[known]
    ones, noughts = int(arm.sum()), int((~arm).sum())
    if min(ones, noughts) < FEWEST:
        return NOTHING._replace(treated=ones, others=noughts)
    x = covariates[known]
    if x.shape[1]:
        x = x[:, x.std(axis=0) > 0.0]
    while x.shape[1] and len(y) < x.shape[1] + 2 + 2 * FEWEST:
        x = x[:, :-1]
    table = np.column_stack([np.ones(len(y)), arm, x])
    q, r = np.linalg.qr(table)
    if (
        np.abs(np.diag(r)).min() < 1e-9 * np.abs(np.diag(r)).max()
    ):  # a covariate that others make up
        table = _independent(table)
        q, r = np.linalg.qr(table)
    inverse = np.linalg.inv(r)
    weights = q @ inverse[1]  # the estimate is weights · y
    value = float(weights @ y)
    left = y - q @ (q.T @ y)
    rare = _are_few(y, min(ones, noughts))
    leverage = np.minimum((q**2).sum(axis=1), 1.0 - 1e-9)
    parts = weights**2 * left**2 / (1.0 - leverage)
    one, other = float(parts[arm].sum()), float(parts[~arm].sum())
    variance = one + other
    if not variance > 0.0:
        return NOTHING._replace(value=value, treated=ones, others=noughts)
    freedom = variance**2 / (one**2 / (ones - 1) + other**2 / (noughts - 1))
    most = float(len(y) - table.shape[1])
    freedom = max(1.0, min(freedom, most))
    if rare:
        variance, freedom = float((weights**2).sum() * (left**2).sum()) / most, most
    found = _student(value, math.sqrt(variance), freedom, level, ones, noughts)
    if min(ones, noughts) < small or rare:
        found = found._replace(p=_permuted(y, arm, table[:, [0, *range(2, table.shape[1])]], seed))
    return found


def _are_few(y: Real, arm: int) -> bool:
    """Whether values are events, or none, and fewer than five of the rarer are to be expected in an arm."""
    most = y.max()
    if not ((y == most) | (y == y.min())).all():
        return False
    events = int((y == most).sum())
    return min(events, len(y) - events) * arm / len(y) < _FEW_EVENTS


def _independent(table: Real) -> Real:
    """The columns that those before them do not make up."""
    kept: list[int] = []
    for place in range(table.shape[1]):
        if np.linalg.matrix_rank(table[:, [*kept, place]]) > len(kept):
            kept.append(place)
    return table[:, kept]


def _student(
    value: float, error: float, freedom: float, level: float, ones: int, noughts: int
) -> Estimate:
    from scipy.special import stdtr, stdtrit

    p = 2.0 * float(stdtr(freedom, -abs(value) / error))
    half = float(stdtrit(freedom, 1.0 - level / 2.0)) * error
    return Estimate(value, error, freedom, p, value - half, value + half, ones, noughts)


def _permuted(y: Real, arm: Flags, others: Real, seed: int) -> float:
    """p of the difference in what the covariates leave, were the arms dealt anew."""
    left = y - others @ np.linalg.lstsq(others, y, rcond=None)[0]
    few = min(int(arm.sum()), int((~arm).sum()))
    minority = arm if arm.sum() == few else ~arm
    found = abs(float(left[minority].sum()))
    sums = np.abs(left[_dealt(seed, len(y), few)].sum(axis=1))
    return float((1 + (sums >= found - 1e-12).sum()) / (1 + _PERMUTATIONS))


@lru_cache(maxsize=16)
def _dealt(seed: int, people: int, few: int) -> NDArray[np.int64]:
    """Who is in the smaller arm, dealt anew many times; shape (times, few).

    Measures of one firm deal the same people, and ask one after another.
    """
    order = np.random.default_rng(seed).random((_PERMUTATIONS, people))
    dealt = np.ascontiguousarray(np.argpartition(order, few - 1, axis=1)[:, :few])
    dealt.flags.writeable = False
    return dealt


def survival(
    durations: Real, events: Flags, treated: Flags, covariates: Real, *, level: float
) -> Estimate:
    """Cox's proportional hazards on arm and covariates: log of the ratio of hazards (Efron's ties)."""
    from sim.studies.statistics import cox_with_errors

    ones, noughts = int(treated.sum()), int((~treated).sum())
    happened = [int(events[arm].sum()) for arm in (treated, ~treated)]
    if min(ones, noughts) < FEWEST or min(happened) == 0:  # a ratio takes events on both sides
        return NOTHING._replace(treated=ones, others=noughts)
    # Columns that only say who did not answer: all of the few may stay, and the likelihood has no summit.
    scores = covariates[:, [not np.isin(column, (0.0, 1.0)).all() for column in covariates.T]]
    table = _independent(np.column_stack([np.ones(len(treated)), treated, scores]))[:, 1:]
    with np.errstate(all="ignore"):
        try:
            slopes, errors = cox_with_errors(durations, events, *table.T)
        except np.linalg.LinAlgError:
            return NOTHING._replace(treated=ones, others=noughts)
    if not (np.isfinite(errors).all() and np.abs(slopes).max() < _ENDLESS):
        return NOTHING._replace(treated=ones, others=noughts)
    return _student(float(slopes[0]), float(errors[0]), 1e6, level, ones, noughts)


def by_department(
    values: Real, treated: Flags, department: NDArray[np.int64], covariates: Real, *, level: float
) -> Estimate:
    """Whole departments by lot: the means of departments, compared with Student's t (Hayes & Moulton 2009).

    Covariates are taken out of people's values first, in all departments together. A department counts once,
    however many people it has.

    Parameters
    ----------
    treated
        Of each person, whether the lot drew their department.
    department
        Code of each person's.
    """
    known = np.isfinite(values)
    y, arm, home = values[known], treated[known], department[known]
    if len(y) < 2 * FEWEST:
        return NOTHING
    table = np.column_stack([np.ones(len(y)), covariates[known]])
    left = y - table @ np.linalg.lstsq(table, y, rcond=None)[0]
    codes, place, sizes = np.unique(home, return_inverse=True, return_counts=True)
    means = np.bincount(place, weights=left) / sizes
    drawn = np.bincount(place, weights=arm) > 0.5 * sizes
    ones, noughts = int(arm.sum()), int((~arm).sum())
    of, against = means[drawn], means[~drawn]
    if min(len(of), len(against)) < 2:
        return NOTHING._replace(treated=ones, others=noughts)
    freedom = len(codes) - 2
    pooled = ((of - of.mean()) ** 2).sum() + ((against - against.mean()) ** 2).sum()
    error = math.sqrt(float(pooled) / freedom * (1.0 / len(of) + 1.0 / len(against)))
    if not error > 0.0:
        return NOTHING._replace(treated=ones, others=noughts)
    return _student(float(of.mean() - against.mean()), error, float(freedom), level, ones, noughts)


def stepped(
    values: Real, begun: Flags, period: NDArray[np.int64], person: NDArray[np.int64], covariates: Real,
    *, level: float,
) -> Estimate:  # fmt: skip
    """Stepped start: those who have begun against those whose turn is to come, within each period.

    Least squares on having begun, period and covariates; errors by person, because each is seen several times. The
    usual ones (Liang & Zeger 1986) are too small for few people: with twenty a programme that does nothing would be
    called an effect in 9 to 10 of 100 pilots. So residuals are made larger by each person's leverage, and degrees of
    freedom are those of the sum of squares that comes of it (CR2: Bell & McCaffrey 2002; Pustejovsky & Tipton 2018).

    Parameters
    ----------
    values, begun, period, person
        One row per person and period.
    """
    known = np.isfinite(values)
    y, on = values[known], begun[known]
    ones, noughts = int(on.sum()), int((~on).sum())
    if min(ones, noughts) < FEWEST:
        return NOTHING._replace(treated=ones, others=noughts)
    when = period[known]
    periods = np.column_stack([when == one for one in np.unique(when)]).astype(float)
    table = _independent(np.column_stack([on, periods, covariates[known]]))
    q, r = np.linalg.qr(table)
    weights = q @ np.linalg.inv(r)[0]
    variance, freedom = _by_person(q, weights, y - q @ (q.T @ y), person[known])
    if not variance > 0.0:
        return NOTHING._replace(treated=ones, others=noughts)
    return _student(float(weights @ y), math.sqrt(variance), freedom, level, ones, noughts)


def _by_person(
    q: Real, weights: Real, left: Real, person: NDArray[np.int64]
) -> tuple[float, float]:
    """Variance (CR2) and degrees of freedom of a sum of what is seen of persons, several times each.

    Parameters
    ----------
    q
        Orthonormal columns that span what is explained by; shape (rows, columns).
    weights
        Of each row in the sum.
    left
        What is not explained of each row.
    person
        Whose row it is.
    """
    _, who = np.unique(person, return_inverse=True)
    order = np.argsort(who, kind="stable")
    sizes = np.bincount(who)
    place = np.arange(len(who)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    shape = (len(sizes), int(sizes.max()))

    def gathered(rows: Real) -> Real:
        """By person, in as many rows as are seen of any; noughts where one is seen less often."""
        found = np.zeros((*shape, *rows.shape[1:]))
        found[who[order], place] = rows[order]
        return found

    of, weight, rest = gathered(q), gathered(weights), gathered(left)
    kept = np.eye(shape[1]) - of @ of.transpose(0, 2, 1)
    values, vectors = np.linalg.eigh(kept)
    with np.errstate(divide="ignore"):
        roots = np.where(values > 1e-9, np.maximum(values, 1e-9) ** -0.5, 0.0)
    larger = (vectors * roots[:, None, :]) @ vectors.transpose(0, 2, 1)
    pulled = (larger @ weight[..., None])[..., 0]
    variance = float(((pulled * rest).sum(axis=1) ** 2).sum())
    shared = (pulled[:, None, :] @ of)[:, 0]
    together = np.diag((pulled**2).sum(axis=1)) - shared @ shared.T
    total = float((together**2).sum())
    return variance, max(1.0, float(np.trace(together)) ** 2 / total) if total > 0.0 else 1.0


def changed(before: Real, after: Real, *, level: float) -> Estimate:
    """Before and after, of the same people: the mean change, with nobody to compare it with."""
    change = (after - before)[np.isfinite(before) & np.isfinite(after)]
    if len(change) < FEWEST or not change.std() > 0.0:
        return NOTHING._replace(treated=len(change))
    error = float(change.std(ddof=1)) / math.sqrt(len(change))
    return _student(float(change.mean()), error, len(change) - 1.0, level, len(change), 0)


def two_shares(
    after: float, of: float, before: float, of_before: float, *, level: float
) -> Estimate:
    """Before and after, of events: two rates (per 100), compared as shares of those who were there."""
    if min(of, of_before) < FEWEST:
        return NOTHING
    one, other = after / of, before / of_before
    error = 100.0 * math.sqrt(one * (1.0 - one) / of + other * (1.0 - other) / of_before)
    if not error > 0.0:
        return NOTHING._replace(treated=round(of), others=round(of_before))
    value = 100.0 * (one - other)
    return _student(value, error, of + of_before - 2.0, level, round(of), round(of_before))
