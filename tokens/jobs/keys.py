"""What adding and deleting a deploy key have in common: the revoke bot asks, on `worker-revoke` only, and trouble is
answered for alike."""

from collections.abc import Callable
from datetime import timedelta

from django.db import transaction

from bitbucket.cloud import CloudClient
from bitbucket.errors import BudgetSpent, NotFound, Permanent, RateLimited, Transient
from tokens.clients import REVOKE_BOT, revoke_bot
from tokens.jobs.failing import NEXT_FREE_MINUTE
from tokens.jobs.remote import outcome_from_error
from tokens.operations import credential_circuits as circuits
from workqueue.bulk import park, parked_reason
from workqueue.claims import Claim, Retry, postpone

NO_BOT = "this portal has no revoke bot, which would do it"
# "It was accepted, and the list does not show it": looked at again after so many seconds, then a person has to.
LOOK_AGAIN_AFTER = (1, 3, 10, 60, 300, 900)


class AskHuman(Exception):
    """The machine may not go on; the text says why."""


def as_revoke_bot(
    claim: Claim,
    act: Callable[[CloudClient], None],
    *,
    stop: Callable[[str], None],
    note: Callable[[str], None],
) -> None:
    """Do one attempt with the revoke bot.

    A refusal that would meet every other key too opens a circuit: they wait for a person without another call. What
    is refused for now is tried again; an hour whose requests are spent is no failure.

    Args:
        claim: the attempt.
        act: talks to Bitbucket and concludes.
        stop: writes down that a person has to decide.
        note: shows on the page why it waits.

    Raises:
        Retry: try again later.
        LostLease: the row of work is not ours any more.
    """
    bot = revoke_bot()
    because = NO_BOT if bot is None else circuits.why_not(REVOKE_BOT, claim.kind)
    if bot is None or because:
        stop(because)
        return
    try:
        act(bot)
        circuits.close(REVOKE_BOT, claim.kind)
    except AskHuman as problem:
        stop(str(problem))
    except BudgetSpent:
        _wait_for_budget(claim, note)
    except Transient as error:
        note(str(error))
        raise _again(claim, error) from error
    except Permanent as error:
        circuits.learn(REVOKE_BOT, claim.kind, error)
        stop(f"{error}, which proves nothing" if isinstance(error, NotFound) else str(error))


def _wait_for_budget(claim: Claim, note: Callable[[str], None]) -> None:
    because = "the hour's requests are spent"
    note(because)
    with transaction.atomic():
        park(claim.kind, "", pause=NEXT_FREE_MINUTE, because=because)
        postpone(claim, at=NEXT_FREE_MINUTE, reason=parked_reason(because))


def _again(claim: Claim, error: Transient) -> Exception:
    outcome = outcome_from_error(error, attempt=claim.attempt)
    if isinstance(error, RateLimited) and isinstance(outcome, Retry) and outcome.after is not None:
        # The limit is the bot's: no other key is tried before its end.
        park(claim.kind, "", pause=outcome.after, because=str(error))
        return Retry(parked_reason(str(error)), after=outcome.after)
    return outcome


def look_again(claim: Claim, because: str) -> Exception:
    """What to raise when something was accepted and the list does not show it yet.

    Args:
        claim: the attempt.
        because: for people; after the last look it is what a person reads.
    """
    if claim.attempt > len(LOOK_AGAIN_AFTER):
        return AskHuman(because)
    return Retry(because, after=timedelta(seconds=LOOK_AGAIN_AFTER[claim.attempt - 1]))
