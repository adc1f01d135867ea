"""The demo's mailbox keeps every mail and shows it without running or fetching anything of it."""

import importlib
import sys
from email.utils import formatdate
from types import ModuleType

import pytest
from django.core.mail import EmailMultiAlternatives, get_connection
from django.urls import clear_url_caches, include, path

from config import mailbox


@pytest.fixture
def box(tmp_path, settings):
    """The project's addresses with the mailbox among them, as the demo has them."""
    project = importlib.import_module("config.urls")
    urls = ModuleType("tests_demo_urls")
    urls.urlpatterns = [path("demo/mailbox/", include(mailbox.urlpatterns)), *project.urlpatterns]
    urls.handler404 = project.handler404
    sys.modules[urls.__name__] = urls
    settings.ROOT_URLCONF = urls.__name__
    settings.MAILBOX_DIR = tmp_path / "mailbox"
    clear_url_caches()
    yield settings.MAILBOX_DIR
    del sys.modules[urls.__name__]
    clear_url_caches()


def send(
    to: str = "ada@verdane.example", subject: str = "Bonjour", html: str = "<html><head></head><body>Hé</body></html>"
) -> None:
    message = EmailMultiAlternatives(subject, "Du texte : http://127.0.0.1:8000/x", to=[to], headers={"Date": formatdate()})
    message.attach_alternative(html, "text/html")
    get_connection("config.mailbox.FileMailboxBackend").send_messages([message])


def name_of(folder) -> str:
    (file,) = folder.glob("*.eml")
    return file.stem


def test_every_mail_is_a_file_and_the_latest_comes_first(box, client, db):
    send(subject="First")
    send(subject="Second")
    send(to="ben@verdane.example", subject="Third")
    assert len(list(box.iterdir())) == 3
    page = client.get("/demo/mailbox/").content.decode()
    assert page.index("Third") < page.index("Second") < page.index("First")
    mine = client.get("/demo/mailbox/", {"to": "ada@verdane.example"}).content.decode()
    assert "First" in mine
    assert "Third" not in mine


def test_an_empty_mailbox_says_what_it_is(box, client, db):
    response = client.get("/demo/mailbox/")
    assert response.status_code == 200
    assert b"<ul>" not in response.content.split(b"<main")[1].split(b"</main")[0]


def test_one_mail_with_its_text_and_its_picture_in_a_sandbox(box, client, db):
    send(subject="Un titre <b>")
    name = name_of(box)
    response = client.get(f"/demo/mailbox/{name}/")
    page = response.content.decode()
    assert "Un titre &lt;b&gt;" in page
    assert '<a href="http://127.0.0.1:8000/x"' in page
    assert f'src="/demo/mailbox/{name}/body/" sandbox="allow-popups allow-popups-to-escape-sandbox"' in page
    policy = response["Content-Security-Policy"]
    assert "frame-src 'self'" in policy
    assert "unsafe" not in policy


def test_the_picture_may_style_itself_and_nothing_more(box, client, db):
    send(html='<html><head></head><body style="color:red"><script>alert(1)</script>Hé</body></html>')
    response = client.get(f"/demo/mailbox/{name_of(box)}/body/")
    assert 'style="color:red"' in response.content.decode()
    assert '<base target="_blank">' in response.content.decode()
    directives = {part.split()[0]: part.split()[1:] for part in response["Content-Security-Policy"].split(";") if part.strip()}
    assert directives == {
        "default-src": ["'none'"], "style-src": ["'unsafe-inline'"], "frame-ancestors": ["'self'"], "base-uri": ["'none'"],
        "form-action": ["'none'"],
    }  # fmt: skip
    assert response["X-Frame-Options"] == "SAMEORIGIN"


@pytest.mark.parametrize("name", ["x", "..", "%2e%2e%2fsecret", "0" * 20 + "-" + "a" * 32])
def test_other_names_lead_nowhere(name, box, client, db):
    send()
    (box.parent / "secret.eml").write_text("Subject: no\n\nno")
    assert client.get(f"/demo/mailbox/{name}/").status_code == 404
    assert client.get(f"/demo/mailbox/{name}/body/").status_code == 404
