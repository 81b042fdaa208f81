"""Mentoring within one's own type (Athey, Avery & Zemsky 2000, "Mentoring and diversity"), as a mechanism.

People are of two types. Those at the entry level are mentored by the upper level of their own type: the larger
its share above, the more, with decreasing returns. The upper level is filled by the model's own promotions,
from those with the greatest ability after mentoring. What is added here is the mentoring; a person's type is
the sign of one of their values, so that it is drawn anew with every hire.

Use it with ``--extension glass_ceiling.py`` and the scenario glass_ceiling.toml beside it.
"""

import numpy as np

import sim
from sim import columns

SOURCE = "Athey, Avery & Zemsky 2000, American Economic Review 90:765-786"
MONTHS = "the steady states that are to be shown"
sim.register_measure("upper")
sim.register_measure("minority_above")
sim.register_measure("entry")
sim.register_measure("minority_below")


def _share(name, default, meaning, source=SOURCE, neutral=None):
    return sim.Parameter(name, default, "share", meaning, 0.0, 1.0, source=source, neutral=neutral)


def _month(name, meaning):
    return sim.Parameter(name, 0, "month", meaning, 0, 1200, source=MONTHS, kind="integer")


PARAMETERS = sim.ParameterGroup(
    "glass_ceiling",
    "Mentoring within one's own type",
    (
        _share("share_above", 0.5, "Share of the minority in the upper level at the start."),
        _share("enough", 0.5, "Share above from which more of one's own type add nothing.", MONTHS),
        _share("mentoring", 0.25, "Ability that full mentoring adds, beside 0 to 0.25 of one's own."),
        sim.Parameter(
            "blind", False, "", "Whether mentoring does not depend on type.", source=SOURCE, kind="boolean"
        ),
        _share("quota", 0.0, "Ability that counts for the minority in promotions, while it lasts."),
        _month("quota_from", "First month of the quota."),
        _month("quota_until", "Month after its last."),
    ),
)  # fmt: skip


def mentoring_at(share, enough):
    """Mentoring of those whose type has this share above, 0 to 1: ``1 - (1 - min(1, share / enough))²``."""
    lacking = 1.0 - min(1.0, share / max(enough, 1e-9))
    return 1.0 - lacking * lacking


def is_minority(state):
    """Who is of the type whose share above is looked at, by slot: half of those who are hired."""
    return state.values[:, 0] < 0.0


def _begin(state, above, share):
    """At the start, give the upper level the share that is wanted: the first of them are the minority."""
    chosen = above.nonzero()[0]
    size = np.abs(state.values[chosen, 0])
    first = np.arange(len(chosen)) < round(share * len(chosen))
    state.values[chosen, 0] = np.where(first, -size, size)


def mentor_one_s_own(state, p, own, month):
    """Set the ability of everybody at the entry level, before promotions; count both levels."""
    here = state.whole[columns.ACTIVE] == 1
    above = here & (state.whole[columns.LEVEL] >= 2)
    below = here & (state.whole[columns.LEVEL] == 1)
    if month == 0:
        _begin(state, above, own.share_above)
    minority = is_minority(state)
    share = (above & minority).sum() / max(1, above.sum())
    shares = (0.5, 0.5) if own.blind else (share, 1.0 - share)
    of_minority, of_majority = (mentoring_at(one, own.enough) for one in shares)
    ability = 0.25 * state.potential[:, 0]
    ability += own.mentoring * np.where(minority, of_minority, of_majority)
    if own.quota_from <= month < own.quota_until:
        ability += own.quota * minority
    state.skills[below, 0] = np.minimum(1.0, ability[below])
    for name, who in (
        ("upper", above),
        ("minority_above", above & minority),
        ("entry", below),
        ("minority_below", below & minority),
    ):
        state.monthly[month, columns.M[name]] = who.sum()


def _share_outcome(name, title, of, meaning):
    return sim.Outcome(
        name=name,
        title=title,
        unit="%",
        meaning=meaning,
        formula=f"100 · Σ {name} / Σ {of}",
        higher_is_better=None,
        of=lambda sums, context: 100.0 * sums[name] / max(1.0, sums[of]),
    )


sim.register_mechanism(
    sim.AddedMechanism(
        name="glass_ceiling",
        parameters=PARAMETERS,
        step=mentor_one_s_own,
        after="departures",
        writes=("skills", "values", "monthly"),
    )
)
sim.register_outcome(
    _share_outcome("minority_above", "Minority above", "upper", "Share in the upper level.")
)
sim.register_outcome(
    _share_outcome("minority_below", "Minority at entry", "entry", "Share at the entry level.")
)
