"""``manage.py build_assets``: what the pages need and the repository does not hold."""

import logging
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

import lms
from lms.management.fonts import write_fonts

FOLDER = Path(lms.__file__).parent / "static" / "lms" / "fonts"


class Command(BaseCommand):
    """Subsets the packaged fonts to WOFF2. Run once after an installation, before ``collectstatic``; running it again is harmless."""

    requires_system_checks: list[str] = []
    help = "Makes the web fonts from the installed font packages."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--folder", type=Path, default=FOLDER, help="Where to write (default: the app's static folder).")

    def handle(self, *args: Any, folder: Path, verbosity: int = 1, **options: Any) -> None:
        logging.getLogger("fontTools").setLevel(logging.WARNING)  # it tells every glyph
        made = write_fonts(folder)
        if verbosity:
            total = sum(len(one.content) for one in made)
            self.stdout.write(f"{len(made)} files, {total / 1000:.0f} kB, in {folder}")
