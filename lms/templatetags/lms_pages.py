"""Small words that the pages need: icons, fonts, dates as people say them, authors' texts by language."""

import datetime as dt
from collections.abc import Mapping
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

import lucide
from django import template
from django.contrib.staticfiles.storage import staticfiles_storage
from django.templatetags.static import static
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, ngettext, pgettext

from courses.models import ActivityKind
from lms import clock
from lms.conf import conf

register = template.Library()

FONTS = "lms/fonts/fonts.css"
#: Without these two the first lines of a page would be read in the stand-in face.
EARLY_FONTS = ("lms/fonts/bricolage-grotesque.woff2", "lms/fonts/atkinson-hyperlegible-regular.woff2")
NARROW_SPACE = "\u202f"
#: From here on nobody counts in minutes.
LONG_MINUTES = 90


@lru_cache(maxsize=256)
def _draw(name: str, label: str) -> SafeString:
    said = {"role": "img", "aria-label": label} if label else {"aria-hidden": "true"}
    drawn = lucide._render_icon(name, 24, focusable="false", **said)
    return mark_safe(drawn)  # noqa: S308 - drawn from the library's own files; the label is escaped by its XML writer


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """A line icon; decoration unless it has a label."""
    return _draw(name, str(label))


@register.simple_tag
def font_links() -> SafeString:
    """The built fonts; nothing where nobody ran ``build_assets``: the page is then read in the system's faces."""
    if not are_fonts_built():
        return SafeString("")
    early = format_html_join(
        "", '<link rel="preload" as="font" type="font/woff2" href="{}" crossorigin>', ((static(name),) for name in EARLY_FONTS)
    )
    return format_html('{}<link rel="stylesheet" href="{}">', early, static(FONTS))


@lru_cache(maxsize=1)
def are_fonts_built() -> bool:
    from django.contrib.staticfiles import finders

    try:
        staticfiles_storage.url(FONTS)
    except ValueError:  # a manifest that does not list them
        return False
    return bool(finders.find(FONTS)) or staticfiles_storage.exists(FONTS)


@register.filter
def in_language(texts: Mapping[str, Any] | None) -> Any:
    """The reader's language out of ``{"en": …, "fr": …}``, else the company's, else any."""
    if not texts:
        return ""
    for language in (get_language() or "", conf.DEFAULT_LANGUAGE):
        if language in texts:
            return texts[language]
    return next(iter(texts.values()))


@register.filter
def published(html: str | None) -> SafeString:
    """HTML out of a content pack: it was rendered and sanitised when the pack was published (``courses.packs``)."""
    return mark_safe(html or "")  # noqa: S308 - see above


@register.filter
def minutes(value: int | None) -> str:
    """How long something takes, in words; long ones in hours."""
    number = int(value or 0)
    if number >= LONG_MINUTES:
        hours, rest = divmod(number, 60)
        return f"{hours}{NARROW_SPACE}h{NARROW_SPACE}{rest:02d}" if rest else f"{hours}{NARROW_SPACE}h"
    return ngettext("%(n)d minute", "%(n)d minutes", number) % {"n": number}


@register.filter
def percent(share: float | None) -> str:
    """A share of one as people write it: 77%, and with a narrow space in French."""
    return percent_number(None if share is None else int(share * 100 + 0.5))


@register.filter
def percent_number(value: float | None) -> str:
    if value is None:
        return ""
    space = NARROW_SPACE if (get_language() or "").startswith("fr") else ""
    return f"{value:g}{space}%"


@register.filter
def initials(name: str) -> str:
    words = [word for word in str(name).replace("-", " ").split() if word[:1].isalpha()]
    return "".join(word[0].upper() for word in (words[:1] + words[-1:] if len(words) > 1 else words))


def day_in_words(day: dt.date, today: dt.date) -> str:
    """Yesterday, today, tomorrow; then the weekday and the date; the year only when it is another one."""
    near = {-1: pgettext("day", "yesterday"), 0: pgettext("day", "today"), 1: pgettext("day", "tomorrow")}.get((day - today).days)
    if near:
        return near
    french = (get_language() or "").startswith("fr")
    number = "1\\e\\r" if french and day.day == 1 else "j"
    return str(date_format(day, f"l {number} F" + (" Y" if day.year != today.year else ""), use_l10n=False))


@register.filter
def date_in_full(value: dt.date) -> str:
    """The weekday and the date, without a year: the head of a page."""
    french = (get_language() or "").startswith("fr")
    return str(date_format(value, "l 1\\e\\r F" if french and value.day == 1 else "l j F", use_l10n=False))


@register.filter
def kind_name(kind: Any) -> str:
    """What an activity is, in a word."""
    return str(ActivityKind(kind).label)


def _today() -> dt.date:
    return clock.now().astimezone(timezone.get_current_timezone()).date()


@register.filter
def day(value: dt.date | dt.datetime | str | None) -> SafeString:
    """A day as people say it, for machines in ``datetime``; a moment is told in the reader's zone, with the exact time on hover."""
    if not value:
        return SafeString("")
    if isinstance(value, str):
        value = dt.date.fromisoformat(value)
    if isinstance(value, dt.datetime):
        local = timezone.localtime(value) if timezone.is_aware(value) else value
        return format_html(
            '<time datetime="{}" title="{}">{}</time>',
            local.isoformat(timespec="minutes"),
            f"{date_format(local, 'j F Y', use_l10n=False)}, {local:%H:%M}",
            day_in_words(local.date(), _today()),
        )
    full = date_format(value, "j F Y", use_l10n=False)
    return format_html('<time datetime="{}" title="{}">{}</time>', value.isoformat(), full, day_in_words(value, _today()))


@register.filter
def hour(value: dt.datetime | None, zone: str = "") -> str:
    """The time of day in the reader's zone."""
    if not value:
        return ""
    local = value.astimezone(ZoneInfo(zone)) if zone else timezone.localtime(value)
    return f"{local:%H:%M}"


@register.filter
def lookup(mapping: Mapping[Any, Any] | None, key: Any) -> Any:
    return (mapping or {}).get(key, "")
