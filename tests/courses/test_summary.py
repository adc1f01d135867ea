"""docs/modules.md says what the shipped content holds."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from courses.packs.content import Graded
from courses.packs.summary import count_words, describe_pack, words_of
from tests.courses.packs.small import FILES, write
from tests.courses.shipped import MODULES, shipped

PAGE = Path(__file__).resolve().parents[2] / "docs" / "modules.md"


def test_the_page_is_what_the_content_gives() -> None:
    assert PAGE.read_text(encoding="utf-8") == describe_pack(shipped()), "manage.py describe_content docs/modules.md writes it"


def test_the_page_names_every_module_and_its_minutes() -> None:
    page = describe_pack(shipped())
    for module in shipped().modules:
        assert f"| {module.id.upper()} {module.title['en']} / {module.title['fr']} |" in page
    assert page.count("\n| ") == 2 * len(MODULES) + 4 * len(shipped().tracks) + 2 + 9


def test_words_are_those_that_a_learner_reads() -> None:
    """Texts of each language, without markup; ids, payloads and keys are not read, but for the answer that would do."""
    item = Graded(
        "one-two-three",
        "write",
        {"criteria": [{"id": "not-a-word"}]},
        {"anchors": {"en": ["neither", "of", "these"]}, "model": {"en": "Dear all.", "fr": "Bonjour."}},
        {
            "en": {"prompt": "<p>Write <em>three</em> words.</p>", "parts": {"a": "Two&nbsp;words"}},
            "fr": {"prompt": "<p>Écrivez.</p>"},
        },
    )
    assert count_words([item], ["en", "fr"]) == {"en": 7, "fr": 2}


def test_the_parts_of_a_module_are_all_its_texts() -> None:
    module = shipped().modules[0]
    by_part = words_of(module, shipped())
    activities = count_words(list(module.activities), shipped().languages)
    cards = count_words(module.cards, shipped().languages)
    for language in ("en", "fr"):
        assert sum(words[language] for words in by_part.values()) == activities[language] + cards[language]
        assert all(words[language] for words in by_part.values())


def test_a_page_that_is_no_longer_true_is_refused(tmp_path: Path) -> None:
    page, pack = tmp_path / "modules.md", write(tmp_path / "pack", FILES)
    with pytest.raises(CommandError):
        call_command("describe_content", page, check=True, pack=pack)
    call_command("describe_content", page, pack=pack, stdout=StringIO())
    call_command("describe_content", page, check=True, pack=pack, stdout=StringIO())
    page.write_text(page.read_text(encoding="utf-8").replace("| 1 |", "| 2 |", 1), encoding="utf-8")
    with pytest.raises(CommandError):
        call_command("describe_content", page, check=True, pack=pack)


def test_a_page_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    pack = write(tmp_path / "pack", FILES)
    with pytest.raises(CommandError, match="No such file or directory"):
        call_command("describe_content", tmp_path / "nowhere" / "modules.md", pack=pack)
    with pytest.raises(CommandError, match="does not say"):
        call_command("describe_content", tmp_path, check=True, pack=pack)
