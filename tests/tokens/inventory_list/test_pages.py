"""The list's page: budget, what a row says, chips, empty states, addresses that make no sense."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Person, User
from tests.tokens.desk import signed_in
from tests.tokens.inventory_list.rows import READ, WRITE, approved, found, open_finding, shown
from tokens.inventory import listing
from tokens.models import FindingKind

pytestmark = pytest.mark.django_db
QUERIES = 8


def get(user: User, query: str = "") -> str:
    answer = signed_in(user).get(reverse("credentials") + query)
    assert answer.status_code == 200
    return str(answer.content.decode())


@pytest.mark.parametrize("query", ["", "?q=found&kind=api_token&finding=any&service=repositories", "?sort=ends"])
@pytest.mark.parametrize("number", [3, 60])
def test_queries_are_few_and_do_not_grow(
    shelf: None, ada: User, emma: Person, number: int, query: str, django_assert_max_num_queries: Any
) -> None:
    for _ in range(number):
        open_finding(found(holder=emma))
    approved(emma)
    browser = signed_in(ada)
    with django_assert_max_num_queries(QUERIES):
        assert browser.get(reverse("credentials") + query).status_code == 200


def test_nothing_is_skipped_or_counted_to_the_end(ada: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listing, "COUNTED_UP_TO", 2)
    monkeypatch.setattr("tokens.views.inventory.COUNTED_UP_TO", 2)
    for _ in range(5):
        found()
    browser = signed_in(ada)
    with CaptureQueriesContext(connection) as queries:
        html = browser.get(reverse("credentials")).content.decode()
    assert "More than 2 credentials" in html
    assert not [each["sql"] for each in queries if "OFFSET" in each["sql"]]
    assert [each["sql"] for each in queries if "LIMIT 3" in each["sql"]]


def test_a_row_tells_what_it_is(shelf: None, ada: User, emma: Person) -> None:
    credential = approved(emma, scopes=[READ, WRITE], state="needs_human", verification_outcome="excess")
    open_finding(credential, FindingKind.OVERDUE)
    html = get(ada)
    for words in (
        credential.name,
        "API token",
        reverse("person", args=["712020:emma"]),
        "Repositories: read, write",
        "Broader than approved",
        "Needs a person",
        "Alive past its end",
        credential.get_absolute_url(),
    ):
        assert words in html


def test_what_the_standing_says_is_not_said_twice(ada: User) -> None:
    open_finding(found(), FindingKind.UNDECLARED)
    assert get(ada).split("<tbody>", 1)[1].count("Not approved here") == 1


def test_chips_take_one_filter_away(ada: User) -> None:
    found(kind="deploy_key", scopes=[WRITE], name="the key")
    html = get(ada, "?kind=deploy_key&service=repositories:write&sort=ends&state=live")
    assert shown(html) == ["the key"]
    assert html.count('class="chosen-filter"') == 2
    assert 'href="/credentials/?service=repositories%3Awrite&amp;sort=ends"' in html
    assert 'href="/credentials/?kind=deploy_key&amp;sort=ends"' in html
    assert "Repositories: Write" in html


def test_empty_states(ada: User) -> None:
    assert "The first one appears when" in get(ada)
    assert "Nothing matches" in get(ada, "?q=nothing-of-the-kind")


@pytest.mark.parametrize(
    "query",
    [
        "?kind=nonsense",
        "?service=repositories:fly",
        "?workspace=acme",
        "?sort=password",
        "?after=x",
        "?after=12",
        f"?after={'9' * 40}-1",
        "?before=1-99999999999999999999",
    ],
)
def test_what_makes_no_sense_is_said(ada: User, query: str) -> None:
    found()
    html = get(ada, query)
    assert "This cannot be looked for" in html
    assert shown(html) == []


def test_a_secret_is_not_shown_back(ada: User) -> None:
    secret = "ATATT3xFfGF0" + "a1B2" * 8
    html = get(ada, f"?q={secret}")
    assert "This cannot be looked for" in html
    assert secret not in html


def test_a_place_behind_the_end_leads_back(ada: User) -> None:
    found()
    assert "The list ends here" in get(ada, "?after=0-1")


def test_who_may_only_look_chooses_nothing(ada: User, otto: User) -> None:
    found()
    assert 'name="pick"' in get(ada)
    looked = get(otto)
    assert 'name="pick"' not in looked
    assert reverse("credentials_export") in looked


def test_pages_turn_and_turn_back(ada: User, monkeypatch: pytest.MonkeyPatch) -> None:
    names = [found().name for _ in range(listing.PAGE_SIZE + 2)]
    browser = signed_in(ada)
    first = browser.get(reverse("credentials"))
    second = browser.get(first.context["older_url"])
    again = browser.get(second.context["newer_url"])
    assert [shown(each.content.decode()) for each in (first, second, again)] == [names[:50], names[50:], names[:50]]
    assert (first.context["newer_url"], second.context["older_url"]) == ("", "")
