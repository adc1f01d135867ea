"""What every page's frame needs."""

from django.http import HttpRequest

from lms.conf import conf


def passerelle(request: HttpRequest) -> dict[str, object]:
    """``company`` and the signed-in ``learner`` (lazily; None for strangers)."""
    return {"company": conf.COMPANY_NAME, "learner": getattr(request, "learner", None), "languages": conf.LANGUAGES}
