"""What every page's frame needs. Asks the database nothing of its own: the middleware's one query carries it."""

from django.http import HttpRequest
from django.utils.translation import get_language

from lms.conf import conf

THEMES = ("auto", "light", "dark")
THEME_COOKIE = "passerelle_theme"


def passerelle(request: HttpRequest) -> dict[str, object]:
    """``company``, the signed-in ``learner`` (None for strangers), the languages and the theme that was chosen."""
    theme = request.COOKIES.get(THEME_COOKIE, "auto")
    return {
        "company": conf.COMPANY_NAME,
        "learner": getattr(request, "learner", None),
        "languages": tuple(conf.LANGUAGES),
        "LANGUAGE_CODE": (get_language() or conf.DEFAULT_LANGUAGE).split("-")[0],
        "theme": theme if theme in THEMES else "auto",
    }
