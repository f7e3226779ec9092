"""``manage.py seed_scale``: an invented company of any size, for measuring and for looking at full pages."""

import time
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from tokens.inventory.scale import Scale, add_events, seed
from tokens.models import Credential

_NAMED_FOR_IT = ("scale", "bench")


class Command(BaseCommand):
    """Always the same rows. Never among real ones: only in the demo, or in an empty database that is named for it."""

    help = "Fill a demo, or an empty database with “scale” or “bench” in its name, with invented rows."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """How much of everything."""
        parser.add_argument("--credentials", type=int, default=100_000)
        parser.add_argument("--people", type=int, help="one for every 40 credentials unless it says otherwise")
        parser.add_argument("--repositories", type=int, help="one for every 50 credentials unless it says otherwise")
        parser.add_argument("--findings", type=float, default=0.3, help="share of live credentials looked at, 0 to 1")
        parser.add_argument("--events", type=int, default=0, help="events on the trail; they can never be removed")

    def handle(
        self,
        *,
        credentials: int,
        people: int | None,
        repositories: int | None,
        findings: float,
        events: int,
        **_: Any,
    ) -> None:
        """Make the rows, and say how many and how long it took."""
        _require_no_real_rows()
        began = time.monotonic()
        scale = Scale(
            credentials,
            people if people is not None else max(20, credentials // 40),
            repositories if repositories is not None else max(20, credentials // 50),
            findings,
        )
        try:
            done = seed(scale, told=self._tell)
        except ValueError as problem:
            raise CommandError(str(problem)) from None
        if events:
            add_events(events)
        # Plans follow what is known of the rows; nobody should measure before the server has looked at them.
        with connection.cursor() as cursor:
            cursor.execute("VACUUM (ANALYZE) tokens_credential, tokens_request, tokens_finding, accounts_person")
            cursor.execute("ANALYZE")
        self.stdout.write(f"{done}, {events:,} events in {time.monotonic() - began:.0f} s.")

    def _tell(self, words: str) -> None:
        self.stdout.write(words)


def _require_no_real_rows() -> None:
    """Refuse anything that could be somebody's own database.

    Raises:
        CommandError: it could be.
    """
    name = str(connection.settings_dict["NAME"])
    if settings.DEMO:
        return
    if not any(word in name for word in _NAMED_FOR_IT):
        raise CommandError(
            f"The database {name!r} may hold real rows. This command works in the demo (DEMO=1), or in an empty"
            f" database with {' or '.join(_NAMED_FOR_IT)} in its name."
        )
    if Credential.objects.exists():
        raise CommandError(f"The database {name!r} is not empty.")
