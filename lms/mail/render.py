"""From words to a mail: HTML (MJML) and plain text, in the recipient's language and zone, without any remote resource."""

import contextlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.html import conditional_escape, format_html_join
from mjml import mjml2html

from lms.conf import conf
from lms.mail.letter import Letter, one_line
from lms.models import Learner

_LINE_STARTS = re.compile(r"(?<!\n)(?=<(?:/?(?:td|tr|table|div|style|p)\b|!--\[if))")


@dataclass(frozen=True)
class Mail:
    """Ready to be put into an envelope."""

    subject: str
    text: str
    html: str


def language_of(learner: Learner) -> str:
    return learner.language if learner.language in conf.LANGUAGES else conf.DEFAULT_LANGUAGE


@contextlib.contextmanager
def speaking_to(learner: Learner, language: str = "") -> Iterator[str]:
    """Everything inside is written in the learner's language (or ``language``) and zone."""
    chosen = language if language in conf.LANGUAGES else language_of(learner)
    with translation.override(chosen), timezone.override(learner.zone):
        yield chosen


def html_of(template: str, context: Mapping[str, Any]) -> str:
    """A MJML template as HTML. MJML's own fonts are remote, so it is given none: the layout names its font stack."""
    with_lang = {"lang": translation.get_language(), "company": conf.COMPANY_NAME, **context}
    html = mjml2html(render_to_string(template, with_lang), fonts={}, disable_comments=True)
    # Lines of more than 998 characters would have to be encoded, mail by mail.
    return _LINE_STARTS.sub("\n", html)


_SLOTS = {name: f"slot-of-the-{name}" for name in ("subject", "lead", "body", "action", "url", "why", "stop")}


@lru_cache(maxsize=64)
def _layout(language: str, company: str, has_action: bool, has_why: bool, has_stop: bool) -> str:
    """The letter's HTML with slots in the place of its words. Laid out once; a mail then costs only the filling."""
    del language, company  # parts of the key: the layout's own words depend on them
    return html_of("lms/mail/letter.mjml", {"slot": _SLOTS, "has_action": has_action, "has_why": has_why, "has_stop": has_stop})


def render_letter(letter: Letter) -> Mail:
    """In the language that is active; see ``speaking_to``."""
    language = str(translation.get_language())
    html = _layout(language, conf.COMPANY_NAME, bool(letter.action), bool(letter.why), bool(letter.stop_url))
    values = {
        "subject": conditional_escape(letter.subject),
        "lead": conditional_escape(letter.lead),
        "body": format_html_join("", '<p style="margin:0 0 12px">{}</p>', ((part,) for part in letter.body)),
        "action": conditional_escape(letter.action),
        "url": conditional_escape(letter.url),
        "why": conditional_escape(letter.why),
        "stop": conditional_escape(letter.stop_url),
    }
    # The words of a mail may contain what looks like a slot: fill from left to right, never what was filled in.
    parts: list[str] = []
    rest = html
    while rest:
        found = min(((rest.find(slot), name) for name, slot in _SLOTS.items() if slot in rest), default=None)
        if found is None:
            parts.append(rest)
            break
        at, name = found
        parts += [rest[:at], values[name]]
        rest = rest[at + len(_SLOTS[name]) :]
    text = render_to_string("lms/mail/letter.txt", {"letter": letter, "company": conf.COMPANY_NAME})
    return Mail(subject=letter.subject, text=text.strip("\n") + "\n", html="".join(parts))


class Envelope(EmailMultiAlternatives):
    """Built once: looked at before it is sent, and then sent as it is."""

    _built: Any = None

    def message(self, **options: Any) -> Any:
        if self._built is None:
            self._built = super().message(**options)
        return self._built


def envelope(mail: Mail, *, to: str, message_id: str, stop_url: str = "") -> Envelope:
    """The mail as Django sends it. With ``stop_url`` mail programs offer their own unsubscribe button (RFC 8058)."""
    headers = {"Message-ID": message_id, "Auto-Submitted": "auto-generated"}
    if stop_url:
        headers |= {"List-Unsubscribe": f"<{stop_url}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
    message = Envelope(
        subject=one_line(mail.subject),
        body=mail.text,
        to=[to],
        headers=headers,
        reply_to=[conf.SUPPORT_EMAIL] if conf.SUPPORT_EMAIL else None,
    )
    message.attach_alternative(mail.html, "text/html")
    return message
