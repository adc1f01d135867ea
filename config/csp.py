"""The content security policy: strict everywhere; the admin alone may have what Unfold's Alpine needs."""

from csp.constants import SELF, UNSAFE_EVAL, UNSAFE_INLINE
from csp.middleware import CSPMiddleware
from django.http import HttpRequest, HttpResponseBase
from django.urls import NoReverseMatch, reverse

#: Unfold evaluates Alpine expressions and sets inline styles; nothing more is granted (see docs/decisions/).
ADMIN_UPDATE = {"script-src": [SELF, UNSAFE_EVAL], "style-src": [SELF, UNSAFE_INLINE]}


class PolicyMiddleware(CSPMiddleware):
    """Replaces script-src and style-src under the admin's path."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        try:
            admin_path = reverse("admin:index")
        except NoReverseMatch:
            admin_path = ""
        if admin_path and request.path.startswith(admin_path):
            response._csp_replace = {**ADMIN_UPDATE}  # type: ignore[attr-defined]
        return super().process_response(request, response)
