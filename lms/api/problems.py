"""Errors of the HTTP API as problem documents (RFC 9457)."""

from typing import Any

from django.core.exceptions import PermissionDenied as DjangoPermissionDenied
from django.http import Http404
from django.utils.translation import gettext as _
from rest_framework import exceptions, status
from rest_framework.response import Response
from rest_framework.views import exception_handler as drf_exception_handler

from courses.problems import Problem, ProblemsFound

CONTENT_TYPE = "application/problem+json"


class Conflict(exceptions.APIException):
    """409: the request contradicts what was already recorded."""

    status_code = status.HTTP_409_CONFLICT
    default_code = "conflict"


def problem_document(*, code: int, title: str, problems: list[dict[str, Any]], kind: str = "about:blank") -> Response:
    body = {
        "type": kind,
        "title": title,
        "status": code,
        "detail": " ".join(p["message"] for p in problems),
        "problems": problems,
    }
    return Response(body, status=code, content_type=CONTENT_TYPE)


def _flatten(detail: Any, where: str = "") -> list[dict[str, Any]]:
    """DRF's nested error detail as a flat list of the same dicts that ``Problem.as_dict`` makes."""
    if isinstance(detail, dict):
        return [row for key, value in detail.items() for row in _flatten(value, f"{where}.{key}".strip("."))]
    if isinstance(detail, list):
        return [row for value in detail for row in _flatten(value, where)]
    place = "" if where in {"detail", "non_field_errors"} else where
    return [Problem(getattr(detail, "code", "invalid"), str(detail), where=place).as_dict()]


def exception_handler(error: Exception, context: dict[str, Any]) -> Response | None:
    """Every refusal leaves as one shape; what is our own failure stays an exception (500) and is never described to a stranger."""
    if isinstance(error, ProblemsFound):
        problems = [problem.as_dict() for problem in error.problems]
        return problem_document(code=status.HTTP_422_UNPROCESSABLE_ENTITY, title=_("This was not accepted."), problems=problems)
    if isinstance(error, Http404):
        error = exceptions.NotFound()
    elif isinstance(error, DjangoPermissionDenied):
        error = exceptions.PermissionDenied()
    plain = drf_exception_handler(error, context)
    if plain is None or not isinstance(error, exceptions.APIException):
        return plain
    problems = _flatten(error.detail)
    answer = problem_document(code=plain.status_code, title=str(error.default_detail), problems=problems)
    for header in ("WWW-Authenticate", "Retry-After", "Allow"):
        if header in plain.headers:
            answer.headers[header] = plain.headers[header]
    return answer
