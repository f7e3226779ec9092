"""Reads the inventory now: the workers do it, or this process where it holds the keys."""

import json
import sys
import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.actors import System
from tokens.inventory.parts import open_parts, parts_of, parts_read_by
from tokens.inventory.planning import requests_left, top_up
from tokens.models import Sync
from tokens.operations.syncs import start_sync
from workqueue.draining import claim_next, is_due
from workqueue.kinds import kind_named
from workqueue.runner import attempt, drain

LOOK_EVERY_SECONDS = 1.0
SHOW_EVERY_SECONDS = 5.0
HERE = ("plan_reads", "finish_sync")


class Command(BaseCommand):
    """Starts a run and waits for it. Interrupting stops the waiting, not the run."""

    help = "Read the inventory now and say what was found. Ends with 1 where something could not be read."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """What can be chosen."""
        parser.add_argument("--json", action="store_true", help="print counts, findings, requests and what is unread")
        parser.add_argument("--lists", action="store_true", help="only members, projects, repositories and tokens")
        parser.add_argument("--here", action="store_true", help="read in this process, which needs the audit keys")
        parser.add_argument("--wait-seconds", type=float, default=0, help="stop waiting after this; 0 waits to the end")

    def handle(self, *args: Any, **options: Any) -> None:
        """Start, wait, print."""
        mode = Sync.Mode.LISTS if options["lists"] else Sync.Mode.FULL
        sync = start_sync(mode, acting_user=System("sync_inventory", kind="command"))
        ends = time.monotonic() + options["wait_seconds"] if options["wait_seconds"] else float("inf")
        try:
            _wait(sync, ends, here=options["here"], show=self.stderr.write)
        except KeyboardInterrupt:
            raise CommandError(f"Not waiting any more; run {sync.pk} goes on.", returncode=130) from None
        if sync.finished_at is None:
            raise CommandError(f"Run {sync.pk} has not ended yet and goes on: {_progress(sync, 0)}", returncode=3)
        self.stdout.write(json.dumps(_answer(sync), indent=2) if options["json"] else _words(sync))
        if not sync.result.get("complete"):
            sys.exit(1)


def _wait(sync: Sync, ends: float, *, here: bool, show: Any) -> None:
    began = shown = time.monotonic()
    while sync.finished_at is None and time.monotonic() < ends:
        if here:
            _work()
        sync.refresh_from_db()
        if time.monotonic() - shown > SHOW_EVERY_SECONDS:
            shown = time.monotonic()
            show(_progress(sync, shown - began))
        if not (here and _is_something_due()):
            time.sleep(LOOK_EVERY_SECONDS)
            top_up()


def _work() -> None:
    """What the workers would do: plan, read, end."""
    for name in HERE:
        kind = kind_named(name)
        while (claim := claim_next(kind)) is not None:
            attempt(claim, kind)
    drain(kind_named("read_part"))


def _is_something_due() -> bool:
    return any(is_due(kind_named(name)) for name in (*HERE, "read_part"))


def _progress(sync: Sync, seconds: float) -> str:
    read, left = parts_read_by(sync).count(), open_parts(sync).count()
    speed = f", {read / seconds:.1f} parts/s" if seconds else ""
    return (
        f"{read} of {parts_of(sync).count()} parts read, {left} left{speed}, {requests_left()} requests left this hour"
    )


def _answer(sync: Sync) -> dict[str, Any]:
    assert sync.finished_at is not None
    seconds = (sync.finished_at - sync.started_at).total_seconds()
    return {"sync": sync.pk, "mode": sync.mode, "seconds": round(seconds, 1), **sync.result}


def _words(sync: Sync) -> str:
    answer = _answer(sync)
    lines = [f"Run {sync.pk} ended after {answer['seconds']} s."]
    lines += [f"{name.replace('_', ' ')}: {number}" for name, number in answer.get("counts", {}).items()]
    lines += [f"findings {name}: {number}" for name, number in (answer.get("findings") or {}).items()]
    lines += [f"requests of {who}: {number}" for who, number in answer.get("requests", {}).items()]
    lines += [f"NOT READ: {row['parts']} of {row['kind']}: {row['reason']}" for row in answer.get("unread", [])]
    lines.append("Everything was read." if answer.get("complete") else "NOT COMPLETE.")
    return "\n".join(lines)
