"""The options of bin/run, bin/test and bin/bench. Standard library only, so that --help works before anything is installed."""

from __future__ import annotations

import argparse
import os
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent

RUN_EPILOG = """\
Servers of your own, instead of the embedded ones, come from the environment:
  DATABASE_URL   postgres://user:password@host:5432/name   (PostgreSQL 15 or newer)
  REDIS_URL      redis://host:6379/0                       (any Redis-protocol server)
  EMAIL_URL      smtp://user:password@host:25              (otherwise mails land in the demo mailbox)
The demo company is put into an embedded database only; with a database of your own, add --demo.
"""

TEST_EPILOG = """\
Without arguments: the quality floor, the suite on SQLite and on PostgreSQL, then journeys and faults on PostgreSQL.
Everything else is handed to pytest, for example:  bin/test tests/lms/nudges -k quiet
"""

BENCH_EPILOG = "Examples:  bin/bench        every benchmark\n           bin/bench P3 P5  two of them\n"


@dataclass(frozen=True)
class RunOptions:
    """What was asked of bin/run."""

    port: int
    host: str
    data: Path
    postgres: bool
    fresh: bool
    demo: bool


def run_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="bin/run",
        description="Run Passerelle on this machine: web server, worker and clock together, with a demo company to look around in.",
        epilog=RUN_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--port", type=int, default=int(os.environ.get("PORT", "8000")), help="port of the web server (8000)")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (127.0.0.1: this machine only)")
    parser.add_argument("--postgres", action="store_true", help="embedded PostgreSQL instead of SQLite")
    parser.add_argument("--data", type=Path, default=ROOT / ".data", metavar="DIR", help="folder of the data (.data)")
    parser.add_argument("--fresh", action="store_true", help="throw the data of that folder away and begin again")
    parser.add_argument("--demo", action="store_true", help="make the demo company in a database of your own, too")
    return parser


def parse_run(argv: list[str]) -> RunOptions:
    given = run_parser().parse_args(argv)
    return RunOptions(
        port=given.port, host=given.host, data=given.data.resolve(), postgres=given.postgres, fresh=given.fresh, demo=given.demo
    )


def test_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="bin/test",
        usage="bin/test [--pg] [--battery] [PATH … -k … any other pytest option]",
        description="Check everything that must hold.",
        epilog=TEST_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--pg", action="store_true", help="with a path: run it on PostgreSQL instead of SQLite")
    parser.add_argument("--battery", action="store_true", help="the long tests too (marker: battery)")
    return parser


def bench_parser() -> argparse.ArgumentParser:
    return argparse.ArgumentParser(
        prog="bin/bench",
        usage="bin/bench [P1 P2 …]",
        description="Measure ours against its floor, interleaved, on a PostgreSQL started for the occasion.",
        epilog=BENCH_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )


if __name__ == "__main__":
    import sys

    {"run": run_parser, "test": test_parser, "bench": bench_parser}[sys.argv[1]]().print_help()
