"""HR's rooms with a view: one file per subject. Every page says before what it will do, and after what it did."""

from lms.admin import (
    assignments,
    audit,
    champions,
    cohorts,
    departments,
    directory_imports,
    enrolments,
    learners,
    ledgers,
    places,
    reports,
    subscriptions,
)

__all__ = [
    "assignments", "audit", "champions", "cohorts", "departments", "directory_imports", "enrolments", "learners", "ledgers", "places",
    "reports", "subscriptions",
]  # fmt: skip
