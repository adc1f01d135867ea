"""The catalogue's tables, one file per noun."""

from courses.models.activity import Activity, ActivityKind, Item, Mechanic
from courses.models.document import Document, DocumentKind
from courses.models.domain import Domain
from courses.models.fact import Fact
from courses.models.learning_path import LearningPath
from courses.models.module import Module
from courses.models.offer import OfferKind, TrainingOffer
from courses.models.pack import Pack, PackVersion
from courses.models.portrait import Portrait
from courses.models.review_card import ReviewCard
from courses.models.role import Role, RoleFamily, RoleLevel, Technicality
from courses.models.sector import Sector
from courses.models.skill import Skill
from courses.models.term import Term
from courses.models.track import Track
from courses.models.use_case import UseCase

__all__ = [
    "Activity",
    "ActivityKind",
    "Document",
    "DocumentKind",
    "Domain",
    "Fact",
    "Item",
    "LearningPath",
    "Mechanic",
    "Module",
    "OfferKind",
    "Pack",
    "PackVersion",
    "Portrait",
    "ReviewCard",
    "Role",
    "RoleFamily",
    "RoleLevel",
    "Sector",
    "Skill",
    "Technicality",
    "Term",
    "Track",
    "TrainingOffer",
    "UseCase",
]
