"""``python -m benchmarks [P1 P3 …]``: measure, print, write JSON. Started by ``bin/bench``, which brings the PostgreSQL."""

import importlib
import os
import platform
import sys
from pathlib import Path

import django


def main() -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    from django.db import connection

    from benchmarks.harness import write_json

    if connection.vendor != "postgresql":
        print("The benchmarks compare with PostgreSQL: start them with bin/bench.", file=sys.stderr)
        return 2
    names = sorted((path.stem for path in Path(__file__).parent.glob("p[0-9]*.py")), key=lambda name: int(name[1:].split("_")[0]))
    chosen = {name.upper() for name in sys.argv[1:]}
    lines = []
    for name in names:
        number = name.split("_")[0].upper()
        if chosen and number not in chosen:
            continue
        for measured in importlib.import_module(f"benchmarks.{name}").measure():
            print(measured, flush=True)
            lines.append(measured)
    if not lines:
        print(f"Nothing measured. Known: {', '.join(name.split('_')[0].upper() for name in names)}.", file=sys.stderr)
        return 2
    path = write_json(
        lines, {"python": platform.python_version(), "cores": os.cpu_count(), "postgresql": connection.get_database_version()}
    )
    missed = [measured.id for measured in lines if not measured.met]
    print(f"\n{len(lines)} measured, {len(lines) - len(missed)} within their goal; written to {path.name}.")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
