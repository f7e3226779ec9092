"""Without a paste: what the listing alone registers, refuses, or leaves to the paste. And what was found first."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import User
from audit.models import Event
from bitbucket.resources import OrganisationToken
from tests.tokens.desk import Desk, bind, run_due_jobs, tags
from tests.tokens.inventory.entries import ADMIN, READ, coded, entry, observe, open_kinds, row_of
from tokens.capabilities import observe as see
from tokens.models import Capability, Credential, Request
from tokens.operations.listing_registration import register_from_listing
from tokens.operations.revocations import choose_entry
from tokens.seen_entry import words_for_seen
from workqueue.models import Job

L = Capability.Level


@pytest.fixture
def request_row(desk: Desk, emma: User) -> Request:
    """An approved request, where listings tell scopes."""
    see(Capability.Name.LISTING_SCOPES, L.AUTOMATIC, "seen to work")
    return desk.approved(emma)


def test_exactly_what_was_approved_is_registered_and_bound(request_row: Request) -> None:
    one = coded(request_row)
    row = register_from_listing(request_row, [one])
    assert row is not None
    assert (row.state, row.source, row.holder_proof, row.listing_id) == ("active", "listing", "listing", one.id)
    assert (row.verification_outcome, row.binding, row.expires_at) == ("exact", "bound", one.expires_at)
    assert row.listed_scopes == sorted(request_row.scopes)
    request_row.refresh_from_db()
    assert request_row.state == "issued"
    assert tags()[-2:] == ["credential:registered", "credential:bound"]
    assert Event.objects.get(tag="credential:registered").details["source"] == "listing"
    assert register_from_listing(request_row, [one]) is None


def test_less_than_approved_waits_for_its_person_who_has_to_accept_it(
    desk: Desk, emma: User, request_row: Request
) -> None:
    request = desk.approved(emma, "everyday-development")
    less = coded(request, scopes=request.scopes[:1])
    assert register_from_listing(request, [less]) is None
    observe(less)
    request.refresh_from_db()
    words = words_for_seen(request)
    assert (words.tone, words.items) == ("caution", request.scopes[1:])


def test_the_paste_of_what_the_listing_refused_is_the_same_credential(
    desk: Desk, emma: User, request_row: Request
) -> None:
    made = desk.token(request_row, scopes=[*request_row.scopes, "write:repository:bitbucket"])
    observe(coded(request_row, id=made.id, scopes=frozenset([*request_row.scopes, "write:repository:bitbucket"])))
    run_due_jobs("register_listed")
    refused = Credential.objects.get()
    assert (refused.state, refused.fingerprint, refused.listing_id) == ("refused", "", made.id)
    assert desk.check(emma, request_row, made.secret).outcome == "excess"
    again = Credential.objects.get()
    assert again.pk == refused.pk
    assert again.fingerprint
    assert desk.check(emma, request_row, made.secret).outcome == "excess"
    assert Credential.objects.count() == 1


def test_more_than_approved_is_refused_and_alive(request_row: Request) -> None:
    first, second = (coded(request_row, scopes=READ | ADMIN) for _ in range(2))
    for one in (first, second):
        row = register_from_listing(request_row, [one])
        assert row is not None
        assert (row.state, row.listing_id, open_kinds(row)) == ("refused", one.id, {"refused_alive"})
    request_row.refresh_from_db()
    assert (request_row.state, Credential.objects.count()) == ("approved", 2)


def test_a_longer_life_than_approved_is_refused(request_row: Request) -> None:
    row = register_from_listing(request_row, [coded(request_row, expires_at=timezone.now() + timedelta(days=300))])
    assert row is not None
    assert row.state == "refused"
    assert "approved was" in row.state_reason


def _others(request: Request, kind: str) -> list[OrganisationToken]:
    one = coded(request)
    return {
        "two": [one, coded(request)],
        "old": [replace(one, created_at=timezone.now() - timedelta(days=2))],
        "strangers": [replace(one, user_id="acc-lee")],
        "untold": [replace(one, scopes=None)],
        "unscoped": [replace(one, scopes=frozenset())],
        "jira": [replace(one, scopes=frozenset({"read:jira-work"}))],
        "none": [],
    }[kind]


@pytest.mark.parametrize("kind", ["two", "old", "strangers", "untold", "unscoped", "jira", "none"])
def test_what_is_not_surely_it_is_left_to_the_paste(request_row: Request, kind: str) -> None:
    assert register_from_listing(request_row, _others(request_row, kind)) is None
    request_row.refresh_from_db()
    assert (request_row.state, Credential.objects.count()) == ("approved", 0)


def test_where_listings_do_not_tell_scopes_nothing_is_registered(desk: Desk, emma: User) -> None:
    request = desk.approved(emma)
    observe(coded(request))
    assert not Job.objects.filter(kind="register_listed").exists()
    assert register_from_listing(request, [coded(request)]) is None


def test_high_risk_is_registered_too(desk: Desk, emma: User, aria: User, request_row: Request) -> None:
    request = desk.approved(emma, "manage-webhooks", 7, by=aria)
    assert request.risk in {"high", "critical"}
    assert register_from_listing(request, [coded(request)]) is not None


def test_the_job_reads_every_entry_of_the_code(desk: Desk, request_row: Request) -> None:
    """F29: the page shows one, the listing holds a decoy as well."""
    made, decoy = desk.token(request_row), desk.token(request_row, label=f"decoy {request_row.code}")
    observe(coded(request_row, id=made.id))
    run_due_jobs("register_listed")
    assert not Credential.objects.exists()
    desk.world.delete_api_token(decoy.id, actor="sandbox")
    observe(coded(request_row, id=made.id))
    observe(coded(request_row, id=made.id), coded(request_row, id=decoy.id))
    run_due_jobs("register_listed")
    assert Credential.objects.get().listing_id == made.id


def test_a_pasted_one_is_bound_by_the_search_and_not_registered_twice(
    desk: Desk, emma: User, request_row: Request
) -> None:
    made = desk.token(request_row)
    row = desk.check(emma, request_row, made.secret)
    observe(coded(request_row, id=made.id))
    run_due_jobs("bind_credential", "register_listed")
    assert Credential.objects.get() == row.registered_as
    assert Credential.objects.get().listing_id == made.id


def test_one_found_first_and_chosen_by_a_person_becomes_the_pasted_one(desk: Desk, emma: User, ada: User) -> None:
    request = desk.approved(emma)
    made = desk.token(request, label="my laptop")
    found = entry(emma.person, request.scopes, id=made.id, days=0, label="my laptop")
    observe(found)
    old = row_of(found)
    credential = bind(desk, emma, request, made)
    for _ in range(4):
        run_due_jobs("bind_credential")
    credential.refresh_from_db()
    assert [one["id"] for one in credential.candidates] == [made.id]
    choose_entry(credential, made.id, acting_user=ada)
    credential.refresh_from_db()
    assert (credential.binding, credential.listing_id, credential.seen_at) == ("bound", made.id, old.seen_at)
    assert not Credential.objects.filter(pk=old.pk).exists()
