"""The page of a pilot, its protocol in words, and what a real one found."""
