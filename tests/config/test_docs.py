"""The documents say what the code does."""

import dataclasses
import re
from pathlib import Path

from lms.conf import Conf

ROOT = Path(__file__).resolve().parents[2]
LINK = re.compile(r"\]\((?!https?://|mailto:)([^)#\s]+)")


def test_every_setting_is_documented_with_its_default():
    table = (ROOT / "docs/settings.md").read_text(encoding="utf-8")
    rows = dict(re.findall(r"^\| `([A-Z0-9_]+)` \| `(.+?)` \|", table, flags=re.MULTILINE))
    assert list(rows) == [field.name for field in dataclasses.fields(Conf)]
    simple = {field.name: repr(field.default) for field in dataclasses.fields(Conf) if field.name != "SENDING_WINDOWS"}
    assert {name: said for name, said in rows.items() if name in simple} == simple


def test_links_between_documents_lead_somewhere():
    wrong = []
    for page in [ROOT / "README.md", ROOT / "CHANGELOG.md", *(ROOT / "docs").rglob("*.md")]:
        for target in LINK.findall(page.read_text(encoding="utf-8")):
            if not (page.parent / target).exists():
                wrong.append(f"{page.relative_to(ROOT)}: {target}")
    assert wrong == []
