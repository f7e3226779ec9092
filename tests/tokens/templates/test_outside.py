"""Who is outside a tightened template, and what use showed."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from accounts.models import User
from tests.tokens.desk import Desk, signed_in
from tests.tokens.templates.drafts import current_draft, with_scopes
from tokens.catalogue.linter import UseEvidence
from tokens.models import Credential, Request
from tokens.operations.templates import Publication, publish_version
from tokens.template_presentation import outside_row
from tokens.template_queries import outside, use_evidence

SLUG = "clone-pull-and-push"
READ, WRITE = "read:repository:bitbucket", "write:repository:bitbucket"


@pytest.fixture
def held_one(desk: Desk, emma: User) -> Credential:
    """Emma's credential of sixty days that reads and writes."""
    return desk.registered(emma, SLUG, days=60)[0]


def found(**changes: Any) -> list[Credential]:
    """Who would be outside, were the template changed like this."""
    version, draft = current_draft(SLUG)
    return list(outside(version.template, replace(draft, **changes)))


@pytest.mark.parametrize(
    ("changes", "because"),
    [
        ({}, ""),
        ({"name": "Another name", "rule": "approvers"}, ""),
        ({"max_days": 60}, ""),
        ({"max_days": 59}, "was given 60 days, 59 is the most"),
        ({"scopes": (READ, WRITE, "read:webhook:bitbucket")}, ""),
        ({"scopes": (READ,)}, "can also use write:repository"),
        ({"kinds": ("deploy_key",)}, "is of the kind API token"),
        ({"kinds": ("deploy_key", "api_token")}, ""),
    ],
)
def test_what_puts_a_credential_outside(held_one: Credential, changes: dict[str, Any], because: str) -> None:
    _, draft = current_draft(SLUG)
    assert found(**changes) == ([held_one] if because else [])
    if because:
        assert outside_row(held_one, replace(draft, **changes))["because"] == [because]


def test_a_smaller_set_stays_inside(held_one: Credential) -> None:
    Credential.objects.update(scopes=[READ])
    assert found(scopes=(READ,)) == []


def test_an_end_that_was_read_counts_as_it_is(held_one: Credential) -> None:
    Credential.objects.update(expires_at=held_one.registered_at + timedelta(days=20), expiry_is_read=True)
    assert found(max_days=20) == []
    assert len(found(max_days=19)) == 1


def test_an_end_that_nobody_read_is_the_approved_one(desk: Desk, emma: User) -> None:
    credential, _ = desk.registered(emma, SLUG, days=60, bound=False)
    assert not credential.expiry_is_read
    assert found(max_days=60) == []
    assert found(max_days=59) == [credential]


@pytest.mark.parametrize(
    ("state", "counts"),
    [("active", True), ("rotating", True), ("expired", False), ("revoking", False), ("refused", False)],
)
def test_only_what_is_in_use_counts(held_one: Credential, state: str, counts: bool) -> None:
    Credential.objects.update(state=state)
    assert bool(found(scopes=(READ,))) is counts


def test_every_version_of_the_template_counts_and_no_other_template(
    desk: Desk, held_one: Credential, lee: User, ada: User
) -> None:
    _, draft = current_draft(SLUG)
    publish_version(Publication(replace(draft, guidance="Be careful."), 1, "Words"), acting_user=ada)
    second = desk.registered(lee, SLUG, days=30)[0]
    desk.registered(lee, "clone-and-pull", days=90)
    assert found(max_days=10) == [second, held_one]
    assert found(max_days=30) == [held_one]


def test_the_page_of_a_tightened_template_lists_them(desk: Desk, held_one: Credential, otto: User, ada: User) -> None:
    address = f"/templates/{SLUG}/"
    assert "Every credential in use is within" in signed_in(otto).get(address).content.decode()
    reader = with_scopes(current_draft(SLUG)[1], "read:repository", max_days=14, rule="approvers")
    publish_version(Publication(reader, 1, "Reading is enough"), acting_user=ada)
    text = signed_in(otto).get(address).content.decode()
    assert "1 credential would not be approved like this today" in text.replace("credential in use", "credential")
    assert "can also use write:repository; was given 60 days, 14 is the most" in text
    assert held_one.get_absolute_url() in text


def test_use_is_counted_from_what_requests_needed(desk: Desk, emma: User, lee: User, held_one: Credential) -> None:
    template = held_one.approved_request.template_version.template
    assert use_evidence(template) == UseEvidence()
    for user, scopes in ((emma, [READ]), (lee, [READ, "read:user:bitbucket"])):
        Request.objects.filter(pk=desk.ask(user, SLUG).pk).update(needed={"scopes": scopes, "because": {}})
    needed = frozenset({READ, "read:user:bitbucket"})
    assert use_evidence(template) == UseEvidence(asked=2, needed=needed)
    Credential.objects.update(scopes=[READ])
    assert use_evidence(template) == UseEvidence(2, needed, 1, frozenset({READ}))


def test_the_linter_uses_it_on_the_page(desk: Desk, ada: User, emma: User) -> None:
    Request.objects.filter(pk=desk.ask(emma, SLUG).pk).update(needed={"scopes": [READ], "because": {}})
    text = signed_in(ada).get(f"/templates/{SLUG}/").content.decode()
    assert "1 request said what they need: nobody needed write:repository so far." in text


def test_the_library_costs_the_same_however_much_is_used(
    desk: Desk, ada: User, emma: User, django_assert_max_num_queries: Any
) -> None:
    for _ in range(3):
        desk.registered(emma, SLUG, days=60)
    browser = signed_in(ada)
    browser.get("/templates/")
    with django_assert_max_num_queries(14):
        browser.get("/templates/")


def test_a_long_list_is_counted_but_not_shown_in_full(
    desk: Desk, held_one: Credential, otto: User, ada: User, lee: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    second = desk.registered(lee, SLUG, days=60)[0]
    monkeypatch.setattr("tokens.template_queries.OUTSIDE_SHOWN", 1)
    _, draft = current_draft(SLUG)
    publish_version(Publication(replace(draft, max_days=10), 1, "A shorter life"), acting_user=ada)
    text = signed_in(otto).get(f"/templates/{SLUG}/").content.decode()
    assert "The newest 1 of 2 are shown." in text
    assert second.approved_request.code in text
    assert held_one.approved_request.code not in text
