"""Compiles the translations when the wheel is built, so that a host project needs no gettext."""

from pathlib import Path
from typing import Any

import polib
from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CompileTranslations(BuildHookInterface):  # type: ignore[misc]
    """Writes django.mo beside every django.po of the two apps."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        for app in ("courses", "lms"):
            for source in sorted(Path(self.root, app).rglob("locale/*/LC_MESSAGES/*.po")):
                polib.pofile(str(source)).save_as_mofile(str(source.with_suffix(".mo")))
