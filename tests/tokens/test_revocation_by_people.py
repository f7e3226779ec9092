"""Where the machine may not go on: choosing an entry, attesting, and "I lost it"."""

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from accounts.models import User
from tests.tokens.desk import Desk, Made, disconnect_organisation, run_due_jobs, signed_in, tags
from tokens.models import Credential, Finding, Request
from tokens.operations.change import NotAllowed, Stale
from tokens.operations.revocations import attest_gone, choose_entry, report_lost, start_revocation
from workqueue.models import Job


@pytest.fixture
def pair(desk: Desk, emma: User, ada: User) -> tuple[Credential, Made, Made]:
    """A credential that two entries could be, waiting for a person after Ada's click."""
    request = desk.approved(emma)
    made, decoy = desk.token(request), desk.token(request, label=f"{request.code} decoy")
    credential = desk.check(emma, request, made.secret).registered_as
    assert credential is not None
    run_due_jobs("bind_credential")
    start_revocation(credential, reason="Not needed", acting_user=ada)
    credential.refresh_from_db()
    assert (credential.state, credential.binding) == ("needs_human", "unbound")
    return credential, made, decoy


def choose(user: User, credential: Credential, entry: str) -> Any:
    return signed_in(user).post(f"/credentials/{credential.pk}/choose/", {"entry": entry})


def attest(user: User, credential: Credential, words: str = "Aria looked at 10:30, it is not there") -> Any:
    return signed_in(user).post(f"/credentials/{credential.pk}/attest/", {"words": words})


def test_an_unbound_one_is_never_deleted_by_a_guess(desk: Desk, pair: tuple[Credential, Made, Made]) -> None:
    credential, made, decoy = pair
    assert not Job.objects.filter(kind="revoke_credential").exists()
    assert desk.sent("manage/api-tokens") == 0
    assert desk.lives(made)
    assert desk.lives(decoy)
    assert credential.revocations.get().outcome == "needs_human"


def test_a_person_chooses_and_only_that_one_is_deleted(
    desk: Desk, ada: User, pair: tuple[Credential, Made, Made]
) -> None:
    credential, made, decoy = pair
    page = signed_in(ada).get(credential.get_absolute_url()).content.decode()
    assert made.id in page
    assert decoy.id in page
    assert choose(ada, credential, made.id).status_code == 302
    run_due_jobs("revoke_credential")
    credential.refresh_from_db()
    assert (credential.state, credential.listing_id) == ("revoked", made.id)
    assert (desk.lives(made), desk.lives(decoy)) == (False, True)
    assert not Finding.objects.filter(closed_at=None).exists()


def test_only_what_was_listed_can_be_chosen(
    desk: Desk, ada: User, lee: User, pair: tuple[Credential, Made, Made]
) -> None:
    credential, *_ = pair
    _, of_lee = desk.registered(lee)
    assert choose(ada, credential, of_lee.id).status_code == 422
    with pytest.raises(Stale):
        choose_entry(credential, of_lee.id, acting_user=ada)
    assert desk.lives(of_lee)


def test_an_entry_bound_meanwhile_cannot_be_chosen(
    desk: Desk, ada: User, emma: User, pair: tuple[Credential, Made, Made]
) -> None:
    credential, _, decoy = pair
    other, _ = desk.registered(emma, "review-pull-requests", bound=False)
    Credential.objects.filter(pk=other.pk).update(listing_id=decoy.id, binding="bound")
    with pytest.raises(Stale):
        choose_entry(credential, decoy.id, acting_user=ada)


def test_neither_holder_nor_stranger_chooses_or_attests(
    desk: Desk, emma: User, lee: User, aria: User, otto: User, pair: tuple[Credential, Made, Made]
) -> None:
    credential, made, _ = pair
    for user in (emma, lee, aria, otto):
        assert choose(user, credential, made.id).status_code == 403
        assert attest(user, credential).status_code == 403
        with pytest.raises(PermissionDenied):
            attest_gone(credential, words="I deleted it", acting_user=user)
        with pytest.raises(PermissionDenied):
            choose_entry(credential, made.id, acting_user=user)
    credential.refresh_from_db()
    assert (credential.state, credential.listing_id) == ("needs_human", None)


def test_an_admin_who_holds_it_needs_another_admin(desk: Desk, emma: User, settings: Any) -> None:
    """The holder's own word never counts, whatever their role."""
    disconnect_organisation()
    credential, _ = desk.registered(emma, bound=False)
    settings.PORTAL_ADMINS = [*settings.PORTAL_ADMINS, emma.person.account_id]
    start_revocation(credential, reason="Not needed", acting_user=emma)
    attest(desk.again(emma), credential)
    with pytest.raises(NotAllowed, match="own word"):
        attest_gone(credential, words="I deleted it", acting_user=desk.again(emma))
    credential.refresh_from_db()
    assert credential.state == "needs_human"


def test_attested_is_gone_and_never_revoked(desk: Desk, ada: User, pair: tuple[Credential, Made, Made]) -> None:
    credential, *_ = pair
    assert attest(ada, credential, words="").status_code == 422
    assert attest(ada, credential).status_code == 302
    credential.refresh_from_db()
    revocation = credential.revocations.get()
    assert (credential.state, revocation.outcome, revocation.attested_by) == ("gone", "attested", ada.person)
    assert "credential:attested" in tags()
    assert "credential:revoked" not in tags()
    with pytest.raises(Stale):
        attest_gone(credential, words="again", acting_user=ada)


def test_what_does_not_wait_for_a_person_is_not_attested(desk: Desk, emma: User, ada: User) -> None:
    credential, _ = desk.registered(emma)
    with pytest.raises(Stale):
        attest_gone(credential, words="I think so", acting_user=ada)
    start_revocation(credential, reason="Not needed", acting_user=ada)
    with pytest.raises(Stale):
        attest_gone(credential, words="I think so", acting_user=ada)


def lose(user: User, credential: Credential) -> Request:
    """Click "I lost it"."""
    answer = signed_in(user).post(f"/credentials/{credential.pk}/lost/")
    assert answer.status_code == 302
    return Request.objects.get(reopens=credential)


def test_lost_opens_the_same_grant_only_after_the_proof(desk: Desk, emma: User) -> None:
    credential, made = desk.registered(emma)
    desk.fault("keep", "/users/*/manage/api-tokens/*", method="DELETE")
    again = lose(emma, credential)
    run_due_jobs("revoke_credential")
    again.refresh_from_db()
    assert (again.state, again.scopes, again.scopes_hash) == (
        "pending",
        credential.approved_request.scopes,
        credential.approved_request.scopes_hash,
    )
    desk.world.faults.clear()
    run_due_jobs("revoke_credential")
    again.refresh_from_db()
    credential.refresh_from_db()
    assert (credential.state, again.state, desk.lives(made)) == ("revoked", "approved", False)
    assert again.code != credential.approved_request.code
    assert tags().count("request:reopened") == 1
    assert desk.check(emma, again, desk.token(again).secret).registered_as is not None


def test_lost_and_unbound_opens_after_the_attestation(desk: Desk, emma: User, ada: User) -> None:
    disconnect_organisation()
    credential, _ = desk.registered(emma, bound=False)
    again = lose(emma, credential)
    credential.refresh_from_db()
    assert (credential.state, again.state) == ("needs_human", "pending")
    attest(ada, credential)
    again.refresh_from_db()
    assert again.state == "approved"


def test_lost_twice_is_one_request(desk: Desk, emma: User) -> None:
    credential, _ = desk.registered(emma)
    lose(emma, credential)
    signed_in(emma).post(f"/credentials/{credential.pk}/lost/")
    assert Request.objects.filter(reopens=credential).count() == 1
    assert credential.revocations.count() == 1
    with pytest.raises(Stale):
        report_lost(credential, acting_user=emma)


def test_nobody_loses_or_decides_it_for_the_holder(desk: Desk, emma: User, aria: User, ada: User) -> None:
    credential, _ = desk.registered(emma)
    for stranger, status, refusal in ((aria, 404, NotAllowed), (ada, 403, PermissionDenied)):
        assert signed_in(stranger).post(f"/credentials/{credential.pk}/lost/").status_code == status
        with pytest.raises(refusal):
            report_lost(credential, acting_user=stranger)
    again = lose(emma, credential)
    for decision in ("approve/", "deny/"):
        signed_in(aria).post(f"/requests/{again.code}/{decision}", {"reason": "no"})
    again.refresh_from_db()
    assert again.state == "pending"


def test_lost_repeats_what_was_frozen_and_not_what_the_template_says_now(desk: Desk, emma: User) -> None:
    credential, _ = desk.registered(emma)
    version = credential.approved_request.template_version
    version.scopes = [*version.scopes, "admin:repository:bitbucket"]
    version.save()
    assert lose(emma, credential).scopes == credential.approved_request.scopes


def test_lost_keeps_the_deputy_and_what_was_needed(desk: Desk, emma: User, aria: User) -> None:
    credential, _ = desk.registered(emma)
    needed = {"scopes": list(credential.scopes), "because": {}}
    Request.objects.filter(pk=credential.approved_request.pk).update(deputy=aria.person, needed=needed)
    opened = lose(emma, credential)
    assert (opened.kind, opened.deputy, opened.needed) == ("api_token", aria.person, needed)
