"""Deciding: which rule holds, who may say what, and how a request ends."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import Notification, User
from audit.models import Event
from tests.tokens.desk import Desk, disconnect_organisation, signed_in, tags
from tokens.models import Approval, Request
from tokens.operations.change import NotAllowed, Stale
from tokens.operations.requests import (
    approve_request,
    deny_request,
    lapse_requests,
    look_at_request,
    withdraw_request,
)
from tokens.policy import rule_for
from tokens.queries import current_version

BY_APPROVERS = "manage-webhooks"


def post(user: User, request: Request, what: str, **form: str) -> Any:
    """Click something on the page of a request."""
    return signed_in(user).post(f"/requests/{request.code}/{what}/", form)


def test_at_once(desk: Desk, emma: User, aria: User) -> None:
    request = desk.ask(emma, "clone-and-pull", 30)
    assert (request.state, request.decided_by_rule, request.look_due_at) == ("approved", True, None)
    assert request.approved_until == (timezone.now() + timedelta(days=30)).date()
    assert tags()[-2:] == ["request:submitted", "request:approved"]
    assert Event.objects.latest("seq").details["by"] == "rule"
    assert not Notification.objects.filter(person=aria.person).exists()


def test_at_once_and_looked_at_within_a_day(desk: Desk, emma: User, aria: User) -> None:
    request = desk.ask(emma, "clone-pull-and-push", 30)
    assert request.state == "approved"
    assert request.look_due_at == request.submitted_at + timedelta(days=1)
    assert Notification.objects.get(person=aria.person).path == f"/requests/{request.code}/"
    assert post(aria, request, "look").status_code == 302
    post(aria, request, "look")
    request.refresh_from_db()
    assert request.looked_at_by == aria.person
    assert tags().count("request:looked_at") == 1


def test_without_a_way_back_an_approver_decides(desk: Desk, emma: User, aria: User) -> None:
    disconnect_organisation()
    request = desk.ask(emma, "clone-pull-and-push", 30)
    assert (request.state, request.look_due_at) == ("pending", None)
    assert Notification.objects.filter(person=aria.person, path=f"/requests/{request.code}/").count() == 1
    assert desk.ask(emma, "clone-and-pull", 30).state == "approved", "reading only needs no way back"


def test_at_once_never_unwatched_for_long_nor_for_a_machine_nor_with_sharp_scopes(desk: Desk) -> None:
    version = current_version("clone-pull-and-push")
    assert rule_for(version, lifetime_days=90, revocation_is_automatic=True).rule == "at_once_reviewed"
    assert rule_for(version, lifetime_days=91, revocation_is_automatic=True).rule == "approvers"
    version.used_by_machine = True
    assert rule_for(version, lifetime_days=30, revocation_is_automatic=True).rule == "approvers"
    version.used_by_machine = False
    for sharp in ("admin:repository:bitbucket", "delete:repository:bitbucket", "write:ssh-key:bitbucket"):
        version.scopes = ["read:repository:bitbucket", sharp]
        assert rule_for(version, lifetime_days=30, revocation_is_automatic=True).rule == "approvers", sharp


def test_the_mail_to_the_approver_says_all_and_carries_no_authority(desk: Desk, emma: User, aria: User) -> None:
    request = desk.ask(emma, BY_APPROVERS, 7)
    told = Notification.objects.get(person=aria.person)
    for words in ("Emma", "7 days", "git on my laptop", "The nightly report"):
        assert words in told.body
    assert told.path == f"/requests/{request.code}/"
    assert "?" not in told.path
    assert signed_in(aria).get(told.path).status_code == 200
    request.refresh_from_db()
    assert request.state == "pending"


def test_approved_by_an_approver(desk: Desk, emma: User, aria: User) -> None:
    request = desk.ask(emma, BY_APPROVERS, 7)
    assert post(aria, request, "approve").status_code == 302
    request.refresh_from_db()
    assert (request.state, request.decided_by_rule) == ("approved", False)
    assert Event.objects.latest("seq").actor_account_id == aria.person.account_id
    assert Notification.objects.filter(person=emma.person, subject__startswith="Approved").count() == 1
    post(aria, request, "approve")
    post(aria, request, "deny", reason="No, after all")
    request.refresh_from_db()
    assert (request.state, Approval.objects.count()) == ("approved", 1)


def test_nobody_decides_about_their_own(desk: Desk, aria: User) -> None:
    request = desk.ask(aria, BY_APPROVERS, 7)
    for decide in (approve_request, look_at_request):
        with pytest.raises(NotAllowed):
            decide(request, acting_user=aria)
    with pytest.raises(NotAllowed):
        deny_request(request, acting_user=aria, reason="no")
    for what in ("approve", "deny", "look"):
        assert post(aria, request, what, reason="no").status_code == 302
        refused = Event.objects.latest("seq")
        assert (refused.tag, refused.actor_account_id) == ("access:refused", aria.person.account_id)
    request.refresh_from_db()
    assert (request.state, request.looked_at) == ("pending", None)
    assert not Approval.objects.exists()
    page = signed_in(aria).get(request.get_absolute_url()).content.decode()
    assert f"/requests/{request.code}/approve/" not in page
    assert request.code not in signed_in(aria).get("/approvals/").content.decode()


def test_a_role_lost_between_page_and_click(desk: Desk, emma: User, aria: User) -> None:
    request = desk.ask(emma, BY_APPROVERS, 7)
    client = signed_in(aria)
    assert client.get(request.get_absolute_url()).status_code == 200
    aria.groups.clear()
    assert client.post(f"/requests/{request.code}/approve/").status_code == 403
    assert tags()[-1] == "access:refused"
    request.refresh_from_db()
    assert request.state == "pending"


def test_a_role_lost_between_click_and_execution(desk: Desk, emma: User, aria: User) -> None:
    request = desk.ask(emma, BY_APPROVERS, 7)
    assert aria.has_perm("tokens.approve_request")
    aria.groups.clear()
    for decide in (approve_request, look_at_request):
        with pytest.raises(PermissionDenied):
            decide(request, acting_user=aria)
    with pytest.raises(PermissionDenied):
        deny_request(request, acting_user=aria, reason="no")


def test_a_seat_lost_is_the_right_to_ask_lost(desk: Desk, emma: User) -> None:
    assert emma.has_perm("tokens.request_credential")
    emma.person.seats.all().delete()
    with pytest.raises(PermissionDenied):
        desk.ask(emma)


def test_two_people(desk: Desk, emma: User, aria: User, lee: User) -> None:
    version = current_version(BY_APPROVERS)
    version.rule = "two_people"
    version.save()
    second = desk.user("sam", approver=True)
    request = desk.ask(emma, BY_APPROVERS, 7)
    post(aria, request, "approve")
    request.refresh_from_db()
    assert (request.state, tags()[-1]) == ("pending", "request:partly_approved")
    with pytest.raises(Stale):
        approve_request(request, acting_user=aria)
    with pytest.raises(IntegrityError), transaction.atomic():
        Approval.objects.create(request=request, approver=aria.person, verdict="approved", decided_at=timezone.now())
    with pytest.raises(PermissionDenied):
        approve_request(request, acting_user=lee)
    post(second, request, "approve")
    request.refresh_from_db()
    assert (request.state, request.approvals.count()) == ("approved", 2)


def test_two_people_and_the_second_says_no(desk: Desk, emma: User, aria: User) -> None:
    version = current_version(BY_APPROVERS)
    version.rule = "two_people"
    version.save()
    request = desk.ask(emma, BY_APPROVERS, 7)
    approve_request(request, acting_user=aria)
    deny_request(request, acting_user=desk.user("sam", approver=True), reason="Too broad")
    request.refresh_from_db()
    assert request.state == "denied"


def test_a_denial_needs_a_reason_that_its_person_reads(desk: Desk, emma: User, aria: User) -> None:
    request = desk.ask(emma, BY_APPROVERS, 7)
    assert post(aria, request, "deny", reason=" ").status_code == 422
    with pytest.raises(NotAllowed):
        deny_request(request, acting_user=aria, reason=" ")
    request.refresh_from_db()
    assert request.state == "pending"
    post(aria, request, "deny", reason="Read-only is enough")
    request.refresh_from_db()
    assert request.state == "denied"
    assert "Read-only is enough" in Notification.objects.get(person=emma.person).body
    assert "Read-only is enough" in signed_in(emma).get(request.get_absolute_url()).content.decode()


def test_withdrawn_by_its_person_only(desk: Desk, emma: User, aria: User, lee: User) -> None:
    request = desk.ask(emma, BY_APPROVERS, 7)
    assert post(lee, request, "withdraw").status_code == 404
    post(aria, request, "withdraw")
    with pytest.raises(NotAllowed):
        withdraw_request(request, acting_user=aria)
    request.refresh_from_db()
    assert request.state == "pending"
    post(emma, request, "withdraw")
    request.refresh_from_db()
    assert request.state == "withdrawn"
    with pytest.raises(Stale):
        approve_request(request, acting_user=aria)
    with pytest.raises(Stale):
        withdraw_request(request, acting_user=emma)


def test_withdrawn_before_the_paste_takes_no_token(desk: Desk, emma: User) -> None:
    request = desk.approved(emma)
    secret = desk.token(request).secret
    post(emma, request, "withdraw")
    answer = desk.paste(emma, request, secret)
    assert (answer.status_code, answer["Location"]) == (302, f"/requests/{request.code}/")
    assert desk.sent("/2.0/user") == 0


def test_what_nobody_decided_or_used_lapses(desk: Desk, emma: User, settings: Any) -> None:
    settings.REQUEST_LAPSES_AFTER_DAYS = 14
    waiting, unused, fresh = desk.ask(emma, BY_APPROVERS, 7), desk.approved(emma), desk.approved(emma)
    long_ago = timezone.now() - timedelta(days=15)
    Request.objects.filter(pk=waiting.pk).update(submitted_at=long_ago)
    Request.objects.filter(pk=unused.pk).update(decided_at=long_ago)
    issued, _ = desk.registered(emma)
    Request.objects.filter(pk=issued.approved_request.pk).update(submitted_at=long_ago, decided_at=long_ago)
    assert (lapse_requests(), lapse_requests()) == (2, 0)
    states = {
        pk: Request.objects.get(pk=pk).state for pk in (waiting.pk, unused.pk, fresh.pk, issued.approved_request.pk)
    }
    assert list(states.values()) == ["lapsed", "lapsed", "approved", "issued"]
    assert tags().count("request:lapsed") == 2
