"""The mentoring programme: who takes part, who is paired with whom, and when."""
