"""The mechanisms of the model, one file each, in the order in which a month lives through them.

==  ==================  =======================================================================
 2  departures          who retires, is dismissed, or quits
 3  vacancies           promotions from below, hiring from outside
 4  (programme)         cohorts open: see :mod:`sim.programme`
 5  ties                the advice network rewires
 5  informal            informal mentoring begins by itself
 6  meetings            pairs meet; relationships grow, fade
 7  learning            what is taught at meetings, and picked up from ties
 7  practice            what work itself teaches, and what becomes obsolete
 7  endings             pairs complete, break up, or have nothing left to teach
 8  engagement          engagement, confidence and psychological safety
 9  ideas               ideas arise, are voiced, are adopted
 9  awareness           leaders mentored from below hear about the work
10  recording           counts and sums; draws nothing, changes nothing else
==  ==================  =======================================================================

Phase 1, the environment, is worked out before the first month: :mod:`sim.organisation.environment`.
"""
