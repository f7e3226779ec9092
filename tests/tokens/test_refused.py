"""What was refused and still lives: a longer life than approved, broader scopes, and what closes the finding."""

from datetime import timedelta

import pytest

from accounts.models import User
from tests.tokens.desk import (
    Desk,
    Made,
    bind,
    disconnect_organisation,
    run_due_jobs,
    signed_in,
    tags,
)
from tokens.models import Credential, Finding, Request
from tokens.operations.revocations import start_revocation
from tokens.tick import tick
from workqueue.models import Job

ADMIN = "admin:repository:bitbucket"


def test_too_long_a_life_is_refused_and_the_request_is_open_again(desk: Desk, emma: User) -> None:
    credential, made = too_long(desk, emma)
    assert (credential.state, credential.binding, credential.listing_id) == ("refused", "bound", made.id)
    assert "approved was" in credential.state_reason
    assert credential.approved_request.state == "approved"
    finding = Finding.objects.get(closed_at=None)
    assert (finding.kind, finding.read_by) == ("refused_alive", "organisation listing")
    assert "credential:refused" in tags()
    page = signed_in(emma).get(f"/requests/{credential.approved_request.code}/checks/{credential.verification.pk}/")
    words = page.content.decode()
    assert "Exactly as approved" not in words, "the page must not go on saying that it is registered"
    assert "How to use it" not in words


def too_long(desk: Desk, emma: User) -> tuple[Credential, Made]:
    """A token of the right scopes that the listing shows to live too long."""
    request = desk.approved(emma)
    made = desk.token(request, expires_at=desk.world.now() + timedelta(days=300))
    return bind(desk, emma, request, made), made


def test_a_shorter_one_takes_its_place_and_the_refused_one_can_be_deleted(desk: Desk, emma: User) -> None:
    refused, long_one = too_long(desk, emma)
    request = Request.objects.get(pk=refused.approved_request.pk)
    # The first one still carries the code: it is bound, so the second one is the only other entry.
    good = bind(desk, emma, request, desk.token(request))
    assert (good.state, good.binding) == ("active", "bound")
    start_revocation(refused, reason="Too long", acting_user=emma)
    run_due_jobs("revoke_credential")
    refused.refresh_from_db()
    assert (refused.state, desk.lives(long_one)) == ("revoked", False)
    good.refresh_from_db()
    assert good.state == "active"
    assert not Finding.objects.filter(closed_at=None).exists()


def broader(desk: Desk, emma: User, *, bound: bool = True) -> tuple[Credential, Made]:
    """A refused token that can do more than approved."""
    request = desk.approved(emma)
    made = desk.token(request, scopes=[*request.scopes, ADMIN])
    desk.check(emma, request, made.secret)
    if bound:
        run_due_jobs("bind_credential")
    return Credential.objects.get(state="refused"), made


def test_a_refused_one_closes_by_its_absence_from_the_listing(desk: Desk, emma: User) -> None:
    credential, made = broader(desk, emma)
    assert credential.listing_id == made.id
    look(credential)
    assert (credential.state, open_findings()) == ("refused", 1)
    desk.world.delete_api_token(made.id)
    look(credential)
    assert (credential.state, open_findings()) == ("gone", 0)
    assert tags()[-2:] == ["finding:closed", "credential:gone"]


def look(credential: Credential) -> None:
    """A minute passes: the worker reads the listing."""
    Job.objects.filter(kind="check_refused").delete()
    tick()
    run_due_jobs("check_refused")
    credential.refresh_from_db()


def open_findings() -> int:
    return Finding.objects.filter(closed_at=None).count()


@pytest.mark.parametrize("fault", ["html", "malformed", "no_values", "empty", "wrong_types", "lost_admin"])
def test_a_listing_that_cannot_be_read_closes_nothing(desk: Desk, emma: User, fault: str) -> None:
    credential, made = broader(desk, emma)
    desk.world.delete_api_token(made.id)
    desk.fault(fault, "*/api-tokens")
    look(credential)
    assert (credential.state, open_findings()) == ("refused", 1)


@pytest.mark.parametrize("status", [401, 403, 404, 429, 500])
def test_an_error_of_the_listing_closes_nothing(desk: Desk, emma: User, status: int) -> None:
    credential, made = broader(desk, emma)
    desk.world.delete_api_token(made.id)
    desk.fault("status", "*/api-tokens", status=status)
    look(credential)
    assert (credential.state, open_findings()) == ("refused", 1)


def test_a_later_401_closes_an_unbound_one(desk: Desk, emma: User) -> None:
    disconnect_organisation()
    credential, made = broader(desk, emma, bound=False)
    desk.world.delete_api_token(made.id)
    assert desk.check(emma, credential.approved_request, made.secret).outcome == "invalid"
    credential.refresh_from_db()
    assert (credential.state, open_findings()) == ("gone", 0)


def test_a_401_for_another_email_closes_nothing(desk: Desk, emma: User) -> None:
    """Bitbucket answers 401 to a living token beside another address: that says nothing about the token."""
    disconnect_organisation()
    credential, made = broader(desk, emma, bound=False)
    row = desk.check(emma, credential.approved_request, made.secret, email="emma@second.test")
    assert row.outcome == "invalid"
    credential.refresh_from_db()
    assert desk.lives(made)
    assert (credential.state, open_findings()) == ("refused", 1)


def test_a_401_of_another_token_closes_nothing(desk: Desk, emma: User) -> None:
    credential, made = broader(desk, emma)
    assert desk.check(emma, credential.approved_request, f"{made.secret}x").outcome == "invalid"
    credential.refresh_from_db()
    assert (credential.state, open_findings()) == ("refused", 1)
