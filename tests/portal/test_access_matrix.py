"""Every address, every role, reading and changing: the table is checked against the URL resolver itself."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction
from django.http import QueryDict
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from pytest_django import Settings

from audit.models import Event
from tests.portal.access_table import EXPECTED, NOBODY, WITH_A_TOKEN, Expected
from tests.portal.scene import ROLES, Scene, make_scene, state

SIGN_IN = "/signin/"
# What nobody has to sign in for.
OPEN = {"healthz", "readyz", "metrics", "signin", "signin_link", "signout", "signed_out"} | {
    "bitbucket_oauth2_login",
    "bitbucket_oauth2_callback",
}


@pytest.fixture
def scene(settings: Settings, db: None) -> Scene:
    """People and things; the settings name Ada and Otto, whatever the environment says."""
    settings.PORTAL_URL = "http://testserver"
    settings.BITBUCKET_WORKSPACES = ["{acme-uuid}"]
    settings.INVENTORY_MODE = "advise"
    settings.PORTAL_ADMINS, settings.PORTAL_AUDITORS = ["712020:ada"], ["712020:otto"]
    settings.SECURE_SSL_REDIRECT = False
    settings.STATIC_ROOT = None  # nobody reads collected files here
    settings.STORAGES = {
        "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    return make_scene()


def names(resolver: URLResolver | None = None, space: str = "") -> Iterator[str]:
    """The name of every address the portal answers, with the namespace that `reverse` wants before it."""
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLPattern):
            assert pattern.name, f"{pattern} has no name, so nobody can say who may open it"
            yield f"{space}{pattern.name}"
        else:
            yield from names(pattern, f"{space}{pattern.namespace}:" if pattern.namespace else space)


def test_no_address_is_missing_from_the_table_and_none_is_there_twice() -> None:
    found = list(names())
    assert sorted(found) == sorted(EXPECTED)


def send(browser: Client, entry: Expected, url: str) -> Any:
    """Send to an address what it takes."""
    if entry.as_json:
        return browser.post(url, entry.form, content_type="application/json")
    return browser.post(url, entry.form)


def url_of(scene: Scene, name: str) -> str:
    """The address, with what it is about."""
    entry = EXPECTED[name]
    return reverse(name, args=entry.arguments(scene), query=QueryDict(entry.query) if entry.query else None)


def visit(scene: Scene, role: str, name: str, method: str) -> tuple[Any, bool]:
    """Open one address as one role, and put everything back; the answer, and whether something changed."""
    entry = EXPECTED[name]
    url = url_of(scene, name)
    before, mark = state(), transaction.savepoint()
    browser = scene.browser(role)
    answer = browser.get(url) if method == "get" else send(browser, entry, url)
    changed = state() != before
    transaction.savepoint_rollback(mark)
    return answer, changed


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("role", ROLES)
def test_who_gets_what(scene: Scene, role: str, method: str) -> None:
    wanted, seen = {}, {}
    for name, entry in EXPECTED.items():
        words = entry.get if method == "get" else entry.post
        wanted[name] = words.split()[ROLES.index(role)]
        answer, changed = visit(scene, role, name, method)
        seen[name] = f"{answer.status_code}{'*' if changed else ''}"
        if role == "anonymous" and name not in OPEN and answer.status_code == 302:  # noqa: PLR2004, RUF100
            assert answer["Location"].startswith(SIGN_IN), name
    assert seen == wanted


def test_the_table_itself_lets_nothing_through() -> None:
    """What the table says must make sense: reading changes nothing, the auditor and the signed-out change nothing."""
    for name, entry in EXPECTED.items():
        gets, posts = entry.get.split(), entry.post.split()
        assert len(gets) == len(posts) == len(ROLES), name
        assert not any("*" in answer for answer in gets), name
        assert "*" not in posts[ROLES.index("auditor")] + posts[ROLES.index("anonymous")], name


def test_what_a_role_may_not_change_is_refused_in_the_trail(scene: Scene) -> None:
    """Every refused POST of somebody who is signed in leaves an event, whether it is told as 403 or in words."""
    for name, entry in EXPECTED.items():
        for role, words in zip(ROLES, entry.post.split(), strict=True):
            if name in OPEN or role == "anonymous" or words not in ("403", "302") or "notification" in name:
                continue
            last = Event.objects.latest("seq").seq
            send(scene.browser(role), entry, url_of(scene, name))
            refused = Event.objects.filter(seq__gt=last).get()
            assert (refused.tag, refused.actor_account_id) == (
                "access:refused",
                scene.people[role].person.account_id,
            ), (name, role)


def test_a_post_without_the_form_token_is_refused_everywhere(scene: Scene) -> None:
    for name, entry in EXPECTED.items():
        if entry.post == NOBODY:
            continue
        browser, url = scene.browser("owner"), url_of(scene, name)
        browser.handler.enforce_csrf_checks = True
        before = state()
        answer = send(browser, entry, url)
        # Another system has no session that could be abused; without a service token it is nobody.
        refused = 401 if entry.post == WITH_A_TOKEN else 403
        assert (answer.status_code, state() == before) == (refused, True), name
