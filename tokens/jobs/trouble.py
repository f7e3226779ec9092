"""What a job does with trouble of the other side, whatever it works at: wait, try again, or ask a person."""

from datetime import timedelta

from django.db import transaction

from bitbucket.errors import RateLimited, Transient
from tokens.jobs.failing import NEXT_FREE_MINUTE
from tokens.jobs.remote import outcome_from_error
from workqueue.bulk import park, parked_reason
from workqueue.claims import Claim, Retry, postpone

SPENT = "the hour's requests are spent"
# "It was accepted, and it is not so yet": looked at again after so many seconds, then a person has to.
LOOK_AGAIN_AFTER = (1, 2, 5, 15, 60, 300, 900)


class AskHuman(Exception):
    """The machine may not go on; the text says why."""


def wait_for_budget(claim: Claim) -> None:
    """All rows of this kind are refused alike, so they wait together. It is no failure of any of them."""
    with transaction.atomic():
        park(claim.kind, "", pause=NEXT_FREE_MINUTE, because=SPENT)
        postpone(claim, at=NEXT_FREE_MINUTE, reason=parked_reason(SPENT))


def try_again(claim: Claim, error: Transient) -> Exception:
    """What to raise for what may work later. A limit is the principal's: no other row of this kind is tried before its
    end."""
    outcome = outcome_from_error(error, attempt=claim.attempt)
    if isinstance(error, RateLimited) and isinstance(outcome, Retry) and outcome.after is not None:
        park(claim.kind, "", pause=outcome.after, because=str(error))
        return Retry(parked_reason(str(error)), after=outcome.after)
    return outcome


def look_again(claim: Claim, because: str) -> Exception:
    """What to raise when something was accepted and a re-read does not show it yet.

    Args:
        claim: the attempt.
        because: for people; after the last look it is what a person reads.
    """
    if claim.attempt > len(LOOK_AGAIN_AFTER):
        return AskHuman(because)
    return Retry(because, after=timedelta(seconds=LOOK_AGAIN_AFTER[claim.attempt - 1]))
