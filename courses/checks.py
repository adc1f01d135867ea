"""What a host project may have forgotten about the catalogue, told by ``manage.py check``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Tags, Warning, register
from django.db import connections
from django.utils.translation import gettext as _

SHIPPED_LANGUAGES = ("en", "fr")


@register(Tags.translation)
def check_languages(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Texts are kept for each language of a pack: a site in none of them would show the first one to everybody."""
    offered = {code.split("-")[0] for code, _name in settings.LANGUAGES}
    if offered & set(SHIPPED_LANGUAGES):
        return []
    return [
        Warning(
            _("The shipped content is in English and French, and LANGUAGES has neither."),
            hint=_("Add one of them to LANGUAGES, or publish a pack in your own languages."),
            id="courses.W001",
        )
    ]


@register(Tags.database)
def check_published(
    app_configs: Sequence[AppConfig] | None, databases: Sequence[str] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """Runs where the database may be asked (``check --database default``, ``migrate``)."""
    from courses.models import PackVersion

    for alias in databases or ():
        connection = connections[alias]
        if PackVersion._meta.db_table not in connection.introspection.table_names():
            continue  # not migrated yet
        if not PackVersion.objects.using(alias).exists():
            hint = _("Run “manage.py publish_content” to publish the content that is shipped.")
            return [Warning(_("No content has been published."), hint=hint, id="courses.W002")]
    return []
