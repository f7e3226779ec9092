"""An access token from the settings of its place into the inventory: the walk, the one paste, and what comes of it."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import Notification, User
from audit.models import Event
from tests.tokens.adviser.pages import page_of
from tests.tokens.desk import Desk, Made, signed_in, tags
from tests.tokens.making import READ, WRITE, access_token, approved_request, know_places, paste_token
from tokens.binding import end_of
from tokens.catalogue.rules import classic_cover
from tokens.models import Credential, Finding, Request, Verification

# Assembled, so that no scanner takes it for a real one.
API_TOKEN = "ATATT3x" + "FfGF0" + "Kq7" * 20


@pytest.fixture
def request_row(desk: Desk, emma: User, lee: User, aria: User) -> Request:
    """Emma's approved request for acme/web, which Aria administers; the inventory knows all places."""
    know_places(desk)
    return approved_request(desk, emma, lee, aria)


def check(user: User, row: Request, made: Made | str, **changes: Any) -> Verification:
    """Paste; the row that it left."""
    answer = paste_token(user, row, made, **changes)
    assert answer.status_code == 302, page_of(answer)
    found = Verification.objects.latest("pk")
    assert answer["Location"] == reverse("verification", args=[row.code, found.pk])
    return found


def words_of(user: User, found: Verification) -> str:
    return page_of(signed_in(user).get(reverse("verification", args=[found.request.code, found.pk])))


def test_the_walk_shows_each_step_to_who_can_make_it(
    desk: Desk, aria: User, request_row: Request, settings: Any
) -> None:
    answer = signed_in(aria).get(reverse("create", args=[request_row.code]))
    page = page_of(answer)
    assert f'href="{settings.BITBUCKET_WEB_URL}/acme/web/admin/access-tokens"' in page
    assert request_row.credential_name in page
    assert "<code data-classic-scope>repository:write</code>" in page
    assert "read:repository:bitbucket" not in page, "that page knows classic scopes only"
    assert request_row.approved_until is not None
    assert f'data-until="{request_row.approved_until.isoformat()}"' in page
    assert "secret store" in page
    assert "Emma, who will hold it" in page
    assert "reaches" not in page, "what a person reaches is none of this"
    assert answer["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    ("slug", "kind", "boundary", "page"),
    [
        (
            "ci-check-out-and-report",
            "project_access_token",
            "acme/{key}",
            "/acme/workspace/projects/{key}/settings/access-tokens",
        ),
        ("dependency-bot", "workspace_access_token", "acme", "/acme/workspace/settings/access-tokens"),
    ],
)
def test_the_walk_of_projects_and_workspaces(
    desk: Desk, emma: User, lee: User, aria: User, settings: Any, slug: str, kind: str, boundary: str, page: str
) -> None:
    acme = desk.world.workspaces["acme"]
    acme.seats[aria.person.account_id] = "owner"
    key = acme.projects[0].key
    row = approved_request(desk, emma, lee, aria, slug, boundary=boundary.format(key=key), kind=kind)
    shown = page_of(signed_in(aria).get(reverse("create", args=[row.code])))
    assert f'href="{settings.BITBUCKET_WEB_URL}{page.format(key=key)}"' in shown


def test_what_the_cover_adds_is_said(desk: Desk, emma: User, lee: User, aria: User) -> None:
    row = approved_request(desk, emma, lee, aria, "ci-check-out-and-report", kind="repository_access_token")
    page = page_of(signed_in(aria).get(reverse("create", args=[row.code])))
    assert ("These scopes bring more along" in page) == bool(classic_cover(row.scopes, kind=row.kind).adds)


def test_exactly_what_was_approved_is_registered_and_proven(
    desk: Desk, emma: User, lee: User, aria: User, request_row: Request
) -> None:
    made = access_token(desk)
    day = timezone.now().date() + timedelta(days=20)
    found = check(aria, request_row, made, day=day)
    assert (found.outcome, found.boundary_proof, found.pasted_by) == ("exact", "proven", aria.person)
    credential = found.registered_as
    assert credential is not None
    assert (credential.holder, credential.creator, credential.kind) == (emma.person, aria.person, request_row.kind)
    assert (credential.state, credential.binding, credential.holder_proof) == ("active", "no_listing", "declared")
    assert (credential.expires_at, credential.expiry_is_read) == (end_of(day), False)
    assert credential.repository is not None
    assert (credential.repository.full_name, credential.scopes) == ("acme/web", list(WRITE))
    request_row.refresh_from_db()
    assert request_row.state == "issued"
    assert {"credential:verified", "credential:registered"} <= set(tags())
    told = Notification.objects.filter(subject__startswith="Ready:")
    assert {row.person for row in told} == {emma.person, lee.person, aria.person}
    words = words_of(aria, found)
    assert "another place like it stayed closed" in words
    assert made.secret not in words
    page = page_of(signed_in(emma).get(credential.get_absolute_url()))
    assert "shows this kind, so nobody can look it up" in page
    assert "Declared by Aria, who made it" in page
    assert "as declared by who made it" in page
    assert "organisation" not in page.replace("organisation's API key", "")


def test_the_calls_are_three_and_go_to_the_two_places(desk: Desk, aria: User, request_row: Request) -> None:
    before = desk.sent("/2.0/user")
    check(aria, request_row, access_token(desk))
    assert desk.sent("/2.0/user") - before == 1


@pytest.mark.parametrize(
    ("scopes", "excess"),
    [
        (("repository:write", "pipeline"), ["pipeline"]),
        (("repository:admin", "repository:write"), ["repository:admin"]),
    ],
)
def test_more_scopes_are_refused_and_counted_until_it_is_gone(
    desk: Desk, emma: User, aria: User, request_row: Request, scopes: tuple[str, ...], excess: list[str]
) -> None:
    made = access_token(desk, scopes)
    found = check(aria, request_row, made)
    assert (found.outcome, found.excess) == ("excess", excess)
    credential = Credential.objects.get(request=request_row)
    assert (credential.state, credential.creator) == ("refused", aria.person)
    assert Finding.objects.filter(credential=credential, kind="refused_alive", closed_at=None).count() == 1
    assert "Delete it in the settings" in Notification.objects.filter(person=emma.person).latest("pk").body
    check(aria, request_row, made)
    assert Credential.objects.filter(request=request_row).count() == 1, "the same one is refused once"
    desk.world.delete_access_token(made.id)
    assert check(aria, request_row, made).outcome == "invalid"
    credential.refresh_from_db()
    assert credential.state == "gone"
    assert not Finding.objects.filter(closed_at=None).exists()


def test_implied_scopes_are_no_excess(desk: Desk, aria: User, request_row: Request) -> None:
    assert check(aria, request_row, access_token(desk, ("repository:write", "repository"))).outcome == "exact"


def test_fewer_scopes_are_registered_on_a_click_of_who_pasted(
    desk: Desk, emma: User, aria: User, request_row: Request
) -> None:
    found = check(aria, request_row, access_token(desk, READ))
    assert (found.outcome, found.missing) == ("missing", ["repository:write"])
    assert "Register the smaller set" in words_of(aria, found)
    accept = reverse("accept_smaller", args=[request_row.code, found.pk])
    assert signed_in(emma).post(accept).status_code == 302
    assert not Credential.objects.exists(), "who asked did not paste it"
    assert signed_in(aria).post(accept).status_code == 302
    assert Credential.objects.get(verification=found).scopes == list(READ)


def test_a_token_of_the_workspace_opens_more(desk: Desk, aria: User, request_row: Request) -> None:
    """Bitbucket may leave its word for the kind out; then the other place tells."""
    desk.world.switches.credential_type = ""
    made = access_token(desk, kind="workspace_access_token", repository="")
    found = check(aria, request_row, made)
    assert (found.outcome, found.boundary_proof) == ("excess", "opens_more")
    assert found.boundary_words.startswith("it also opens acme/")
    assert "opens more than was approved" in words_of(aria, found)
    assert Credential.objects.get(request=request_row).state == "refused"


def test_a_known_other_kind_is_the_wrong_one(desk: Desk, aria: User, request_row: Request) -> None:
    found = check(aria, request_row, access_token(desk, kind="workspace_access_token", repository=""))
    assert (found.outcome, found.fingerprint) == ("wrong_kind", "")
    assert "“workspace_access_token”" in words_of(aria, found)


def test_a_token_made_in_another_repository_is_refused(
    desk: Desk, emma: User, aria: User, request_row: Request
) -> None:
    acme = desk.world.workspaces["acme"]
    # The one that is looked at beside the own place is the first of the others.
    elsewhere = acme.repositories[-1].slug
    found = check(aria, request_row, access_token(desk, repository=elsewhere))
    assert (found.outcome, found.boundary_proof) == ("missing", "elsewhere")
    words = words_of(aria, found)
    assert "it does not open acme/web" in words
    assert "Register the smaller set" not in words
    credential = Credential.objects.get(request=request_row)
    assert (credential.state, credential.repository) == ("refused", None)
    accept = reverse("accept_smaller", args=[request_row.code, found.pk])
    signed_in(aria).post(accept)
    request_row.refresh_from_db()
    assert request_row.state == "approved"


def test_what_cannot_be_tested_is_said_and_never_claimed(desk: Desk, emma: User, lee: User, aria: User) -> None:
    row = approved_request(desk, emma, lee, aria)
    found = check(aria, row, access_token(desk))
    assert (found.outcome, found.boundary_proof) == ("exact", "not_tested")
    assert "is not proven" in words_of(aria, found)
    assert found.registered_as is not None
    page = page_of(signed_in(emma).get(found.registered_as.get_absolute_url()))
    assert "acme/web, not proven" in page


def test_a_public_place_proves_nothing(desk: Desk, aria: User, request_row: Request, monkeypatch: Any) -> None:
    monkeypatch.setattr("bitbucket.cloud.opening.OpeningCalls.opens_repository", lambda *_: False)
    assert check(aria, request_row, access_token(desk)).boundary_proof == "not_tested"


@pytest.mark.parametrize("path", ["/2.0/user", "/2.0/repositories/*"])
def test_what_cannot_be_read_stores_nothing(desk: Desk, aria: User, request_row: Request, path: str) -> None:
    desk.fault("status", path, status=503)
    assert paste_token(aria, request_row, access_token(desk)).status_code == 503
    assert not Verification.objects.exists()
    assert not Credential.objects.exists()


def test_dripping_answers_share_one_deadline(desk: Desk, aria: User, request_row: Request, monkeypatch: Any) -> None:
    monkeypatch.setattr("tokens.access_token_verification.DEADLINE_SECONDS", 1.0)
    desk.fault("latency", "/2.0/repositories/*", milliseconds=700)
    assert paste_token(aria, request_row, access_token(desk)).status_code == 503


def test_only_what_starts_like_an_access_token_is_sent(desk: Desk, aria: User, request_row: Request) -> None:
    before = desk.sent("/2.0/user")
    for text in (API_TOKEN, "hunter2", "https://x", access_token(desk).secret + " and more"):
        answer = paste_token(aria, request_row, text)
        assert answer.status_code == 422
        assert text not in answer.content.decode()
    assert desk.sent("/2.0/user") == before
    assert tags().count("credential:not_sent") == 4
    page = page_of(signed_in(aria).get(reverse("create", args=[request_row.code])))
    assert "An organisation's API key starts the same" in page


def test_a_later_end_than_approved_is_refused_before_anything_is_sent(
    desk: Desk, aria: User, request_row: Request
) -> None:
    before = desk.sent("/2.0/user")
    assert request_row.approved_until is not None
    answer = paste_token(aria, request_row, access_token(desk), day=request_row.approved_until + timedelta(days=1))
    assert answer.status_code == 422
    assert "later than approved" in page_of(answer)
    assert paste_token(aria, request_row, access_token(desk), day=date(2026, 1, 1)).status_code == 422
    assert desk.sent("/2.0/user") == before


def test_one_token_is_for_one_request(desk: Desk, emma: User, lee: User, aria: User, request_row: Request) -> None:
    made = access_token(desk)
    check(aria, request_row, made)
    other = approved_request(desk, emma, lee, aria)
    answer = paste_token(aria, other, made)
    assert answer.status_code == 422
    assert "pasted for another request already" in page_of(answer)
    assert Credential.objects.count() == 1


def test_nobody_else_can_paste(desk: Desk, emma: User, lee: User, ada: User, otto: User, request_row: Request) -> None:
    made = access_token(desk)
    assert paste_token(emma, request_row, made)["Location"] == request_row.get_absolute_url()
    assert paste_token(lee, request_row, made)["Location"] == request_row.get_absolute_url()
    assert paste_token(ada, request_row, made)["Location"] == request_row.get_absolute_url()
    assert paste_token(otto, request_row, made)["Location"] == request_row.get_absolute_url()
    assert not Verification.objects.exists()


def test_the_portals_admin_makes_it_where_nobody_is_known(
    desk: Desk, emma: User, lee: User, aria: User, ada: User, settings: Any
) -> None:
    settings.AUDIT_BOT_TOKEN = ""
    row = approved_request(desk, emma, lee, aria)
    found = check(ada, row, access_token(desk))
    assert found.registered_as is not None
    assert found.registered_as.creator == ada.person
    assert "Exactly as approved" in words_of(ada, found)
    assert "Exactly as approved" in words_of(emma, found)
    assert signed_in(lee).get(reverse("verification", args=[row.code, found.pk])).status_code == 404


def test_five_pastes_in_ten_minutes(desk: Desk, aria: User, request_row: Request) -> None:
    gone = access_token(desk)
    desk.world.delete_access_token(gone.id)
    assert [paste_token(aria, request_row, gone).status_code for _ in range(6)] == [302] * 5 + [429]


def test_the_secret_stands_nowhere(desk: Desk, aria: User, request_row: Request, caplog: Any) -> None:
    made = access_token(desk)
    check(aria, request_row, made)
    kept = [str(row) for row in (*Credential.objects.values(), *Verification.objects.values(), *Event.objects.values())]
    assert made.secret not in "".join(kept)
    assert made.secret not in caplog.text


def of_workspace(desk: Desk, emma: User, lee: User, aria: User) -> tuple[Request, Made]:
    desk.world.workspaces["acme"].seats[aria.person.account_id] = "owner"
    row = approved_request(desk, emma, lee, aria, "dependency-bot", boundary="acme", kind="workspace_access_token")
    scopes = classic_cover(row.scopes, kind=row.kind).scopes
    return row, access_token(desk, scopes, kind="workspace_access_token", repository="")


def test_a_workspaces_token_has_nothing_beside_it_where_one_workspace_is_served(
    desk: Desk, emma: User, lee: User, aria: User
) -> None:
    row, made = of_workspace(desk, emma, lee, aria)
    found = check(aria, row, made)
    assert (found.outcome, found.boundary_proof) == ("exact", "not_tested")
    credential = Credential.objects.get(verification=found)
    assert credential.workspace is not None
    assert (credential.workspace.slug, credential.place_name) == ("acme", "acme")


def test_a_workspaces_token_is_proven_beside_another_served_workspace(
    desk: Desk, emma: User, lee: User, aria: User, settings: Any
) -> None:
    know_places(desk)
    settings.BITBUCKET_WORKSPACES = [one.uuid for one in desk.world.workspaces.values()]
    row, made = of_workspace(desk, emma, lee, aria)
    assert check(aria, row, made).boundary_proof == "proven"


def test_a_projects_token_opens_the_project_and_no_repository_outside(
    desk: Desk, emma: User, lee: User, aria: User
) -> None:
    rows = know_places(desk)
    web = rows["acme/web"]
    assert web.project is not None
    acme = desk.world.workspaces["acme"]
    acme.grants.set("project", "users", web.project.uuid, aria.person.account_id, "admin")
    where = f"acme/{web.project.key}"
    row = approved_request(
        desk, emma, lee, aria, "ci-check-out-and-report", boundary=where, kind="project_access_token"
    )
    scopes = classic_cover(row.scopes, kind=row.kind).scopes
    made = access_token(desk, scopes, kind="project_access_token")
    found = check(aria, row, made)
    assert (found.outcome, found.boundary_proof) == ("exact", "proven")
    credential = Credential.objects.get(verification=found)
    assert (credential.project, credential.repository) == (web.project, None)
    assert where in page_of(signed_in(emma).get(reverse("credential_use", args=[credential.pk])))


def test_without_a_scope_to_look_with_nothing_is_claimed(desk: Desk, emma: User, lee: User, aria: User) -> None:
    """A pipelines' token may look at no repository."""
    know_places(desk)
    row = approved_request(desk, emma, lee, aria)
    found = check(aria, row, access_token(desk, ("pipeline",)))
    assert (found.outcome, found.boundary_proof) == ("excess", "not_tested")
    assert "cannot look at acme/web" in found.boundary_words
