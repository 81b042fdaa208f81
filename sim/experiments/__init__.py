"""Many worlds: comparisons of variants, their statistics, and how they are kept."""
