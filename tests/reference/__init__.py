"""The oracle: the model written a second time, agent by agent, in plain Mesa style.

It is slow and simple on purpose: ordinary objects with ordinary attributes, plain loops and
:mod:`math`. The rules are written from the equations of the model's description, in the order of
update that it states, and share nothing with the engine but the addressed numbers
(:mod:`sim.engine.draws`) and a solver of assignment problems (:mod:`sim.programme.assignment`). Engine and
oracle must agree exactly, which :mod:`test_oracle` checks.

==================  ==============================================================================
words               names of causes, endings and measures; the tables of constants
luck                addressed numbers by the name of a decision
entities            Person, Pair, Post, Department, Skill
people              who a newcomer is
population          who is there at the start
surroundings        the skills, and the course of the environment
settling            ties and informal mentors before the first month
leaving, vacancies  phases 2 and 3 of a month
policies, levers    what a programme is: its policies and rules, and what is spent on it
enrolment           phase 4: who is invited, and who comes
scores, assignments phase 4: how good each possible pair is, and who gets whom
matching            phase 4: from those who came to pairs
programme           phase 4: cohorts open, pairs begin, check-ins
network             phase 5: advice ties, introductions, informal mentors
meetings            phase 6
learning            phase 7: teaching, contacts, practice
recognition         phase 7: thanks and stories
endings             phase 7: how pairs end
embeddedness        phase 7: what holds people
feelings            phase 8, and what leaders hear
ideas               phase 9
books               phase 10: what is counted
model               the model: the phases in their order
table               everything as named columns, for the comparison
agreement           what it means that engine and oracle agree
sections, cases     settings under which they are compared
programmes          programmes under which they are compared, one setting after the other
settings_at_random  firms and programmes for Hypothesis
every_setting       values away from the default for any declared parameter
facts               what a run has shown
rosters             a roster that says everything
==================  ==============================================================================
"""

from __future__ import annotations

from reference.model import ReferenceModel
from reference.table import as_columns, as_rows

__all__ = ["ReferenceModel", "as_columns", "as_rows"]
