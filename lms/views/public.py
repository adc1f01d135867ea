"""Pages for anybody: our own error pages, the notices, and the probe that a load balancer asks."""

from pathlib import Path

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

import lms
from lms.conf import conf

WORKER = Path(lms.__file__).parent / "static" / "lms" / "js" / "offline-worker.js"


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "lms/public/not_found.html", status=404)


def refused(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "lms/public/refused.html", status=403)


def form_expired(request: HttpRequest, reason: str = "") -> HttpResponse:
    """In place of Django's own page when a form's key is missing or too old (``CSRF_FAILURE_VIEW``)."""
    return render(request, "lms/public/form_expired.html", status=403)


def broken(request: HttpRequest) -> HttpResponse:
    """Asks nothing of the database or the session: one of them may be what broke."""
    language = get_language() or conf.DEFAULT_LANGUAGE
    return HttpResponse(
        render_to_string("lms/public/broken.html", {"company": conf.COMPANY_NAME, "LANGUAGE_CODE": language}), status=500
    )


def locked_out(request: HttpRequest, credentials: dict[str, str] | None = None, *args: object, **kwargs: object) -> HttpResponse:
    """After too many wrong passwords (django-axes)."""
    minutes = round(float(getattr(settings, "AXES_COOLOFF_TIME", 0.25)) * 60)
    return render(request, "lms/public/locked_out.html", {"minutes": minutes}, status=429)


@require_GET
def privacy_notice(request: HttpRequest) -> HttpResponse:
    return render(request, "lms/public/privacy.html", {"support_email": conf.SUPPORT_EMAIL, "min_group": conf.REPORT_MIN_GROUP})


@require_GET
def accessibility(request: HttpRequest) -> HttpResponse:
    return render(request, "lms/public/accessibility.html", {"support_email": conf.SUPPORT_EMAIL})


@require_GET
def offline(request: HttpRequest) -> HttpResponse:
    """What the browser keeps for when there is no network: it carries nobody's name, and no form."""
    language = request.GET.get("lang", "")
    with translation.override(language if language in conf.LANGUAGES else get_language()):
        return render(request, "lms/public/offline.html")


@require_GET
def offline_worker(request: HttpRequest) -> HttpResponse:
    """The script that keeps it. It stands at the root of our pages, because a worker serves what is below its own address."""
    return HttpResponse(WORKER.read_text(encoding="utf-8"), content_type="text/javascript; charset=utf-8")


@never_cache
@require_GET
def healthz(request: HttpRequest) -> JsonResponse:
    """200 when the database answers."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        cursor.fetchone()
    return JsonResponse({"status": "ok"})
