"""The translation catalogues of our apps: where they are, what they should hold, what they lack. No system gettext is needed."""

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import polib
from django.apps import AppConfig, apps
from django.utils.translation.template import templatize

#: Apps of ours; `config` is there in the stand-alone project only.
LABELS = ("courses", "lms", "config")
TEMPLATE_ENDINGS = {".html", ".txt", ".mjml", ".svg", ".xml"}
KEYWORDS = {
    **dict.fromkeys(("_", "gettext", "gettext_lazy", "gettext_noop"), None),
    **dict.fromkeys(("ngettext", "ngettext_lazy"), (1, 2)),
    **dict.fromkeys(("pgettext", "pgettext_lazy"), ((1, "c"), 2)),
    **dict.fromkeys(("npgettext", "npgettext_lazy"), ((1, "c"), 2, 3)),
}
PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%[sdr%]|\{\w*\}")


@dataclass(frozen=True)
class Message:
    """A text that a person reads, as the code has it."""

    text: str
    plural: str | None
    context: str | None
    place: tuple[str, int]


def our_apps() -> list[AppConfig]:
    return [app for app in apps.get_app_configs() if app.label in LABELS]


def catalogue_of(app: AppConfig, language: str = "fr") -> Path:
    return Path(app.path) / "locale" / language / "LC_MESSAGES" / "django.po"


def catalogues() -> Iterator[Path]:
    """The .po files that exist."""
    for app in our_apps():
        yield from sorted(Path(app.path).glob("locale/*/LC_MESSAGES/*.po"))


def messages_of(app: AppConfig) -> list[Message]:
    """Every text of the app that goes through translation, in its order in the files."""
    root = Path(app.path)
    found: list[Message] = []
    for path in sorted(root.rglob("*")):
        if path.suffix == ".py" and "migrations" not in path.parts:
            found += _messages(path, path.read_bytes(), root)
        elif path.suffix in TEMPLATE_ENDINGS and "templates" in path.parts:
            code = templatize(path.read_text(encoding="utf-8"), origin=str(path))
            # What stands between the tags came out as rows of X; only its indentation would disturb a reader of Python.
            found += _messages(path, "\n".join(line.strip() for line in code.splitlines()).encode(), root)
    return found


def _messages(path: Path, code: bytes, root: Path) -> Iterator[Message]:
    from babel.messages.extract import extract

    for line, text, _comments, context in extract("python", io.BytesIO(code), keywords=KEYWORDS, options={"encoding": "utf-8"}):
        single, plural = (text[0], text[-1]) if isinstance(text, tuple) else (text, None)
        if single:
            yield Message(single, plural, context, (str(path.relative_to(root)), line))


def problems_in(entry: polib.POEntry) -> str:
    """What is wrong with one translation; empty when nothing is."""
    if entry.fuzzy:
        return "guessed (fuzzy)"
    if not entry.translated():
        return "not translated"
    translations = list(entry.msgstr_plural.values()) or [entry.msgstr]
    wanted = set(PLACEHOLDER.findall(entry.msgid_plural or entry.msgid))
    for translation in translations:
        found = set(PLACEHOLDER.findall(translation))
        # A singular may say "one" in words; nothing may be invented.
        if found - wanted - set(PLACEHOLDER.findall(entry.msgid)) or (not entry.msgid_plural and wanted - found):
            return f"placeholders differ: {sorted(wanted)} became {sorted(found)}"
    return ""
