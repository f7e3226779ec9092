"""From a failed call to what the row of work does next."""

from datetime import timedelta

from bitbucket.errors import RemoteError, Transient
from bitbucket.retry import TryAgain, decide
from workqueue.claims import ExpectedFailure, Retry


def outcome_from_error(error: RemoteError, *, attempt: int) -> Exception:
    """What a job raises for a failed call: try again at a time, or an expected failure.

    Args:
        error: what the client raised.
        attempt: how many times the job ran, from 1.
    """
    if isinstance(error, Transient):
        # The wall time at which a job gives up is the work queue's to know.
        decision = decide(error, attempt=attempt, elapsed_seconds=0)
        seconds = decision.after_seconds if isinstance(decision, TryAgain) else 900
        return Retry(reason=str(error), after=timedelta(seconds=seconds))
    return ExpectedFailure(str(error))
