"""Words that the admin's templates need.

Unfold renders a widget while it is imported, and with it every tag library: so the admin itself is imported when it is used.
"""

from typing import Any

from django import template
from django.http import HttpRequest
from django.utils.safestring import SafeString

from lms.models import AuditEntry

register = template.Library()


@register.filter
def verb_in_words(verb: str) -> str:
    from lms.admin import words

    return words.verb_in_words(verb)


@register.filter
def changes_in_words(entry: AuditEntry) -> list[tuple[str, str, str]]:
    from lms.admin import words

    return words.changes_in_words(entry.before, entry.after, entry.object_type, getattr(entry, "names", None))


@register.filter
def state_chip(state: str) -> SafeString:
    from lms.admin import show

    return show.state_chip(state)


@register.simple_tag
def hr_today(request: HttpRequest) -> Any:
    """What needs HR today: for the admin's front page, and for the application's own page in a host's admin."""
    from lms.admin.home import today_for

    return today_for(request)
