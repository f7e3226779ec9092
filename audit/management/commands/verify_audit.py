"""``manage.py verify_audit``: does the trail hold?"""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from audit.chain import Head, Verdict, heads_from_lines, line_from_head, verify_chain


class Command(BaseCommand):
    """Checks every event from the first on; ends with an error at the first that does not hold."""

    help = "Check the audit trail's chain, and that the heads in an anchor file are still in it."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """What the caller may choose."""
        parser.add_argument("--anchor", type=Path, help="heads kept outside the database, one JSON object a line")
        parser.add_argument(
            "--write-anchor", type=Path, help="append the newest event's head to this file if the trail holds"
        )

    def handle(self, *, anchor: Path | None, write_anchor: Path | None, **_: Any) -> None:
        """Check, say what was found, and keep the head when asked to."""
        verdict = verify_chain(_heads_in(anchor) if anchor else [])
        if verdict.broken:
            raise CommandError(f"The trail does not hold at event {verdict.broken.seq}: {verdict.broken.reason}.")
        self.stdout.write(_words(verdict))
        if write_anchor and verdict.head:
            with write_anchor.open("a", encoding="utf-8") as file:
                file.write(line_from_head(verdict.head) + "\n")


def _heads_in(path: Path) -> list[Head]:
    try:
        heads = heads_from_lines(path.read_text(encoding="utf-8").splitlines())
    except (OSError, ValueError) as error:
        raise CommandError(f"The anchor file cannot be used: {error}") from None
    if not heads:
        raise CommandError("The anchor file holds no head.")
    return heads


def _words(verdict: Verdict) -> str:
    if verdict.head is None:
        return "The trail is empty."
    newer = verdict.events - verdict.proven_up_to
    rest = f"{newer} of them newer than the last anchor" if verdict.proven_up_to else "none of them anchored"
    return f"The trail holds: {verdict.events} events, {rest}. Newest: {line_from_head(verdict.head)}"
