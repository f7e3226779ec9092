"""From calls to the smallest set of scopes."""

import json
import sys
from typing import Any, get_args

from django.core.management.base import BaseCommand, CommandParser

from tokens.adviser_shelf import shelf_at_hand
from tokens.catalogue.adviser.answers import answer_for_calls
from tokens.catalogue.adviser.model import UsedBy
from tokens.catalogue.operations import read_calls


class Command(BaseCommand):
    """``manage.py scopes``: reads calls from stdin, one a line, and answers in JSON."""

    help = "Say which scopes REST calls, curl lines and git commands need; one a line on stdin, JSON on stdout."
    requires_system_checks: list[str] = []  # works without a database and without any setting

    def add_arguments(self, parser: CommandParser) -> None:
        """Say what the command takes."""
        parser.add_argument(
            "--used-by", choices=get_args(UsedBy), help="who will use the credential; decides the kind that fits"
        )

    def handle(self, *_: Any, used_by: UsedBy | None, **__: Any) -> None:
        """Read, answer."""
        # A log may hold bytes that are no UTF-8; they are no reason to refuse the rest of it.
        text = sys.stdin.buffer.read().decode("utf-8", errors="replace")
        answer = answer_for_calls(read_calls(text), shelf_at_hand(), used_by)
        self.stdout.write(json.dumps(answer, indent=2))
