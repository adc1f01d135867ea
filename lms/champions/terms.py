"""A champion's terms: what is wrong with them, and how the audit trail keeps them."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError

from courses.problems import Problem
from lms.models import Champion


def faults(champion: Champion) -> list[Problem]:
    try:
        champion.clean_fields(exclude=["learner", "languages"])
        champion.validate_constraints(exclude=["learner"])
    except ValidationError as error:
        found = error.message_dict
        return [Problem("invalid", message, where="" if name == "__all__" else name) for name in found for message in found[name]]
    return []


def terms_of(champion: Champion) -> dict[str, Any]:
    return {
        "domain": champion.domain.slug if champion.domain else None,
        "department": champion.department.path if champion.department else None,
        "languages": list(champion.languages),
        "capacity": champion.capacity,
        "hours_per_week": str(champion.hours_per_week),
        "manager_agreed_on": champion.manager_agreed_on.isoformat() if champion.manager_agreed_on else None,
        "starts_on": champion.starts_on.isoformat(),
        "ends_on": champion.ends_on.isoformat() if champion.ends_on else None,
    }
