"""For whom a preview is shown: a learner of one domain, in one language; everything side by side as long as nothing is chosen."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.utils.translation import get_language_info

from courses.admin.base import BUTTON_CLASSES, SELECT_CLASSES, ReadOnlyAdmin
from courses.models import Domain

# A learner who has no domain, or whose domain nothing is written for.
NO_DOMAIN = "-"


@dataclass(frozen=True)
class ShownAs:
    """`language` and `domain` are what was chosen, empty where nothing was; `domain` is a slug or `NO_DOMAIN`."""

    languages: tuple[str, ...] = ()
    domains: tuple[Domain, ...] = ()
    language: str = ""
    domain: str = ""

    @property
    def whose(self) -> Domain | None:
        return next((domain for domain in self.domains if domain.slug == self.domain), None)

    @property
    def shown_languages(self) -> tuple[str, ...]:
        return (self.language,) if self.language else self.languages

    def controls(self) -> dict[str, Any]:
        """What the form beside a preview is drawn from."""
        return {
            "shown_as": self,
            "languages": [(code, _language_name(code)) for code in self.languages],
            "no_domain": NO_DOMAIN,
            "select_classes": SELECT_CLASSES,
            "button_classes": BUTTON_CLASSES,
        }


def _language_name(code: str) -> str:
    try:
        return str(get_language_info(code)["name_translated"]).capitalize()
    except KeyError:  # a language that Django has no name for
        return code


def shown_as(asked: Mapping[str, str], languages: Iterable[str], domains: Iterable[Domain] = ()) -> ShownAs:
    """What the address asks for; what is not there is not chosen. Without domains none can be."""
    languages, domains = tuple(languages), tuple(domains)
    language, domain = asked.get("language", ""), asked.get("domain", "")
    slugs = {known.slug for known in domains} | ({NO_DOMAIN} if domains else set())
    return ShownAs(
        languages=languages,
        domains=domains,
        language=language if language in languages else "",
        domain=domain if domain in slugs else "",
    )


class PreviewedAdmin(ReadOnlyAdmin):
    """A preview with a small form beside it. The row carries the choice, as a read-only field is not told the request."""

    change_form_template = "courses/admin/previewed.html"
    readonly_fields = ["preview"]
    # The field that holds the texts by language, and whether a domain can be chosen.
    texts_in = "texts"
    by_domain = True

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        row: Any = super().get_object(request, object_id, from_field)
        if row is not None:
            domains = Domain.objects.current() if self.by_domain else ()
            row.shown_as = shown_as(request.GET, getattr(row, self.texts_in), domains)
        return row
