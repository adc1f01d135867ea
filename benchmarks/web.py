"""A web server like the deployed one, and clients for it: one after the other, or eight at once. Loopback only."""

from __future__ import annotations

import http.client
import os
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field

HOST = "127.0.0.1"
CLIENTS = 8


@dataclass(frozen=True)
class Call:
    """One request as a browser would send it."""

    method: str
    path: str
    cookies: str
    body: str = ""
    headers: dict[str, str] = field(default_factory=dict)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


@contextmanager
def server(environment: dict[str, str]) -> Iterator[int]:
    """Two workers, as on a machine with two cores."""
    port = free_port()
    command = [
        sys.executable, "-m", "granian", "--interface", "wsgi", "--host", HOST, "--port", str(port), "--workers", "2",
        "--no-ws", "--log-level", "error", "config.wsgi:application",
    ]  # fmt: skip
    process = subprocess.Popen(command, env={**os.environ, **environment}, stdout=subprocess.DEVNULL, start_new_session=True)
    try:
        deadline = time.monotonic() + 60
        while True:
            try:
                socket.create_connection((HOST, port), timeout=1).close()
                break
            except OSError:
                if time.monotonic() > deadline or process.poll() is not None:
                    raise
                time.sleep(0.2)
        yield port
    finally:
        process.terminate()
        try:
            process.wait(timeout=15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _send(connection: http.client.HTTPConnection, call: Call, expected: int) -> float:
    headers = {"Cookie": call.cookies, **call.headers}
    if call.body:
        headers["Content-Type"] = "application/x-www-form-urlencoded"
    started = time.perf_counter()
    connection.request(call.method, call.path, call.body or None, headers)
    answer = connection.getresponse()
    text = answer.read()
    took = time.perf_counter() - started
    if answer.status != expected:
        raise AssertionError(f"{call.method} {call.path} answered {answer.status}, not {expected}: {text[:300]!r}")
    return took


def alone(port: int, calls: Sequence[Call], expected: int) -> float:
    """Median seconds of the calls, one after the other on one connection."""
    connection = http.client.HTTPConnection(HOST, port, timeout=30)
    try:
        return statistics.median(_send(connection, call, expected) for call in calls)
    finally:
        connection.close()


def together(port: int, calls: Sequence[Call], expected: int) -> tuple[float, float]:
    """``CLIENTS`` connections share the calls: seconds per call of the whole (its inverse is calls per second), and the 95th percentile."""
    shares = [calls[start::CLIENTS] for start in range(CLIENTS)]

    def client(share: Sequence[Call]) -> list[float]:
        connection = http.client.HTTPConnection(HOST, port, timeout=30)
        try:
            return [_send(connection, call, expected) for call in share]
        finally:
            connection.close()

    started = time.perf_counter()
    with ThreadPoolExecutor(CLIENTS) as pool:
        times = [took for took_by_one in pool.map(client, shares) for took in took_by_one]
    elapsed = time.perf_counter() - started
    return elapsed / len(calls), sorted(times)[int(len(times) * 0.95)]


def interleave(
    ours: Callable[[], tuple[float, ...]], floor: Callable[[], tuple[float, ...]], repeats: int = 5
) -> tuple[list[tuple[float, ...]], list[tuple[float, ...]]]:
    """Ours, floor, ours, floor …: every round's figures."""
    mine, bare = [], []
    for _round in range(repeats):
        mine.append(ours())
        bare.append(floor())
    return mine, bare
