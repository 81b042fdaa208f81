"""Whether the tests see it when a line of the model is changed."""
