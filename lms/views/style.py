"""The living style page, in DEBUG only: every component, in the language and colours chosen, with words as long as they come."""

import datetime as dt
from types import SimpleNamespace

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language

from courses.problems import Problem
from lms import clock
from lms.forms.account import SignInForm
from lms.forms.board import lay_out
from lms.forms.journal import EntryForm
from lms.forms.results import read_out
from lms.journal.rules import marks
from lms.models import Learner
from lms.views.bridge import bridge_of
from lms.views.samples import SAMPLES, explained, question

COLOURS = ("paper", "surface", "sunken", "line", "line-strong", "ink", "ink-soft", "accent", "good", "warn")
SKILLS = ("prompt-engineering", "critical-evaluation", "workflow-design", "change-management", "technology-watch")
LONG = "Verarbeitungstätigkeitsverzeichnis"


def style(request: HttpRequest) -> HttpResponse:
    if not settings.DEBUG:
        raise Http404
    language = "fr" if get_language() == "fr" else "en"
    now = clock.now()
    today = now.date()
    refused = SignInForm(request, data={"username": "", "password": ""})
    refused.is_valid()
    context = {
        "colours": COLOURS,
        "skills": SKILLS,
        "long": LONG,
        "tasks": [{"board": lay_out(question(one, n, language)), "mechanic": one.mechanic} for n, one in enumerate(SAMPLES)],
        "readings": [read_out(explained(one, n, language)) for n, one in enumerate(SAMPLES)],
        "bridges": [
            bridge_of([("PE1", 0, 5), ("CE1", 0, 5)]),
            bridge_of([("PE1", 5, 5), ("CE1", 3, 5), ("WF1", 0, 6), (LONG, 0, 4), ("WATCH1", 0, 5)]),
            bridge_of([("PE1", 5, 5), ("CE1", 5, 5)]),
        ],
        "week": marks({today, today - dt.timedelta(days=today.weekday())}, today=today, weekdays={0, 1, 2, 3, 4}),
        "form": EntryForm(learner=Learner(time_zone="Europe/Paris"), now=now),
        "refused": refused,
        "problems": [Problem("sample", "Everything that may be wrong is said.", "And what to do about it.")],
        "notices": [SimpleNamespace(level_tag=tag, text=f"{tag}: {LONG}") for tag in ("info", "success", "warning", "error")],
        "champion": SimpleNamespace(name="Chloé Martin", initials="CM", domain="Marketing", department="Siège", answer_days=2),
        "days": [today + dt.timedelta(days=n) for n in (-1, 0, 1, 12, 400)],
    }
    return render(request, "lms/public/style.html", context)
