from collections.abc import Callable

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext


@pytest.fixture
def connection_log() -> Callable[[], CaptureQueriesContext]:
    """Counts statements: ``with connection_log() as log: …; len(log)``."""
    return lambda: CaptureQueriesContext(connection)
