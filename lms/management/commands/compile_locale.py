"""`manage.py compile_locale`: writes the .mo beside each of our .po files, without the system's gettext."""

from typing import Any

import polib
from django.core.management.base import BaseCommand, CommandError

from lms.management.catalogues import catalogues


class Command(BaseCommand):
    help = "Compile the translations of Passerelle's apps."
    requires_system_checks: list[str] = []

    def handle(self, *, verbosity: int, **_options: Any) -> None:
        count = 0
        for source in catalogues():
            try:
                polib.pofile(str(source), check_for_duplicates=True).save_as_mofile(str(source.with_suffix(".mo")))
            except (OSError, ValueError) as problem:
                raise CommandError(f"{source}: {problem}") from problem
            count += 1
        if verbosity:
            self.stdout.write(f"{count} catalogues compiled")
