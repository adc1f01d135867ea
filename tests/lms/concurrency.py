"""Many threads at once on a real database, for tests of what must count once.

On PostgreSQL the threads use the test database. SQLite's test database lives in memory, where threads would share one cache and its
table locks; so it is copied to a file first, and the threads work there, as separate processes would.
"""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeVar

import pytest
from django.db import connection, connections

Answer = TypeVar("Answer")


class Crowd:
    """Runs functions in threads of their own, each with a connection of its own."""

    def at_once(self, do: Callable[[int], Answer], count: int) -> list[Answer]:
        """``do(0)`` … ``do(count - 1)``, all released together; their answers in order. The first exception is raised again."""
        barrier = threading.Barrier(count)

        def run(number: int) -> Answer:
            try:
                connection.ensure_connection()
                barrier.wait(timeout=60)
                return do(number)
            finally:
                connections.close_all()

        with ThreadPoolExecutor(count) as pool:
            return list(pool.map(run, range(count)))

    def alone(self, do: Callable[[], Answer]) -> Answer:
        """One more look at the same database."""
        return self.at_once(lambda _number: do(), 1)[0]


@pytest.fixture
def crowd(transactional_db: None, tmp_path: Path) -> Iterator[Callable[[], Crowd]]:
    """Call it once the rows are made; everything after that goes through the crowd."""
    settings: dict[str, Any] = connections.settings["default"]
    name = settings["NAME"]

    def ready() -> Crowd:
        if connection.vendor == "sqlite" and connection.is_in_memory_db():
            copy = tmp_path / "copy.sqlite3"
            with connection.cursor() as cursor:
                cursor.execute("VACUUM INTO %s", [str(copy)])
            settings["NAME"] = str(copy)
        return Crowd()

    yield ready
    settings["NAME"] = name
