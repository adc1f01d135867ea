"""Who may open a page: decided once, in front of every view that shows somebody's own things."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, cast

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render

from lms import clock
from lms.models import Learner

P = ParamSpec("P")


class LearnerRequest(HttpRequest):
    """A request behind ``learner_page``: somebody is signed in and has a profile."""

    learner: Learner


def learner_page(view: Callable[Concatenate[LearnerRequest, P], HttpResponse]) -> Callable[..., HttpResponseBase]:
    """For people with a profile, who still work here. An account without one gets a page that says so, and where it can go."""

    @login_required
    @wraps(view)
    def opened(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        learner = cast(Learner | None, getattr(request, "learner", None))
        if not learner or learner.has_left(clock.now().astimezone(learner.zone).date()):
            return render(request, "lms/public/no_profile.html", {"left": bool(learner)}, status=403)
        return view(cast(LearnerRequest, request), *args, **kwargs)

    return opened
