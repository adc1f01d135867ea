"""Mails look like Passerelle, in the reader's language and zone, and load nothing from anywhere."""

import re

import pytest
from django.utils import timezone, translation

from lms.mail.letter import Letter, one_line, read_letter
from lms.mail.render import envelope, render_letter, speaking_to
from lms.mail.tokens import read_unsubscribe_token, unsubscribe_token

LETTER = Letter(
    subject="A subject",
    lead="Where you are, with <b> & “quotes”.",
    body=("First.", "Second with slot-of-the-url in it."),
    action="Go on, 10 minutes",
    url="http://127.0.0.1:8000/activities/a/?x=1&y=2",
    why="Because.",
    stop_url="http://127.0.0.1:8000/stop/abc/",
)


def links_and_sources(html: str) -> set[str]:
    return set(re.findall(r"""(?:href|src|action|background)=["']([^"']+)""", html)) | set(re.findall(r"url\(([^)]+)\)", html))


@pytest.mark.parametrize("language", ["en", "fr"])
def test_a_letter_in_html_refers_to_nothing_but_its_own_links(language):
    with translation.override(language):
        mail = render_letter(LETTER)
    assert links_and_sources(mail.html) == {"http://127.0.0.1:8000/activities/a/?x=1&amp;y=2", LETTER.stop_url}
    assert not re.search(r"<(img|script|link|iframe|object|form|video)\b|@import|@font-face", mail.html)
    assert f'lang="{language}"' in mail.html
    assert "slot-of-the" not in mail.html.replace("Second with slot-of-the-url in it.", "")
    assert "Where you are, with &lt;b&gt; &amp; “quotes”." in mail.html
    assert "Atkinson Hyperlegible" in mail.html


def test_the_text_part_says_the_same():
    with translation.override("en"):
        mail = render_letter(LETTER)
    for words in (LETTER.lead, *LETTER.body, LETTER.action, LETTER.url, LETTER.why, LETTER.stop_url):
        assert words in mail.text
    assert "&lt;" not in mail.text
    assert mail.text.endswith("\n")


def test_a_letter_without_button_and_stop_link_has_neither():
    with translation.override("en"):
        mail = render_letter(Letter(subject="S", lead="L"))
    assert links_and_sources(mail.html) == set()
    assert "Stop these" not in mail.html + mail.text


def test_language_and_zone_of_the_recipient(cast):
    cast.ada.language, cast.ada.time_zone = "fr", "America/Montreal"
    with speaking_to(cast.ada) as language:
        assert language == translation.get_language() == "fr"
        assert timezone.get_current_timezone_name() == "America/Montreal"
    cast.ada.language = "xx"
    with speaking_to(cast.ada) as language:
        assert language == "fr"
    with speaking_to(cast.ada, "en") as language:
        assert language == "en"


def test_blocks_become_a_letter_with_french_spaces_kept(templates):
    templates(
        "note",
        "{% load i18n %}\n{% block subject %}Une question\u202f?{% endblock %}\n{% block lead %}Bonjour {{ name }}.\n  Ça va\u202f?{% endblock %}\n"
        "{% block body %}Un\n<deux>.\n\n  Trois\u00a0: quatre.\n{% endblock %}{% block action %}Aller{% endblock %}{% block url %} /x {% endblock %}",
    )
    letter = read_letter("lms/mail/messages/note.txt", {"name": "Zoé & Léa"})
    assert letter == Letter(
        subject="Une question\u202f?",
        lead="Bonjour Zoé & Léa. Ça va\u202f?",
        body=("Un <deux>.", "Trois\u00a0: quatre."),
        action="Aller",
        url="/x",
    )


def test_a_header_line_stays_a_line():
    assert one_line("a\r\nBcc: b\u2028c\x00d") == "a Bcc: b c d"


def test_mail_programs_get_a_one_click_header():
    with translation.override("en"):
        mail = render_letter(LETTER)
    message = envelope(mail, to="ada@verdane.example", message_id="<x@y>", stop_url=LETTER.stop_url)
    assert message.extra_headers["List-Unsubscribe"] == f"<{LETTER.stop_url}>"
    assert message.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_unsubscribe_tokens_are_ours_or_nothing(cast, settings):
    token = unsubscribe_token(cast.ada, "idle")
    assert read_unsubscribe_token(token) == (cast.ada.pk, "idle")
    assert read_unsubscribe_token(unsubscribe_token(cast.ada, "")) == (cast.ada.pk, "")
    assert re.fullmatch(r"[\w.-]+", token)
    for forged in (
        "",
        "x",
        token[:-1],
        token.replace("idle", "overdue"),
        f"{cast.ben.pk}{token[1:]}x",
        "1-idle",
        "é",
        token + "a",
    ):
        assert read_unsubscribe_token(forged) is None
    # A new secret key keeps old mails' links good.
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another one" * 5
    assert read_unsubscribe_token(token) == (cast.ada.pk, "idle")
