"""Say why git, curl, a build or an IDE was refused: an error text in, JSON out."""

import json
import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from tokens.catalogue.diagnosis import diagnose, diagnosis_as_json


class Command(BaseCommand):
    """``manage.py diagnose``: needs neither a database nor any setting, and keeps nothing."""

    help = "Read an error text from standard input and say its cause and the remedy, as JSON."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """One text, or many."""
        parser.add_argument(
            "--batch",
            action="store_true",
            help="Read one JSON string a line and answer each with one JSON line.",
        )

    def handle(self, *_: Any, **options: Any) -> None:
        """Answer; in a batch, a line that is no JSON string is answered too, and the exit code says so at the end."""
        if not options["batch"]:
            self.stdout.write(_answer("".join(_pieces())))
            return
        total = wrong = 0
        for line in _pieces():
            total += 1
            answer, is_wrong = _answer_line(line)
            wrong += is_wrong
            self.stdout.write(answer)
            self.stdout.flush()
        if wrong:
            raise CommandError(f"{wrong} of {total} lines were no JSON string.")


def _pieces() -> Iterator[str]:
    """Standard input, line by line; what is no UTF-8 is replaced rather than refused."""
    source = getattr(sys.stdin, "buffer", None)
    if source is None:
        yield from sys.stdin
        return
    for number, line in enumerate(source):
        yield line.decode("utf-8-sig" if number == 0 else "utf-8", "replace")


def _answer_line(line: str) -> tuple[str, bool]:
    """The answer to one line of a batch, and whether the line was wrong. The line itself is never repeated."""
    try:
        text = json.loads(line)
    except (ValueError, RecursionError):
        text = None
    if not isinstance(text, str):
        return json.dumps({"error": "This line is not a JSON string."}), True
    return _answer(text), False


def _answer(text: str) -> str:
    return json.dumps(diagnosis_as_json(diagnose(text)))
