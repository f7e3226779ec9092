"""Each filter through the page: the right rows in, the wrong ones out."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import Person, User, Workspace
from tests.accounts.people import make_person
from tests.tokens.desk import signed_in
from tests.tokens.inventory_list.rows import DAY, WRITE, approved, found, open_finding, shown
from tokens.models import Credential, FindingKind, Repository

pytestmark = pytest.mark.django_db
Make = Callable[[Person], Credential]


def page(user: User, **asked: Any) -> str:
    answer = signed_in(user).get(f"{reverse('credentials')}?{urlencode(asked)}")
    assert answer.status_code == 200
    return str(answer.content.decode())


def in_days(days: float) -> Any:
    return timezone.now() + timedelta(days=days)


def ended(state: str) -> Make:
    return lambda emma: found(state=state, ended_at=timezone.now())


def of_repository(emma: Person) -> Credential:
    acme = Workspace.objects.get(slug="acme")
    seen = {"first_seen_at": timezone.now(), "observed_at": timezone.now()}
    place = Repository.objects.create(workspace=acme, uuid="{web}", slug="web", full_name="acme/Web-Shop", **seen)
    return found(kind="deploy_key", repository=place, workspace=acme)


def with_finding(kind: FindingKind, **changes: Any) -> Make:
    def make(emma: Person) -> Credential:
        credential = found(holder=emma)
        open_finding(credential, kind, **changes)
        return credential

    return make


CLOSED = {"closed_at": timezone.now()}
CASES: list[tuple[dict[str, Any], Make, Make]] = [
    # What is asked, a row that is let through, a row that is not.
    ({}, lambda emma: found(), ended("gone")),
    ({}, approved, lambda emma: found(standing="other_product")),
    ({}, lambda emma: found(state="needs_human"), lambda emma: found(standing="unknown_product")),
    ({"state": "any"}, ended("revoked"), lambda emma: found(standing="own")),
    ({"state": "ended"}, ended("retired"), lambda emma: found()),
    ({"state": "live"}, lambda emma: found(state="disabled"), lambda emma: found(state="expired")),
    ({"state": "needs_human"}, lambda emma: found(state="needs_human"), lambda emma: found()),
    ({"standing": "any"}, lambda emma: found(standing="other_product"), ended("gone")),
    ({"standing": "unknown_product"}, lambda emma: found(standing="unknown_product"), lambda emma: found()),
    ({"standing": "approved"}, approved, lambda emma: found()),
    ({"kind": "deploy_key"}, lambda emma: found(kind="deploy_key"), lambda emma: found()),
    ({"service": "repositories:write"}, lambda emma: found(scopes=[WRITE]), lambda emma: found()),
    ({"service": "repositories:write"}, lambda emma: found(scopes=["pullrequest:write"]), lambda emma: found()),
    ({"service": "repositories"}, lambda emma: found(), lambda emma: found(scopes=["read:project:bitbucket"])),
    ({"service": "projects:write"}, lambda emma: found(scopes=["project:write"]), lambda emma: found(scopes=[])),
    ({"scope": WRITE}, lambda emma: found(listed_scopes=[WRITE]), lambda emma: found()),
    ({"template": "clone-and-pull"}, approved, lambda emma: approved(emma, "manage-webhooks")),
    (
        {"verification": "missing"},
        lambda emma: approved(emma, verification_outcome="missing"),
        approved,
    ),
    ({"verification": "not_verified"}, lambda emma: found(), approved),
    ({"proof": "declared"}, lambda emma: found(holder_proof="declared"), lambda emma: found()),
    ({"expiry": "ended"}, lambda emma: found(expires_at=in_days(-1)), lambda emma: found(expires_at=in_days(1))),
    ({"expiry": "7"}, lambda emma: found(expires_at=in_days(6.9)), lambda emma: found(expires_at=in_days(7.1))),
    ({"expiry": "7"}, lambda emma: found(expires_at=in_days(0.1)), lambda emma: found(expires_at=in_days(-0.1))),
    ({"expiry": "30"}, lambda emma: found(expires_at=in_days(29.9)), lambda emma: found(expires_at=in_days(30.1))),
    ({"expiry": "90"}, lambda emma: found(expires_at=in_days(89.9)), lambda emma: found(expires_at=None)),
    ({"expiry": "later"}, lambda emma: found(expires_at=in_days(91)), lambda emma: found(expires_at=in_days(89))),
    ({"expiry": "never"}, lambda emma: found(expires_at=None), lambda emma: found(expires_at=in_days(900))),
    ({"used": "never"}, lambda emma: found(), lambda emma: found(last_used_at=in_days(-300))),
    ({"used": "30"}, lambda emma: found(last_used_at=in_days(-31)), lambda emma: found(last_used_at=in_days(-29))),
    ({"used": "90"}, lambda emma: found(last_used_at=in_days(-91)), lambda emma: found()),
    ({"used": "180"}, lambda emma: found(last_used_at=in_days(-181)), lambda emma: found(last_used_at=in_days(-179))),
    ({"holder": "712020:emma"}, lambda emma: found(holder=emma), lambda emma: found(holder=make_person("lee"))),
    ({"holder": "Emma@ACME.test"}, lambda emma: found(holder=emma), lambda emma: found()),
    ({"holder": "emma"}, lambda emma: found(holder=emma), lambda emma: found(holder=make_person("emmanuel"))),
    ({"holder": "nobody"}, lambda emma: found(), lambda emma: found(holder=emma)),
    ({"q": "EMMA"}, lambda emma: found(holder=emma), lambda emma: found()),
    ({"q": "shop"}, of_repository, lambda emma: found()),
    ({"q": "BCP-t0"}, approved, lambda emma: found()),
    ({"q": "100%"}, lambda emma: found(name="use 100% of it"), lambda emma: found(name="use 1000 of it")),
    ({"q": "ci"}, lambda emma: found(name="CI nightly"), lambda emma: found(name="the social thing")),
    ({"finding": "any"}, with_finding(FindingKind.IDLE), with_finding(FindingKind.IDLE, **CLOSED)),
    ({"finding": "idle"}, with_finding(FindingKind.IDLE), with_finding(FindingKind.EXCESS)),
    ({"finding": "none"}, with_finding(FindingKind.IDLE, **CLOSED), with_finding(FindingKind.GONE)),
]


@pytest.mark.parametrize(("asked", "inside", "outside"), CASES, ids=[f"{n}-{case[0]}" for n, case in enumerate(CASES)])
def test_a_filter(shelf: None, ada: User, emma: Person, asked: dict[str, Any], inside: Make, outside: Make) -> None:
    wanted = inside(emma)
    outside(emma)
    html = page(ada, **asked)
    assert shown(html) == [wanted.name]


def test_a_workspace(ada: User, emma: Person) -> None:
    wanted = of_repository(emma)
    other = Workspace.objects.create(uuid="{other}", slug="other", name="Other")
    found(workspace=other)
    html = page(ada, workspace=wanted.workspace_id)
    assert shown(html) == [wanted.name]
    assert "Acme" in html


def test_filters_together_narrow_together(shelf: None, ada: User, emma: Person) -> None:
    wanted = approved(emma, verification_outcome="missing", expires_at=in_days(5))
    approved(emma, verification_outcome="missing", expires_at=in_days(50))
    approved(emma, expires_at=in_days(5))
    html = page(ada, verification="missing", expiry="7", q="emma")
    assert shown(html) == [wanted.name]


@pytest.mark.parametrize(
    ("sort", "expected"),
    [("", ["new", "ends", "used"]), ("ends", ["ends", "used", "new"]), ("unused", ["new", "used", "ends"])],
)
def test_orders(ada: User, sort: str, expected: list[str]) -> None:
    now = timezone.now()
    found(name="used", registered_at=now - 3 * DAY, expires_at=now + 9 * DAY, last_used_at=now - 30 * DAY)
    found(name="ends", registered_at=now - 2 * DAY, expires_at=now + DAY, last_used_at=now)
    found(name="new", registered_at=now - DAY, expires_at=None, last_used_at=None)
    assert shown(page(ada, sort=sort)) == expected
