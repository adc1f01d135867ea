"""Reads about champions: who fits, what lies on a desk, how people are covered."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from typing import Any

from django.db.models import Count, Exists, F, FloatField, OuterRef, Q, QuerySet, Subquery, TextField, Value
from django.db.models.expressions import Case, Combinable, When
from django.db.models.functions import Cast, Coalesce

from courses.models import Domain
from lms.champions import rules
from lms.champions.pages import ChampionCard, Coverage, Desk, DeskContest, DeskRequest
from lms.champions.rules import Asker, Candidate
from lms.conf import conf
from lms.models import Attempt, Champion, Contest, HelpRequest, Learner
from lms.people.rules import company_day
from lms.progress.attempts import explain, items_of

OPEN_REQUEST = Q(answered_at__isnull=True, withdrawn_at__isnull=True)
OPEN_CONTEST = Q(decided_at__isnull=True)


def champion_for(*, learner: Learner, now: dt.datetime) -> ChampionCard | None:
    """The champion whom this learner may turn to now; None when nobody who serves today fits and has room. One query."""
    found = candidate_for(learner=learner, now=now)
    if found is None:
        return None
    person = found.learner
    return ChampionCard(
        champion_id=found.pk,
        name=person.full_name,
        initials=(person.first_name[:1] + person.last_name[:1]).upper(),
        domain=found.domain.name if found.domain else None,
        department=found.department.name if found.department else "",
        languages=tuple(found.languages),
        answer_days=conf.CHAMPION_ANSWER_WORKING_DAYS,
    )


def candidate_for(*, learner: Learner, now: dt.datetime, only: int | None = None) -> Champion | None:
    """As ``rules.best`` chooses, said in SQL so that thousands of champions cost a page nothing. One query."""
    serving = _serving(now.astimezone(learner.zone).date()).exclude(learner=learner)
    serving = serving.annotate(speaks=Cast("languages", TextField()), load=_load()).filter(load__lt=F("capacity"))
    same_domain = Q(domain=learner.domain_id) if learner.domain_id else Q(pk__in=[])
    same_language = Q(speaks__contains=f'"{learner.language}"')
    same_site = Q(learner__site=learner.site_id) if learner.site_id else Q(pk__in=[])
    fitting = serving.filter(same_domain | same_language)
    if only is not None:
        fitting = fitting.filter(pk=only)
    # Whoever shares domain and language beats everybody who does not (5 − 2·load > 3): the others need no look while there is one.
    near = serving.filter(same_domain, same_language)
    fitting = fitting.filter((same_domain & same_language) | ~Exists(near))
    score = (
        _points(same_domain, rules.DOMAIN)
        + _points(same_language, rules.LANGUAGE)
        + _points(same_site, rules.SITE)
        - Value(float(rules.LOAD)) * Cast("load", FloatField()) / Cast("capacity", FloatField())
    )
    return (
        fitting.annotate(match=score)
        .select_related("learner", "domain", "department")
        .order_by("-match", F("last_asked_at").asc(nulls_first=True), "pk")
        .first()
    )


def champions_for(learners: QuerySet[Learner], *, now: dt.datetime) -> dict[int, int]:
    """The champion (id) of each of many learners, by ``rules.best``, as things stand now; those without one are left out. Two queries."""
    candidates = [
        Candidate(
            champion_id=champion.pk,
            learner_id=champion.learner_id,
            domain_id=champion.domain_id,
            languages=frozenset(champion.languages),
            site_id=champion.learner.site_id,
            open_requests=champion.load,
            capacity=champion.capacity,
            last_asked_at=champion.last_asked_at,
        )
        for champion in _serving(company_day(now)).annotate(load=_load()).select_related("learner")
    ]
    serving = {candidate.learner_id for candidate in candidates}
    # People who share domain, language and site share their choice, unless one of them is a champion.
    chosen: dict[tuple[Any, ...], Candidate | None] = {}
    found: dict[int, int] = {}
    for pk, domain_id, language, site_id in learners.order_by().values_list("pk", "domain_id", "language", "site_id"):
        key = (domain_id, language, site_id, pk if pk in serving else None)
        if key not in chosen:
            chosen[key] = rules.best(Asker(pk, domain_id, language, site_id), candidates)
        champion_or_none = chosen[key]
        if champion_or_none is not None:
            found[pk] = champion_or_none.champion_id
    return found


def coverage(learners: QuerySet[Learner], *, now: dt.datetime) -> Coverage:
    """How these people are covered today: three queries, however many they are. A champion among them counts as covered."""
    groups = list(
        learners.order_by()
        .values("domain_id", "department__path", "language")
        .annotate(people=Count("pk"))
        .values_list("domain_id", "department__path", "language", "people")
    )
    domains = {domain_id for domain_id, _path, _language, _people in groups if domain_id}
    paths = {above for _domain, path, _language, _people in groups if path for above in rules.ancestors(path)}
    near = _serving(company_day(now)).filter(Q(domain__in=domains) | Q(department__path__in=paths))
    champions = list(near.values_list("pk", "domain_id", "department__path", "languages"))
    covered, useful, uncovered = 0, set(), Counter[int | None]()
    for domain_id, path, language, people in groups:
        theirs = {
            pk
            for pk, their_domain, their_path, languages in champions
            if language in languages
            and ((domain_id is not None and their_domain == domain_id) or (path and their_path in rules.ancestors(path)))
        }
        useful |= theirs
        if theirs:
            covered += people
        else:
            uncovered[domain_id] += people
    names = dict(Domain.objects.filter(pk__in=[pk for pk in uncovered if pk]).values_list("pk", "name"))
    return Coverage(
        people=sum(people for *_group, people in groups),
        covered=covered,
        champions=len(useful),
        uncovered_domains=tuple(names[pk] for pk, _people in uncovered.most_common() if pk in names),
    )


def serving_champion(*, learner: Learner, now: dt.datetime) -> Champion | None:
    """The learner as a champion who serves today; None for everybody else."""
    return _serving(now.astimezone(learner.zone).date()).filter(learner=learner).select_related("learner").first()


def desk(*, champion: Champion, now: dt.datetime) -> Desk:
    """What lies on a champion's desk, the most urgent first. Three queries."""
    today = now.astimezone(champion.learner.zone).date()
    requests = HelpRequest.objects.filter(OPEN_REQUEST, champion=champion)
    contests = Contest.objects.filter(OPEN_CONTEST, champion=champion)
    return _desk(requests, contests, today=today, capacity=champion.capacity)


def leads_desk(*, now: dt.datetime) -> Desk:
    """What has nobody who serves: no champion fitted, or the one who did serves no longer. Three queries."""
    today = company_day(now)
    return _desk(
        HelpRequest.objects.filter(OPEN_REQUEST, ~_served(today)),
        Contest.objects.filter(OPEN_CONTEST, ~_served(today)),
        today=today,
        capacity=None,
    )


def answerable(*, user: Any, now: dt.datetime) -> QuerySet[HelpRequest]:
    """The open questions that this user may answer: those on their own desk, and all of them for the champion leads; never one's own."""
    open_now = HelpRequest.objects.filter(OPEN_REQUEST).select_related("learner", "activity")
    return _mine_to_answer(open_now, user, now, asker="learner")


def decidable(*, user: Any, now: dt.datetime) -> QuerySet[Contest]:
    """The open contests that this user may decide: those on their own desk, and all of them for the champion leads; never one's own."""
    open_now = Contest.objects.filter(OPEN_CONTEST).select_related("attempt__learner", "attempt__activity__module")
    return _mine_to_answer(open_now, user, now, asker="attempt__learner")


def my_requests(*, learner: Learner) -> QuerySet[HelpRequest]:
    """What the learner asked and what was answered, the latest first."""
    mine = HelpRequest.objects.filter(learner=learner).order_by("-asked_at", "-pk")
    return mine.select_related("champion__learner", "activity")


def my_contest(*, attempt: Attempt) -> Contest | None:
    """The contest of the learner's own attempt, decided or not."""
    return Contest.objects.filter(attempt=attempt).select_related("champion__learner").first()


def _serving(on: dt.date) -> QuerySet[Champion]:
    return Champion.objects.active(on)


def _served(on: dt.date) -> Exists:
    return Exists(_serving(on).filter(pk=OuterRef("champion")))


def _mine_to_answer(open_now: QuerySet[Any], user: Any, now: dt.datetime, *, asker: str) -> QuerySet[Any]:
    if not user.is_authenticated or not user.is_active:
        return open_now.none()
    others = open_now.exclude(**{f"{asker}__user": user})
    if user.has_perm("lms.lead_champions"):
        return others
    return others.filter(_served(company_day(now)), champion__learner__user=user)


def _load() -> Combinable:
    """How much lies open on a champion's desk."""

    def count(model: type[HelpRequest] | type[Contest], still_open: Q) -> Coalesce:
        theirs = model.objects.filter(still_open, champion=OuterRef("pk")).order_by()  # type: ignore[attr-defined]
        return Coalesce(Subquery(theirs.values("champion").annotate(n=Count("pk")).values("n")), 0)

    return count(HelpRequest, OPEN_REQUEST) + count(Contest, OPEN_CONTEST)


def _points(condition: Q, points: int) -> Case:
    return Case(When(condition, then=Value(float(points))), default=Value(0.0), output_field=FloatField())


def _desk(requests: QuerySet[HelpRequest], contests: QuerySet[Contest], *, today: dt.date, capacity: int | None) -> Desk:
    asked = requests.select_related("learner", "activity").order_by("answer_due_on", "pk")
    contested = list(contests.select_related("attempt__learner", "attempt__activity").order_by("answer_due_on", "pk"))
    items = items_of([contest.attempt for contest in contested])
    return Desk(
        requests=tuple(
            DeskRequest(
                pk=one.pk,
                asker=one.learner.full_name,
                question=one.question,
                activity=one.activity.title if one.activity else None,
                asked_at=one.asked_at,
                answer_due_on=one.answer_due_on,
                late=one.answer_due_on < today,
            )
            for one in asked
        ),
        contests=tuple(
            DeskContest(
                pk=one.pk,
                asker=one.attempt.learner.full_name,
                words=one.words,
                activity=one.attempt.activity.title,
                score=one.attempt.score,
                pass_mark=float(one.attempt.activity.pass_mark),
                submitted_at=one.attempt.submitted_at,
                consented_at=one.consented_at,
                answer_due_on=one.answer_due_on,
                late=one.answer_due_on < today,
                explained=explain(one.attempt, items[one.attempt_id]),
            )
            for one in contested
        ),
        capacity=capacity,
    )
