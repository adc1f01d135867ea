"""Rows of the catalogue beyond the tracks, made directly: one of each kind, or as many as a test asks for."""

import datetime as dt
from types import SimpleNamespace
from typing import Any

from i18nfield.strings import LazyI18nString

from courses.models import Document, Fact, LearningPath, Portrait, Role, RoleLevel, Sector, Term, TrainingOffer, UseCase
from tests.conftest import both


def said(english: str, french: str | None = None) -> LazyI18nString:
    return LazyI18nString(both(english, french))


def html(english: str) -> LazyI18nString:
    return LazyI18nString({language: f"<p>{text}</p>" for language, text in both(english).items()})


def path(
    catalogue: SimpleNamespace, slug: str = "first-weeks", modules: list[list[str]] | None = None, **kwargs: Any
) -> LearningPath:
    steps = [
        {"title": both(f"Step {number}"), "note": both(f"<p>Note {number}.</p>") if number == 1 else None, "modules": named}
        for number, named in enumerate(modules or [["m1"], ["m2", "n1"]], 1)
    ]
    return LearningPath.objects.create(
        pack=catalogue.pack, slug=slug, title=said(f"Path {slug}"), summary=html(f"About {slug}."), steps=steps, **kwargs
    )


def role(catalogue: SimpleNamespace, slug: str = "trainer", levels: dict[str, int] | None = None, **kwargs: Any) -> Role:
    given: dict[str, Any] = {
        "family": "guidance",
        "technicality": "none",
        "duties": {"en": [f"Duty of {slug}"], "fr": [f"Tâche de {slug}"]},
        "abilities": {"en": [f"Ability of {slug}"], "fr": [f"Aptitude de {slug}"]},
        "education": html(f"Way into {slug}."),
        "source": said("A published sheet"),
        "as_of": dt.date(2026, 1, 5),
        "review_after": dt.date(2027, 1, 5),
    }
    made = Role.objects.create(
        pack=catalogue.pack, slug=slug, title=said(f"Role {slug}"), summary=html(f"About {slug}."), **{**given, **kwargs}
    )
    skills = {one.slug: one for one in catalogue.skills}
    RoleLevel.objects.bulk_create(RoleLevel(role=made, skill=skills[skill], level=n) for skill, n in (levels or {}).items())
    return made


def portrait(catalogue: SimpleNamespace, slug: str = "marie", **kwargs: Any) -> Portrait:
    given: dict[str, Any] = {
        "name": slug.title(),
        "before": said("assistant"),
        "after": said("operations lead"),
        "story": html(f"The story of {slug}."),
        "steps": {"en": [{"when": "First month", "what": "Tried things"}], "fr": [{"when": "Premier mois", "what": "A essayé"}]},
        "question": said("What would you try?"),
        "source": said("An article"),
    }
    return Portrait.objects.create(pack=catalogue.pack, slug=slug, title=said(f"Portrait {slug}"), **{**given, **kwargs})


def sector(catalogue: SimpleNamespace, slug: str = "bank", **kwargs: Any) -> Sector:
    return Sector.objects.create(pack=catalogue.pack, slug=slug, name=said(f"Sector {slug}"), **kwargs)


def use_case(catalogue: SimpleNamespace, slug: str = "recap", **kwargs: Any) -> UseCase:
    given: dict[str, Any] = {
        "description": html(f"What {slug} does."),
        "first_step": html(f"Begin {slug}."),
        "value": 2,
        "risk": 1,
    }
    return UseCase.objects.create(pack=catalogue.pack, slug=slug, title=said(f"Case {slug}"), **{**given, **kwargs})


def offer(catalogue: SimpleNamespace, slug: str = "short-course", **kwargs: Any) -> TrainingOffer:
    given: dict[str, Any] = {
        "kind": "course",
        "provider": "A school",
        "duration": said("six weeks"),
        "description": html(f"About {slug}."),
        "funding": ["cpf", "free"],
        "verified_on": dt.date(2026, 2, 1),
        "review_after": dt.date(2026, 8, 1),
    }
    return TrainingOffer.objects.create(pack=catalogue.pack, slug=slug, title=said(f"Offer {slug}"), **{**given, **kwargs})


def term(catalogue: SimpleNamespace, slug: str, name: str, french: str | None = None, **kwargs: Any) -> Term:
    return Term.objects.create(
        pack=catalogue.pack, slug=slug, name=said(name, french), definition=html(f"What {slug} means."), **kwargs
    )


def fact(catalogue: SimpleNamespace, slug: str = "law", **kwargs: Any) -> Fact:
    given: dict[str, Any] = {
        "as_of": dt.date(2026, 1, 5),
        "review_after": dt.date(2026, 9, 1),
        "source": said("The official journal"),
    }
    return Fact.objects.create(
        pack=catalogue.pack, slug=slug, title=said(f"Fact {slug}"), statement=html(f"It says {slug}."), **{**given, **kwargs}
    )


def document(catalogue: SimpleNamespace, slug: str = "policy", **kwargs: Any) -> Document:
    given: dict[str, Any] = {"kind": "policy", "summary": said(f"Summary of {slug}"), "html": html(f"Text of {slug}.")}
    return Document.objects.create(pack=catalogue.pack, slug=slug, title=said(f"Paper {slug}"), **{**given, **kwargs})
