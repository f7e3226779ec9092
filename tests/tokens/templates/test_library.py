"""The library as it is read: lists, versions beside each other, what a request shows, retiring."""

import pytest

from accounts.models import User
from tests.tokens.desk import Desk, signed_in, tags
from tests.tokens.templates.drafts import SLUG, current_draft, page, published, with_scopes
from tokens.operations.templates import Publication, publish_version
from tokens.queries import current_versions


def test_the_library_lists_all_twenty_with_their_use(desk: Desk, ada: User, emma: User) -> None:
    desk.registered(emma)
    text = page(signed_in(ada).get("/templates/"))
    assert all(version.name in text for version in current_versions())
    assert text.count("data-template=") == 20
    row = text.split(f'data-template="{SLUG}"')[1].split("</tr>")[0]
    assert 'data-label="Asked, 90 days" class="cell-number">1<' in row
    assert 'data-label="Alive" class="cell-number">1<' in row


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("webhook", {"manage-webhooks"}),
        ("admin:pipeline", {"edit-pipeline-variables"}),
        ("gitops", {"gitops-reader"}),
        ("nothing of the kind", set()),
    ],
)
def test_the_library_is_searched(desk: Desk, otto: User, words: str, expected: set[str]) -> None:
    text = page(signed_in(otto).get("/templates/", {"q": words}))
    assert {part.split('"')[0] for part in text.split('data-template="')[1:]} == expected


def test_old_versions_stay_readable_and_two_are_compared(desk: Desk, ada: User, emma: User) -> None:
    published(ada, max_days=60)
    published(ada, guidance="Ask for less.")
    old = page(signed_in(emma).get(f"/templates/{SLUG}/versions/1/"))
    assert "This is an earlier version" in old
    assert "180 days" in old
    assert ada.person.display_name not in old, "who published is for those who oversee"
    assert ada.person.display_name in page(signed_in(ada).get(f"/templates/{SLUG}/"))
    text = page(signed_in(ada).get(f"/templates/{SLUG}/compare/?from=1&to=3"))
    assert "Longest life" in text
    assert "Guidance" in text
    newest = page(signed_in(ada).get(f"/templates/{SLUG}/compare/"))
    assert "Longest life" not in newest
    assert signed_in(emma).get(f"/templates/{SLUG}/versions/9/").status_code == 404


def test_scopes_are_compared_in_words_and_in_both_dialects(desk: Desk, ada: User) -> None:
    _, draft = current_draft("review-pull-requests")
    wider = with_scopes(draft, "read:pullrequest read:webhook", rule="approvers")
    publish_version(Publication(wider, 1, "Because"), acting_user=ada)
    text = page(signed_in(ada).get("/templates/review-pull-requests/compare/"))
    assert "It can also" in text
    assert "See webhooks" in text
    assert "+ webhook" in text
    assert "Levels" in text


def test_a_request_and_its_credential_show_their_version(desk: Desk, ada: User, emma: User) -> None:
    credential, _ = desk.registered(emma)
    for address in (credential.get_absolute_url(), credential.approved_request.get_absolute_url()):
        text = page(signed_in(emma).get(address))
        assert "Clone and pull, version 1" in text
        assert "the template is at" not in text
    published(ada, max_days=60)
    for address in (credential.get_absolute_url(), credential.approved_request.get_absolute_url()):
        text = page(signed_in(emma).get(address))
        assert "Clone and pull, version 1" in text
        assert f"/templates/{SLUG}/versions/2/" in text


def test_retired_and_offered_again(desk: Desk, ada: User, emma: User) -> None:
    browser = signed_in(ada)
    assert browser.post(f"/templates/{SLUG}/retire/", {"reason": " "}).status_code == 422
    browser.post(f"/templates/{SLUG}/retire/", {"reason": "Nobody needs it"})
    assert SLUG not in {version.template.slug for version in current_versions()}
    assert "Nobody needs it" in page(browser.get(f"/templates/{SLUG}/"))
    assert f'data-template="{SLUG}"' in page(browser.get("/templates/?show=retired"))
    assert f'data-template="{SLUG}"' not in page(browser.get("/templates/"))
    assert browser.get(f"/templates/{SLUG}/edit/").status_code == 404
    assert signed_in(emma).get(f"/templates/{SLUG}/versions/1/").status_code == 200
    browser.post(f"/templates/{SLUG}/restore/")
    assert SLUG in {version.template.slug for version in current_versions()}
    assert tags()[-2:] == ["template:retired", "template:restored"]
