"""The examples of docs/mechanics.md are exercises that would be published as they stand."""

import re
from pathlib import Path

import pytest

from courses.grading import MECHANICS, best_response, check_key, grade
from courses.packs.findings import Findings
from courses.packs.marked import read_yaml
from courses.packs.parts import split_texts

PAGE = Path(__file__).resolve().parents[2] / "docs" / "mechanics.md"
EXAMPLES = re.findall(r"```yaml\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)


def test_every_mechanic_has_an_example() -> None:
    named = {re.match(r"mechanic: (\w+)", example).group(1) for example in EXAMPLES}
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
