"""P5: list, search, filter and deep pages. ``python -m bench.listing`` starts its servers, fills them and measures."""

import os
import subprocess
import sys
import time
from typing import Final

import psycopg
from psycopg import sql

from devstack.services import run_beside_servers

CREDENTIALS: Final = int(os.environ.get("BENCH_CREDENTIALS", "100000"))
EVENTS: Final = int(os.environ.get("BENCH_EVENTS", "0"))
_INSIDE: Final = "--inside"
_DATABASE: Final = "portal_bench"
_MEASURE: Final = "from bench.listing.measuring import measure; measure()"


def main() -> int:
    """Start real servers and run the rest beside them."""
    return run_beside_servers([sys.executable, "-m", "bench.listing", _INSIDE])[0]


def inside() -> int:
    """Make the database, fill it, measure."""
    server = os.environ["DATABASE_URL"].rpartition("/")[0]
    with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(_DATABASE)))
    os.environ.update(DATABASE_URL=f"{server}/{_DATABASE}", DJANGO_SETTINGS_MODULE="bench.listing.settings")
    os.environ.update(PORTAL_PROCESS="cli", SECRET_KEY="only-for-the-bench-" * 3)
    began = time.monotonic()
    _manage("migrate", "--verbosity", "0")
    _manage("seed_scale", "--credentials", str(CREDENTIALS), "--events", str(EVENTS))
    print(f"{CREDENTIALS:,} credentials and {EVENTS:,} events in {time.monotonic() - began:.0f} s", flush=True)
    return subprocess.run(
        [sys.executable, "manage.py", "shell", "--no-imports", "-c", _MEASURE], check=False
    ).returncode


def _manage(*arguments: str) -> None:
    subprocess.run([sys.executable, "manage.py", *arguments], check=True, stdout=subprocess.DEVNULL)


if __name__ == "__main__":
    sys.exit(inside() if _INSIDE in sys.argv else main())
