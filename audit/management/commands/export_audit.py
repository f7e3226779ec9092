"""``manage.py export_audit``: the trail to standard output."""

from argparse import ArgumentParser, ArgumentTypeError
from datetime import UTC, datetime
from typing import Any, TextIO, cast

from django.core.management.base import BaseCommand

from audit.exports import export_events


def moment(text: str) -> datetime:
    """A date or a time as ISO 8601; without a zone it is UTC."""
    try:
        value = datetime.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError(f"{text!r} is not a date such as 2026-01-31 or 2026-01-31T09:00:00Z") from None
    return value if value.tzinfo else value.replace(tzinfo=UTC)


class Command(BaseCommand):
    """Streams events, the oldest first."""

    help = "Write the audit trail to standard output."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """What the caller may choose."""
        parser.add_argument("--format", choices=("csv", "jsonl"), required=True, dest="format_name")
        parser.add_argument("--since", type=moment, help="not older than this (UTC unless it says otherwise)")
        parser.add_argument("--until", type=moment, help="older than this")

    def handle(self, *, format_name: str, since: datetime | None, until: datetime | None, **_: Any) -> None:
        """Write it."""
        # The wrapper around standard output adds line ends of its own; the stream below it does not.
        output = cast("TextIO", self.stdout._out)
        export_events(output, format_name=format_name, since=since, until=until)
