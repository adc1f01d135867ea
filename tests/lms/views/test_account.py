"""Getting in: sign in, the welcome link, a lost password; language and colours."""

from urllib.parse import urlsplit

import pytest
from django.urls import reverse

from lms.models import Message
from lms.people.tokens import password_link
from tests.conftest import PASSWORD


def test_signing_in_whatever_the_case_of_the_address(page_of, cast) -> None:
    client = page_of(None)
    given = {"username": f"  {cast.ada.email.upper()} ", "password": PASSWORD}
    response = client.post(reverse("lms:sign_in"), given)
    assert (response.status_code, response["Location"]) == (302, reverse("lms:today"))
    assert client.get(reverse("lms:today")).context["learner"] == cast.ada


def test_a_wrong_password_is_told_without_saying_which_half_is_wrong(page_of, cast) -> None:
    said = []
    for username in (cast.ada.email, "nobody@verdane.example"):
        client = page_of(None)
        client.post(reverse("lms:set_language"), {"language": "en"})
        response = client.post(reverse("lms:sign_in"), {"username": username, "password": "wrong"})
        assert response.status_code == 200
        said.append(list(response.context["form"].non_field_errors()))
    assert said == [["This address and this password do not go together. Check both, or ask for a new link below."]] * 2


def test_signing_in_goes_where_one_was_going_and_nowhere_else(page_of, cast) -> None:
    for target, expected in [("/journal/", "/journal/"), ("https://elsewhere.example/", reverse("lms:today"))]:
        response = page_of(None).post(reverse("lms:sign_in"), {"username": cast.ada.email, "password": PASSWORD, "next": target})
        assert response["Location"] == expected


def test_too_many_tries_pause_the_account(page_of, cast) -> None:
    client = page_of(None)
    for _try in range(6):
        response = client.post(reverse("lms:sign_in"), {"username": cast.ada.email, "password": "wrong"})
    assert response.status_code == 429
    assert "lms/public/locked_out.html" in [template.name for template in response.templates]


def test_signing_out(page_of, cast) -> None:
    client = page_of(cast.ada)
    assert client.post(reverse("lms:sign_out"))["Location"] == reverse("lms:sign_in")
    assert client.get(reverse("lms:today")).status_code == 302


def welcome(learner) -> str:
    """The path of the link that a mail carries."""
    return urlsplit(password_link(learner)).path


def test_the_welcome_link_sets_a_password_once_and_signs_in(page_of, make_learner) -> None:
    learner = make_learner("New")
    client, link = page_of(None), welcome(learner)
    hidden = client.get(link)
    assert link not in hidden["Location"]  # the secret leaves the address bar
    form = client.get(hidden["Location"])
    assert form.status_code == 200
    words = "four words together here"
    differ = client.post(hidden["Location"], {"new_password1": words, "new_password2": "other"})
    assert (differ.status_code, list(differ.context["form"].errors)) == (200, ["new_password2"])
    sent = client.post(hidden["Location"], {"new_password1": words, "new_password2": words})
    assert sent["Location"] == reverse("lms:today")
    assert client.get(reverse("lms:today")).context["learner"] == learner
    learner.user.refresh_from_db()
    assert learner.user.check_password(words)
    used = page_of(None).get(link)
    assert used.context["validlink"] is False


def test_a_forged_link_is_told_and_leads_to_a_new_one(page_of, cast) -> None:
    response = page_of(None).get(reverse("lms:set_password", args=["bm8", "forged-token"]))
    assert (response.status_code, response.context["validlink"]) == (200, False)
    assert reverse("lms:password_lost") in response.content.decode()


def test_a_lost_password_never_says_whether_the_address_exists(page_of, cast) -> None:
    answers = []
    for email in (cast.ada.email.upper(), "nobody@verdane.example"):
        for _click in range(2):
            response = page_of(None).post(reverse("lms:password_lost"), {"email": email})
            answers.append((response.status_code, response["Location"]))
    assert set(answers) == {(302, reverse("lms:password_asked"))}
    assert list(Message.objects.values_list("recipient__first_name", "template")) == [("Ada", "password_link")]


def test_nobody_who_left_gets_a_link(page_of, cast) -> None:
    cast.ada.left_on = cast.ada.hired_on
    cast.ada.save()
    page_of(None).post(reverse("lms:password_lost"), {"email": cast.ada.email})
    assert not Message.objects.exists()


def test_the_language_is_the_learners_own(page_of, cast) -> None:
    client = page_of(cast.ada)
    response = client.post(reverse("lms:set_language"), {"language": "fr", "next": reverse("lms:journal")})
    assert response["Location"] == reverse("lms:journal")
    assert '<html lang="fr"' in client.get(reverse("lms:journal")).content.decode()
    cast.ada.refresh_from_db()
    assert cast.ada.language == "fr"
    client.post(reverse("lms:set_language"), {"language": "xx"})
    cast.ada.refresh_from_db()
    assert cast.ada.language == "fr"


@pytest.mark.parametrize("language", ["en", "fr"])
def test_a_stranger_chooses_a_language_too(language, page_of) -> None:
    client = page_of(None)
    client.post(reverse("lms:set_language"), {"language": language})
    assert f'<html lang="{language}"' in client.get(reverse("lms:sign_in")).content.decode()


def test_colours_are_chosen_with_a_cookie(page_of, cast) -> None:
    client = page_of(cast.ada)
    assert "data-theme" not in client.get(reverse("lms:me")).content.decode()
    client.post(reverse("lms:set_theme"), {"theme": "dark"})
    assert '<html lang="en" data-theme="dark">' in client.get(reverse("lms:me")).content.decode()
    client.post(reverse("lms:set_theme"), {"theme": 'x"><script>'})
    assert '<html lang="en" data-theme="dark">' in client.get(reverse("lms:me")).content.decode()


@pytest.mark.parametrize("name", ["set_language", "set_theme"])
def test_going_back_leads_to_our_own_pages_alone(name, page_of, cast) -> None:
    response = page_of(cast.ada).post(
        reverse(f"lms:{name}"), {"language": "en", "theme": "light", "next": "https://elsewhere.example/"}
    )
    assert response["Location"] == reverse("lms:today")
