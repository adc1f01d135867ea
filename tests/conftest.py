"""The cast, with fixed meanings: Ada learns; Ben is in her cohort; Mira manages them; Chloé is a champion; Hana is HR;
Otto works in another unit, with his own manager (Omar), and must never see or be seen.

``NOW`` is a Wednesday at 10:00 in Paris, inside the sending window. Rules and rooms receive it; nothing reads the wall clock.
"""

import datetime as dt
import importlib
import itertools
from collections.abc import Callable
from types import SimpleNamespace

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, Permission
from zeal.constants import initialize_app_registry
from zeal.patch import patch

from courses.models import Activity, ActivityKind, Domain, Item, Module, Pack, Skill, Track
from lms.models import Champion, Cohort, CohortMembership, Department, Learner, ReportingLine, Site
from lms.progress.catalogue import forget

pytest_plugins = ["tests.services"]

# The N+1 guard listens (tests/settings.py puts its middleware first).
initialize_app_registry()
patch()

NOW = dt.datetime(2026, 3, 4, 9, 0, tzinfo=dt.UTC)
PASSWORD = "correct horse battery"


@pytest.fixture
def now() -> dt.datetime:
    return NOW


@pytest.fixture(autouse=True)
def fresh_catalogue() -> None:
    """A test's database is rolled back, and the next one may publish the same version again."""
    forget()


def both(english: str, french: str | None = None) -> dict[str, str]:
    return {"en": english, "fr": french or f"{english} (fr)"}


@pytest.fixture
def catalogue(db) -> SimpleNamespace:
    """A small published catalogue: two tracks; the first has two modules, the second module requires the first.

    Module ``m1``: lesson, exercise (choice, variants for marketing and for everybody), mission, quiz (four items, two drawn).
    """
    from i18nfield.strings import LazyI18nString

    pack = Pack.objects.create(slug="test-pack", title=LazyI18nString(both("Test pack")), languages=["en", "fr"])
    skills = [
        Skill.objects.create(slug=slug, position=position, name=LazyI18nString(both(slug)))
        for position, slug in enumerate(
            ["prompt-engineering", "critical-evaluation", "workflow-design", "change-management", "technology-watch"]
        )
    ]
    domains = {
        slug: Domain.objects.create(slug=slug, position=position, name=LazyI18nString(both(slug)))
        for position, slug in enumerate(["marketing", "hr", "finance", "communication", "operations"])
    }
    tracks = [
        Track.objects.create(pack=pack, slug=skill.slug, skill=skill, position=position, title=LazyI18nString(both(skill.slug)))
        for position, skill in enumerate(skills[:2])
    ]
    m1, m2 = (
        Module.objects.create(
            track=tracks[0],
            slug=slug,
            position=position,
            title=LazyI18nString(both(slug)),
            goals={"en": ["do it"], "fr": ["le faire"]},
        )
        for position, slug in enumerate(["m1", "m2"])
    )
    m2.prerequisites.add(m1)
    n1 = Module.objects.create(track=tracks[1], slug="n1", title=LazyI18nString(both("n1")))

    def activity(module: Module, slug: str, kind: str, position: int, body: dict | None = None, **kwargs: object) -> Activity:
        return Activity.objects.create(
            module=module, slug=slug, kind=kind, position=position, title=LazyI18nString(both(slug)), body=body or {}, **kwargs
        )

    lesson_body = {
        lang: {"cards": [{"title": "One", "html": "<p>Card one.</p>"}, {"title": "Two", "html": "<p>Card two.</p>"}]}
        for lang in ("en", "fr")
    }
    lesson = activity(m1, "m1-lesson", ActivityKind.LESSON, 0, lesson_body)
    exercise = activity(
        m1, "m1-exercise", ActivityKind.EXERCISE, 1, {lang: {"prompt": "<p>Choose.</p>"} for lang in ("en", "fr")}
    )
    mission = activity(
        m1,
        "m1-mission",
        ActivityKind.MISSION,
        2,
        {
            lang: {"brief": "<p>Try it.</p>", "without_tool": "<p>On paper.</p>", "variants": {"marketing": "<p>A post.</p>"}}
            for lang in ("en", "fr")
        },
    )
    quiz = activity(m1, "m1-quiz", ActivityKind.QUIZ, 3, draw={"core": 2})
    m2_lesson = activity(m2, "m2-lesson", ActivityKind.LESSON, 0, lesson_body)
    n1_lesson = activity(n1, "n1-lesson", ActivityKind.LESSON, 0, lesson_body)

    def item(of: Activity, slug: str, position: int, **kwargs: object) -> Item:
        texts = {
            lang: {
                "prompt": f"<p>{slug}?</p>",
                "why": "<p>Because.</p>",
                "parts": {"right": "Right", "wrong": "Wrong", "other": "Other"},
                "feedback": {"right": "Yes.", "wrong": "No.", "other": "No."},
            }
            for lang in ("en", "fr")
        }
        return Item.objects.create(
            activity=of,
            slug=slug,
            position=position,
            mechanic="choice",
            payload={"options": [{"id": "wrong"}, {"id": "right"}, {"id": "other"}], "multiple": False, "confidence": False},
            answer_key={"correct": ["right"]},
            texts=texts,
            **kwargs,
        )

    items = {
        "marketing": item(exercise, "m1-exercise-marketing", 0, domain=domains["marketing"]),
        "any": item(exercise, "m1-exercise-any", 1),
    }
    pool = [item(quiz, f"m1-q{n}", n, group="core") for n in range(4)]
    return SimpleNamespace(
        pack=pack, skills=skills, domains=domains, tracks=tracks, track=tracks[0], other_track=tracks[1], m1=m1, m2=m2, n1=n1,
        lesson=lesson, exercise=exercise, mission=mission, quiz=quiz, m2_lesson=m2_lesson, n1_lesson=n1_lesson, items=items, pool=pool,
    )  # fmt: skip


RIGHT = {"selected": ["right"]}
WRONG = {"selected": ["wrong"]}


@pytest.fixture
def make_learner(db) -> Callable[..., Learner]:
    """Makes a learner with an account; reporting lines follow ``manager`` up to the top."""
    counter = itertools.count(1)

    def make(first_name: str = "Pat", manager: Learner | None = None, password: str | None = None, **kwargs: object) -> Learner:
        number = next(counter)
        email = str(kwargs.pop("email", f"{first_name.lower().replace('é', 'e')}{number}@verdane.example"))
        user = get_user_model().objects.create_user(username=email, email=email, password=password)
        defaults: dict[str, object] = {
            "external_id": f"E{number:05d}",
            "first_name": first_name,
            "last_name": "Test",
            "language": "en",
            "time_zone": "Europe/Paris",
            "created_at": NOW - dt.timedelta(days=30),
            "hired_on": dt.date(2020, 1, 6),
        }
        learner = Learner.objects.create(user=user, email=email, manager=manager, **{**defaults, **kwargs})
        if manager:
            lines = [ReportingLine(manager=manager, learner=learner, depth=1)]
            lines += [
                ReportingLine(manager_id=line.manager_id, learner=learner, depth=line.depth + 1)
                for line in manager.lines_up.all()
            ]
            ReportingLine.objects.bulk_create(lines)
        return learner

    return make


def hr_group() -> Group:
    """The group that the migration makes; made again here because a transactional test empties every table."""
    migration = importlib.import_module("lms.migrations.0002_hr_group")
    group, made = Group.objects.get_or_create(name=migration.GROUP)
    if made:
        wanted = migration.wanted()
        found = Permission.objects.select_related("content_type").filter(content_type__app_label__in=["lms", "courses"])
        group.permissions.set([row for row in found if (row.content_type.app_label, row.codename) in wanted])
    return group


@pytest.fixture
def cast(db, make_learner, catalogue) -> SimpleNamespace:
    """Everybody has the password ``PASSWORD``. Dana directs everybody but Otto's unit. The cohort holds Ada and Ben."""
    site = Site.objects.create(name="Lyon", country="FR")
    sales = Department.objects.create(name="Sales", path="Sales")
    other_unit = Department.objects.create(name="Plant", path="Plant")
    hr_unit = Department.objects.create(name="HR", path="HR")
    marketing = catalogue.domains["marketing"]
    common: dict[str, object] = {"site": site, "password": PASSWORD}
    dana = make_learner("Dana", department=sales, domain=marketing, **common)
    mira = make_learner("Mira", manager=dana, department=sales, domain=marketing, **common)
    ada = make_learner("Ada", manager=mira, department=sales, domain=marketing, **common)
    ben = make_learner("Ben", manager=mira, department=sales, domain=marketing, **common)
    chloe = make_learner("Chloé", manager=dana, department=sales, domain=marketing, **common)
    hana = make_learner("Hana", department=hr_unit, domain=catalogue.domains["hr"], **common)
    omar = make_learner("Omar", department=other_unit, domain=catalogue.domains["operations"], **common)
    otto = make_learner("Otto", manager=omar, department=other_unit, domain=catalogue.domains["operations"], **common)
    hana.user.is_staff = True
    hana.user.save(update_fields=["is_staff"])
    hana.user.groups.add(hr_group())
    champion = Champion.objects.create(
        learner=chloe,
        domain=marketing,
        department=sales,
        languages=["en", "fr"],
        consented_on=dt.date(2026, 1, 5),
        manager_agreed_on=dt.date(2026, 1, 6),
        starts_on=dt.date(2026, 1, 7),
    )
    cohort = Cohort.objects.create(name="Spring", created_at=NOW)
    CohortMembership.objects.bulk_create([CohortMembership(cohort=cohort, learner=learner, since=NOW) for learner in (ada, ben)])
    return SimpleNamespace(
        dana=dana, mira=mira, ada=ada, ben=ben, chloe=chloe, hana=hana, omar=omar, otto=otto,
        champion=champion, cohort=cohort, site=site, sales=sales, other_unit=other_unit,
    )  # fmt: skip
