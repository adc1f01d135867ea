"""What every page has and has not: no inline style or script, one heading, labels that point somewhere, links that lead somewhere."""

import re
import uuid
from collections import Counter
from html.parser import HTMLParser

import pytest
from django.urls import reverse

from lms.champions.actions import ask_help, contest_score
from lms.journal.actions import write_entry
from lms.progress.actions import start_attempt, submit_attempt
from tests.conftest import NOW, WRONG
from tests.lms.views import explore_rows as rows


class Page(HTMLParser):
    """What a page is made of."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.inline: list[str] = []
        self.ids: Counter[str] = Counter()
        self.pointers: list[str] = []
        self.links: list[str] = []
        self.sources: list[str] = []
        self.headings: list[int] = []
        self.unnamed: list[str] = []
        self.posts_without_key = 0
        self._form = ""
        self._key = True
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.inline += [f"{tag} {name}" for name in given if name == "style" or (name.startswith("on"))]
        if tag == "style" or (tag == "script" and "src" not in given):
            self.inline.append(tag)
        if "id" in given:
            self.ids[given["id"]] += 1
        for name in ("for", "aria-labelledby", "aria-describedby"):
            self.pointers += given.get(name, "").split()
        if tag == "a":
            self.links.append(given["href"])
        if tag in {"script", "link"}:
            self.sources.append(given.get("src") or given.get("href", ""))
        if re.fullmatch(r"h[1-6]", tag):
            self.headings.append(int(tag[1]))
        if tag == "form":
            self._form, self._key = given.get("method", "get"), False
        if tag == "input" and given.get("name") == "csrfmiddlewaretoken":
            self._key = True

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.posts_without_key += self._form == "post" and not self._key


@pytest.fixture
def pages(page_of, enrolled, catalogue, settings) -> list[tuple[object, str]]:
    """(reader, address) of every page, each with something on it."""
    settings.DEBUG = True  # the style page
    ada = enrolled.ada
    opened = start_attempt(learner=ada, activity=catalogue.quiz, language="en", now=NOW)
    over = start_attempt(learner=ada, activity=catalogue.exercise, language="en", now=NOW)
    submit_attempt(attempt=over, answers={over.items[0]: WRONG}, now=NOW)
    entry = write_entry(learner=ada, fields={"task": "A recap"}, now=NOW)
    ask_help(learner=ada, question="How?", token=uuid.uuid4(), now=NOW)
    contest_score(attempt=over, words="I disagree", consent=True, now=NOW)
    shelves(catalogue)
    own = [
        ("explore",), ("explore_paths",), ("explore_path", "first-weeks"), ("explore_roles",), ("explore_role", "trainer"), ("explore_portraits",),
        ("explore_portrait", "marie"), ("explore_use_cases",), ("explore_training",), ("explore_glossary",), ("explore_facts",),
        ("explore_documents",), ("explore_document", "policy"),
        ("today",), ("tracks",), ("track", "prompt-engineering"), ("track", "critical-evaluation"), ("activity", "m1-lesson"),
        ("activity", "m1-exercise"), ("activity", "m1-quiz"), ("activity", "m1-mission"), ("activity", "m2-lesson"), ("activity", "n1-lesson"),
        ("attempt", opened.uuid), ("attempt", over.uuid), ("journal",), ("journal_new",), ("journal_edit", entry.pk),
        ("journal_delete", entry.pk), ("help",), ("me",), ("me_manager_view",), ("privacy_notice",), ("accessibility",), ("style",),
    ]  # fmt: skip
    public = [("sign_in",), ("password_lost",), ("password_asked",), ("privacy_notice",), ("accessibility",), ("offline",)]
    found = [(ada, reverse(f"lms:{name}", args=args)) for name, *args in own]
    found += [(None, reverse(f"lms:{name}", args=args)) for name, *args in public]
    return [
        *found,
        (enrolled.mira, reverse("lms:team")),
        (enrolled.chloe, reverse("lms:champion_desk")),
        (enrolled.otto, reverse("lms:today")),
    ]


def shelves(catalogue) -> None:
    """One of everything beside the tracks; the lesson, the exercise and the mission have words and papers."""
    role = rows.role(catalogue, levels={"prompt-engineering": 4, "critical-evaluation": 1}, leads_to=["trainer"])
    role.sectors.add(rows.sector(catalogue))
    rows.path(catalogue)
    rows.portrait(catalogue, role=role, domain=catalogue.domains["hr"], modules=["m1"])
    rows.use_case(catalogue, caution=rows.html("Ask first."), modules=["n1"]).sectors.add(*role.sectors.all())
    rows.offer(catalogue, country="FR", doubt=rows.html("Unclear.")).skills.add(catalogue.skills[0])
    rows.term(catalogue, "token", "Token", "Jeton", see=["token"])
    rows.fact(catalogue, modules=["m2"])
    rows.document(catalogue, html=rows.said("<h2>Part</h2><table><tr><th>Cell</th></tr></table>"))
    for activity in (catalogue.lesson, catalogue.exercise, catalogue.mission):
        activity.documents = ["policy"]
        for body in activity.body.values():
            body["terms"] = ["token"]
            if "cards" in body:
                body["cards"][0]["html"] = '<p>A <a class="term" href="#term-token">token</a>.</p>'
        activity.save()


@pytest.mark.parametrize("language", ["en", "fr"])
def test_every_page_is_sound(language, pages, page_of) -> None:
    wrong: list[tuple[str, object]] = []
    seen: set[tuple[object, str]] = set()
    for reader, address in pages:
        if reader is not None:
            type(reader).objects.filter(pk=reader.pk).update(language=language)
        client = page_of(reader)
        client.cookies["django_language"] = language
        response = client.get(address)
        assert response.status_code == 200, address
        text = response.content.decode()
        page = Page(text)
        checks = {
            "inline": page.inline,
            "ids twice": [one for one, times in page.ids.items() if times > 1],
            "pointing nowhere": [one for one in page.pointers if one not in page.ids],
            "anchors to nowhere": [one for one in page.links if one.startswith("#") and one[1:] not in page.ids],
            "headings": page.headings.count(1) != 1 or page.headings[0] != 1,
            "heading levels": [b for a, b in zip(page.headings, page.headings[1:], strict=False) if b > a + 1],
            "forms without key": page.posts_without_key,
            "foreign": [one for one in [*page.sources, *page.links] if "//" in one],
            "language": f'<html lang="{language}"' not in text,
            "left over": re.findall(r"\{[{%#]|[%#]\}|None</|\(\?P<", text),
        }
        wrong += [(address, what, found) for what, found in checks.items() if found]
        for link in page.links:
            if link.startswith("/") and not link.startswith("/admin") and (reader, link) not in seen:
                seen.add((reader, link))
                # A stranger who follows a learner's link signs in first.
                if client.get(link.partition("#")[0], follow=reader is None).status_code != 200:
                    wrong.append((address, "dead link", link))
    assert wrong == []


STRICT = {
    "default-src": ["'none'"], "script-src": ["'self'"], "style-src": ["'self'"], "img-src": ["'self'", "data:"], "font-src": ["'self'"],
    "connect-src": ["'self'"], "form-action": ["'self'"], "base-uri": ["'none'"], "frame-ancestors": ["'none'"], "manifest-src": ["'self'"],
}  # fmt: skip


def test_the_policy_allows_nothing_unsafe(page_of, cast) -> None:
    header = page_of(cast.ada).get(reverse("lms:today"))["Content-Security-Policy"]
    told = {part.split()[0]: part.split()[1:] for part in header.split(";") if part.strip()}
    assert told == STRICT


def test_a_broken_page_needs_neither_database_nor_session(rf) -> None:
    from lms.views.public import broken

    request = rf.get("/")
    response = broken(request)
    assert response.status_code == 500
    page = Page(response.content.decode())
    assert (page.inline, page.headings) == ([], [1])


def test_the_style_page_is_for_developers(page_of, settings) -> None:
    settings.DEBUG = False
    assert page_of(None).get(reverse("lms:style")).status_code == 404
    settings.DEBUG = True
    assert page_of(None).get(reverse("lms:style")).status_code == 200
