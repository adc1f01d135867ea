"""The French catalogues are compared with the texts in code and templates; a text that nobody translated is found."""

from pathlib import Path

import polib
import pytest
from django.apps import AppConfig

from lms.management.catalogues import messages_of, problems_in
from lms.management.commands.update_locale import merged

TEMPLATE = """\
{% load i18n %}
  <p title="{% translate 'A title' %}">{{ _("A literal")|upper }}</p>
    {% blocktranslate count n=rows|length trimmed %}
      One row of {{ total }}
    {% plural %}
      {{ n }} rows of {{ total }}
    {% endblocktranslate %}
{# A comment's {% unclosed "quote #}
{% translate "May" context "month" %}
"""
CODE = """\
from django.utils.translation import gettext as _, ngettext, pgettext_lazy

def words(count):
    return _("Two " "halves"), ngettext("%(n)s day", "%(n)s days", count), pgettext_lazy("verb", "Open")
"""


@pytest.fixture
def app(tmp_path: Path) -> AppConfig:
    class Sample(AppConfig):
        path = str(tmp_path)

    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "page.html").write_text(TEMPLATE)
    (tmp_path / "words.py").write_text(CODE)
    (tmp_path / "page.html").write_text("{% load i18n %}{% translate 'Not a template folder' %}")
    return Sample("sample", __import__("tests"))


def test_every_text_is_found_with_its_plural_and_context(app: AppConfig) -> None:
    found = {(message.text, message.plural, message.context) for message in messages_of(app)}
    expected = {
        ("A title", None, None),
        ("A literal", None, None),
        ("One row of %(total)s", "%(n)s rows of %(total)s", None),
        ("May", None, "month"),
        ("Two halves", None, None),
        ("%(n)s day", "%(n)s days", None),
        ("Open", None, "verb"),
    }
    assert found == expected


def test_a_translation_is_kept_and_one_that_nobody_uses_goes(app: AppConfig) -> None:
    before = polib.POFile()
    before.append(polib.POEntry(msgid="A title", msgstr="Un titre"))
    before.append(polib.POEntry(msgid="Gone", msgstr="Parti"))
    after = merged(before, messages_of(app))

    assert after.find("A title").msgstr == "Un titre"
    assert after.find("Gone") is None
    assert {entry.msgid for entry in after if problems_in(entry) == ""} == {"A title"}


@pytest.mark.parametrize(
    ("entry", "problem"),
    [
        (polib.POEntry(msgid="Hello", msgstr="Bonjour"), ""),
        (polib.POEntry(msgid="Hello", msgstr=""), "not translated"),
        (polib.POEntry(msgid="Hello", msgstr="Salut", flags=["fuzzy"]), "guessed (fuzzy)"),
        (polib.POEntry(msgid="To %(name)s", msgstr="À %(nom)s"), "placeholders differ: ['%(name)s'] became ['%(nom)s']"),
        (polib.POEntry(msgid="To %(name)s", msgstr="À tous"), "placeholders differ: ['%(name)s'] became []"),
        (polib.POEntry(msgid="%(n)s day", msgid_plural="%(n)s days", msgstr_plural={0: "un jour", 1: "%(n)s jours"}), ""),
        (polib.POEntry(msgid="%(n)s day", msgid_plural="%(n)s days", msgstr_plural={0: "un jour", 1: ""}), "not translated"),
    ],
)
def test_what_is_wrong_with_a_translation_is_said(entry: polib.POEntry, problem: str) -> None:
    assert problems_in(entry) == problem
