"""What the files of a pack may say. Unknown names are refused: a misspelt one would be ignored in silence.

The languages of the pack come in as validation context, so that every text is there in each of them.
"""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal

from django.utils.translation import gettext_lazy as _
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, ValidationInfo

from courses.shapes import SaidProblem


def in_every_language(value: dict[str, str], info: ValidationInfo) -> dict[str, str]:
    """Every language of the pack and no other, each with something written."""
    languages = (info.context or {}).get("languages", ())
    if not languages:  # pack.yaml itself is read before its languages are known, and once more after
        return value
    missing = [language for language in languages if not value.get(language, "").strip()]
    unknown = [language for language in value if language not in languages]
    if missing:
        hint = _("Write it in every language of the pack.")
        raise SaidProblem("language-missing", _("The text is missing in: %(languages)s."), hint, languages=", ".join(missing))
    if unknown:
        hint = _("Name it in pack.yaml, or take the text out.")
        raise SaidProblem("language-unknown", _("The pack is not in: %(languages)s."), hint, languages=", ".join(unknown))
    return value


Id = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=80)]
Group = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=40)]
Language = Annotated[str, StringConstraints(pattern=r"^[a-z]{2}(-[a-z]{2})?$")]
Text = Annotated[dict[str, str], AfterValidator(in_every_language)]
PassMark = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]
Weight = Annotated[float, Field(gt=0, le=1000, allow_inf_nan=False)]


def _short(value: dict[str, str]) -> dict[str, str]:
    for text in value.values():
        if len(text) > 200:
            raise SaidProblem("too-long", _("This is too long for a title."), _("Keep it to %(n)s characters."), n=200)
    return value


def _address(value: str) -> str:
    if not re.fullmatch(r"https://[^\s<>\"]{3,500}", value):
        raise SaidProblem("url", _("This is not a web address."), _("It begins with https://."))
    return value


Title = Annotated[Text, AfterValidator(_short)]


class Said(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class PackFile(Said):
    id: Id
    title: Title
    languages: list[Language] = Field(min_length=1)
    licence: Annotated[str, StringConstraints(min_length=1, max_length=100)]


class Row(Said):
    """A skill or a domain."""

    id: Id
    was: Id | None = None
    name: Title
    description: Text


class TrackFile(Said):
    id: Id
    was: Id | None = None
    skill: Id
    title: Title
    summary: Text
    # Raised when what is new must also be done by those who had finished; what a published one may not do is go down.
    edition: Annotated[int, Field(ge=1, le=9999)] = 1
    modules: list[Id] = Field(min_length=1)


class ActivityEntry(Said):
    id: Id
    was: Id | None = None
    kind: Literal["lesson", "quiz", "exercise", "mission", "project", "external"]
    title: Title
    minutes: Annotated[int, Field(ge=1, le=480)]
    required: bool = True
    pass_mark: PassMark = 0.7
    documents: list[Id] = []
    file: str | None = None
    url: Annotated[str, AfterValidator(_address)] | None = None


class ModuleFile(Said):
    id: Id
    was: Id | None = None
    title: Title
    summary: Text
    goals: list[Text] = Field(min_length=1, max_length=5)
    level: Annotated[int, Field(ge=1, le=4)]
    prerequisites: list[Id] = []
    activities: list[ActivityEntry] = Field(min_length=1)
    reviews: str | None = None


class GradedEntry(Said):
    """What a variant, a quiz item and a review card have in common."""

    id: Id
    was: Id | None = None
    brief: Text | None = None
    document: Text | None = None
    payload: dict[str, Any]
    key: dict[str, Any]
    feedback: dict[str, Text] = {}
    why: Text


class Variant(GradedEntry):
    domain: Id | None = None
    documents: list[Id] = []


class ExerciseFile(Said):
    mechanic: str
    prompt: Text
    variants: list[Variant] = Field(min_length=1)


class Question(GradedEntry):
    mechanic: str
    weight: Weight = 1
    prompt: Text


class PoolQuestion(Question):
    group: Group
    documents: list[Id] = []


class QuizFile(Said):
    draw: dict[Group, Annotated[int, Field(ge=1, le=50)]] = Field(min_length=1)
    items: list[PoolQuestion] = Field(min_length=1)


class MissionVariant(Said):
    domain: Id
    brief: Text


class MissionFile(Said):
    brief: Text
    without_tool: Text
    variants: list[MissionVariant] = []
