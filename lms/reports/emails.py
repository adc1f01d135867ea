"""The mail of a report: the essence, in the reader's language, and the way to the page."""

from typing import Any

from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse

from lms.conf import conf
from lms.mail.letter import one_line
from lms.mail.render import Mail, envelope, html_of, speaking_to
from lms.mail.tokens import absolute
from lms.models import Report
from lms.reports.words import report_page

#: The threads of the skills, as the design's tokens give them for light paper. Mail programs know no stylesheet variables.
THREADS = {
    "prompt-engineering": "#a3650a",
    "critical-evaluation": "#2a5c92",
    "workflow-design": "#2b7150",
    "change-management": "#803f70",
    "technology-watch": "#2c6c78",
}
THREAD = "#b5341f"


def mail_of(report: Report) -> Mail:
    """In the language that is active; ``report.subscription`` is loaded."""
    page = report_page(report)
    tracks: list[dict[str, Any]] = [{"line": line, "colour": THREADS.get(line.skill, THREAD)} for line in page.tracks]
    context = {
        "page": page,
        "tracks": tracks,
        "sample": report.sample,
        "url": absolute(reverse("lms:report", args=[report.pk])),
        "how_url": absolute(reverse("lms:privacy_notice")),
        "support": conf.SUPPORT_EMAIL,
        "company": conf.COMPANY_NAME,
    }
    text = render_to_string("lms/mail/report.txt", context)
    return Mail(subject=one_line(page.subject), text=text.strip("\n") + "\n", html=html_of("lms/mail/report.mjml", context))


def write_report(report: Report) -> EmailMultiAlternatives:
    with speaking_to(report.recipient, report.language):
        return envelope(mail_of(report), to=report.recipient.email, message_id=report.message_id)
