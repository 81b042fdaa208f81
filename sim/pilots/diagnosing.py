"""What a reading is worth: expected estimate, bias, coverage, power, errors of sign and size, false positives.

Two shortcuts are exact and make it cheap. A placebo is the firm without a programme, bit for bit, so that what a
reading finds where nothing happens comes free from the same firm; taking it away from a lottery's estimate leaves the
mean as it is and most of the chance out. And power follows from the expected estimate and the standard errors by the
normal distribution, where counting would take hundreds of firms.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.experiments.statistics import by_set, interval_of
from sim.pilots.reading import FIELDS

__all__ = [
    "Diagnosis",
    "Interval",
    "analytic_power",
    "diagnose",
    "needed_factor",
    "sign_and_size",
    "wilson",
]

Real = NDArray[np.float64]

_STRICT = 3.2905267314919255
"""Normal quantile of one in a thousand: of hundreds of readings hardly one is called unsound by chance."""

_FEW_EVENTS = 5.0
"""Events in an arm from which their number is taken for normal: the usual rule."""


@dataclass(frozen=True, slots=True)
class Interval:
    """A number with its 95 % interval; NaN where unknown."""

    value: float = math.nan
    low: float = math.nan
    high: float = math.nan

    @property
    def known(self) -> bool:
        """Whether there is anything to show."""
        return math.isfinite(self.value)

    @property
    def clear(self) -> bool:
        """Whether the interval leaves out zero."""
        return self.low > 0.0 or self.high < 0.0


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """One question, diagnosed over all firms.

    Attributes
    ----------
    offered, participants, firm
        True effect per person offered, per participant, over everybody in the firm: with spill-over, against the
        same firm without a programme.
    others
        True effect on those with whom they are compared: the spill-over.
    contrast
        True effect on those offered less that on the others: what a lottery can see.
    expected
        Mean estimate.
    error
        Mean standard error.
    spread
        Standard deviation of what estimates miss by, over firms: what the standard error should be.
    bias
        Expected estimate less the effect per person offered; its parts follow.
    by_spill_over, by_selection, by_the_rest
        The spill-over; what a placebo shows on average; what is left (leavers and those who do not answer, averages
        over departments instead of people).
    coverage
        Share of firms whose interval holds the true effect per person offered.
    power, counted
        Probability to call the effect found: from expected estimate and standard errors, and counted.
    wrong_sign, exaggeration
        Of estimates that are called found: how many have the wrong sign, and how many times too large they are on
        average (type S and M errors, Gelman & Carlin 2014). NaN where the sign of the true effect is not known.
    false_positives
        How often a programme that does nothing is called an effect.
    sound
        Whether this is no more often than it may be, as far as chance lets one say (at one in a thousand).
    undefined
        Share of firms in which there are too few people to compare.
    needed
        By which factor the pilot would have to be larger to reach the power that is wanted.
    treated, controls
        People compared, on average.
    firms
        In how many it is defined; 0 where they are fewer than two, which say nothing.
    """

    offered: Interval
    participants: Interval
    firm: Interval
    others: Interval
    contrast: Interval
    expected: Interval
    error: float
    spread: float
    bias: Interval
    by_spill_over: float
    by_selection: float
    by_the_rest: float
    coverage: Interval
    power: Interval
    counted: Interval
    wrong_sign: float
    exaggeration: float
    false_positives: Interval
    sound: bool
    undefined: float
    needed: Interval
    treated: float
    controls: float
    firms: int


def diagnose(
    answers: Real,
    sets: NDArray[np.int64],
    *,
    by_lot: bool,
    significance: float,
    power: float,
    small: int = 0,
    events: bool = False,
) -> Diagnosis:
    """Diagnose one question.

    Parameters
    ----------
    answers
        Shape (firms, len(FIELDS)).
    sets
        Number of each firm's parameter set.
    by_lot
        Whether chance alone made the arms, so that a placebo shows nothing on average.
    significance, power
        What is called found, and able.
    small
        Arms of fewer people are compared by permutation, of which no formula here gives the power: it is counted.
    events
        Whether events are counted. Where fewer than five are expected in an arm, their number is not normal, and
        power is counted, too.
    """
    of = {name: answers[:, place] for place, name in enumerate(FIELDS)}
    good = np.isfinite(of["value"]) & np.isfinite(of["error"]) & np.isfinite(of["placebo"])
    good &= np.isfinite(of["offered"])
    undefined = 1.0 - float(good.mean())
    of = {name: values[good] for name, values in of.items()}
    sets = sets[good]
    if len(sets) < 2:
        nothing = Interval()
        return Diagnosis(
            *(nothing,) * 6, math.nan, math.nan, nothing, *(math.nan,) * 3, *(nothing,) * 3,
            math.nan, math.nan, nothing, False, undefined, nothing, math.nan, math.nan, 0,
        )  # fmt: skip
    gain = of["value"] - of["placebo"]
    estimate = gain if by_lot else of["value"]
    expected = _mean(estimate, sets)
    others = np.where(np.isfinite(of["others"]), of["others"], 0.0)
    contrast = of["offered"] - others
    bias = estimate - of["offered"]
    by_spill = -float(others.mean())
    by_selection = 0.0 if by_lot else float(of["placebo"].mean())
    missed = of["value"] - contrast if by_lot else of["value"] - of["offered"] - bias.mean()
    # Estimates vary as the twin's do, and by what the programme did in each firm; standard errors know a part of that.
    known = float((of["error"] ** 2).mean() - (of["placebo_error"] ** 2).mean())
    sd = math.sqrt(max(0.0, float(gain.var(ddof=1)) - max(0.0, known)))
    critical = _critical(of["freedom"], significance)
    means = np.array([expected.value, expected.low, expected.high])
    chances = [analytic_power(mean, sd, of["error"], critical) for mean in means]
    nearest = (
        0.0 if expected.low < 0.0 < expected.high else min(abs(expected.low), abs(expected.high))
    )
    lowest = analytic_power(nearest, sd, of["error"], critical)
    counted = _share(of["p"] < significance)
    fewest = float(min(of["treated"].mean(), of["controls"].mean()))
    normal = fewest >= small and not (events and fewest * of["usual"].mean() / 100.0 < _FEW_EVENTS)
    if (
        not by_lot or not normal
    ):  # selection differs between firms in ways that no formula here holds
        chances, lowest = [counted.value, counted.low, counted.high], counted.low
    offered = _mean(of["offered"], sets)
    wrong, times = math.nan, math.nan
    if offered.clear and normal:
        wrong, times = sign_and_size(expected.value, sd, of["error"], critical, offered.value)
    alarms = of["placebo_p"] < significance
    covered = np.abs(of["value"] - of["offered"]) <= critical * of["error"]
    return Diagnosis(
        offered=offered,
        participants=_mean(of["participants"], sets),
        firm=_mean(of["firm"], sets),
        others=_mean(others, sets),
        contrast=_mean(contrast, sets),
        expected=expected,
        error=float(of["error"].mean()),
        spread=float(missed.std(ddof=1)),
        bias=_mean(bias, sets),
        by_spill_over=by_spill,
        by_selection=by_selection,
        by_the_rest=float(bias.mean()) - by_spill - by_selection,
        coverage=_share(covered),
        power=Interval(chances[0], lowest, max(chances)),
        counted=counted,
        wrong_sign=wrong,
        exaggeration=times,
        false_positives=_share(alarms),
        sound=wilson(float(alarms.sum()), float(len(alarms)), z=_STRICT).low <= significance,
        undefined=undefined,
        needed=needed_factor(expected, of["error"], significance, power),
        treated=float(of["treated"].mean()),
        controls=float(of["controls"].mean()),
        firms=len(sets),
    )


def _mean(values: Real, sets: NDArray[np.int64]) -> Interval:
    """Mean over the sets with Student's interval: firms of one set are no independent news of it."""
    known = np.isfinite(values)
    if known.sum() < 2:
        return Interval()
    means = by_set(values[known], sets[known])
    if len(means) < 2:
        means = values[known]
    low, high = interval_of(means, 0.95)
    return Interval(float(means.mean()), float(low), float(high))


def _share(found: NDArray[np.bool_]) -> Interval:
    return wilson(float(found.sum()), float(len(found)))


def wilson(found: float, of: float, z: float = 1.959963984540054) -> Interval:
    """A share with Wilson's (1927) interval, by default of 95 %."""
    if not of:
        return Interval()
    share, z2 = found / of, z * z
    middle = (share + z2 / (2.0 * of)) / (1.0 + z2 / of)
    half = z / (1.0 + z2 / of) * math.sqrt(share * (1.0 - share) / of + z2 / (4.0 * of * of))
    return Interval(share, max(0.0, middle - half), min(1.0, middle + half))


def _critical(freedom: Real, significance: float) -> Real:
    from scipy.special import stdtrit

    return np.asarray(stdtrit(np.maximum(freedom, 1.0), 1.0 - significance / 2.0))


def analytic_power(mean: float, spread: float, errors: Real, critical: Real) -> float:
    """Probability that an estimate is called found, over pilots with these standard errors.

    Given its standard error an estimate is normal about `mean`, and true effects of firms differ by `spread` besides:
    ``P(|N(mean, spread² + error²)| > critical · error)``. With few degrees of freedom the error itself is
    uncertain: it is then averaged over, because every simulated pilot has its own.

    Parameters
    ----------
    errors, critical
        Standard error and critical value of t of each pilot; shape (pilots,).
    """
    from scipy.special import ndtr

    whole = np.sqrt(spread**2 + _true_error(errors, critical) ** 2)
    bound = critical * errors
    return float((ndtr((mean - bound) / whole) + ndtr((-mean - bound) / whole)).mean())


def _true_error(errors: Real, critical: Real) -> Real:
    """What estimates vary by: with many degrees of freedom the stated error, with few its mean over pilots."""
    few = critical > 2.1  # fewer than about twenty
    if not few.any():
        return errors
    usual = math.sqrt(float((errors**2).mean()))
    return np.where(few, usual, errors)


def sign_and_size(
    mean: float, spread: float, errors: Real, critical: Real, truth: float
) -> tuple[float, float]:
    """Errors of sign and of size (Gelman & Carlin 2014) of estimates that are called found.

    Returns the share with the other sign than `truth`, and their mean size over that of `truth`.
    """
    from scipy.special import ndtr

    whole = np.sqrt(spread**2 + _true_error(errors, critical) ** 2)
    bound = critical * errors
    up, down = (mean - bound) / whole, (-mean - bound) / whole
    above, below = ndtr(up), ndtr(down)
    density = (np.exp(-0.5 * up**2) + np.exp(-0.5 * down**2)) / math.sqrt(2.0 * math.pi)
    size = mean * above - mean * below + whole * density
    found = float((above + below).sum())
    if not found > 0.0 or truth == 0.0:
        return math.nan, math.nan
    wrong = float((below if truth > 0.0 else above).sum()) / found
    return wrong, float(size.sum()) / found / abs(truth)


def needed_factor(expected: Interval, errors: Real, significance: float, power: float) -> Interval:
    """By which factor a pilot must grow until it finds the expected estimate so often.

    Standard errors shrink with the square root of the number of people: ``(z_α/2 + z_power)² · error² /
    estimate²``. Infinite where the expected estimate cannot be told from nothing.
    """
    from scipy.special import ndtri

    if not expected.known or not len(errors):
        return Interval()
    wanted = (float(ndtri(1.0 - significance / 2.0)) + float(ndtri(power))) ** 2
    noise = wanted * float((errors**2).mean())

    def factor(size: float) -> float:
        return noise / size**2 if size else math.inf

    near, far = sorted((abs(expected.low), abs(expected.high)))
    if expected.low < 0.0 < expected.high:
        near = 0.0
    return Interval(factor(expected.value), factor(far), factor(near))
