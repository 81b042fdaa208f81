"""The Mesa face of a simulated firm: a model and employees that can be asked."""
