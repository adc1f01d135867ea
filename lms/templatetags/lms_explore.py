"""Words of the pages beside the tracks: levels, value and risk, funding, dates with their year, pay; words and papers of a lesson."""

import datetime as dt
import re
from collections.abc import Mapping
from typing import Any

from django import template
from django.utils.formats import date_format, number_format
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext, gettext_lazy, pgettext_lazy

register = template.Library()

LEVELS = {
    1: pgettext_lazy("level", "explorer"),
    2: pgettext_lazy("level", "practitioner"),
    3: pgettext_lazy("level", "domain expert"),
    4: pgettext_lazy("level", "guide"),
}
#: What a level takes besides its modules.
BESIDES = {
    3: gettext_lazy("Besides the modules it takes a measured project of your own: where it started, what came of it."),
    4: gettext_lazy("Besides the modules it takes a measured project of your own, and colleagues whom you taught or helped."),
}
VALUE = {1: pgettext_lazy("value", "a little"), 2: pgettext_lazy("value", "noticeable"), 3: pgettext_lazy("value", "a lot")}
RISK = {
    1: pgettext_lazy("risk", "an error is easily put right"),
    2: pgettext_lazy("risk", "an error costs"),
    3: pgettext_lazy("risk", "an error harms people, or the law watches it"),
}
FUNDING = {
    "cpf": gettext_lazy("personal training account (CPF)"),
    "employer": gettext_lazy("the employer’s training plan"),
    "opco": gettext_lazy("the sector’s training fund (OPCO)"),
    "region": gettext_lazy("the region"),
    "free": gettext_lazy("free of charge"),
    "own": gettext_lazy("at one’s own cost"),
}
COUNTRIES = {
    "BE": gettext_lazy("Belgium"),
    "CH": gettext_lazy("Switzerland"),
    "DE": gettext_lazy("Germany"),
    "FR": gettext_lazy("France"),
    "GB": gettext_lazy("United Kingdom"),
    "LU": gettext_lazy("Luxembourg"),
    "US": gettext_lazy("United States"),
}
SIGNS = {"EUR": "€", "USD": "$", "GBP": "£"}
NO_BREAK = "\u00a0"
#: The link that the publisher put at the first occurrence of a term; its attributes come in any order.
PLACE = re.compile(r'<a (?=[^>]*class="term")(?=[^>]*href="#term-([^"]+)")')
TABLE = re.compile(r"<table\b.*?</table>", re.DOTALL)


@register.filter
def level_name(level: int) -> Any:
    return LEVELS[level]


@register.filter
def level_besides(level: int) -> Any:
    return BESIDES.get(level, "")


@register.filter
def value_words(value: int) -> Any:
    return VALUE[value]


@register.filter
def risk_words(risk: int) -> Any:
    return RISK[risk]


@register.filter
def funding_words(ways: list[str]) -> str:
    return ", ".join(str(FUNDING.get(one, one)) for one in ways)


@register.filter
def country_name(code: str) -> Any:
    return COUNTRIES.get(code, code)


@register.filter
def on_day(value: dt.date) -> SafeString:
    """A date with its year, for machines too: how old something is matters more than its weekday."""
    first = "1\\e\\r" if (get_language() or "").startswith("fr") and value.day == 1 else "j"
    return format_html('<time datetime="{}">{}</time>', value.isoformat(), date_format(value, f"{first} F Y", use_l10n=False))


@register.filter
def pay_range(line: Mapping[str, Any]) -> str:
    """One published range in words, open above or below where its source leaves it open."""
    low, high = (_amount(line.get(end), line["currency"]) for end in ("low", "high"))
    per_day = line.get("per") == "day"
    if low and high:
        said = gettext("%(low)s to %(high)s a day") if per_day else gettext("%(low)s to %(high)s a year")
    elif low:
        said = gettext("%(low)s and more a day") if per_day else gettext("%(low)s and more a year")
    else:
        said = gettext("up to %(high)s a day") if per_day else gettext("up to %(high)s a year")
    return said % {"low": low, "high": high}


def _amount(value: float | None, currency: str) -> str:
    if value is None:
        return ""
    number = number_format(value, decimal_pos=0, use_l10n=True, force_grouping=True)
    sign = SIGNS.get(currency, currency)
    if (get_language() or "").startswith("fr") or len(sign) > 1:
        return f"{number}{NO_BREAK}{sign}"
    return f"{sign}{number}"


@register.filter
def with_places(html: str | None) -> SafeString:
    """A lesson's card (published HTML); each link to a definition gets an id, so that the definition can lead back to it."""
    return mark_safe(PLACE.sub(r'<a id="use-\1" ', str(html or "")))  # noqa: S308 - ids come from the pack, sanitised at publish


@register.filter
def paper(html: str | None, title: str = "") -> SafeString:
    """A document's text (published HTML); a wide table scrolls by itself and can be reached by keyboard."""
    frame = format_html(
        '<div class="wide-table" role="group" tabindex="0" aria-label="{}">', gettext("Table: %(title)s") % {"title": title}
    )
    return mark_safe(TABLE.sub(lambda found: f"{frame}{found.group()}</div>", str(html or "")))  # noqa: S308 - as above; the title is escaped
