"""Clicking revoke, and letting the worker try."""

from accounts.models import User
from tests.tokens.desk import run_due_jobs
from tokens.models import Credential, Revocation
from tokens.operations.revocations import start_revocation
from workqueue import sweeper
from workqueue.models import Job, JobState


def start(credential: Credential, user: User) -> Revocation:
    """Click revoke."""
    return start_revocation(credential, reason="Not needed any more", acting_user=user)


def revoke(credential: Credential, user: User) -> Revocation:
    """Click revoke and let the worker try once."""
    revocation = start(credential, user)
    run_due_jobs("revoke_credential")
    revocation.refresh_from_db()
    credential.refresh_from_db()
    return revocation


def job_of(revocation: Revocation) -> Job:
    return Job.objects.get(kind="revoke_credential", key=revocation.job_key)


def take_back() -> None:
    """What the sweeper does with a lease that ended."""
    assert [sweeper._take_back(job_id) for job_id in sweeper._expired()] == [JobState.QUEUED]
