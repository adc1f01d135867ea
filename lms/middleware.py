"""Who is learning, in which language and zone: decided once per request."""

import datetime as dt
import zoneinfo
from collections.abc import Callable
from functools import cache

from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation
from django.utils.cache import patch_vary_headers
from django.utils.functional import SimpleLazyObject

from lms import clock
from lms.conf import conf
from lms.models import Champion, Learner, ReportingLine
from lms.prepared import Prepared, Value


def _profile(user: Value, today: dt.date) -> QuerySet[Learner]:
    return (
        Learner.objects.select_related("department", "domain", "site")
        .annotate(
            leads_people=Exists(ReportingLine.objects.filter(manager=OuterRef("pk"))),
            serves_as_champion=Exists(Champion.objects.active(today).filter(learner=OuterRef("pk"))),
        )
        .filter(user_id=user)  # type: ignore[misc]
        .order_by()
    )


@cache
def _profile_by(kind: type[Value]) -> Prepared:
    """``kind``: what the host's user model has for a primary key."""
    return Prepared(_profile, user=kind, today=dt.date)


def learner_of(request: HttpRequest) -> Learner | None:
    """The learner behind the signed-in user; None for strangers, and for users without a profile (a technical administrator).

    ``leads_people`` and ``serves_as_champion`` say which pages the bar offers; they give no right to anything.
    """
    user = request.user
    if not user.is_authenticated:
        return None
    asked = _profile_by(type(user.pk))  # type: ignore[arg-type]
    return next(iter(asked.objects(user=user.pk, today=clock.now().date())), None)


class LearnerMiddleware:
    """Sets ``request.learner`` and activates the learner's own language and zone. Stands after the authentication middleware."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.learner = SimpleLazyObject(lambda: learner_of(request))  # type: ignore[attr-defined]
        learner = request.learner if request.user.is_authenticated else None  # type: ignore[attr-defined]
        if learner:
            language = learner.language if learner.language in conf.LANGUAGES else conf.DEFAULT_LANGUAGE
            translation.activate(language)
            request.LANGUAGE_CODE = language
            with timezone.override(zoneinfo.ZoneInfo(learner.time_zone)):
                response = self.get_response(request)
        else:
            response = self.get_response(request)
        patch_vary_headers(response, ["Cookie"])
        return response
