"""`manage.py update_locale`: brings the French catalogues in line with the code and templates (developers; needs babel, not gettext)."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

import polib
from django.core.management.base import BaseCommand, CommandError

from lms.management.catalogues import Message, catalogue_of, messages_of, our_apps, problems_in

METADATA = {
    "MIME-Version": "1.0",
    "Content-Type": "text/plain; charset=UTF-8",
    "Content-Transfer-Encoding": "8bit",
    "Language": "fr",
    "Plural-Forms": "nplurals=2; plural=(n > 1);",
}


class Command(BaseCommand):
    help = "Add new texts to the French catalogues and drop those that are gone. --check: write nothing, fail when something is missing."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--check", action="store_true", help="only say what is missing, not translated, or no longer used")

    def handle(self, *, check: bool, **_options: Any) -> None:
        problems: list[str] = []
        total = 0
        for app in our_apps():
            path, messages = catalogue_of(app), messages_of(app)
            total += len(messages)
            if not messages:
                continue
            before = polib.pofile(str(path), wrapwidth=110) if path.exists() else polib.POFile(wrapwidth=110)
            after = merged(before, messages)
            if check:
                problems += self._problems(path, before, after)
            else:
                path.parent.mkdir(parents=True, exist_ok=True)
                after.save(str(path))
                left = sum(not entry.translated() for entry in after)
                self.stdout.write(f"{path}: {len(after)} texts, {left} to translate")
        if total == 0:
            raise CommandError("No text was found at all: the search itself is broken.")
        if problems:
            raise CommandError(f"{len(problems)} texts need a translator (manage.py update_locale):\n" + "\n".join(problems))
        if check:
            self.stdout.write(f"{total} texts, all in French")

    @staticmethod
    def _problems(path: Path, before: polib.POFile, after: polib.POFile) -> list[str]:
        gone = {_key(entry) for entry in before if not entry.obsolete} - {_key(entry) for entry in after}
        found = [f"{path}: no longer used: {text[:80]!r}" for text, _context in sorted(gone, key=str)]
        for entry in after:
            if problem := problems_in(entry):
                place = f"{entry.occurrences[0][0]}:{entry.occurrences[0][1]}" if entry.occurrences else ""
                found.append(f"{path}: {place}: {problem}: {entry.msgid[:80]!r}")
        return found


def _key(entry: polib.POEntry) -> tuple[str, str | None]:
    return entry.msgid, entry.msgctxt


def merged(before: polib.POFile, messages: list[Message]) -> polib.POFile:
    """The catalogue that the code asks for, with the translations that there are."""
    known = {_key(entry): entry for entry in before if not entry.obsolete}
    after = polib.POFile(wrapwidth=110)
    after.metadata = {**METADATA, **{key: value for key, value in before.metadata.items() if key not in METADATA}}
    made: dict[tuple[str, str | None], polib.POEntry] = {}
    for message in messages:
        key = (message.text, message.context)
        entry = made.get(key)
        if entry is None:
            old = known.get(key)
            entry = polib.POEntry(
                msgid=message.text,
                msgctxt=message.context,
                msgstr=old.msgstr if old else "",
                flags=[flag for flag in (old.flags if old else []) if flag == "fuzzy"],
                tcomment=old.tcomment if old else "",
            )
            made[key] = entry
            after.append(entry)
        if message.plural and not entry.msgid_plural:
            old = known.get(key)
            entry.msgid_plural, entry.msgstr = message.plural, ""
            entry.msgstr_plural = dict(old.msgstr_plural) if old and old.msgid_plural else {0: "", 1: ""}
        # The file without its line: a text that only moved changes nothing.
        if (message.place[0], "") not in entry.occurrences:
            entry.occurrences.append((message.place[0], ""))
    return after
