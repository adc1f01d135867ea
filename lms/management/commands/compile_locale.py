"""`manage.py compile_locale`: writes the .mo beside each of our .po files, without the system's gettext."""

from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import polib
from django.apps import apps
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError


class Command(BaseCommand):
    help = "Compile the translations of Passerelle's apps and of LOCALE_PATHS. --check: only say what is not translated."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--check", action="store_true", help="write nothing; fail when a text is missing, fuzzy or broken")

    def handle(self, *, check: bool, verbosity: int, **_options: Any) -> None:
        problems: list[str] = []
        count = 0
        for source in catalogues():
            try:
                entries = polib.pofile(str(source), check_for_duplicates=True)
            except (OSError, ValueError) as problem:
                raise CommandError(f"{source}: {problem}") from problem
            if check:
                problems += [f"{source}:{entry.linenum}: {entry.msgid[:70]!r}" for entry in unfinished(entries)]
            else:
                entries.save_as_mofile(str(source.with_suffix(".mo")))
            count += 1
        if problems:
            raise CommandError(f"{len(problems)} texts are not translated:\n" + "\n".join(problems))
        if verbosity:
            self.stdout.write(f"{count} catalogues {'complete' if check else 'compiled'}")


def catalogues() -> Iterator[Path]:
    """The .po files of our two apps and of the project's LOCALE_PATHS."""
    folders = [Path(apps.get_app_config(label).path) / "locale" for label in ("courses", "lms")]
    for folder in dict.fromkeys([*folders, *map(Path, settings.LOCALE_PATHS)]):
        yield from sorted(folder.glob("*/LC_MESSAGES/*.po"))


def unfinished(entries: polib.POFile) -> list[polib.POEntry]:
    """Entries without a translation, or with one that only was guessed."""
    return [entry for entry in entries if not entry.obsolete and (entry.fuzzy or not entry.translated())]
