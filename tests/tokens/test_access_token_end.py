"""The end of an access token: asked for, done by hand at Bitbucket, and proven by presenting it once more."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from accounts.models import Notification, User
from tests.tokens.adviser.pages import page_of
from tests.tokens.desk import Desk, Made, signed_in, tags
from tests.tokens.making import access_token, registered_token
from tokens.inventory.evaluation import evaluate_findings
from tokens.models import Credential, Finding, Revocation
from tokens.operations.change import NotAllowed
from tokens.operations.endings import expire_credential
from tokens.operations.revocations import attest_gone, report_lost, start_revocation
from tokens.tick import tick

Pair = tuple[Credential, Made]


@pytest.fixture
def pair(desk: Desk, emma: User, lee: User, aria: User) -> Pair:
    """Emma's access token of acme/web, made by Aria, with Lee as the deputy."""
    return registered_token(desk, emma, lee, aria)


def present(user: User, credential: Credential, made: Made) -> Any:
    return signed_in(user).post(reverse("credential_present", args=[credential.pk]), {"secret": made.secret})


def again(credential: Credential) -> Credential:
    return Credential.objects.get(pk=credential.pk)


def ended_at_bitbucket(desk: Desk, made: Made) -> None:
    assert desk.world.delete_access_token(made.id)


def test_revoking_is_a_step_by_hand_with_the_way_there(
    desk: Desk, emma: User, aria: User, pair: Pair, settings: Any
) -> None:
    credential, _ = pair
    url = reverse("credential_revoke", args=[credential.pk])
    assert signed_in(emma).post(url, {"reason": "The job is gone"}).status_code == 302
    assert again(credential).state == "needs_human"
    page = page_of(signed_in(emma).get(credential.get_absolute_url()))
    assert f'href="{settings.BITBUCKET_WEB_URL}/acme/web/admin/access-tokens"' in page
    assert "Aria or Member 1 deletes it at Bitbucket" in page
    assert Notification.objects.filter(person=aria.person, subject__startswith="Delete:").count() == 1
    assert signed_in(aria).get(credential.get_absolute_url()).status_code == 200
    assert desk.sent("", "DELETE") == 0


@pytest.mark.parametrize("who", ["emma", "lee", "aria", "ada"])
def test_a_401_of_the_very_token_proves_that_it_is_gone(
    desk: Desk, emma: User, lee: User, aria: User, ada: User, pair: Pair, who: str
) -> None:
    credential, made = pair
    start_revocation(credential, reason="Not needed", acting_user=emma)
    ended_at_bitbucket(desk, made)
    user = {"emma": emma, "lee": lee, "aria": aria, "ada": ada}[who]
    answer = present(user, credential, made)
    assert answer.status_code == 200
    assert "Proven: it is gone" in page_of(answer)
    assert made.secret not in answer.content.decode()
    assert answer["Cache-Control"] == "no-store"
    assert again(credential).state == "revoked"
    revocation = credential.revocations.get()
    assert (revocation.outcome, revocation.presented_by, revocation.presented_status) == ("presented", user.person, 401)
    assert tags()[-1] == "credential:revoked"
    page = page_of(signed_in(emma).get(credential.get_absolute_url()))
    assert f"{user.person} presented it once more" in page
    assert "Is it gone?" not in page


def test_without_having_been_asked_for_it_is_gone_with_the_same_proof(desk: Desk, emma: User, pair: Pair) -> None:
    credential, made = pair
    ended_at_bitbucket(desk, made)
    present(emma, credential, made)
    assert again(credential).state == "gone"
    assert credential.revocations.get().outcome == "presented"


def test_one_that_still_works_stays_and_is_counted(desk: Desk, emma: User, pair: Pair) -> None:
    credential, made = pair
    start_revocation(credential, reason="Not needed", acting_user=emma)
    answer = present(emma, credential, made)
    assert "It still works" in page_of(answer)
    row = again(credential)
    assert (row.state, row.seen_by) == ("needs_human", "presenting")
    assert "it still works" in row.state_reason
    assert row.ended_at is None


def test_another_token_shows_nothing_and_is_not_sent(desk: Desk, emma: User, pair: Pair) -> None:
    credential, _ = pair
    other = access_token(desk)
    ended_at_bitbucket(desk, other)
    before = desk.sent("/2.0")
    answer = present(emma, credential, other)
    assert answer.status_code == 422
    assert "another token than the one registered here" in page_of(answer)
    assert again(credential).state == "active"
    assert desk.sent("/2.0") == before


def test_a_fingerprint_of_an_older_pepper_is_the_same_token(desk: Desk, emma: User, pair: Pair, settings: Any) -> None:
    credential, made = pair
    settings.FINGERPRINT_PEPPERS = ["the newest pepper", *settings.FINGERPRINT_PEPPERS]
    ended_at_bitbucket(desk, made)
    assert present(emma, credential, made).status_code == 200
    assert again(credential).state == "gone"


def test_no_usable_answer_proves_nothing(desk: Desk, emma: User, pair: Pair) -> None:
    credential, made = pair
    ended_at_bitbucket(desk, made)
    desk.fault("status", "/2.0/user", status=503)
    assert present(emma, credential, made).status_code == 503
    assert again(credential).state == "active"
    assert not Revocation.objects.exists()


def test_who_has_nothing_to_do_with_it_cannot_present_it(desk: Desk, otto: User, pair: Pair) -> None:
    credential, made = pair
    sam = desk.user("sam", seat=True)
    assert present(sam, credential, made).status_code == 404
    assert present(otto, credential, made).status_code == 404


def test_five_pastes_in_ten_minutes(desk: Desk, emma: User, pair: Pair) -> None:
    credential, made = pair
    assert [present(emma, credential, made).status_code for _ in range(6)] == [200] * 5 + [429]


def test_the_database_holds_us_to_the_proof(desk: Desk, emma: User, pair: Pair) -> None:
    credential, _ = pair
    revocation = start_revocation(credential, reason="Not needed", acting_user=emma)
    for changes in (
        {"presented_at": timezone.now(), "presented_by": emma.person, "presented_status": 200},
        {"presented_at": timezone.now(), "presented_by": None, "presented_status": 401},
        {"presented_at": None, "presented_by": emma.person, "presented_status": 401},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Revocation.objects.filter(pk=revocation.pk).update(outcome="presented", **changes)


def test_an_admin_who_does_not_hold_it_attests(desk: Desk, emma: User, ada: User, pair: Pair) -> None:
    credential, _ = pair
    start_revocation(credential, reason="Not needed", acting_user=emma)
    attest_gone(credential, words="Aria showed me the settings", acting_user=ada)
    assert again(credential).state == "gone"
    assert credential.revocations.get().outcome == "attested"


def test_a_lost_one_opens_again_when_it_is_attested_gone(desk: Desk, emma: User, ada: User, pair: Pair) -> None:
    credential, _ = pair
    lost = report_lost(credential, acting_user=emma)
    assert again(credential).state == "needs_human"
    attest_gone(again(credential), words="Aria showed me the settings", acting_user=ada)
    lost.refresh_from_db()
    assert (lost.state, lost.makers, lost.boundary) == ("approved", "looking", "acme/web")


def test_a_lost_one_that_was_found_again_proves_itself(desk: Desk, emma: User, pair: Pair) -> None:
    credential, made = pair
    lost = report_lost(credential, acting_user=emma)
    ended_at_bitbucket(desk, made)
    present(emma, credential, made)
    lost.refresh_from_db()
    assert lost.state == "approved"


def test_its_deputy_can_have_it_deleted_and_a_maker_cannot(desk: Desk, lee: User, aria: User, pair: Pair) -> None:
    credential, _ = pair
    with pytest.raises(NotAllowed):
        start_revocation(credential, reason="Not needed", acting_user=aria)
    start_revocation(credential, reason="Emma is away", acting_user=lee)
    assert again(credential).state == "needs_human"


def _declared_end_is_over(credential: Credential) -> None:
    until = timezone.now() - timedelta(days=3)
    Credential.objects.filter(pk=credential.pk).update(expires_at=until)
    assert credential.request is not None
    type(credential.request).objects.filter(pk=credential.request.pk).update(approved_until=until.date())
    assert expire_credential(credential.pk)


def _evaluate() -> set[str]:
    evaluate_findings()
    return set(Finding.objects.filter(closed_at=None).values_list("kind", flat=True))


def test_after_its_declared_end_it_is_expired_and_no_rule_claims_that_it_lives(
    desk: Desk, emma: User, pair: Pair
) -> None:
    credential, _ = pair
    _declared_end_is_over(credential)
    assert again(credential).state == "expired"
    assert "overdue" not in _evaluate()
    assert "idle" not in _evaluate()


def test_one_that_works_after_its_declared_end_needs_a_person_and_is_overdue(
    desk: Desk, emma: User, pair: Pair
) -> None:
    credential, made = pair
    _declared_end_is_over(credential)
    assert "It still works" in page_of(present(emma, credential, made))
    assert again(credential).state == "needs_human"
    assert "overdue" in _evaluate()
    ended_at_bitbucket(desk, made)
    present(emma, credential, made)
    assert again(credential).state == "revoked"


def test_an_expired_one_can_be_proven_gone(desk: Desk, emma: User, pair: Pair) -> None:
    credential, made = pair
    _declared_end_is_over(credential)
    ended_at_bitbucket(desk, made)
    present(emma, credential, made)
    assert again(credential).state == "gone"


def test_waiting_for_a_person_past_its_end_is_not_called_alive(desk: Desk, emma: User, pair: Pair) -> None:
    credential, _ = pair
    start_revocation(credential, reason="Not needed", acting_user=emma)
    until = timezone.now() - timedelta(days=3)
    assert credential.request is not None
    type(credential.request).objects.filter(pk=credential.request.pk).update(approved_until=until.date())
    assert "overdue" not in _evaluate()


def test_without_a_deputy_there_is_a_finding(desk: Desk, pair: Pair) -> None:
    credential, _ = pair
    assert credential.request is not None
    type(credential.request).objects.filter(pk=credential.request.pk).update(deputy=None)
    assert "no_deputy" in _evaluate()


def test_the_use_page_names_only_its_place(desk: Desk, emma: User, aria: User, lee: User, pair: Pair) -> None:
    credential, made = pair
    url = reverse("credential_use", args=[credential.pk])
    for user in (emma, aria):
        page = page_of(signed_in(user).get(url))
        assert "x-token-auth" in page
        assert "/acme/web.git" in page
        assert "Authorization: Bearer $BITBUCKET_TOKEN" in page
        assert "/2.0/repositories/acme/web" in page
        assert emma.person.email not in page
        assert made.secret not in page
        for words in ("Jenkins", "GitLab", "GitHub Actions", "bitbucket-pipelines.yml"):
            assert words in page
    assert signed_in(lee).get(url).status_code == 404


def test_it_has_its_place_on_the_pages_of_the_inventory(desk: Desk, ada: User, emma: User, pair: Pair) -> None:
    credential, _ = pair
    assert credential.repository is not None
    client = signed_in(ada)
    shown = page_of(client.get(f"{credential.repository.get_absolute_url()}?show=keys"))
    assert credential.request is not None
    assert credential.request.code in shown
    assert "acme/web" in page_of(client.get(reverse("person", args=[emma.person.account_id])))
    exported = client.get(f"{reverse('credentials_export')}?format=csv")
    text = b"".join(exported.streaming_content).decode()  # type: ignore[attr-defined]
    assert "no_listing" in text
    assert "acme/web" in text


def test_ticking_leaves_it_alone(desk: Desk, pair: Pair) -> None:
    """No list will ever show it, so nothing looks for it in one."""
    credential, _ = pair
    tick()
    assert again(credential).binding == "no_listing"
