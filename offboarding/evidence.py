"""Writing down what was asked, what was answered, and what a re-read shows. Never a secret."""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils import timezone

from bitbucket.errors import NotFound, RemoteError
from offboarding.models import Evidence, Step
from workqueue.claims import Claim
from workqueue.holding import hold

ACCEPTED = 204


@dataclass(frozen=True)
class Asked:
    """A request as people read it, by whom it is sent, and what it is about."""

    request: str
    by: str
    subject: str = ""


def send_change(claim: Claim, step: Step, asked: Asked, call: Callable[[], object], *, missing: str = "") -> None:
    """Write a change down, send it, and write down what was answered: also that nobody knows what became of it.

    Args:
        claim: the attempt.
        step: whose evidence it is.
        asked: what is sent.
        call: sends it.
        missing: what to write down where the other side does not know the thing (any more), which is no failure then;
            empty where it is one.

    Raises:
        LostLease: the row of work is not ours any more; nothing was sent.
        RemoteError: it was refused, or nobody knows.
    """
    row = _intend(claim, step, asked)
    try:
        call()
    except NotFound as error:
        _note_answer(row, status=404, answer=missing or str(error))
        if not missing:
            raise
    except RemoteError as error:
        _note_answer(row, status=error.status, answer=str(error))
        raise
    else:
        _note_answer(row, status=ACCEPTED, answer="204 No Content")


def _intend(claim: Claim, step: Step, asked: Asked) -> Evidence:
    with hold(claim):
        return Evidence.objects.create(
            step=step,
            at=timezone.now(),
            request=asked.request[:300],
            by=asked.by,
            subject=asked.subject[:200],
        )


def _note_answer(row: Evidence, *, status: int | None, answer: str) -> None:
    row.answered_at, row.status, row.answer = timezone.now(), status, answer[:300]
    row.save(update_fields=["answered_at", "status", "answer"])


def note_read(step: Step, asked: Asked, answer: str, *, proves: bool = False, status: int | None = 200) -> Evidence:
    """Write down a read and what it showed.

    Args:
        step: whose evidence it is.
        asked: what was read.
        answer: what it showed, in words.
        proves: whether it is the complete re-read that shows the end.
        status: the HTTP status; None where there was no answer.
    """
    now = timezone.now()
    return Evidence.objects.create(
        step=step,
        at=now,
        request=asked.request[:300],
        by=asked.by,
        subject=asked.subject[:200],
        answered_at=now,
        status=status,
        answer=answer[:300],
        proves=proves,
    )


def note_same(step: Step, asked: Asked, answer: str) -> None:
    """Write down a read that may be one of thousands while the portal waits for somebody: what is the same as last time
    keeps one row, with the time of the newest look."""
    newest = Evidence.objects.filter(step=step, request=asked.request[:300]).order_by("-at", "-id").first()
    if newest is None or newest.answer != answer[:300] or newest.proves:
        note_read(step, asked, answer)
        return
    newest.answered_at = timezone.now()
    newest.save(update_fields=["answered_at"])


def note_word(step: Step, words: str, *, by: str) -> Evidence:
    """Write down what a person said or decided. It proves nothing."""
    return note_read(step, Asked("", by), words, status=None)
