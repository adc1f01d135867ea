"""Makes what the repository does not hold when the wheel is built: compiled translations and subset fonts."""

import importlib.util
import sys
from pathlib import Path
from typing import Any

import polib
from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class MakeAssets(BuildHookInterface):
    """A host project then needs neither gettext nor the font tools."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        root = Path(self.root)
        for app in ("courses", "lms"):
            for source in sorted(root.joinpath(app).rglob("locale/*/LC_MESSAGES/*.po")):
                polib.pofile(str(source)).save_as_mofile(str(source.with_suffix(".mo")))
        # Loaded by its path: the package around it needs Django, the module itself does not.
        spec = importlib.util.spec_from_file_location("fonts", root / "lms" / "management" / "fonts.py")
        if spec is None or spec.loader is None:
            raise FileNotFoundError("lms/management/fonts.py")
        fonts = importlib.util.module_from_spec(spec)
        sys.modules["fonts"] = fonts
        spec.loader.exec_module(fonts)
        fonts.write_fonts(root / "lms" / "static" / "lms" / "fonts")
