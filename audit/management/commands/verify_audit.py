"""``manage.py verify_audit``: does the trail hold, or an evidence pack?"""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError

from audit import verifier
from audit.chain import Head, Verdict, heads_from_lines, line_from_head, verify_chain
from audit.models import Event


class Command(BaseCommand):
    """Checks every event from the first on, or a pack; ends with an error at the first thing that does not hold."""

    help = "Check the audit trail's chain, and that the heads in an anchor file are still in it; or an evidence pack."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """What the caller may choose."""
        parser.add_argument("--anchor", type=Path, help="heads kept outside the database, one JSON object a line")
        parser.add_argument(
            "--write-anchor", type=Path, help="append the newest event's head to this file if the trail holds"
        )
        parser.add_argument("--pack", type=Path, help="check this evidence pack instead of the trail")
        parser.add_argument("--key", type=Path, help="file with the public key for --pack, as signing_key prints it")

    def handle(self, *, pack: Path | None = None, key: Path | None = None, **options: Any) -> None:
        """Check, and say what was found."""
        if pack and key:
            self.stdout.write(_pack_words(pack, key))
        elif pack:
            raise CommandError("A pack is checked with a key from elsewhere: name its file with --key.")
        elif key:
            raise CommandError("--key is for checking a pack: name it with --pack.")
        if not pack or options["anchor"] or options["write_anchor"]:
            self._check_trail(options["anchor"], options["write_anchor"])

    def _check_trail(self, anchor: Path | None, write_anchor: Path | None) -> None:
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


def _pack_words(path: Path, key_path: Path) -> str:
    try:
        report = verifier.check(verifier.pack_from_file(path), verifier.key_from_file(key_path))
    except OSError as error:
        raise CommandError(f"{error.filename} cannot be read: {error.strerror}.") from None
    except verifier.NoKey as error:
        raise CommandError(f"The key file cannot be used: {error}.") from None
    except verifier.DoesNotHold as error:
        raise CommandError(f"The pack does not hold. {error}") from None
    return f"{report.words()}\n{_head_words(report.head)}"


def _head_words(head: verifier.Head) -> str:
    """What this portal's own trail says about the head that a pack names."""
    try:
        known = Event.objects.filter(seq=head.seq).values_list("hash", flat=True).first()
    except (DatabaseError, ImproperlyConfigured):
        return "It was not compared with the trail: there is no database here."
    if head.seq and known is None:
        raise CommandError(f"The pack does not fit this trail: it names event {head.seq}, which is not there.")
    if known is not None and known != head.hash:
        raise CommandError(f"The pack does not fit this trail: event {head.seq} is another one here.")
    return f"Event {head.seq} is the same in this trail." if head.seq else "The trail was empty then."
