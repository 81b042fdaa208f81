"""March (1991), "Exploration and exploitation in organizational learning", hosted as a mechanism.

An organisation has a code, and members with beliefs about a reality of many dimensions. Members learn from
the code; the code learns from those members who know more than it does. Here every department is one such
organisation: beliefs are its people's skills (0 wrong way, 0.5 no belief, 1 right way up), reality is their
potential (0 or 1), and the code is the department's emphasis (-1, 0 or 1). So a scenario with 30 skills and
everything else switched off is March's model, and one month is one of its periods.

The paper's text leaves open how far a member moves and what is counted of members without a belief. What
reproduces its Figure 1: members move one notch, through no belief; those without a belief act by the toss of
a coin, and it is acts that are scored and imitated. The switches give the other readings. Use it with
``--extension march_1991.py`` and, in the scenario, ``march_1991.active = true``.
"""

import numpy as np

import sim
from sim import columns, draws

SOURCE = "March 1991, Organization Science 2(1):71-87"
BEGIN = sim.register_decision("March: beliefs and reality at the start")
PERIOD = sim.register_decision("March: a member's period")
CODE = sim.register_decision("March: the code's period")
sim.register_measure("march_members")
sim.register_measure("march_code")


def _probability(name, default, meaning, neutral=None):
    return sim.Parameter(
        name, default, "per period", meaning, 0.0, 1.0, source=SOURCE, neutral=neutral
    )


def _reading(name, meaning):
    return sim.Parameter(name, False, "", meaning, source=SOURCE, kind="boolean")


PARAMETERS = sim.ParameterGroup(
    "march_1991",
    "Mutual learning of an organisation and its members",
    (
        _probability("socialisation", 0.1, "p1: that a member takes over a dimension of the code."),
        _probability("code_learning", 0.5, "p2: that the code takes over a majority of one."),
        _probability("turnover", 0.0, "p3: that a member is replaced."),
        _probability("turbulence", 0.0, "p4: that a dimension of reality turns over."),
        _probability("fast_share", 0.0, "Share of members who learn faster than the others."),
        _probability("fast_socialisation", 0.9, "p1 of those members."),
        _reading("members_jump", "Members take over the code's belief at once, not by one notch."),
        _reading("beliefs_count", "Beliefs are scored and imitated, not acts."),
        _reading("code_gradual", "The code moves by one notch too."),
    ),
)


def _numbers(luck, decision, month, shape):
    """Four arrays of uniform numbers, for one decision and month."""
    numbers = np.empty((4, shape[0] * shape[1]))
    draws.draw_for_all(luck, decision, month, numbers)
    return numbers.reshape(4, *shape)


def _beliefs(state):
    return np.rint(2.0 * state.skills - 1.0)


def _reality(state):
    return np.where(state.potential < 0.5, -1.0, 1.0)


def _begin(state, departments):
    """Random beliefs, a random reality for each organisation, and a code without beliefs."""
    people, dimensions = state.skills.shape
    start = _numbers(state.luck, BEGIN, 0, (people, dimensions))
    state.skills[:] = np.floor(3.0 * start[0]) / 2.0
    reality = _numbers(state.luck, BEGIN, 1, state.emphasis.shape)[0] < 0.5
    state.potential[:] = reality[departments]
    state.emphasis[:] = 0.0


def _socialisation(department, own):
    """p1 of everybody: the first of every organisation are its fast learners."""
    heads = np.bincount(department)
    order = np.argsort(department, kind="stable")
    rank = np.empty(len(order))
    rank[order] = np.arange(len(order)) - np.repeat(np.cumsum(heads) - heads, heads)
    is_fast = rank < np.rint(own.fast_share * heads)[department]
    return np.where(is_fast, own.fast_socialisation, own.socialisation)


def _sums(rows, group, groups):
    """Sums of rows by group."""
    width = rows.shape[1]
    places = group[:, None] * width + np.arange(width)
    return np.bincount(places.ravel(), rows.ravel(), groups * width).reshape(groups, width)


def learn_from_each_other(state, p, own, month):
    """One period: code and members learn from each other as they were, then turnover, then turbulence."""
    department = state.whole[columns.PERSON_DEPARTMENT]
    if month == 0:
        _begin(state, department)
    luck = _numbers(state.luck, PERIOD, month, state.skills.shape)
    luck_of_code = _numbers(state.luck, CODE, month, state.emphasis.shape)
    beliefs, reality = _beliefs(state), _reality(state)
    code = np.rint(state.emphasis)

    acts = beliefs
    if not own.beliefs_count:
        acts = np.where(beliefs == 0.0, np.where(luck[1] < 0.5, -1.0, 1.0), beliefs)
    superior = (acts * reality).sum(axis=1) > (code[department] * reality).sum(axis=1)
    votes = _sums(acts[superior], department[superior], len(code))
    learns = luck_of_code[0] < 1.0 - (1.0 - own.code_learning) ** np.abs(votes)
    learns &= (votes != 0.0) & (np.sign(votes) != code)
    lesson = code + np.sign(votes) if own.code_gradual else np.sign(votes)
    state.emphasis[learns] = lesson[learns]

    model = code[department]
    takes = (model != 0.0) & (model != beliefs)
    takes &= luck[0] < _socialisation(department, own)[:, None]
    moved = model if own.members_jump else beliefs + np.sign(model - beliefs)
    beliefs = np.where(takes, moved, beliefs)

    new = luck[3, :, :1] < own.turnover
    beliefs = np.where(new, np.floor(3.0 * luck[2]) - 1.0, beliefs)
    turns = luck_of_code[1] < own.turbulence
    reality = np.where(turns[department], -reality, reality)
    state.skills[:] = (beliefs + 1.0) / 2.0
    state.potential[:] = (reality + 1.0) / 2.0

    state.monthly[month, columns.M["march_members"]] = (beliefs * reality).mean() * len(beliefs)
    right = (state.emphasis[department] * reality).mean()
    state.monthly[month, columns.M["march_code"]] = right * len(beliefs)


def knowledge(state):
    """Knowledge of every organisation (department) now: that of its code, and the mean of its members."""
    department = state.whole[columns.PERSON_DEPARTMENT]
    reality = _reality(state)
    heads = np.maximum(1, np.bincount(department, minlength=len(state.emphasis)))
    of_code = (state.emphasis[department] * reality).mean(axis=1)
    of_members = (_beliefs(state) * reality).mean(axis=1)
    return (
        np.bincount(department, of_code, len(heads)) / heads,
        np.bincount(department, of_members, len(heads)) / heads,
    )


def _knowledge_outcome(name, title, whose):
    return sim.Outcome(
        name=name,
        title=title,
        unit="-1 to 1",
        meaning=f"March's knowledge of {whose}: the net share of dimensions that are right.",
        formula=f"Σ {name} / Σ headcount",
        higher_is_better=None,
        of=lambda sums, context: sums[name] / sums["headcount"],
    )


sim.register_mechanism(
    sim.AddedMechanism(
        name="march_1991",
        parameters=PARAMETERS,
        step=learn_from_each_other,
        after="learning",
        writes=("skills", "potential", "emphasis", "monthly"),
        draws=(
            "March: beliefs and reality at the start",
            "March: a member's period",
            "March: the code's period",
        ),
    )
)
sim.register_outcome(
    _knowledge_outcome("march_members", "March: members' knowledge", "the members")
)
sim.register_outcome(_knowledge_outcome("march_code", "March: the code's knowledge", "the code"))
