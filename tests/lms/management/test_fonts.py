"""The fonts are small, complete for French, and stand in for each other without a jump."""

import io
import re
from pathlib import Path

from django.core.management import call_command
from fontTools.ttLib import TTFont

FRENCH = "ÀÂÆÇÈÉÊËÎÏÔŒÙÛÜŸàâæçèéêëîïôœùûüÿ«»’–€…"


def test_build_assets(tmp_path: Path) -> None:
    for _again in range(2):
        call_command("build_assets", folder=tmp_path, verbosity=0)
    files = sorted(path.name for path in tmp_path.iterdir())
    assert files == [
        "atkinson-hyperlegible-bold.woff2", "atkinson-hyperlegible-italic.woff2", "atkinson-hyperlegible-regular.woff2",
        "bricolage-grotesque.woff2", "fonts.css",
    ]  # fmt: skip
    assert sum(path.stat().st_size for path in tmp_path.glob("*.woff2")) < 80_000
    for path in tmp_path.glob("*.woff2"):
        known = TTFont(io.BytesIO(path.read_bytes())).getBestCmap()
        assert [letter for letter in FRENCH if ord(letter) not in known] == []
    sheet = (tmp_path / "fonts.css").read_text()
    assert sorted(re.findall(r'url\("([^"]+)"\)', sheet)) == files[:-1]
    assert sheet.count("font-display: swap") == 4
    assert sheet.count("size-adjust") == 2
