"""Who did what to whom, when, through which door and why: append-only."""
