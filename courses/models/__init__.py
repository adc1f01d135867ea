"""The catalogue's tables, one file per noun."""

from courses.models.activity import Activity, ActivityKind, Item, Mechanic
from courses.models.domain import Domain
from courses.models.module import Module
from courses.models.pack import Pack, PackVersion
from courses.models.review_card import ReviewCard
from courses.models.skill import Skill
from courses.models.track import Track

__all__ = [
    "Activity",
    "ActivityKind",
    "Domain",
    "Item",
    "Mechanic",
    "Module",
    "Pack",
    "PackVersion",
    "ReviewCard",
    "Skill",
    "Track",
]
