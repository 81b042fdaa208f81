"""One firm: its plan, its start, its months, its tables; many of them on a pool of workers."""
