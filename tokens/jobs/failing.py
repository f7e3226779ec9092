"""What a read that failed means: for its row of work, for its part, and for everything else that the same lane asks."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models.functions import Now

from bitbucket.errors import (
    AuthMethodRefused,
    BadAnswer,
    BudgetSpent,
    Gone,
    MissingScope,
    RateLimited,
    RemoteError,
    Transient,
    Unauthorized,
)
from tokens.inventory.circuits import EVERYTHING
from tokens.jobs.remote import outcome_from_error
from tokens.models import Part
from tokens.operations.circuits import open_circuit
from tokens.operations.reads import leave_part_unread, note_trouble
from workqueue.bulk import park, parked_reason
from workqueue.claims import Claim, Retry, postpone

# The budget counts by the minute.
NEXT_FREE_MINUTE = timedelta(minutes=1)
EVERYTHING_IS_FREE = timedelta(minutes=61)
# After this the part is left to the planner, which tries it again later.
STOP_TRYING_AFTER = timedelta(hours=1)
ATTEMPTS_AT_LEAST = 3
NEEDS_OTHER_CREDENTIAL = (MissingScope, AuthMethodRefused, Gone)


def settle_failure(claim: Claim, part: Part, error: RemoteError, *, began: datetime, requests: int) -> None:
    """Answer for a read that failed. Nothing that was known is called gone because of it.

    Args:
        claim: the job.
        part: what was to be read.
        error: what the client raised.
        began: when the read began.
        requests: how many were sent.

    Raises:
        Retry: try this read again later.
        LostLease: the job is not ours any more.
    """
    lane = str(claim.payload["lane"])
    if isinstance(error, BudgetSpent):
        _wait_for_budget(claim, lane, requests)
    elif isinstance(error, Transient):
        _try_again(claim, part, error, lane, began=began, requests=requests)
    else:
        problem = words_of(error)
        if isinstance(error, Unauthorized):
            open_circuit(lane, EVERYTHING, problem)
        elif isinstance(error, NEEDS_OTHER_CREDENTIAL):
            open_circuit(lane, part.kind, problem)
        leave_part_unread(claim, part, began=began, requests=requests, problem=problem)


def _wait_for_budget(claim: Claim, lane: str, requests: int) -> None:
    """All that this lane would send is refused alike, so it waits together. It is no failure of the part.

    A list that broke off in the middle begins anew: it waits a minute for each page it had, so that it gets further the
    next time, and does not spend each request that becomes free on its first pages.
    """
    because = "the hour's requests are spent"
    pause = min(NEXT_FREE_MINUTE * max(1, requests), EVERYTHING_IS_FREE)
    with transaction.atomic():
        park(claim.kind, f"{lane}:", pause=pause, because=because)
        postpone(claim, at=pause, reason=parked_reason(because))


def _try_again(claim: Claim, part: Part, error: Transient, lane: str, *, began: datetime, requests: int) -> None:
    problem = words_of(error)
    if _has_failed_for_long(claim, part):
        leave_part_unread(claim, part, began=began, requests=requests, problem=problem)
        return
    note_trouble(part, began=began, requests=requests, problem=problem)
    outcome = outcome_from_error(error, attempt=claim.attempt)
    if isinstance(error, RateLimited) and isinstance(outcome, Retry) and outcome.after is not None:
        # The limit is the principal's: nobody of this lane asks before its end. Other lanes go on.
        park(claim.kind, f"{lane}:", pause=outcome.after, because=problem)
        raise Retry(parked_reason(problem), after=outcome.after) from error
    raise outcome from error


def _has_failed_for_long(claim: Claim, part: Part) -> bool:
    if claim.attempt < ATTEMPTS_AT_LEAST:
        return False
    return Part.objects.filter(pk=part.pk, failing_since__lte=Now() - STOP_TRYING_AFTER).exists()


def words_of(error: RemoteError) -> str:
    """Why a part is unread, in words that are the same for all parts with the same trouble."""
    number = "" if error.status is None else f" (HTTP {error.status})"
    what = error.words
    if isinstance(error, BadAnswer) and error.detail:
        what = f"{what}: {error.detail}"
    elif isinstance(error, MissingScope) and error.required - error.granted:
        what = f"{what}: {', '.join(sorted(error.required - error.granted))}"
    return f"{what[:1].upper()}{what[1:]}{number}"[:300]
