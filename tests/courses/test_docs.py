"""The examples of docs/mechanics.md, and those of docs/authoring.md, are exercises that would be published as they stand."""

import re
from pathlib import Path

import pytest

from courses.grading import MECHANICS, best_response, check_key, grade
from courses.packs.findings import Findings
from courses.packs.marked import read_yaml
from courses.packs.parts import split_texts

DOCS = Path(__file__).resolve().parents[2] / "docs"
MECHANICS_SHOWN, AUTHORING = (
    re.findall(r"```yaml\n(.*?)```", (DOCS / name).read_text(encoding="utf-8"), re.DOTALL)
    for name in ("mechanics.md", "authoring.md")
)
EXAMPLES = [*MECHANICS_SHOWN, *(example for example in AUTHORING if example.startswith("mechanic: "))]


def test_every_mechanic_has_an_example() -> None:
    named = {re.match(r"mechanic: (\w+)", example).group(1) for example in MECHANICS_SHOWN}
    assert named == set(MECHANICS)


@pytest.mark.parametrize("example", EXAMPLES, ids=range(len(EXAMPLES)))
def test_the_example_is_sound(example: str) -> None:
    findings = Findings()
    document = read_yaml("mechanics.md", example, findings)
    mechanic, key = document.value["mechanic"], document.value["key"]
    payload, _texts = split_texts(mechanic, document.value["payload"], document, ("payload",), ("en", "fr"), findings)
    assert [str(problem) for problem in findings.problems] == []
    assert check_key(mechanic, payload, key) == []
    assert grade(mechanic, payload, key, best_response(mechanic, payload, key)).score == pytest.approx(1)
