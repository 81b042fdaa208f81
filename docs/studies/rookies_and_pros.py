"""Rookies and pros (a model of the Insight Maker library), hosted as a mechanism.

Pros quit, so many a month; rookies take their posts at once, and are pros after some months. Rookies do not
quit, which the model's own hazards cannot say: they differ by tenure, and are nowhere zero. So the quitting of
pros is added here; that the posts are filled, and by whom, is the model's own doing. It works at the end of a
month, after everything is recorded: whoever quits then is replaced at the beginning of the next month.

Use it with ``--extension rookies_and_pros.py`` and the scenario rookies_and_pros.toml beside it.
"""

import math

import numpy as np

import sim
from sim import columns, draws
from sim.engine.state import handle_of
from sim.mechanisms.departures import forget_leavers, leave

SOURCE = "Rookies and pros, Insight Maker"
LOT = sim.register_decision("rookies and pros: who quits")
TRAINING = sim.register_decision("rookies and pros: how long it takes")
sim.register_measure("rookies")
sim.register_measure("pros")


def _months(name, default, meaning):
    return sim.Parameter(
        name, default, "months", meaning, 0, 1200, source=SOURCE, kind="integer"
    )  # fmt: skip


def _quits(name, default, meaning):
    return sim.Parameter(
        name, default, "people per month", meaning, 0, 100_000, source=SOURCE, kind="integer"
    )  # fmt: skip


def _reading(name, meaning):
    return sim.Parameter(name, False, "", meaning, source=SOURCE, kind="boolean")


PARAMETERS = sim.ParameterGroup(
    "rookies_and_pros",
    "Pros quit, rookies become pros",
    (
        _quits("quits", 10, "Pros who quit in a month."),
        _quits("later_quits", 15, "The same from the month of the change on."),
        _months("change_month", 24, "Month from which as many as later quit."),
        _months("months_to_pro", 6, "Months after which a rookie is a pro."),
        _reading("by_chance", "Rookies become pros by lot, one in `months_to_pro` a month."),
        _reading("rookies_quit_too", "Those who quit are drawn among all, not among pros."),
    ),
)


def rookies(state, own, month):
    """Who is there and no pro yet, by slot, at the end of a month."""
    whole = state.whole
    tenure = month - whole[columns.HIRE_MONTH]
    needed = np.full(len(tenure), float(own.months_to_pro))
    if own.by_chance:
        stays = math.log1p(-1.0 / own.months_to_pro)
        for slot in (tenure < 40 * own.months_to_pro).nonzero()[0]:
            holder = int(whole[columns.HOLDER, slot])
            luck = draws.draw(state.luck, TRAINING, int(slot), -1, holder)
            needed[slot] = 1.0 + math.floor(math.log(luck[0]) / stays)
    return (whole[columns.ACTIVE] == 1) & (tenure < needed)


def count_and_quit(state, p, own, month):
    """Count, then let some quit: those who draw the lowest numbers."""
    active = state.whole[columns.ACTIVE] == 1
    learning = rookies(state, own, month)
    state.monthly[month, columns.M["rookies"]] = learning.sum()
    state.monthly[month, columns.M["pros"]] = (active & ~learning).sum()
    number = own.later_quits if month + 1 >= own.change_month else own.quits
    free = np.flatnonzero(active if own.rookies_quit_too else active & ~learning)
    lots = [draws.draw(state.luck, LOT, int(slot), -1, month)[0] for slot in free]
    going = np.sort(free[np.argsort(lots, kind="stable")][:number])
    if not len(going):
        return
    state.whole[columns.LEFT_NOW, going] = columns.QUIT
    handle = handle_of(state)
    for slot in going:
        leave(handle, p, int(slot), month, columns.QUIT)
    forget_leavers(handle, p, month)


def _heads(name, title, meaning):
    return sim.Outcome(
        name=name,
        title=title,
        unit="per 100 employees",
        meaning=meaning,
        formula=f"100 · Σ {name} / Σ headcount",
        higher_is_better=None,
        of=lambda sums, context: 100.0 * sums[name] / sums["headcount"],
    )


sim.register_mechanism(
    sim.AddedMechanism(
        name="rookies_and_pros",
        parameters=PARAMETERS,
        step=count_and_quit,
        after="recording",
        writes=(
            "people",
            "pairs",
            "ties",
            "team_exits",
            "post.slot",
            "post.vacant_since",
            "post.waiting_slot",
            "counts",
            "monthly",
            "tally",
            "leavers",
            "ended",
        ),
        draws=("rookies and pros: who quits", "rookies and pros: how long it takes"),
    )
)
sim.register_outcome(_heads("rookies", "Rookies", "People who are no pros yet."))
sim.register_outcome(_heads("pros", "Pros", "People who are pros."))
