"""Writes about champions: naming them, asking, answering, contesting, deciding. Every answer between people is also mailed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from courses.grading.result import exceeds
from courses.models import Activity, Domain
from courses.problems import Problem, ProblemsFound
from lms.audit.actions import record
from lms.champions.choice import choose, promise
from lms.champions.rules import known_languages
from lms.champions.terms import faults, terms_of
from lms.conf import conf
from lms.enums import Source
from lms.mail.actions import queue_message
from lms.models import Attempt, Champion, Contest, Department, HelpRequest, Learner
from lms.people.rules import company_day
from lms.progress.actions import record_correction

MOST_QUESTION = 4000
MOST_ANSWER = 8000


def name_champion(
    *,
    learner: Learner,
    domain: Domain | None,
    department: Department | None,
    languages: Iterable[str],
    consented_on: dt.date,
    manager_agreed_on: dt.date | None,
    starts_on: dt.date,
    ends_on: dt.date | None = None,
    capacity: int | None = None,
    hours_per_week: Decimal | int = 2,
    actor: Any,
    source: Source,
    now: dt.datetime,
) -> Champion:
    """HR names a champion, or names one again. In order: what was given is checked; the champion exists, once per person, with these
    terms; one audit entry. The person serves from ``starts_on``, once their manager has agreed.
    """
    wanted = list(languages)
    champion = Champion(learner=learner)
    terms: dict[str, Any] = {
        "domain": domain,
        "department": department,
        "languages": known_languages(wanted, conf.LANGUAGES),
        "capacity": conf.CHAMPION_CAPACITY if capacity is None else capacity,
        "hours_per_week": hours_per_week,
        "consented_on": consented_on,
        "manager_agreed_on": manager_agreed_on,
        "starts_on": starts_on,
        "ends_on": ends_on,
    }
    for name, value in terms.items():
        setattr(champion, name, value)
    problems = faults(champion)
    if learner.has_left(starts_on):
        problems.append(Problem("left", _("This person has left the company."), where="learner"))
    if not terms["languages"] or set(wanted) - set(conf.LANGUAGES):
        problems.append(Problem("languages", _("Choose at least one of the languages of this site."), where="languages"))
    if problems:
        raise ProblemsFound(problems)
    with transaction.atomic():
        Champion.objects.bulk_create([champion], update_conflicts=True, unique_fields=["learner"], update_fields=list(terms))
        champion = Champion.objects.select_related("learner").get(learner=learner)
        record(actor=actor, verb="name_champion", obj=champion, source=source, now=now, after=terms_of(champion))
    return champion


def end_champion(*, champion: Champion, on: dt.date, actor: Any, source: Source, now: dt.datetime, reason: str = "") -> Champion:
    """The champion's last day is over on ``on``. In order: the date is checked and kept; one audit entry. What is still open with them
    goes to the champion leads from that day, by itself: their desk holds whatever has nobody who serves.
    """
    before = terms_of(champion)
    champion.ends_on = on
    problems = faults(champion)
    if problems:
        raise ProblemsFound(problems)
    with transaction.atomic():
        Champion.objects.filter(pk=champion.pk).update(ends_on=on)
        record(
            actor=actor,
            verb="end_champion",
            obj=champion,
            source=source,
            now=now,
            reason=reason,
            before=before,
            after=terms_of(champion),
        )
    return champion


def end_for_leavers(*, now: dt.datetime) -> int:
    """The term of a champion who left the company is over, so that nobody else is looked past for them. For every night. One statement;
    answers how many.
    """
    today = company_day(now)
    left = Learner.objects.left(today).filter(pk=OuterRef("learner"))
    gone = Champion.objects.filter(Q(ends_on=None) | Q(ends_on__gt=today), Exists(left), starts_on__lt=today)
    return gone.update(ends_on=today)


def ask_help(*, learner: Learner, question: str, activity: Activity | None = None, token: UUID, now: dt.datetime) -> HelpRequest:
    """A learner asks. In order: the question is checked; the champion who fits best and has room is chosen, else it goes to the champion
    leads; the request exists, once per ``token`` (the form carries it: a double click asks once); the champion was asked now, and is
    mailed. Shared: the question, the activity's title, the asker's name.
    """
    words = _words(question, "question", _("Write your question."), MOST_QUESTION)
    known = HelpRequest.objects.filter(token=token).first()
    if known is None:
        try:
            with transaction.atomic():
                champion = choose(learner, now)
                known = HelpRequest.objects.create(
                    learner=learner,
                    champion=champion,
                    activity=activity,
                    question=words,
                    asked_at=now,
                    answer_due_on=promise(champion, learner, now),
                    token=token,
                )
                if champion is not None:
                    _tell_champion(champion, "champions/asked", {"help_request": known.pk}, f"help:{known.pk}:asked", now)
        except IntegrityError:
            known = HelpRequest.objects.get(token=token)
    if known.learner_id != learner.pk:
        raise ProblemsFound([Problem("token", _("This form was used already."), _("Reload the page and ask again."))])
    return known


def answer_help(*, request: HelpRequest, answer: str, actor: Any, source: Source, now: dt.datetime) -> HelpRequest:
    """A champion, or a lead for them, answers. In order: the answer is checked; it is kept by one conditional statement, the first one
    wins; the asker is mailed. Whoever may answer is decided by ``lms.champions.queries.answerable``.
    """
    del source  # between two people: no trail for others to read
    words = _words(answer, "answer", _("Write your answer."), MOST_ANSWER)
    with transaction.atomic():
        open_request = HelpRequest.objects.filter(pk=request.pk, answered_at=None, withdrawn_at=None)
        won = open_request.update(answer=words, answered_at=now, answered_by=actor)
        if won:
            queue_message(
                recipient=request.learner,
                template="champions/answered",
                context={"help_request": request.pk},
                cause=f"help:{request.pk}:answered",
                now=now,
            )
    request.refresh_from_db()
    if not won and (request.answer != words or request.answered_by_id != actor.pk):
        raise ProblemsFound([_closed(request)])
    return request


def withdraw_help(*, request: HelpRequest, now: dt.datetime) -> HelpRequest:
    """The asker needs no answer any more. One conditional statement; what was answered stays answered."""
    HelpRequest.objects.filter(pk=request.pk, answered_at=None, withdrawn_at=None).update(withdrawn_at=now)
    request.refresh_from_db()
    return request


def contest_score(*, attempt: Attempt, words: str, consent: bool, now: dt.datetime) -> Contest:
    """A learner contests a score and consents, in the same step, to show this attempt. In order: words and consent are checked; the
    champion who fits best and has room is chosen, else it goes to the champion leads; the contest exists, once per attempt; the champion
    is mailed.
    """
    problems = []
    if attempt.submitted_at is None:
        problems.append(Problem("open", _("This attempt is not submitted yet.")))
    if not consent:
        said = _("Without your consent nobody can look at this attempt.")
        problems.append(Problem("consent", said, _("Tick the box to show this attempt, and this one only."), "consent"))
    try:
        words = _words(words, "words", _("Say what you think is wrong."), MOST_QUESTION)
    except ProblemsFound as found:
        problems += found.problems
    if problems:
        raise ProblemsFound(problems)
    known = Contest.objects.filter(attempt=attempt).first()
    if known is not None:
        return known
    try:
        with transaction.atomic():
            champion = choose(attempt.learner, now)
            contest = Contest.objects.create(
                attempt=attempt,
                champion=champion,
                words=words,
                consented_at=now,
                answer_due_on=promise(champion, attempt.learner, now),
            )
            if champion is not None:
                _tell_champion(champion, "champions/asked", {"contest": contest.pk}, f"contest:{contest.pk}:asked", now)
    except IntegrityError:
        return Contest.objects.get(attempt=attempt)
    return contest


def decide_contest(
    *,
    contest: Contest,
    granted: bool,
    reason: str,
    corrected_score: float | None = None,
    actor: Any,
    source: Source,
    now: dt.datetime,
) -> Contest:
    """A champion or a lead decides, once, with a reason. In order: the decision is checked (granting means a better score, refusing means
    none); it is kept by one conditional statement, the first one wins; a corrected score is put beside the attempt's own, and completes
    the activity where it reaches the pass mark; one audit entry without the score; the learner is mailed.
    """
    attempt = contest.attempt
    reason = _words(reason, "reason", _("Give the reason: the learner reads it."), MOST_QUESTION)
    if granted and not (corrected_score is not None and exceeds(corrected_score, attempt.score or 0.0) and corrected_score <= 1):
        said = _("Granting means a better score, up to 100 %.")
        raise ProblemsFound([Problem("corrected-score", said, where="corrected_score")])
    if not granted and corrected_score is not None:
        raise ProblemsFound([Problem("corrected-score", _("A refusal changes no score."), where="corrected_score")])
    with transaction.atomic():
        won = Contest.objects.filter(pk=contest.pk, decided_at=None).update(
            decided_at=now, decided_by=actor, granted=granted, reason=reason
        )
        if won:
            if corrected_score is not None:
                record_correction(attempt=attempt, corrected_score=corrected_score, now=now)
            record(actor=actor, verb="decide_contest", obj=contest, source=source, now=now, after={"granted": granted})
            queue_message(
                recipient=attempt.learner,
                template="champions/contest_decided",
                context={"contest": contest.pk, "attempt": str(attempt.uuid)},
                cause=f"contest:{contest.pk}:decided",
                now=now,
            )
    contest.refresh_from_db()
    if not won and (contest.granted != granted or contest.reason != reason or contest.decided_by_id != actor.pk):
        raise ProblemsFound(
            [Problem("decided", _("This contest is decided already."), _("Reload the page to read the decision."))]
        )
    return contest


def _words(given: str, where: str, if_empty: Any, most: int) -> str:
    # A NUL is no letter, and PostgreSQL refuses it.
    words = given.replace("\x00", "").strip()
    if not words:
        raise ProblemsFound([Problem("empty", if_empty, where=where)])
    if len(words) > most:
        raise ProblemsFound([Problem("too-long", _("Keep it to %(n)s characters."), where=where, params={"n": most})])
    return words


def _tell_champion(champion: Champion, template: str, context: dict[str, Any], cause: str, now: dt.datetime) -> None:
    queue_message(recipient=champion.learner, template=template, context=context, cause=cause, now=now)


def _closed(request: HelpRequest) -> Problem:
    if request.withdrawn_at is not None:
        return Problem("withdrawn", _("The question was withdrawn in the meantime."))
    return Problem("answered", _("This question is answered already."), _("Reload the page to read the answer."))
