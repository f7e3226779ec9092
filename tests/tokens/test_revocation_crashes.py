"""A worker that dies or sleeps in the middle of ending a credential: one end, one event, and a true one."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import User
from tests.tokens.desk import Desk, Made, run_due_jobs, tags
from tests.tokens.ending import job_of, start, take_back
from tokens.jobs import revocation as module
from tokens.models import Credential, Revocation
from workqueue.models import Job, JobState

DELETE = "/users/*/manage/api-tokens/*"


class Killed(BaseException):
    """The process ends here: nothing of ours runs any more."""


def test_killed_between_the_204_and_our_commit(
    desk: Desk, ada: User, held: tuple[Credential, Made], monkeypatch: pytest.MonkeyPatch
) -> None:
    credential, made = held
    revocation = start(credential, ada)
    _killed_in(monkeypatch, "tokens.jobs.revocation.end_as_revoked")
    assert not desk.lives(made)
    credential.refresh_from_db()
    assert credential.state == "revoking"
    assert "credential:revoked" not in tags()
    _finished_by_another_worker(revocation, credential)
    assert credential.state == "revoked"
    assert desk.sent("manage/api-tokens", "DELETE") == 1


def test_killed_right_after_the_deletion(
    desk: Desk, ada: User, held: tuple[Credential, Made], monkeypatch: pytest.MonkeyPatch
) -> None:
    credential, made = held
    revocation = start(credential, ada)
    _killed_in(monkeypatch, "tokens.jobs.revocation.note_revocation")
    assert not desk.lives(made)
    _finished_by_another_worker(revocation, credential)
    assert credential.state == "revoked"


def test_killed_before_the_deletion(
    desk: Desk, ada: User, held: tuple[Credential, Made], monkeypatch: pytest.MonkeyPatch
) -> None:
    credential, made = held
    revocation = start(credential, ada)
    _killed_in(monkeypatch, "tokens.jobs.revocation._delete")
    assert desk.lives(made)
    revocation.refresh_from_db()
    assert revocation.deletion_sent_at is not None, "the intent is written before the call"
    _finished_by_another_worker(revocation, credential)
    assert (credential.state, desk.lives(made)) == ("revoked", False)


def _killed_in(monkeypatch: pytest.MonkeyPatch, place: str) -> None:
    def kill(*_: object, **__: object) -> None:
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(place, kill)
        with pytest.raises(Killed):
            run_due_jobs("revoke_credential")


def _finished_by_another_worker(revocation: Revocation, credential: Credential) -> None:
    """The lease ends, the sweeper takes the job back, another worker runs it; a late second delivery does nothing."""
    Job.objects.filter(key=revocation.job_key).update(lease_until=timezone.now() - timedelta(seconds=1))
    take_back()
    for _ in range(2):
        run_due_jobs("revoke_credential")
    credential.refresh_from_db()
    assert tags().count("credential:revoked") == 1


def test_a_worker_that_wakes_late_is_fenced_off(
    desk: Desk, ada: User, held: tuple[Credential, Made], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another worker ended it while this one slept before its commit: its write is refused, one event is written."""
    credential, _ = held
    revocation = start(credential, ada)
    conclude = module.conclude_revocation

    def overtaken(*arguments: Any, **more: Any) -> None:
        monkeypatch.setattr(module, "conclude_revocation", conclude)
        Job.objects.filter(key=revocation.job_key).update(lease_until=timezone.now() - timedelta(seconds=1))
        take_back()
        run_due_jobs("revoke_credential")
        conclude(*arguments, **more)

    monkeypatch.setattr(module, "conclude_revocation", overtaken)
    run_due_jobs("revoke_credential")
    credential.refresh_from_db()
    assert credential.state == "revoked"
    assert tags().count("credential:revoked") == 1
    assert job_of(revocation).state == JobState.DONE
