"""The forms of a rendered page, filled and sent as a browser without scripts would: only what the page offers can be chosen."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

from django.test import Client

Attributes = dict[str, str]
_TEXTS = {"text", "hidden", "date", "number", "email", "search", "password"}


@dataclass
class Control:
    """All controls of one name in a form. `offered` is None where anything may be written."""

    name: str
    kind: str
    offered: list[str] | None = None
    values: list[str] = field(default_factory=list)


@dataclass
class Button:
    name: str
    value: str
    action: str


@dataclass
class Form:
    action: str
    controls: dict[str, Control] = field(default_factory=dict)
    buttons: list[Button] = field(default_factory=list)

    def fill(self, values: dict[str, list[str]]) -> None:
        for name, wanted in values.items():
            control = self.controls[name]
            if control.offered is not None:
                assert set(wanted) <= set(control.offered), (name, wanted, control.offered)
                assert len(wanted) <= 1 or control.kind == "checkbox", (name, wanted, control.kind)
            control.values = list(wanted)

    def data(self, button: Button) -> dict[str, list[str]]:
        sent = {control.name: control.values for control in self.controls.values() if control.values}
        return {**sent, button.name: [button.value]} if button.name else sent


class _Reader(HTMLParser):
    def __init__(self, address: str) -> None:
        super().__init__()
        self.address = address
        self.forms: list[Form] = []
        self._form: Form | None = None
        self._select: Control | None = None
        self._area: Control | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given: Attributes = {name: value if value is not None else "" for name, value in attrs}
        if tag == "form":
            assert self._form is None, "a form in a form"
            self._form = Form(given.get("action") or self.address)
            self.forms.append(self._form)
        elif self._form is not None:
            read = self._READ.get(tag)
            if read and "disabled" not in given:
                read(self, self._form, given)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None
        elif tag == "select" and self._select is not None:
            if not self._select.values and self._select.offered:
                self._select.values = self._select.offered[:1]
            self._select = None
        elif tag == "textarea":
            self._area = None

    def handle_data(self, data: str) -> None:
        if self._area is not None:
            self._area.values = ["".join([*self._area.values, data])]

    def _input(self, form: Form, given: Attributes) -> None:
        kind, name, value = given.get("type", "text"), given.get("name", ""), given.get("value", "")
        if kind in {"checkbox", "radio"}:
            control = form.controls.setdefault(name, Control(name, kind, []))
            assert control.offered is not None
            control.offered.append(value)
            if "checked" in given:
                control.values.append(value)
        elif kind == "submit":
            form.buttons.append(Button(name, value, given.get("formaction") or form.action))
        elif name:
            assert kind in _TEXTS, kind
            form.controls[name] = Control(name, kind, None, [value])

    def _choice(self, form: Form, given: Attributes) -> None:
        self._select = form.controls[given["name"]] = Control(given["name"], "select", [])

    def _option(self, form: Form, given: Attributes) -> None:
        if self._select is not None and self._select.offered is not None:
            self._select.offered.append(given.get("value", ""))
            if "selected" in given:
                self._select.values = [given.get("value", "")]

    def _long_text(self, form: Form, given: Attributes) -> None:
        self._area = form.controls[given["name"]] = Control(given["name"], "textarea", None, [])

    def _press(self, form: Form, given: Attributes) -> None:
        if given.get("type", "submit") == "submit":
            form.buttons.append(Button(given.get("name", ""), given.get("value", ""), given.get("formaction") or form.action))

    _READ = {"input": _input, "select": _choice, "option": _option, "textarea": _long_text, "button": _press}


class Page:
    """What the server answered, followed to the end."""

    def __init__(self, client: Client, response: Any) -> None:
        chain = getattr(response, "redirect_chain", None)
        self.client, self.status = client, response.status_code
        self.address = chain[-1][0].partition("#")[0] if chain else response.request["PATH_INFO"]
        self.text = response.content.decode()

    def forms(self) -> list[Form]:
        reader = _Reader(self.address)
        reader.feed(self.text)
        reader.close()
        return reader.forms

    def form(self, action: str) -> Form:
        """The one form whose address ends so."""
        [found] = [form for form in self.forms() if form.action.endswith(action)]
        return found

    def press(self, form: Form, *, to: str = "") -> "Page":
        """The first button of the form; or the one that sends it elsewhere."""
        button = next(one for one in form.buttons if one.action.endswith(to or form.action) and (to or not one.name))
        return Page(self.client, self.client.post(button.action, form.data(button), follow=True))


def open_page(client: Client, address: str) -> Page:
    return Page(client, client.get(address, follow=True))
