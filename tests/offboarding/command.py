"""Calling `manage.py offboard` in this process, with workers beside it that act whenever it waits."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError


@dataclass(frozen=True)
class Ended:
    """How a call ended, and what it printed."""

    code: int
    out: str
    err: str

    def json(self) -> Any:
        """What stands on standard output, which is one JSON object and nothing else."""
        return json.loads(self.out)


def offboard(*arguments: str) -> Ended:
    """Call it; a refusal's sentence stands in ``err``, as it would on a terminal."""
    out, err = StringIO(), StringIO()
    try:
        call_command("offboard", *arguments, stdout=out, stderr=err)
    except SystemExit as end:
        return Ended(int(end.code or 0), out.getvalue(), err.getvalue())
    except CommandError as problem:
        return Ended(problem.returncode, out.getvalue(), err.getvalue() + str(problem))
    return Ended(0, out.getvalue(), err.getvalue())


def workers(patch: pytest.MonkeyPatch, work: Callable[[], object]) -> None:
    """Let this be done each time the command waits, in place of the pause."""
    patch.setattr("offboarding.following.time.sleep", lambda _: work())
