"""The organisation: its chart, its people, their skills and ties, read from a roster or synthesised."""
