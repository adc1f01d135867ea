"""The examples of "Catalogue files" in docs/authoring.md name what the format knows, and all of it."""

import re
from pathlib import Path

import pytest

from courses.packs import catalogue_format as formats
from courses.packs.findings import Findings
from courses.packs.marked import read_yaml

PAGE = Path(__file__).resolve().parents[2] / "docs" / "authoring.md"
SECTION = PAGE.read_text(encoding="utf-8").partition("## Catalogue files\n")[2].partition("\n## ")[0]
EXAMPLES = dict(re.findall(r"^`([\w/.-]+)`[^\n]*\n\n((?:    .*\n)+)", SECTION, re.MULTILINE))
SHAPES = {
    "sectors.yaml": formats.SectorEntry,
    "use-cases": formats.UseCaseEntry,
    "roles": formats.RoleFile,
    "offers": formats.OfferFile,
    "portraits": formats.PortraitFile,
    "glossary": formats.TermEntry,
    "facts": formats.FactEntry,
    "documents": formats.DocumentFile,
    "paths": formats.PathFile,
}


def test_every_kind_has_an_example() -> None:
    assert {name.partition("/")[0] for name in EXAMPLES} == set(SHAPES)


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_example_is_sound_and_has_every_field(name: str) -> None:
    shape = SHAPES[name.partition("/")[0]]
    findings = Findings()
    # "…" at the end of a list stands for more of the same
    said = read_yaml(name, re.sub(r"\[(.*), …\]", r"[\1, \1, \1]", EXAMPLES[name]), findings).value
    assert [str(problem) for problem in findings.problems] == []
    entry = said[0] if isinstance(said, list) else said
    shape.model_validate(entry, context={"languages": ("en", "fr")})
    assert set(entry) | {"was"} == set(shape.model_fields)
    if isinstance(said, dict):
        assert name == f"{name.partition('/')[0]}/{entry['id']}.yaml"
