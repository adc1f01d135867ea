"""The embedded servers: they come up, keep what they were given, and come up again after a kill."""

import os
import signal
from pathlib import Path

import psycopg
import pytest
import redis

from config.runner.postgres import USER, Postgres
from config.runner.valkey import Valkey

pytestmark = pytest.mark.services


def test_postgres_keeps_its_data_over_a_kill_and_speaks_on_no_port(tmp_path: Path) -> None:
    server = Postgres(tmp_path / "postgres")
    server.start()
    try:
        assert server.make_database("passerelle") is True
        assert server.make_database("passerelle") is False
        with psycopg.connect(host=str(server.sockets), user=USER, dbname="passerelle") as link:
            link.execute("CREATE TABLE kept AS SELECT 'Chloé' AS name")
            shown = {
                name: link.execute(f"SHOW {name}").fetchone()[0] for name in ("listen_addresses", "fsync", "server_encoding")
            }
            assert shown == {"listen_addresses": "", "fsync": "on", "server_encoding": "UTF8"}
            # Whatever the machine's language: a case-insensitive unique e-mail needs this.
            assert link.execute("SELECT upper('é')").fetchone() == ("É",)
        assert server.child is not None
        assert os.stat(f"/proc/{server.child.pid}").st_uid == os.stat(server.data).st_uid
        server.child.send_signal(signal.SIGKILL)
        server.child.wait()
    finally:
        server.stop()

    again = Postgres(tmp_path / "postgres")
    again.start()
    try:
        with psycopg.connect(host=str(again.sockets), user=USER, dbname="passerelle") as link:
            assert link.execute("SELECT name FROM kept").fetchall() == [("Chloé",)]
    finally:
        again.stop()
    assert not again.sockets.exists()


def test_valkey_keeps_its_queue_over_a_kill_and_asks_for_its_password(tmp_path: Path) -> None:
    server = Valkey(tmp_path / "valkey")
    server.start()
    with redis.Redis.from_url(server.url()) as client:
        client.rpush("celery", *range(100))
        client.execute_command("WAITAOF", 1, 0, 5000)
    with redis.Redis(port=server.port) as stranger, pytest.raises(redis.AuthenticationError):
        stranger.ping()
    assert server.child is not None
    server.child.kill()
    server.stop()

    server.start()
    try:
        with redis.Redis.from_url(server.url()) as client:
            assert client.llen("celery") == 100
    finally:
        server.stop()
