"""Rows of work that nobody asks for any more are deleted, a bounded number at a time."""

from django.db.models.functions import Now

from workqueue.kinds import Kind, configured_kinds
from workqueue.models import Job, JobState

AT_ONCE = 2_000
# What needs a person or was a bug stays until somebody has looked at it.
FORGETTABLE = (JobState.DONE, JobState.FAILED, JobState.SKIPPED)


def forget_ended_jobs() -> int:
    """Delete what ended longer ago than its kind says; kinds that say nothing are kept for ever.

    Returns:
        How many rows went.
    """
    return sum(_forget(kind) for kind in configured_kinds() if kind.forget_after)


def _forget(kind: Kind) -> int:
    if kind.forget_after is None:
        return 0
    old = Job.objects.filter(kind=kind.name, state__in=FORGETTABLE, ended_at__lt=Now() - kind.forget_after)
    return Job.objects.filter(pk__in=list(old.values_list("pk", flat=True)[:AT_ONCE])).delete()[0]
