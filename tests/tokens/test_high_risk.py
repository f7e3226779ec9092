"""Where a declared holder is not good enough: high risk registers only what is proven to be theirs."""

import pytest

from accounts.models import User
from tests.tokens.desk import Desk, disconnect_organisation, run_due_jobs, signed_in
from tokens.models import Credential
from workqueue.models import JobState

pytestmark = pytest.mark.usefixtures("email_switch")
HIGH = "manage-webhooks"  # high risk, decided by an approver, and its scopes do not name the account


def test_high_risk_and_only_declared_waits_for_the_listing(desk: Desk, emma: User, aria: User) -> None:
    request = desk.approved(emma, HIGH, 7, by=aria)
    assert request.risk == "high"
    row = desk.check(emma, request, desk.token(request).secret)
    assert (row.outcome, row.holder_proof, row.waits_for_listing) == ("exact", "declared", True)
    assert not Credential.objects.exists()
    request.refresh_from_db()
    assert request.state == "approved"
    run_due_jobs("bind_credential")
    credential = Credential.objects.get()
    assert (credential.state, credential.binding, credential.holder_proof) == ("active", "bound", "listing")
    request.refresh_from_db()
    assert request.state == "issued"


def test_high_risk_and_only_declared_is_not_registered_without_the_listing(desk: Desk, emma: User, aria: User) -> None:
    disconnect_organisation()
    request = desk.approved(emma, HIGH, 7, by=aria)
    row = desk.check(emma, request, desk.token(request).secret)
    assert not run_due_jobs("bind_credential")
    row.refresh_from_db()
    assert (row.waits_for_listing, row.registered_as) == (False, None)
    assert "no organisation is connected" in row.waiting_reason
    assert not Credential.objects.exists()
    page = signed_in(emma).get(f"/requests/{request.code}/checks/{row.pk}/").content.decode()
    assert "Not registered" in page


def test_high_risk_and_somebody_elses_token_is_never_registered(desk: Desk, emma: User, lee: User, aria: User) -> None:
    desk.world.switches.basic_checks_email = False
    request = desk.approved(emma, HIGH, 7, by=aria)
    row = desk.check(emma, request, desk.token(request, owner="lee").secret)
    for _ in range(6):
        run_due_jobs("bind_credential")
    assert not Credential.objects.exists()
    row.refresh_from_db()
    assert (row.waits_for_listing, row.registered_as) == (True, None)


def test_high_risk_and_two_entries_is_never_registered(desk: Desk, emma: User, aria: User) -> None:
    request = desk.approved(emma, HIGH, 7, by=aria)
    desk.token(request)
    row = desk.check(emma, request, desk.token(request).secret)
    run_due_jobs("bind_credential")
    row.refresh_from_db()
    assert (row.waits_for_listing, row.registered_as) == (False, None)
    assert "2 tokens of this person carry the code" in row.waiting_reason


def test_high_risk_withdrawn_while_it_waits_is_not_registered(desk: Desk, emma: User, aria: User) -> None:
    request = desk.approved(emma, HIGH, 7, by=aria)
    row = desk.check(emma, request, desk.token(request).secret)
    signed_in(emma).post(f"/requests/{request.code}/withdraw/")
    jobs = run_due_jobs("bind_credential")
    assert jobs[0].state == JobState.DONE
    row.refresh_from_db()
    assert (row.waits_for_listing, row.registered_as) == (False, None)
    assert not Credential.objects.exists()


def test_with_the_holder_read_high_risk_is_registered_at_once(desk: Desk, emma: User, aria: User) -> None:
    disconnect_organisation()
    request = desk.approved(emma, "everyday-development", by=aria)
    assert request.risk == "high"
    row = desk.check(emma, request, desk.token(request).secret)
    assert row.registered_as is not None
    assert row.registered_as.binding == "not_connected"
