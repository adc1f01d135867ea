"""A small company with a history, made through the rooms: for pictures and for accessibility checks of real pages with real content."""

import datetime as dt
import io
import uuid
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

PASSWORD = "correct horse battery"
#: Today as a page shows it depends on the day: everything is made around the present.
Page = tuple[str | None, Callable[[], str]]


def _learner(first: str, last: str, number: int, manager: Any = None, **kwargs: Any) -> Any:
    from lms.models import Learner, ReportingLine

    email = f"{first}.{last}@verdane.example".lower().replace("ë", "e").replace("ï", "i").replace("é", "e")
    user = get_user_model().objects.create_user(username=email, email=email, password=PASSWORD)
    learner = Learner.objects.create(
        user=user, email=email, first_name=first, last_name=last, external_id=f"V{number:04d}", manager=manager,
        created_at=timezone.now(), **{"language": "fr", "time_zone": "Europe/Paris", **kwargs},
    )  # fmt: skip
    above = [(manager.pk, 1), *((line.manager_id, line.depth + 1) for line in manager.lines_up.all())] if manager else []
    ReportingLine.objects.bulk_create(ReportingLine(manager_id=pk, learner=learner, depth=depth) for pk, depth in above)
    return learner


def build_company(pack: Path | None = None) -> SimpleNamespace:
    """Maïté has finished half a track and has a journal; Luc begins; Nora is their champion; Claire leads them; Hana is HR."""
    from django.contrib.auth.models import Group, Permission

    from courses.grading import best_response
    from courses.models import Activity, ActivityKind, Domain, Item, Module, Track
    from lms.champions.actions import answer_help, ask_help, contest_score
    from lms.enrolment.actions import add_members, assign_tracks
    from lms.enums import DueRule, Source
    from lms.journal.actions import write_entry
    from lms.models import Champion, Cohort, Department, Report, Site
    from lms.progress.actions import complete_lesson, start_attempt, submit_attempt
    from lms.reports.actions import build_due_reports, subscribe

    call_command("publish_content", *([str(pack)] if pack else []), verbosity=0, stdout=io.StringIO())
    now = timezone.now()
    today, day = now.date(), dt.timedelta(days=1)
    site = Site.objects.create(name="Lyon")
    operations = Department.objects.create(name="Opérations", path="Opérations")
    domains = {domain.slug: domain for domain in Domain.objects.all()}
    some_domain = domains.get("operations") or next(iter(domains.values()))
    common: dict[str, Any] = {"site": site, "department": operations, "domain": some_domain}
    claire = _learner("Claire", "Dumont", 1, job_title="Directrice des opérations", **common)
    maite = _learner("Maïté", "Lemaire", 2, claire, job_title="Assistante de direction", **common)
    nora = _learner("Nora", "Benali", 3, claire, **common)
    team = [
        _learner(name, "Peeters", 10 + n, claire, **common)
        for n, name in enumerate(["Luc", "Anaïs", "Wout", "Inès", "Karim", "Sana"])
    ]
    hana = _learner("Hana", "Moreau", 4, **common)
    hana.user.is_staff = True
    hana.user.save()
    hana.user.groups.add(Group.objects.get_or_create(name="HR")[0])
    hana.user.user_permissions.add(*Permission.objects.filter(codename__in=["lead_champions", "view_learner"]))
    Champion.objects.create(
        learner=nora, domain=some_domain, department=operations, languages=["fr", "en"],
        consented_on=today - 60 * day, manager_agreed_on=today - 60 * day, starts_on=today - 50 * day,
    )  # fmt: skip
    cohort = Cohort.objects.create(name="Opérations, printemps", created_at=now - 30 * day)
    add_members(
        cohort=cohort, learners=[one.pk for one in [maite, nora, *team]], actor=hana.user, source=Source.ADMIN, now=now - 30 * day
    )
    tracks = list(Track.objects.current()[:2])
    assign_tracks(
        cohort=cohort, tracks=tracks[:1], starts_on=today - 20 * day, due_rule=DueRule.DATE, due_on=today + 40 * day,
        actor=hana.user, source=Source.ADMIN, now=now - 30 * day,
    )  # fmt: skip
    module = Module.objects.current().filter(track=tracks[0], prerequisites=None).order_by("position").first()
    activities = list(Activity.objects.current().filter(module=module).order_by("position"))

    def attempt(learner: Any, activity: Any, *, wrong: bool, submit: bool = True) -> Any:
        one = start_attempt(learner=learner, activity=activity, language="fr", now=now - 2 * day)
        items = {item.slug: item for item in Item.objects.filter(slug__in=one.items)}
        answers = {slug: best_response(item.mechanic, item.payload, item.answer_key) for slug, item in items.items()}
        if wrong:
            for slug, item in items.items():
                answers[slug] = _worse(item, answers[slug])
        return submit_attempt(attempt=one, answers=answers, now=now - 2 * day) if submit else one

    lessons = [one for one in activities if one.kind == ActivityKind.LESSON]
    exercises = [one for one in activities if one.kind == ActivityKind.EXERCISE]
    quiz = next(one for one in activities if one.kind == ActivityKind.QUIZ)
    mission = next(one for one in activities if one.kind == ActivityKind.MISSION)
    for lesson in lessons:
        complete_lesson(learner=maite, activity=lesson, now=now - 5 * day)
    failed = attempt(maite, exercises[0], wrong=True)
    passed = attempt(maite, exercises[0], wrong=False)
    open_one = attempt(maite, exercises[-1], wrong=False, submit=False)
    quiz_failed = attempt(nora, quiz, wrong=True)
    for ago, task in [(0, "Relire la note de voyage"), (1, "Résumer la réunion de lundi"), (9, "Préparer l’ordre du jour")]:
        write_entry(
            learner=maite, now=now,
            fields={"task": task, "tried_on": (now - ago * day).date(), "outcome": "edited", "lesson": "Dire d’abord qui lira.", "tool_class": "approved"},
        )  # fmt: skip
    write_entry(learner=maite, fields={"task": "Demander le récapitulatif autrement"}, activity=mission, now=now)
    asked = ask_help(learner=maite, question="Comment garder le ton de la maison\u202f?", token=uuid.uuid4(), now=now - 3 * day)
    answer_help(
        request=asked,
        answer="Donnez deux phrases de chez nous en exemple.",
        actor=nora.user,
        source=Source.PAGE,
        now=now - 2 * day,
    )
    ask_help(
        learner=maite,
        question="Puis-je coller un ordre du jour interne\u202f?",
        activity=exercises[0],
        token=uuid.uuid4(),
        now=now,
    )
    report = subscribe(
        recipient=claire,
        cohort=None,
        cadence="monthly",
        hour=8,
        language="",
        actor=hana.user,
        source=Source.ADMIN,
        now=now,
    )
    build_due_reports(now=report.next_due_at + dt.timedelta(minutes=1))
    contest_score(attempt=failed, words="Le bloc sur le délai me semble juste.", consent=True, now=now)
    return SimpleNamespace(
        maite=maite, nora=nora, claire=claire, luc=team[0], hana=hana, track=tracks[0], activities=activities, lesson=lessons[0],
        exercise=exercises[0], quiz=quiz, mission=mission, failed=failed, passed=passed, open=open_one, quiz_failed=quiz_failed, tracks=tracks,
        report=Report.objects.get(),
    )  # fmt: skip


def _worse(item: Any, best: dict[str, Any]) -> dict[str, Any]:
    """An answer that is partly wrong, whatever the mechanic."""
    payload = item.payload
    if item.mechanic == "choice" and "options" in payload:
        wrong = next(option["id"] for option in payload["options"] if option["id"] not in item.answer_key["correct"])
        return {**best, "selected": [wrong]}
    if item.mechanic == "sort":
        first = payload["items"][0]["id"]
        other = next(one["id"] for one in payload["bins"] if one["id"] != best["bin_of"][first])
        return {"bin_of": dict.fromkeys(best["bin_of"], other)}
    if item.mechanic == "compose":
        return {"blocks": [block["id"] for block in payload["blocks"]][:3]}
    if item.mechanic == "mark":
        return {"marked": {payload["segments"][0]["id"]: None}}
    return best


def page_list(company: SimpleNamespace) -> dict[str, Page]:
    """Every page with somebody to read it."""
    maite, nora, claire, luc = (one.user.username for one in (company.maite, company.nora, company.claire, company.luc))

    def at(name: str, *args: Any) -> Callable[[], str]:
        return lambda: reverse(f"lms:{name}", args=args)

    def beside() -> dict[str, Page]:
        """What stands beside the tracks: each list, and the first page of each kind that is published."""
        from courses.models import Document, LearningPath, Portrait, Role

        lists = ("paths", "roles", "portraits", "use_cases", "training", "glossary", "facts", "documents")
        firsts = {"path": LearningPath, "role": Role, "portrait": Portrait, "document": Document}
        found = {name: model.objects.current().first() for name, model in firsts.items()}
        return {
            "explore": (maite, at("explore")),
            **{f"explore-{name}": (maite, at(f"explore_{name}")) for name in lists},
            **{f"explore-{name}": (maite, at(f"explore_{name}", row.slug)) for name, row in found.items() if row},
        }

    return {
        "sign-in": (None, at("sign_in")),
        "password-lost": (None, at("password_lost")),
        "privacy": (None, at("privacy_notice")),
        "accessibility": (None, at("accessibility")),
        "offline": (None, at("offline")),
        "today": (maite, at("today")),
        "today-new": (luc, at("today")),
        "today-empty": (claire, at("today")),
        "tracks": (maite, at("tracks")),
        "track": (maite, at("track", company.track.slug)),
        "track-other": (luc, at("track", company.tracks[-1].slug)),
        "lesson": (luc, at("activity", company.lesson.slug)),
        "graded": (maite, at("activity", company.exercise.slug)),
        "mission": (maite, at("activity", company.mission.slug)),
        "task": (maite, at("attempt", company.open.uuid)),
        "result-failed": (maite, at("attempt", company.failed.uuid)),
        "result-passed": (maite, at("attempt", company.passed.uuid)),
        "result-quiz": (nora, at("attempt", company.quiz_failed.uuid)),
        **beside(),
        "journal": (maite, at("journal")),
        "journal-new": (maite, at("journal_new")),
        "help": (maite, at("help")),
        "desk": (nora, at("champion_desk")),
        "me": (maite, at("me")),
        "manager-view": (maite, at("me_manager_view")),
        "team": (claire, at("team")),
        "report": (claire, lambda: reverse("lms:report", args=[company.report.pk])),
        "not-found": (maite, lambda: "/nothing/"),
        "style": (None, at("style")),
    }
