"""Jobs for tests. An effect is a row that outlives the process that made it."""

import os
import signal
import time
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

from django.contrib.auth.models import Group
from django.db import OperationalError, transaction

from workqueue.claims import Claim, ExpectedFailure, NeedsHuman, Retry, finish, postpone
from workqueue.models import JobState

CANARY = "do-not-quote-me"


def effects(key: str) -> int:
    """How often the effect of a job happened."""
    return Group.objects.filter(name__startswith=f"{key} ").count()


def _leave_effect(claim: Claim) -> None:
    Group.objects.create(name=f"{claim.key} {uuid4()}")


def leave_effect(claim: Claim) -> None:
    """An effect and the end of the job, in one transaction."""
    with transaction.atomic():
        _leave_effect(claim)
        finish(claim, result={"attempt": claim.attempt})


def do_unit(claim: Claim) -> None:
    """One of many: an effect, or the failure that the payload names."""
    if "raise" in claim.payload:
        raise_what_it_says(claim)
    leave_effect(claim)


def ran_dry() -> None:
    """Leave a row that says that nothing was left."""
    Group.objects.create(name=f"ran dry {uuid4()}")


def be_slow_at_first(claim: Claim) -> None:
    """Say that it started, take long in the first attempt, then leave the effect."""
    with Path(str(claim.payload["log"])).open("a", encoding="utf-8") as log:
        log.write(f"{claim.attempt} {os.getpid()}\n")
    if claim.attempt == 1:
        time.sleep(int(claim.payload["seconds"]))
    leave_effect(claim)


def crash(claim: Claim) -> None:
    """Take the process down, every time."""
    os.kill(os.getpid(), signal.SIGKILL)


def do_nothing(claim: Claim) -> None:
    """Return, and be done."""


def answer_by_itself(claim: Claim) -> None:
    """End in another way than by returning."""
    with transaction.atomic():
        if claim.payload.get("postpone"):
            postpone(claim, at=timedelta(hours=1), reason="later")
        else:
            finish(claim, state=JobState.SKIPPED, reason="not needed")


def raise_what_it_says(claim: Claim) -> None:
    """Fail in the way the payload names."""
    problems: dict[str, Exception] = {
        "retry": Retry("busy"),
        "retry_in_an_hour": Retry("rate limited", after=timedelta(hours=1)),
        "retry_never": Retry("rate limited", after=timedelta(seconds=10**9)),
        "person": NeedsHuman("two entries fit"),
        "refused": ExpectedFailure("it said no"),
        "bug": RuntimeError(CANARY),
        "database": OperationalError(CANARY),
    }
    raise problems[str(claim.payload["raise"])]


def gave_up(claim: Claim, reason: str) -> None:
    """Leave a row that says so."""
    Group.objects.create(name=f"gave up {claim.key}: {reason}")


def gave_up_badly(claim: Claim, reason: str) -> None:
    """A hook with a bug."""
    Group.objects.create(name=f"gave up {claim.key}: {reason}")
    raise RuntimeError(CANARY)
