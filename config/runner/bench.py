"""bin/bench: a PostgreSQL with its default settings (fsync on), then `python -m benchmarks` on it."""

from __future__ import annotations

import os
import secrets
import signal
import sys

from config.runner.arguments import ROOT
from config.runner.postgres import Postgres
from config.runner.process import Child, Keeper
from config.runner.screen import Screen
from config.runner.steps import Stamps, plan, run_steps
from config.runner.trouble import Trouble, check_folder
from config.runner.valkey import Valkey


def main(argv: list[str]) -> int:
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.default_int_handler)
    screen, keeper, data = Screen(), Keeper(), ROOT / ".data" / "bench"
    servers: list[Postgres | Valkey] = []
    try:
        check_folder(data)
        env = {
            "DJANGO_SECRET_KEY": secrets.token_urlsafe(48),
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "PASSERELLE_DATA": str(data),
            "PASSERELLE_HTTPS": "0",
        }
        steps = [step for step in plan(data, demo=False) if not step.in_database]
        # No page waits for a compressed file here, so the demo's storage, without compression, makes the same manifest sooner.
        uncompressed = {**env, "PASSERELLE_DEMO": "1"}
        run_steps(
            steps, env=uncompressed, stamps=Stamps(data / "steps.json"), database=None, screen=screen, keeper=keeper, data=data
        )
        postgres = Postgres(data / "postgres", keeper=keeper)
        servers.append(postgres)
        postgres.start()
        postgres.make_database("passerelle")
        valkey = Valkey(data / "valkey", keeper=keeper)
        servers.append(valkey)
        valkey.start()
        env |= {"DATABASE_URL": postgres.url("passerelle"), "REDIS_URL": valkey.url()}
        child = Child([sys.executable, "-m", "benchmarks", *argv], env=env, output=sys.stdout.fileno(), cwd=ROOT)
        keeper.watch(child)
        try:
            return child.wait()
        finally:
            child.stop()
            keeper.forget(child)
    except Trouble as trouble:
        screen.broken()
        print(trouble, file=sys.stderr, flush=True)
        return 1
    except KeyboardInterrupt:
        screen.line("\nStopped.")
        return 130
    finally:
        for server in reversed(servers):
            server.stop()
        keeper.close()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
