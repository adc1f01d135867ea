"""The shipped content, published once for all tests of this folder."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection
from django.utils import timezone
from pytest_django import DjangoDbBlocker


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Half a minute a walk: the suite walks on SQLite, and in a browser on PostgreSQL; the battery on both."""
    if connection.vendor != "postgresql":
        return
    for item in items:
        if Path(__file__).parent in item.path.parents and not item.get_closest_marker("battery"):
            item.add_marker(pytest.mark.skip(reason="tried on SQLite; on PostgreSQL in the battery, and in a browser"))


# Here and not in a plugin: only a fixture of the folder's own conftest ends with the folder; a plugin's would last as long as the session.
@pytest.fixture(scope="package")
def shipped_catalogue(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Committed, so that each test of the folder finds it; every table is emptied afterwards."""
    from courses.packs.publisher import publish_pack
    from tests.conftest import hr_group
    from tests.courses.shipped import shipped

    with django_db_blocker.unblock():
        # Where no test asks for the database there is none: ours would be emptied.
        assert "test" in connection.settings_dict["NAME"] or "memory" in connection.settings_dict["NAME"]
        publish_pack(pack=shipped(), now=timezone.now())
    yield
    with django_db_blocker.unblock():
        call_command("flush", interactive=False, verbosity=0)
        hr_group()
