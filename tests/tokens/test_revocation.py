"""Ending a credential at the real sandbox: "revoked" is only ever said after a complete re-read without it."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import Notification, User
from audit.models import Event
from bitbucket.admin import AdminClient
from tests.tokens.desk import Desk, Made, run_due_jobs, signed_in, tags
from tests.tokens.ending import job_of, revoke, start
from tokens.inventory.labels import clean_label
from tokens.models import Credential, Revocation
from tokens.operations.change import NotAllowed, Stale
from tokens.operations.revocations import start_revocation
from workqueue.models import Job, JobState

DELETE = "/users/*/manage/api-tokens/*"
ORG_LIST = "/admin/*/api-tokens"


def test_deleted_reread_and_only_then_revoked(desk: Desk, emma: User, ada: User, held: tuple[Credential, Made]) -> None:
    credential, made = held
    other, other_made = desk.registered(emma, "review-pull-requests")
    desk.world.counters.clear()
    revocation = revoke(credential, ada)
    assert (credential.state, desk.lives(made)) == ("revoked", False)
    assert credential.ended_at is not None
    assert (revocation.outcome, revocation.deletion_answer, revocation.reread_total) == ("revoked", "204 No Content", 1)
    assert revocation.found_at is not None
    assert revocation.deletion_sent_at is not None
    assert revocation.reread_at is not None
    assert revocation.deletion_sent_at <= revocation.reread_at
    order = [row["method"] for row in desk.world.counters.report()["recent"]]
    assert order == ["GET", "DELETE", "GET"]
    assert tags().count("credential:revoked") == 1
    assert Event.objects.get(tag="credential:revoked").details["listing_id"] == made.id
    other.refresh_from_db()
    assert (other.state, desk.lives(other_made)) == ("active", True)
    assert Notification.objects.filter(person=emma.person, subject__startswith="Revoked").count() == 1


def test_its_holder_may_and_somebody_else_may_not(
    desk: Desk, emma: User, lee: User, aria: User, held: tuple[Credential, Made]
) -> None:
    credential, made = held
    for stranger in (lee, aria):
        with pytest.raises(NotAllowed):
            start(credential, stranger)
    revoke(credential, emma)
    assert (credential.state, desk.lives(made)) == ("revoked", False)


def test_a_sentence_is_needed(ada: User, held: tuple[Credential, Made]) -> None:
    with pytest.raises(NotAllowed):
        start_revocation(held[0], reason="  ", acting_user=ada)
    assert signed_in(ada).post(f"/credentials/{held[0].pk}/revoke/", {"reason": ""}).status_code == 422
    assert not Revocation.objects.exists()


def test_a_double_click_is_one_revocation(desk: Desk, ada: User, emma: User, held: tuple[Credential, Made]) -> None:
    credential, _ = held
    assert start(credential, ada) == start(credential, ada) == start(credential, emma)
    run_due_jobs("revoke_credential")
    run_due_jobs("revoke_credential")
    assert Revocation.objects.count() == Job.objects.filter(kind="revoke_credential").count() == 1
    assert desk.sent("manage/api-tokens", "DELETE") == 1
    assert tags().count("credential:revoked") == tags().count("credential:revocation_started") == 1
    with pytest.raises(Stale):
        start(credential, ada)


def test_a_204_that_keeps_it_is_never_revoked(desk: Desk, ada: User, held: tuple[Credential, Made]) -> None:
    credential, made = held
    desk.fault("keep", DELETE, method="DELETE")
    revocation = start(credential, ada)
    for _ in range(4):
        run_due_jobs("revoke_credential")
        credential.refresh_from_db()
        assert credential.state == "revoking"
    revocation.refresh_from_db()
    assert "still in the list" in revocation.waiting_because
    assert job_of(revocation).state == JobState.WAITING
    _a_day_passes(revocation)
    run_due_jobs("revoke_credential")
    credential.refresh_from_db()
    assert (credential.state, desk.lives(made)) == ("needs_human", True)
    assert "credential:revoked" not in tags()
    assert job_of(revocation).state == JobState.NEEDS_HUMAN


def _a_day_passes(revocation: Revocation) -> None:
    Job.objects.filter(key=revocation.job_key).update(first_due_at=timezone.now() - timedelta(hours=25))


def test_after_needing_a_person_it_can_be_tried_again(desk: Desk, ada: User, held: tuple[Credential, Made]) -> None:
    credential, made = held
    desk.fault("lost_admin", "/users/*")
    revoke(credential, ada)
    assert (credential.state, desk.lives(made)) == ("needs_human", True)
    desk.world.faults.clear()
    page = signed_in(ada).get(credential.get_absolute_url()).content.decode()
    assert f"/credentials/{credential.pk}/revoke/" in page, "the page offers to try again"
    answer = signed_in(ada).post(f"/credentials/{credential.pk}/revoke/", {"reason": "The right is back"})
    assert answer.status_code == 302
    run_due_jobs("revoke_credential")
    credential.refresh_from_db()
    assert (credential.state, desk.lives(made)) == ("revoked", False)


def test_a_404_to_the_deletion_goes_to_the_proof(desk: Desk, ada: User, held: tuple[Credential, Made]) -> None:
    credential, made = held
    desk.fault("status", DELETE, method="DELETE", status=404)
    revocation = revoke(credential, ada)
    assert (credential.state, revocation.deletion_answer) == ("revoking", "404 Not Found")
    desk.world.faults.clear()
    run_due_jobs("revoke_credential")
    credential.refresh_from_db()
    assert (credential.state, desk.lives(made)) == ("revoked", False)


def test_deleted_by_its_holder_meanwhile_is_gone_and_not_revoked(
    desk: Desk, ada: User, held: tuple[Credential, Made]
) -> None:
    credential, made = held
    start(credential, ada)
    desk.world.delete_api_token(made.id)
    run_due_jobs("revoke_credential")
    credential.refresh_from_db()
    revocation = credential.revocations.get()
    assert (credential.state, revocation.outcome) == ("gone", "gone")
    assert desk.sent("manage/api-tokens", "DELETE") == 0
    assert "credential:revoked" not in tags()


def test_deleted_by_its_holder_right_before_us_is_gone_too(
    desk: Desk, ada: User, held: tuple[Credential, Made], monkeypatch: pytest.MonkeyPatch
) -> None:
    credential, made = held
    delete = AdminClient.delete_user_token

    def too_late(client: AdminClient, account_id: str, token_id: str) -> None:
        desk.world.delete_api_token(made.id)
        delete(client, account_id, token_id)

    monkeypatch.setattr(AdminClient, "delete_user_token", too_late)
    revocation = revoke(credential, ada)
    assert (credential.state, revocation.outcome, revocation.deletion_answer) == ("gone", "gone", "404 Not Found")
    assert "credential:revoked" not in tags()


def test_an_empty_list_alone_does_not_prove_that_it_is_gone(
    desk: Desk, ada: User, held: tuple[Credential, Made], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The list of a disabled account may be empty: the organisation's listing has to agree."""
    credential, _ = held
    monkeypatch.setattr(AdminClient, "user_tokens", lambda self, account_id: [])
    revoke(credential, ada)
    assert credential.state == "needs_human"
    assert "organisation's listing does" in credential.state_reason


@pytest.mark.parametrize("status", [401, 403, 404])
def test_without_the_second_witness_nobody_says_gone(
    desk: Desk, ada: User, held: tuple[Credential, Made], status: int
) -> None:
    credential, made = held
    desk.world.delete_api_token(made.id)
    desk.fault("status", ORG_LIST, status=status)
    revoke(credential, ada)
    assert credential.state == "needs_human"


def test_without_the_key_a_person_is_asked(desk: Desk, ada: User, held: tuple[Credential, Made], settings: Any) -> None:
    settings.ATLASSIAN_REVOKE_KEY = ""
    revoke(held[0], ada)
    assert held[0].state == "needs_human"
    assert desk.lives(held[1])


def test_with_the_key_that_only_reads_nothing_is_deleted(
    desk: Desk, ada: User, held: tuple[Credential, Made], settings: Any
) -> None:
    settings.ATLASSIAN_REVOKE_KEY = settings.ATLASSIAN_AUDIT_KEY
    revoke(held[0], ada)
    assert (held[0].state, desk.lives(held[1])) == ("needs_human", True)


def test_an_entry_that_has_another_name_now_is_not_deleted(
    desk: Desk, ada: User, held: tuple[Credential, Made]
) -> None:
    credential, made = held
    desk.world.api_tokens[made.id].label = "something else"
    revoke(credential, ada)
    assert (credential.state, desk.lives(made)) == ("needs_human", True)
    assert "another name" in credential.state_reason


def test_a_name_that_is_kept_otherwise_than_it_is_listed_is_no_other_name(
    desk: Desk, ada: User, held: tuple[Credential, Made]
) -> None:
    credential, made = held
    listed = f"two  spaces {'x' * 250}"
    desk.world.api_tokens[made.id].label = listed
    Credential.objects.filter(pk=credential.pk).update(listing_label=clean_label(listed))
    revoke(credential, ada)
    assert (credential.state, desk.lives(made)) == ("revoked", False)


def test_a_masked_name_does_not_hide_it_from_the_second_witness(
    desk: Desk, ada: User, held: tuple[Credential, Made], monkeypatch: pytest.MonkeyPatch
) -> None:
    credential, made = held
    listed = "ATATT3xFfGF0" + "a1B2c3D4" * 20
    desk.world.api_tokens[made.id].label = listed
    Credential.objects.filter(pk=credential.pk).update(listing_label=clean_label(listed))
    monkeypatch.setattr(AdminClient, "user_tokens", lambda self, account_id: [])
    revoke(credential, ada)
    assert (credential.state, desk.lives(made)) == ("needs_human", True)
