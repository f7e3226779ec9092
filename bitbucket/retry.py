"""Whether and when to try again: a decision, not a loop. No worker ever sleeps for it."""

import random
from collections.abc import Callable
from dataclasses import dataclass

from bitbucket.errors import RemoteError, Transient

# Bitbucket counts over a rolling hour, so a longer wait gains nothing:
# https://support.atlassian.com/bitbucket-cloud/docs/api-request-limits/
LONGEST_WAIT_SECONDS = 3600.0
GIVE_UP_AFTER_SECONDS = 24 * 3600.0
_FIRST_WAIT_SECONDS = 2.0
_LONGEST_BACKOFF_SECONDS = 900.0


@dataclass(frozen=True)
class TryAgain:
    """Not before `after_seconds` from now."""

    after_seconds: float


@dataclass(frozen=True)
class GiveUp:
    """No further try; `reason` is a short word: `permanent` or `out_of_time`."""

    reason: str


Decision = TryAgain | GiveUp


def decide(
    error: RemoteError,
    *,
    attempt: int,
    elapsed_seconds: float,
    give_up_after_seconds: float = GIVE_UP_AFTER_SECONDS,
    chance: Callable[[], float] = random.random,
) -> Decision:
    """Decide what follows a failed call.

    Args:
        error: what the call raised.
        attempt: how many calls were made, from 1.
        elapsed_seconds: wall time since the first of them was due.
        give_up_after_seconds: wall time after which a person has to look.
        chance: a number from 0 to 1, for the jitter.

    Returns:
        `TryAgain` never earlier than the vendor asked (up to an hour), or `GiveUp`.
    """
    if not isinstance(error, Transient):
        return GiveUp("permanent")
    wait = _wait(error.retry_after_seconds, attempt, chance())
    if elapsed_seconds + wait > give_up_after_seconds:
        return GiveUp("out_of_time")
    return TryAgain(wait)


def _wait(asked: float | None, attempt: int, luck: float) -> float:
    # The jitter only ever adds: a call before the vendor's time is counted against us.
    growth: float = _FIRST_WAIT_SECONDS * 2 ** min(max(attempt, 1) - 1, 20)
    backoff = min(growth, _LONGEST_BACKOFF_SECONDS)
    floor = max(backoff, min(asked or 0.0, LONGEST_WAIT_SECONDS))
    return floor * (1 + luck / 4)
