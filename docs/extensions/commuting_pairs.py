"""A pairing policy: people of one site, on the same work mode, who have most to learn from each other.

Use it with ``mentorsim compare my_firm.toml --extension commuting_pairs.py`` and, in the scenario,
``programme.policy = "commuting_pairs"``.
"""

import numpy as np

import sim
from sim import columns


def share_a_commute(candidates):
    """Usable skill gaps, doubled for people on the same work mode; only within a site."""
    whole = candidates.state.whole
    site, mode = whole[columns.SITE], whole[columns.WORK_MODE]
    mentees, mentors = candidates.mentees[:, None], candidates.mentors[None, :]
    scores = candidates.gaps() * (1.0 + (mode[mentees] == mode[mentors]))
    return np.where(site[mentees] == site[mentors], scores, -1.0)


sim.register_score("share_a_commute", share_a_commute)
sim.register_policy("commuting_pairs", sim.Policy("either", "share_a_commute", "greedy"))
