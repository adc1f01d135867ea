"""Cohorts, assignments, due dates, and who is enrolled because of what: set-based, for one person as for a hundred thousand."""
