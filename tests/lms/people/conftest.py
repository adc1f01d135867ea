"""Directory files written in the test itself, read as HR's would be."""

from collections.abc import Callable, Iterator

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from lms.enums import Source
from lms.models import DirectoryImport, Learner
from lms.people.actions import apply_directory, preview_directory, upload_directory
from tests.conftest import NOW

Import = Callable[..., DirectoryImport]


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    """Words of messages are compared as the code has them."""
    with translation.override("en"):
        yield


def _content(text: str | bytes) -> bytes:
    if isinstance(text, bytes):
        return text
    return "\n".join(line.strip() for line in text.strip().splitlines()).encode()


@pytest.fixture
def preview(db) -> Import:
    def run(text: str | bytes, *, full: bool = False, now=NOW, actor=None, file_name: str = "people.csv") -> DirectoryImport:
        kept = upload_directory(content=_content(text), file_name=file_name, full=full, actor=actor, source=Source.ADMIN, now=now)
        return preview_directory(directory_import=kept, now=now)

    return run


@pytest.fixture
def bring(preview) -> Import:
    """Upload, check and apply."""

    def run(text: str | bytes, *, confirm_leavers: bool = False, progress=None, now=NOW, actor=None, **kwargs) -> DirectoryImport:
        kept = preview(text, now=now, actor=actor, **kwargs)
        return apply_directory(
            directory_import=kept, actor=actor, source=Source.ADMIN, now=now, confirm_leavers=confirm_leavers, progress=progress
        )

    return run


@pytest.fixture
def person() -> Callable[[str], Learner]:
    return lambda external_id: Learner.objects.select_related("user", "department", "manager", "site", "domain").get(
        external_id=external_id
    )


@pytest.fixture
def connection_log() -> Callable[[], CaptureQueriesContext]:
    """Counts statements: ``with connection_log() as log: …; len(log)``."""
    return lambda: CaptureQueriesContext(connection)
