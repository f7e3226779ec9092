"""Registering a found token: it becomes the approved one where it fits, and a new one takes its place where not."""

from typing import Any

import pytest
from django.urls import reverse

from accounts.models import User
from tests.tokens.desk import signed_in, tags
from tests.tokens.findings.found import READ, WRITE, finding_of, found_token, unknown_token
from tokens.models import Credential, FindingKind, Request, Standing
from tokens.operations.asking import Ask, submit_request
from tokens.operations.asking_holders import ask_holder
from tokens.operations.change import NotAllowed
from tokens.operations.requests import approve_request
from tokens.queries import current_version

pytestmark = pytest.mark.usefixtures("shelf")


def ask_for(token: Credential, user: User, slug: str = "clone-and-pull", days: int = 30, **more: Any) -> Request:
    ask = Ask(current_version(slug), "The nightly report", "my laptop", days, adopts=token, **more)
    return submit_request(ask, acting_user=user)


def page_of(request: Request, user: User) -> str:
    return signed_in(user).get(request.get_absolute_url()).content.decode()


def test_what_fits_becomes_the_approved_one(emma: User) -> None:
    token = found_token(emma.person, scopes=[READ])
    finding, idle = finding_of(token), finding_of(token, FindingKind.IDLE)
    request = ask_for(token, emma)
    for row in (token, finding, idle):
        row.refresh_from_db()
    assert (request.state, token.request, token.standing) == ("issued", request, Standing.APPROVED)
    assert (token.holder_proof, token.verification_outcome) == ("listing", "exact")
    assert finding.closed_because == "it is approved and registered"
    assert idle.closed_at is None
    assert tags()[-3:] == ["request:approved", "finding:closed", "credential:adopted"]
    assert [row.subject for row in emma.person.notifications.all()] == ["Registered: old laptop"]
    assert "Registered as it was" in page_of(request, emma)


def test_an_approver_lets_it_in_too(emma: User, aria: User) -> None:
    token = found_token(emma.person, scopes=[READ, "read:webhook:bitbucket"], ends_in=5)
    request = ask_for(token, emma, "manage-webhooks", 7)
    assert request.state == "pending"
    assert "can do more" in page_of(request, emma)
    assert "can do more" in page_of(request, aria)
    approve_request(request, acting_user=aria)
    token.refresh_from_db()
    assert token.standing == Standing.UNDECLARED


def test_less_than_approved_is_missing_and_fits(emma: User, aria: User) -> None:
    token = found_token(emma.person, scopes=[READ])
    request = ask_for(token, emma, "clone-pull-and-push")
    if request.state == "pending":
        request = approve_request(request, acting_user=aria)
    token.refresh_from_db()
    assert (request.state, token.verification_outcome) == ("issued", "missing")


def test_its_holder_is_asked_about_an_approved_one_on_its_own_page(emma: User, ada: User) -> None:
    token = found_token(emma.person, scopes=[READ])
    ask_for(token, emma)
    token.refresh_from_db()
    findings = [finding_of(token, kind) for kind in (FindingKind.IDLE, FindingKind.OVERDUE)]
    ask_holder(findings[0], acting_user=ada)
    assert emma.person.notifications.latest("pk").path == f"/findings/{findings[0].pk}/"
    assert signed_in(emma).get(f"/findings/{findings[0].pk}/").status_code == 200
    ask_holder(findings[1], acting_user=ada)
    assert emma.person.notifications.latest("pk").subject == "Please look at “old laptop”"


@pytest.mark.parametrize(
    ("made", "why"),
    [
        ({"scopes": [READ, WRITE]}, "It can do more than approved: write:repository:bitbucket."),
        ({"scopes": [READ], "ends_in": 45}, "which is longer than approved"),
        ({"scopes": [READ], "ends_in": None}, "It has no end."),
        ({"scopes": None}, "listing does not tell what it can do"),
    ],
    ids=["broader", "longer", "endless", "unread"],
)
def test_what_does_not_fit_goes_the_usual_way_and_says_why(emma: User, made: dict[str, Any], why: str) -> None:
    token = found_token(emma.person, **made)
    finding = finding_of(token)
    request = ask_for(token, emma)
    token.refresh_from_db()
    finding.refresh_from_db()
    assert (request.state, token.request, token.standing) == ("approved", None, Standing.UNDECLARED)
    assert finding.closed_at is None
    page = page_of(request, emma)
    assert why in page
    assert "Create a new token instead" in page
    assert [row.subject for row in emma.person.notifications.all()] == ["Approved: Clone and pull"]


def test_the_last_approved_day_still_fits(emma: User) -> None:
    token = found_token(emma.person, scopes=[READ], ends_in=30)
    assert ask_for(token, emma, days=30).state == "issued"


def test_it_is_decided_by_what_it_is_when_approved(emma: User, aria: User) -> None:
    scopes = current_version("manage-webhooks").scopes
    token = found_token(emma.person, scopes=list(scopes), ends_in=5)
    request = ask_for(token, emma, "manage-webhooks", 7)
    assert "it is registered as it is" in page_of(request, emma)
    Credential.objects.filter(pk=token.pk).update(state="revoking")
    approve_request(request, acting_user=aria)
    token.refresh_from_db()
    assert (token.standing, token.state) == (Standing.UNDECLARED, "revoking")
    assert "cannot be registered: it is being revoked" in page_of(request, emma)


def test_two_requests_cannot_have_the_same_one(emma: User, aria: User) -> None:
    scopes = list(current_version("manage-webhooks").scopes)
    token = found_token(emma.person, scopes=scopes, ends_in=5)
    first, second = (ask_for(token, emma, "manage-webhooks", 7) for _ in range(2))
    for request in (first, second):
        approve_request(request, acting_user=aria)
        request.refresh_from_db()
    token.refresh_from_db()
    assert (first.state, second.state, token.request) == ("issued", "approved", first)


def test_nobody_registers_what_is_not_theirs_or_is_none(emma: User, lee: User) -> None:
    for token, words in (
        (found_token(lee.person, scopes=[READ]), "Only its holder"),
        (found_token(emma.person, scopes=[READ], kind="ssh_key"), "Only API tokens"),
        (found_token(emma.person, scopes=[READ], kind="deploy_key"), "as what it is only"),
        (found_token(emma.person, scopes=[READ], standing=Standing.OWN), "no longer one"),
        (found_token(emma.person, scopes=[READ], state="expired"), "it is expired"),
    ):
        with pytest.raises(NotAllowed, match=words):
            ask_for(token, emma)
    assert not Request.objects.exists()


# The way from the finding to the form.


def where_to(token: Credential, user: User) -> str:
    answer = signed_in(user).get(reverse("declare_register", args=[token.pk]))
    assert answer.status_code == 302
    return str(answer["Location"])


def test_register_leads_to_the_template_that_gives_just_that(emma: User) -> None:
    token = found_token(emma.person, scopes=[READ], answer="uses", answer_words="Nightly report")
    url = where_to(token, emma)
    assert url.startswith("/get-access/clone-and-pull/?")
    page = signed_in(emma).get(url).content.decode()
    assert "To register “old laptop”" in page
    assert "Nightly report" in page
    assert 'value="20"' in page
    answer = signed_in(emma).post(url, {"reason": "Reports", "where_used": "git", "lifetime_days": "20"})
    token.refresh_from_db()
    assert (answer.status_code, token.standing) == (302, Standing.APPROVED)


def test_register_asks_for_exactly_its_scopes_where_no_template_does(emma: User, aria: User) -> None:
    scopes = ["read:project:bitbucket", "read:webhook:bitbucket"]
    token = found_token(emma.person, scopes=scopes)
    url = where_to(token, emma)
    assert url.startswith("/get-access/exactly-this/?")
    signed_in(emma).post(url, {"reason": "Reports", "where_used": "git", "lifetime_days": "25"})
    request = Request.objects.get()
    assert (request.scopes, request.adopts) == (scopes, token)
    approve_request(request, acting_user=aria)
    token.refresh_from_db()
    assert (token.standing, token.request) == (Standing.APPROVED, request)


def test_register_leads_to_the_shelf_where_nobody_knows_what_it_does(emma: User) -> None:
    token = unknown_token(emma.person)
    url = where_to(token, emma)
    page = signed_in(emma).get(url).content.decode()
    assert f"/get-access/clone-and-pull/?kind=api_token&amp;adopts={token.pk}" in page
    assert "Catalogue indexer" not in page


def test_an_address_with_somebody_elses_token_is_not_there(emma: User, lee: User) -> None:
    token = found_token(lee.person, scopes=[READ])
    browser = signed_in(emma)
    for pk in (token.pk, "x", "9" * 30, "0"):
        assert browser.get(f"/get-access/clone-and-pull/?adopts={pk}").status_code == 404
    assert browser.get(reverse("declare_register", args=[token.pk])).status_code == 404


def test_what_ended_meanwhile_is_told(emma: User) -> None:
    token = found_token(emma.person, scopes=[READ], state="expired")
    assert where_to(token, emma) == "/declare/"
