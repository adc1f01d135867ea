import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from courses.checks import check_languages, check_published
from courses.packs.publisher import publish_pack
from courses.packs.reader import read_pack
from tests.courses.packs.small import FILES, write


def test_a_site_in_neither_language_is_warned(settings: Any) -> None:
    assert check_languages(None) == []
    settings.LANGUAGES = [("fr-be", "français")]
    assert check_languages(None) == []
    settings.LANGUAGES = [("de", "Deutsch")]
    assert [message.id for message in check_languages(None)] == ["courses.W001"]


@pytest.mark.django_db
def test_a_site_without_content_is_told_the_command(tmp_path: Path) -> None:
    assert check_published(None) == []  # no database may be asked
    (message,) = check_published(None, databases=["default"])
    assert message.id == "courses.W002"
    assert "publish_content" in str(message.hint)
    publish_pack(pack=read_pack(write(tmp_path, FILES)), now=dt.datetime(2026, 3, 4, tzinfo=dt.UTC))
    assert check_published(None, databases=["default"]) == []
