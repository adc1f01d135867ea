"""docs/importing-questions.md names every type that is known, with what becomes of it."""

import re
from pathlib import Path

from courses.imports.mechanics import REASONS, SHAPES
from tests.courses.imports.samples import answer, brought, question, quiz

PAGE = Path(__file__).resolve().parents[3] / "docs" / "importing-questions.md"
TABLE = (
    PAGE.read_text(encoding="utf-8").partition("## What becomes of which type")[2].partition("## What becomes of the texts")[0]
)
ROWS = {
    kind: row[2]
    for row in (line.strip("|").split(" | ") for line in TABLE.splitlines() if line.startswith("| `"))
    for kind in re.findall(r"`(\w+)`", row[0])
}


def test_every_known_type_stands_in_the_table() -> None:
    assert set(ROWS) == (set(SHAPES) | set(REASONS)) - {""}


def test_the_table_is_true(tmp_path: Path) -> None:
    inner = answer("1", 100) + answer("2", 0)
    pairs = "".join(f"<subquestion><text>{one}</text><answer><text>{one}{one}</text></answer></subquestion>" for one in "ab")
    for number, (kind, said) in enumerate(ROWS.items()):
        folder = tmp_path / str(number)
        folder.mkdir()
        [judged] = brought(folder, quiz(question(kind, inner + pairs))).judged
        assert (judged.item.mechanic if judged.item else "not carried") in said, kind
