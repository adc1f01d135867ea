"""Stopping reminders from a mail, without signing in.

GET shows a page with a button: link checkers of mail systems follow links, and must not unsubscribe anybody. POST stops; mail programs
send it by themselves (RFC 8058, one click), so it needs no form key: the signed token is the proof.
"""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from lms import clock
from lms.conf import conf
from lms.enums import NudgeKind
from lms.mail.tokens import read_unsubscribe_token
from lms.models import Learner, NudgeOptOut
from lms.nudges.actions import opt_in, opt_out


@never_cache
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    found = read_unsubscribe_token(token)
    learner = Learner.objects.filter(pk=found[0]).first() if found else None
    if found is None or learner is None:
        return render(request, "lms/public/unsubscribe_unknown.html", status=404)
    kind = found[1]
    if kind and kind not in NudgeKind.values:
        return render(request, "lms/public/unsubscribe_unknown.html", status=404)
    now = clock.now()
    if request.method == "POST":
        if request.POST.get("again"):
            opt_in(learner=learner, kind=kind, now=now)
        else:
            # "all" widens it to every kind; the mail program's own request names nothing and means the kind of the mail.
            kind_to_stop = "" if request.POST.get("scope") == "all" else kind
            opt_out(learner=learner, kind=kind_to_stop, now=now)
    language = learner.language if learner.language in conf.LANGUAGES else conf.DEFAULT_LANGUAGE
    with translation.override(language):
        request.LANGUAGE_CODE = language
        stopped = NudgeOptOut.objects.filter(learner=learner, kind__in={kind, ""}).exists()
        context = {"stopped": stopped, "kind": NudgeKind(kind).label if kind else "", "token": token}
        return render(request, "lms/public/unsubscribe.html", context)
