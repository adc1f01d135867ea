"""What stands still on a page is drawn once for everybody, and can show nothing of anybody."""

import pytest
from django.template import Context, Engine, TemplateSyntaxError
from django.test import override_settings
from django.utils.translation import override

from lms.templatetags.lms_still import MOST_FORMS, StillNode


def template(text: str):
    return Engine.get_default().from_string("{% load i18n static lms_still %}" + text)


def test_it_sees_only_what_is_named() -> None:
    page = template("{% still here=here %}[{{ here }}{{ name }}{{ request.path }}{% csrf_token %}]{% endstill %}{{ name }}")
    assert page.render(Context({"here": "today", "name": "Ada", "csrf_token": "secret"})) == "[today]Ada"


def test_each_language_and_each_value_has_its_own_form() -> None:
    page = template('{% still on=on %}{% translate "Today" %}{% if on %}!{% endif %}{% endstill %}')
    for _time in range(2):
        with override("en"):
            assert [page.render(Context({"on": on})) for on in (True, False)] == ["Today!", "Today"]
        with override("fr"):
            assert [page.render(Context({"on": on})) for on in (True, False)] == ["Aujourd’hui!", "Aujourd’hui"]


def test_values_are_escaped() -> None:
    assert template("{% still name=name %}{{ name }}{% endstill %}").render(Context({"name": "<b>"})) == "&lt;b&gt;"


def test_what_cannot_be_kept_is_drawn_every_time() -> None:
    page = template("{% still words=words %}{{ words|join:' ' }}{% endstill %}")
    assert [page.render(Context({"words": [word]})) for word in ("one", "two")] == ["one", "two"]


def test_it_is_drawn_once_and_does_not_grow_for_ever() -> None:
    page = template("{% still n=n %}{{ n }}{% endstill %}")
    (node,) = (node for node in page.nodelist if isinstance(node, StillNode))
    assert [page.render(Context({"n": "a"})) for _time in range(3)] == ["a"] * 3
    assert len(node.forms) == 1
    for number in range(MOST_FORMS):
        assert page.render(Context({"n": number})) == str(number)
    assert len(node.forms) <= MOST_FORMS


def test_other_settings_give_other_addresses() -> None:
    page = template("{% still %}{% get_static_prefix %}{% endstill %}")
    with override_settings(STATIC_URL="/one/"):
        assert page.render(Context()) == "/one/"
    with override_settings(STATIC_URL="/two/"):
        assert page.render(Context()) == "/two/"


@pytest.mark.parametrize("text", ["{% still %}{% block a %}{% endblock %}{% endstill %}", "{% still here %}{% endstill %}"])
def test_a_mistake_is_said(text: str) -> None:
    with pytest.raises(TemplateSyntaxError):
        template(text)
