"""Reads about champions: who fits, what lies on a desk, how people are covered."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator
from typing import Any

from django.db.models import Case, Count, Exists, F, IntegerField, OuterRef, Q, QuerySet, Subquery, TextField, Value, When
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast, Coalesce

from courses.models import Domain
from lms.champions import rules
from lms.champions.pages import ChampionCard, Coverage, Desk, DeskContest, DeskRequest
from lms.champions.rules import Asker, Candidate
from lms.conf import conf
from lms.models import Attempt, Champion, Contest, HelpRequest, Learner
from lms.people.rules import company_day
from lms.prepared import Prepared
from lms.progress.attempts import explain, items_of
from lms.progress.queries import today_of

OPEN_REQUEST = Q(answered_at__isnull=True, withdrawn_at__isnull=True)
OPEN_CONTEST = Q(decided_at__isnull=True)
#: Of champions who share equally much with a learner, so many are compared by site and load: those asked longest ago.
LOOKED_AT = 50
#: What ``_candidate`` reads, in this order.
CANDIDATE = ("pk", "learner_id", "domain_id", "languages", "their_site", "load", "capacity", "last_asked_at")
SHOWN = ("domain__name", "department__name", "learner__first_name", "learner__last_name", "learner__email")
#: The id of no domain.
NO_DOMAIN = 0


def champion_for(*, learner: Learner, now: dt.datetime) -> ChampionCard | None:
    """The champion whom this learner may turn to now; None when nobody who serves today fits and has room. One query."""
    rows = {row[0]: row for row in _rows_closest(learner, now)}
    best = rules.best(_asker(learner), [_candidate(row) for row in rows.values()])
    if best is None:
        return None
    domain, department, first_name, last_name, email = rows[best.champion_id][len(CANDIDATE) :]
    return ChampionCard(
        champion_id=best.champion_id,
        name=f"{first_name} {last_name}".strip() or email,
        initials=(first_name[:1] + last_name[:1]).upper(),
        domain=domain,
        department=department or "",
        languages=tuple(sorted(best.languages)),
        answer_days=conf.CHAMPION_ANSWER_WORKING_DAYS,
    )


def candidate_for(*, learner: Learner, now: dt.datetime, only: int | None = None) -> int | None:
    """The id of the champion who fits best and has room, out of those who share most; ``only`` asks about one of them. One query."""
    serving = _with_load(_serving(today_of(learner, now)))
    rows = _rows_closest(learner, now) if only is None else serving.filter(pk=only).values_list(*CANDIDATE)
    best = rules.best(_asker(learner), [_candidate(row) for row in rows])
    return best.champion_id if best else None


def champions_for(learners: QuerySet[Learner], *, now: dt.datetime) -> dict[int, int]:
    """The champion (id) of each of many learners, by ``rules.best``, as things stand now; those without one are left out. Two queries."""
    serving = _with_load(_serving(company_day(now)))
    candidates = [_candidate(row) for row in serving.values_list(*CANDIDATE)]
    # People who share domain, language and site share their choice; only a champion who is their own best one needs the second best.
    ranked: dict[tuple[Any, ...], list[Candidate]] = {}
    found: dict[int, int] = {}
    for pk, domain_id, language, site_id in learners.order_by().values_list("pk", "domain_id", "language", "site_id"):
        key = (domain_id, language if language in conf.LANGUAGES else conf.DEFAULT_LANGUAGE, site_id)
        if key not in ranked:
            ranked[key] = rules.ranking(Asker(0, *key), candidates)[:2]
        chosen = next((one for one in ranked[key] if one.learner_id != pk), None)
        if chosen is not None:
            found[pk] = chosen.champion_id
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
        theirs = model.objects.filter(still_open, champion=OuterRef("pk")).order_by()
        return Coalesce(Subquery(theirs.values("champion").annotate(n=Count("pk")).values("n")), 0)

    return count(HelpRequest, OPEN_REQUEST) + count(Contest, OPEN_CONTEST)


def _with_load(champions: QuerySet[Champion]) -> QuerySet[Champion]:
    return champions.annotate(load=_load(), their_site=F("learner__site"))


def _closest(learner: int, domain: int, language: str, today: dt.date) -> QuerySet[Champion, Any]:
    """Those who share most with a learner, and of these the ones asked longest ago. How much lies on their desks is counted for them
    alone, so that thousands of champions cost a page little.
    """
    same_domain, same_language = Q(domain=domain), Q(spoken__contains=f'"{language}"')
    near = (
        Champion.objects.appointed(today)
        .annotate(spoken=Cast("languages", TextField()))
        .filter(same_domain | same_language)
        .exclude(learner=learner)
        .order_by(
            (_points(same_domain, rules.DOMAIN) + _points(same_language, rules.LANGUAGE)).desc(),
            F("last_asked_at").asc(nulls_first=True),
            "pk",
        )
    )
    return _with_load(_serving(today).filter(pk__in=near.values("pk")[:LOOKED_AT])).values_list(*CANDIDATE, *SHOWN)


# Every Today asks this; compiling it would cost more than all else on that page.
_CLOSEST = Prepared(_closest, learner=int, domain=int, language=str, today=dt.date)


def _rows_closest(learner: Learner, now: dt.datetime) -> Iterator[tuple[Any, ...]]:
    return _CLOSEST.rows(
        learner=learner.pk, domain=learner.domain_id or NO_DOMAIN, language=_language(learner), today=today_of(learner, now)
    )


def _language(learner: Learner) -> str:
    return learner.language if learner.language in conf.LANGUAGES else conf.DEFAULT_LANGUAGE


def _asker(learner: Learner) -> Asker:
    return Asker(learner.pk, learner.domain_id, _language(learner), learner.site_id)


def _candidate(row: tuple[Any, ...]) -> Candidate:
    pk, learner_id, domain_id, languages, site_id, load, capacity, last_asked_at, *_shown = row
    return Candidate(pk, learner_id, domain_id, frozenset(languages), site_id, load, capacity, last_asked_at)


def _points(condition: Q, points: int) -> Case:
    return Case(When(condition, then=Value(points)), default=Value(0), output_field=IntegerField())


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
                score=one.attempt.score or 0.0,
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
