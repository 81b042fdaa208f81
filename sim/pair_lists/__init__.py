"""Draft pair lists for a real roster: the policies, scores, rules and solvers of the simulation, and reasons in words."""
