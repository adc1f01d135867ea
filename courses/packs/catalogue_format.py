"""What the files beside the tracks may say: sectors, use cases, roles, training offers, portraits, terms, facts, documents, paths."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from typing import Annotated, Literal

from django.utils.translation import gettext_lazy as _
from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints, ValidationInfo, field_validator

from courses.models import DocumentKind, OfferKind, RoleFamily, Technicality
from courses.packs.format import Id, Language, Said, Text, Title, in_every_language
from courses.shapes import SaidProblem


def _day(value: object) -> dt.date:
    if isinstance(value, str) and re.fullmatch(r"\d{4}-\d{2}-\d{2}", value):
        try:
            return dt.date.fromisoformat(value)
        except ValueError:
            pass
    raise SaidProblem("date", _("This is not a date."), _("Write year, month and day, as in “2026-11-21”."))


def _one_of(names: list[str]) -> Callable[[str], str]:
    def check(value: str) -> str:
        if value not in names:
            raise SaidProblem("choice", _("This must be one of: %(expected)s."), expected=", ".join(names))
        return value

    return check


def _after(value: dt.date, info: ValidationInfo, earlier: str) -> dt.date:
    if earlier in info.data and value <= info.data[earlier]:
        raise SaidProblem("dates", _("The review comes after the day of “%(name)s”."), _("Write a later date."), name=earlier)
    return value


def _has_forms(value: dict[Language, list[str]], info: ValidationInfo) -> dict[Language, list[str]]:
    """In every language of the pack, and no word that is none."""
    in_every_language({language: " ".join(words) for language, words in value.items()}, info)
    if any(not re.search(r"\w", word) for words in value.values() for word in words):
        raise SaidProblem("form", _("One of these forms has no letter."), _("Write the word as texts write it."))
    return value


Day = Annotated[dt.date, BeforeValidator(_day)]
Scale = Annotated[int, Field(ge=1, le=3)]
Level = Annotated[int, Field(ge=1, le=4)]
Amount = Annotated[int, Field(ge=0, le=10_000_000)]
Country = Annotated[str, StringConstraints(min_length=2, max_length=2, to_upper=True)]
Forms = Annotated[dict[Language, list[str]], AfterValidator(_has_forms)]


class Entry(Said):
    id: Id
    was: Id | None = None


class SectorEntry(Entry):
    name: Title
    description: Text
    caution: Text | None = None


class UseCaseEntry(Entry):
    title: Title
    description: Text
    first_step: Text
    caution: Text | None = None
    domain: Id | None = None
    sectors: list[Id] = []
    value: Scale
    risk: Scale
    modules: list[Id] = []


class PayEntry(Said):
    """A published figure: a span, or one end of it."""

    country: Country
    experience: Text
    low: Amount | None = None
    high: Amount | None = Field(default=None, validate_default=True)
    currency: Annotated[str, StringConstraints(min_length=3, max_length=3, to_upper=True)]
    per: Literal["year", "day"]
    year: Annotated[int, Field(ge=2000, le=2100)]
    source: Text

    @field_validator("high")
    @classmethod
    def _is_a_span(cls, high: int | None, info: ValidationInfo) -> int | None:
        low = info.data.get("low")
        if "low" in info.data and high is None and low is None:
            raise SaidProblem("pay", _("This has neither a low nor a high figure."), _("Write at least one of the two."))
        if high is not None and low is not None and high < low:
            raise SaidProblem("pay", _("The high figure is below the low one."), _("Exchange them, or mend one."))
        return high


class RoleFile(Entry):
    title: Title
    family: Annotated[str, AfterValidator(_one_of(RoleFamily.values))]
    technicality: Annotated[str, AfterValidator(_one_of(Technicality.values))]
    summary: Text
    duties: list[Text] = Field(min_length=3, max_length=6)
    abilities: list[Text] = Field(min_length=2, max_length=5)
    education: Text | None = None
    levels: dict[Id, Level]
    sectors: list[Id] = []
    leads_to: list[Id] = []
    pay: list[PayEntry] = []
    source: Text
    as_of: Day
    review_after: Day

    @field_validator("review_after")
    @classmethod
    def _later(cls, value: dt.date, info: ValidationInfo) -> dt.date:
        return _after(value, info, "as_of")


class OfferFile(Entry):
    title: Title
    kind: Annotated[str, AfterValidator(_one_of(OfferKind.values))]
    provider: Annotated[str, StringConstraints(min_length=1, max_length=200)]
    country: Country | None = None
    duration: Title | None = None
    description: Text
    technicality: Annotated[str, AfterValidator(_one_of(Technicality.values))] = Technicality.NONE.value
    funding: list[Literal["cpf", "employer", "opco", "region", "free", "own"]]
    doubt: Text | None = None
    skills: list[Id] = []
    verified_on: Day
    review_after: Day

    @field_validator("review_after")
    @classmethod
    def _later(cls, value: dt.date, info: ValidationInfo) -> dt.date:
        return _after(value, info, "verified_on")


class PortraitStep(Said):
    when: Text
    what: Text


class PortraitFile(Entry):
    name: Annotated[str, StringConstraints(min_length=1, max_length=100)]
    title: Title
    before: Title
    after: Title
    story: Text
    steps: list[PortraitStep] = Field(min_length=1)
    question: Text
    domain: Id | None = None
    role: Id | None = None
    modules: list[Id] = []
    source: Text


class TermEntry(Entry):
    name: Title
    definition: Text
    forms: Forms
    see: list[Id] = []
    skill: Id | None = None


class FactEntry(Entry):
    title: Title
    statement: Text
    source: Text
    as_of: Day
    review_after: Day
    modules: list[Id] = []

    @field_validator("review_after")
    @classmethod
    def _later(cls, value: dt.date, info: ValidationInfo) -> dt.date:
        return _after(value, info, "as_of")


class DocumentFile(Entry):
    title: Title
    kind: Annotated[str, AfterValidator(_one_of(DocumentKind.values))]
    summary: Text


class PathStep(Said):
    title: Title
    note: Text | None = None
    # None: an hour together, a week to catch up. Then the note says what is done.
    modules: list[Id] = Field(default=[], validate_default=True)

    @field_validator("modules")
    @classmethod
    def _says_what_to_do(cls, modules: list[str], info: ValidationInfo) -> list[str]:
        if not modules and "note" in info.data and info.data["note"] is None:
            raise SaidProblem("step", _("This step has neither modules nor a note."), _("Name modules, or say what is done."))
        return modules


class PathFile(Entry):
    title: Title
    summary: Text
    domain: Id | None = None
    steps: list[PathStep] = Field(min_length=1)
