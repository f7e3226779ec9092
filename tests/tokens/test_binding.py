"""Binding with the real listing: the decoy-token attack, and listings that lag or fail."""

from datetime import timedelta
from typing import Any

import pytest

from accounts.models import User
from tests.tokens.desk import (
    Desk,
    Made,
    bind,
    connect_organisation,
    disconnect_organisation,
    run_due_jobs,
    tags,
)
from tokens.models import Credential, Finding, Request
from tokens.operations.revocations import start_revocation
from tokens.tick import tick
from workqueue.models import Job, JobState

ADMIN = "admin:repository:bitbucket"


def decoy_of(desk: Desk, request: Request, **more: Any) -> Made:
    """A second token of the same person with the same code."""
    return desk.token(request, label=f"{request.code} decoy", **more)


DECOYS: dict[str, dict[str, Any]] = {
    "beside it": {},
    "made before the approval": {"age": timedelta(days=2)},
    "with other scopes": {"scopes": [ADMIN]},
}


@pytest.mark.parametrize("name", DECOYS)
def test_a_decoy_leaves_it_unbound_and_nothing_is_deleted(desk: Desk, emma: User, ada: User, name: str) -> None:
    request = desk.approved(emma)
    made, decoy = desk.token(request), decoy_of(desk, request, **DECOYS[name])
    credential = bind(desk, emma, request, made)
    _is_ambiguous_and_kept(desk, credential, ada, made, decoy)


def test_a_decoy_with_a_longer_life(desk: Desk, emma: User, ada: User) -> None:
    request = desk.approved(emma)
    made = desk.token(request)
    decoy = decoy_of(desk, request, expires_at=desk.world.now() + timedelta(days=300))
    credential = bind(desk, emma, request, made)
    _is_ambiguous_and_kept(desk, credential, ada, made, decoy)


def test_a_decoy_made_after_the_paste(desk: Desk, emma: User, ada: User) -> None:
    request = desk.approved(emma)
    made = desk.token(request)
    row = desk.check(emma, request, made.secret)
    decoy = decoy_of(desk, request)
    run_due_jobs("bind_credential")
    credential = Credential.objects.get(verification=row)
    _is_ambiguous_and_kept(desk, credential, ada, made, decoy)


def test_an_entry_that_is_being_revoked_as_something_found_is_waited_for(desk: Desk, emma: User) -> None:
    request = desk.approved(emma)
    made = desk.token(request)
    Credential.objects.create(
        holder=emma.person, standing="undeclared", name="found", scopes=[], state="revoking", holder_proof="listing",
        registered_at=desk.world.now(), binding="bound", listing_id=made.id,
    )  # fmt: skip
    credential = bind(desk, emma, request, made)
    job = Job.objects.get(kind="bind_credential")
    assert (job.state, job.errors, credential.binding) == (JobState.WAITING, 0, "looking")
    assert "being revoked" in job.reason


def _is_ambiguous_and_kept(desk: Desk, credential: Credential, ada: User, *tokens: Made) -> None:
    assert (credential.binding, credential.listing_id) == ("unbound", None)
    assert {row["id"] for row in credential.candidates} == {made.id for made in tokens}
    finding = Finding.objects.get(closed_at=None)
    assert (finding.kind, finding.credential) == ("ambiguous", credential)
    desk.world.counters.clear()
    start_revocation(credential, reason="Not needed", acting_user=ada)
    run_due_jobs("revoke_credential")
    credential.refresh_from_db()
    assert credential.state == "needs_human"
    assert "which entry" in credential.state_reason
    assert desk.sent(method="DELETE") == 0
    assert all(desk.lives(made) for made in tokens)
    assert "credential:revoked" not in tags()


def test_a_decoy_after_the_binding_changes_nothing(desk: Desk, emma: User, ada: User) -> None:
    credential, made = desk.registered(emma)
    decoy = decoy_of(desk, credential.approved_request)
    start_revocation(credential, reason="Not needed", acting_user=ada)
    run_due_jobs("revoke_credential")
    credential.refresh_from_db()
    assert credential.state == "revoked"
    assert not desk.lives(made)
    assert desk.lives(decoy)


def test_somebody_elses_token_with_the_code_is_ignored(desk: Desk, emma: User) -> None:
    request = desk.approved(emma)
    made = desk.token(request)
    desk.token(request, owner="lee")
    credential = bind(desk, emma, request, made)
    assert (credential.binding, credential.listing_id) == ("bound", made.id)
    assert not Finding.objects.exists()


def test_a_decoy_alone_made_before_the_approval_is_not_taken(desk: Desk, emma: User) -> None:
    request = desk.approved(emma)
    decoy_of(desk, request, age=timedelta(hours=1))
    credential = bind(desk, emma, request, desk.token(request, label="my laptop"))
    assert (credential.binding, credential.listing_id) == ("unbound", None)
    assert "before the approval" in credential.binding_reason


def test_without_the_code_a_person_chooses_among_their_unbound_ones(desk: Desk, emma: User) -> None:
    other, _ = desk.registered(emma)
    request = desk.approved(emma)
    made = desk.token(request, label="my laptop")
    credential = bind(desk, emma, request, made)
    assert credential.binding == "looking"
    for _ in range(3):
        run_due_jobs("bind_credential")
    credential.refresh_from_db()
    assert (credential.binding, credential.listing_id) == ("unbound", None)
    assert [row["id"] for row in credential.candidates] == [made.id]
    assert other.listing_id not in {row["id"] for row in credential.candidates}
    assert tags().count("credential:unbound") == 1


def test_a_listing_that_lags_is_asked_again(desk: Desk, emma: User) -> None:
    desk.world.switches.listing_lag_seconds = 3600
    request = desk.approved(emma)
    credential = bind(desk, emma, request, desk.token(request))
    assert credential.binding == "looking"
    desk.world.switches.listing_lag_seconds = 0
    run_due_jobs("bind_credential")
    credential.refresh_from_db()
    assert (credential.binding, credential.holder_proof) == ("bound", "listing")


@pytest.mark.parametrize("fault", ["html", "malformed", "no_values", "wrong_types", "empty", "truncated"])
def test_a_listing_that_cannot_be_read_binds_nothing(desk: Desk, emma: User, fault: str) -> None:
    desk.fault(fault, "*/api-tokens")
    request = desk.approved(emma)
    credential = bind(desk, emma, request, desk.token(request))
    assert (credential.binding, credential.candidates) == ("looking", [])
    assert Job.objects.get(kind="bind_credential").state == JobState.WAITING
    desk.world.faults.clear()
    run_due_jobs("bind_credential")
    credential.refresh_from_db()
    assert credential.binding == "bound"


def test_connected_later_it_is_looked_for_then(desk: Desk, emma: User) -> None:
    disconnect_organisation()
    request = desk.approved(emma)
    made = desk.token(request)
    credential = bind(desk, emma, request, made)
    assert credential.binding == "not_connected"
    connect_organisation()
    tick()
    run_due_jobs("bind_credential")
    credential.refresh_from_db()
    assert (credential.binding, credential.listing_id) == ("bound", made.id)
