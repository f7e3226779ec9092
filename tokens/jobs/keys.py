"""What adding and deleting a deploy key have in common: the revoke bot asks, on `worker-revoke` only, and trouble is
answered for alike."""

from collections.abc import Callable

from bitbucket.cloud import CloudClient
from bitbucket.errors import BudgetSpent, NotFound, Permanent, Transient
from tokens.clients import REVOKE_BOT, revoke_bot
from tokens.jobs.trouble import SPENT, AskHuman, try_again, wait_for_budget
from tokens.operations import credential_circuits as circuits
from workqueue.claims import Claim

NO_BOT = "this portal has no revoke bot, which would do it"


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
        note(SPENT)
        wait_for_budget(claim)
    except Transient as error:
        note(str(error))
        raise try_again(claim, error) from error
    except Permanent as error:
        circuits.learn(REVOKE_BOT, claim.kind, error)
        stop(f"{error}, which proves nothing" if isinstance(error, NotFound) else str(error))
