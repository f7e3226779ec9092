"""Ending a credential while the list or the deletion fails: nothing is said that nobody has read."""

import pytest

from accounts.models import User
from tests.tokens.desk import Desk, Made, run_due_jobs, tags
from tests.tokens.ending import job_of, revoke, start
from tests.tokens.troubles import PERMANENT, TRANSIENT
from tokens.models import Credential
from workqueue.models import JobState

DELETE = "/users/*/manage/api-tokens/*"
LIST = "re:^/users/[^/]+/manage/api-tokens$"


@pytest.mark.parametrize("name", PERMANENT)
def test_a_list_that_is_refused_needs_a_person(desk: Desk, ada: User, held: tuple[Credential, Made], name: str) -> None:
    credential, made = held
    desk.fault(path=LIST, **PERMANENT[name])
    revocation = revoke(credential, ada)
    assert (credential.state, revocation.outcome) == ("needs_human", "needs_human")
    assert desk.lives(made)
    assert tags()[-1] == "credential:revocation_failed"


@pytest.mark.parametrize("name", TRANSIENT)
def test_a_list_that_cannot_be_read_is_waited_for(
    desk: Desk, ada: User, held: tuple[Credential, Made], name: str
) -> None:
    credential, made = held
    desk.fault(path=LIST, **TRANSIENT[name])
    revocation = revoke(credential, ada)
    assert (credential.state, desk.lives(made)) == ("revoking", True)
    assert revocation.waiting_because
    assert job_of(revocation).state == JobState.WAITING
    desk.world.faults.clear()
    run_due_jobs("revoke_credential")
    credential.refresh_from_db()
    assert (credential.state, desk.lives(made)) == ("revoked", False)


@pytest.mark.parametrize("name", sorted(PERMANENT | TRANSIENT))
def test_a_reread_that_fails_is_no_proof(desk: Desk, ada: User, held: tuple[Credential, Made], name: str) -> None:
    """Deleted indeed, but nobody could look: not "revoked" until somebody has."""
    credential, made = held
    desk.fault(path=LIST, skip=1, **(PERMANENT | TRANSIENT)[name])
    revoke(credential, ada)
    assert not desk.lives(made)
    assert credential.state in ("revoking", "needs_human")
    assert "credential:revoked" not in tags()
    desk.world.faults.clear()
    if credential.state == "needs_human":
        start(credential, ada)
    run_due_jobs("revoke_credential")
    credential.refresh_from_db()
    assert credential.state in ("revoked", "gone")
    assert len([tag for tag in tags() if tag in ("credential:revoked", "credential:gone")]) == 1


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_deletion_that_fails_is_tried_again(
    desk: Desk, ada: User, held: tuple[Credential, Made], status: int
) -> None:
    credential, made = held
    desk.fault("status", DELETE, method="DELETE", status=status)
    revoke(credential, ada)
    assert (credential.state, desk.lives(made)) == ("revoking", True)
    desk.world.faults.clear()
    run_due_jobs("revoke_credential")
    credential.refresh_from_db()
    assert (credential.state, desk.lives(made)) == ("revoked", False)


def test_an_answer_lost_on_its_way_is_read_again(desk: Desk, ada: User, held: tuple[Credential, Made]) -> None:
    credential, made = held
    desk.fault("done_then_status", DELETE, method="DELETE", status=503)
    revoke(credential, ada)
    assert (credential.state, desk.lives(made)) == ("revoking", False)
    run_due_jobs("revoke_credential")
    credential.refresh_from_db()
    assert credential.state == "revoked"
    assert tags().count("credential:revoked") == 1
