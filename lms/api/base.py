"""What every API view has in common, whatever the host project's REST settings are."""

from collections.abc import Callable
from typing import Any

from django.apps import apps
from rest_framework.authentication import BaseAuthentication, SessionAuthentication, TokenAuthentication
from rest_framework.parsers import JSONParser
from rest_framework.renderers import JSONRenderer
from rest_framework.throttling import AnonRateThrottle, UserRateThrottle
from rest_framework.views import APIView

from lms.api.problems import exception_handler
from lms.conf import conf


class Throttle(UserRateThrottle):
    scope = "lms-api"

    def get_rate(self) -> str:
        return conf.API_RATE


class SubmitThrottle(UserRateThrottle):
    """Answers are graded: nobody types them this fast."""

    scope = "lms-api-submit"

    def get_rate(self) -> str:
        return conf.API_SUBMIT_RATE


class StrangerThrottle(AnonRateThrottle):
    scope = "lms-api-anon"

    def get_rate(self) -> str:
        return conf.API_ANONYMOUS_RATE


class ApiView(APIView):
    """Session or token, JSON in and out, throttled, problem documents for errors."""

    renderer_classes = [JSONRenderer]
    parser_classes = [JSONParser]
    throttle_classes = [StrangerThrottle, Throttle]

    def get_authenticators(self) -> list[BaseAuthentication]:
        # The token's header first: it is what a 401 names.
        tokens = [TokenAuthentication()] if apps.is_installed("rest_framework.authtoken") else []
        return [*tokens, SessionAuthentication()]

    def get_exception_handler(self) -> Callable[[Exception, dict[str, Any]], Any]:
        return exception_handler
