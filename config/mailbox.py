"""The demo's mailbox: a mail backend that writes files, and pages that show what each person got. Only in the embedded default.

There is no sign-in before it: the demo serves this machine alone, and one mail opens the way for another person.
"""

import os
import re
import time
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from email import message_from_bytes
from email.message import EmailMessage as Mail
from email.policy import default
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any

from csp.constants import NONE, SELF, UNSAFE_INLINE
from csp.decorators import csp, csp_update
from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.views.decorators.cache import never_cache
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

#: The newest that the pages look at.
MOST_MAILS = 2000
#: For the HTML part of a mail, which stands alone in a frame: its inline styles may apply, and nothing else.
BODY_POLICY = {
    "default-src": [NONE],
    "style-src": [UNSAFE_INLINE],
    "frame-ancestors": [SELF],
    "base-uri": [NONE],
    "form-action": [NONE],
}
_NAME = re.compile(r"[0-9]{20}-[0-9a-f]{32}")


class FileMailboxBackend(BaseEmailBackend):
    """One file per mail, written under another name first: a page never reads half a mail."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        folder = Path(settings.MAILBOX_DIR)
        folder.mkdir(parents=True, exist_ok=True)
        for message in email_messages:
            name = f"{time.time_ns():020d}-{uuid.uuid4().hex}"
            fresh = folder / f"{name}.new"
            fresh.write_bytes(message.message().as_bytes())
            os.replace(fresh, folder / f"{name}.eml")
        return len(email_messages)


@dataclass(frozen=True)
class Listed:
    """One mail in a list."""

    name: str
    to: str
    subject: str
    at: Any


def _newest(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.eml"), reverse=True)[:MOST_MAILS] if folder.is_dir() else []


def _read(file: Path) -> Mail:
    return message_from_bytes(file.read_bytes(), policy=default)


def _listed(file: Path) -> Listed:
    message = _read(file)
    at = parsedate_to_datetime(str(message["Date"])) if message["Date"] else None
    return Listed(file.stem, str(message["To"] or ""), str(message["Subject"] or ""), at)


def _open(name: str) -> Mail:
    file = Path(settings.MAILBOX_DIR) / f"{name}.eml"
    if not _NAME.fullmatch(name) or not file.is_file():
        raise Http404
    return _read(file)


def _part(message: Mail, kind: str) -> str:
    part = message.get_body((kind,))
    return str(part.get_content()) if part else ""


@require_safe
@never_cache
def people(request: HttpRequest) -> HttpResponse:
    """Who got mail, the latest first; with ``?to=`` the mails of one person."""
    mails = [_listed(file) for file in _newest(Path(settings.MAILBOX_DIR))]
    to = request.GET.get("to", "")
    if to:
        return render(request, "config/mailbox/person.html", {"to": to, "mails": [mail for mail in mails if mail.to == to]})
    boxes: dict[str, list[Listed]] = {}
    for mail in mails:
        boxes.setdefault(mail.to, []).append(mail)
    return render(request, "config/mailbox/people.html", {"boxes": boxes, "mails": mails[:20]})


@require_safe
@never_cache
@csp_update({"frame-src": [SELF]})  # type: ignore[arg-type]
def mail(request: HttpRequest, name: str) -> HttpResponse:
    """One mail: its headers, how it looks, and its text part."""
    message = _open(name)
    context = {
        "name": name,
        "subject": str(message["Subject"] or ""),
        "to": str(message["To"] or ""),
        "headers": [(header, str(value)) for header, value in message.items() if not header.lower().startswith("content-")],
        "text": _part(message, "plain"),
    }
    return render(request, "config/mailbox/mail.html", context)


@require_safe
@never_cache
@xframe_options_sameorigin
@csp(BODY_POLICY)  # type: ignore[arg-type]
def body(request: HttpRequest, name: str) -> HttpResponse:
    """The HTML part by itself, under its own policy: its inline styles may apply, nothing may run and nothing may be fetched."""
    html = _part(_open(name), "html")
    # A link of the mail opens a page of its own, not inside the frame.
    return HttpResponse(html.replace("<head>", '<head><base target="_blank">', 1))


urlpatterns = [
    path("", people, name="mailbox"),
    path("<str:name>/", mail, name="mailbox_mail"),
    path("<str:name>/body/", body, name="mailbox_body"),
]
