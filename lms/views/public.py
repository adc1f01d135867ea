"""Pages for anybody: our own error pages, the notices, and the probe that a load balancer asks."""

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from lms.conf import conf


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
    """What the service worker keeps for when there is no network: it must not carry anybody's name."""
    return render(request, "lms/public/offline.html")


@never_cache
@require_GET
def healthz(request: HttpRequest) -> JsonResponse:
    """200 when the database answers."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        cursor.fetchone()
    return JsonResponse({"status": "ok"})
