"""The catalogue's facts hold together: nothing is named that is not described, nothing lacks a source or words."""

import re
from datetime import date

import pytest

from tests.tokens.catalogue.names import api
from tokens.catalogue.data import (
    ALSO_REACHES,
    API_SCOPES,
    CLASSIC_SCOPES,
    FACTS,
    IMPLICATIONS,
    KIND_BY_CREDENTIAL_TYPE,
    KIND_BY_SLUG,
    KINDS,
    SCOPE_BY_NAME,
    SERVICE_BY_SLUG,
    SERVICES,
    WARNINGS,
)
from tokens.catalogue.model import Level, Scope, Service

EVERY_SCOPE = [*API_SCOPES, *CLASSIC_SCOPES]
LEVELS = [(service, level) for service in SERVICES for level in service.levels]
REMOVED = date(2026, 8, 20)
KINDS_OF_DESIGN = {
    *("api_token", "repository_access_token", "project_access_token", "workspace_access_token", "deploy_key"),
    *("ssh_key", "workspace_ssh_key", "gpg_key", "oauth_grant", "runner", "app_password"),
}


def _name(value: object) -> str | None:
    if isinstance(value, Scope):
        return value.name
    return value.slug if isinstance(value, Service | Level) else None


def test_the_eleven_services_stand_first_and_in_the_order_people_know() -> None:
    assert [service.name for service in SERVICES if service.on_old_screen] == [
        *("Account", "Workspace membership", "Projects", "Repositories", "Pull requests", "Issues", "Wikis"),
        *("Snippets", "Webhooks", "Pipelines", "Runners"),
    ]
    assert [service.on_old_screen for service in SERVICES] == [True] * 11 + [False] * (len(SERVICES) - 11)


def test_issues_and_wikis_are_gone_and_nothing_else_is() -> None:
    gone = {service.slug for service in SERVICES if service.removed_on}
    assert gone == {"issues", "wikis"}
    assert {service.removed_on for service in SERVICES if service.removed_on} == {REMOVED}
    api_gone = {scope.name for scope in API_SCOPES if scope.removed_on}
    assert api_gone == api("read:issue write:issue delete:issue read:wiki write:wiki delete:wiki")
    classic_gone = {scope.name: scope.removed_on for scope in CLASSIC_SCOPES if scope.removed_on}
    assert classic_gone == {
        "issue": REMOVED,
        "issue:write": REMOVED,
        "wiki": REMOVED,
        "project:write": date(2023, 5, 15),
    }


def test_names_are_unique() -> None:
    assert len(SCOPE_BY_NAME) == len(EVERY_SCOPE)
    assert len(SERVICE_BY_SLUG) == len(SERVICES)
    assert len(KIND_BY_SLUG) == len(KINDS)
    for service in SERVICES:
        slugs = [level.slug for level in service.levels]
        assert len(set(slugs)) == len(slugs)


@pytest.mark.parametrize("scope", EVERY_SCOPE, ids=_name)
def test_every_scope_has_words_a_service_a_source_and_a_date(scope: Scope) -> None:
    assert scope.service_slug in SERVICE_BY_SLUG
    assert scope.source.startswith("https://")
    assert scope.seen_on >= date(2026, 1, 1)
    assert scope.words[0].isupper()
    assert not scope.words.endswith(".")
    assert len(scope.words) <= 90
    assert scope.without.endswith(".")
    assert len(scope.without.split()) >= 3
    assert scope.because
    assert not scope.because.endswith(".")


@pytest.mark.parametrize("scope", API_SCOPES, ids=_name)
def test_an_api_token_scope_names_its_verb_and_no_wildcard(scope: Scope) -> None:
    assert re.fullmatch(r"(read|write|admin|delete):[a-z-]+:bitbucket", scope.name)
    assert scope.name.startswith(scope.verb)


def test_every_stated_api_token_scope_has_a_level_of_its_own_service() -> None:
    homeless = {
        scope.name
        for scope in API_SCOPES
        if not any(scope.name in level.api_token for level in SERVICE_BY_SLUG[scope.service_slug].levels)
    }
    assert homeless == api("read:account read:me read:test write:test")
    assert {SCOPE_BY_NAME[name].certainty for name in homeless} == {"unconfirmed"}


@pytest.mark.parametrize(("service", "level"), LEVELS, ids=_name)
def test_every_level_names_described_scopes_only(service: Service, level: Level) -> None:
    assert set(level.api_token) | set(level.with_tasks) <= {scope.name for scope in API_SCOPES}
    assert not set(level.api_token) & set(level.with_tasks)
    if service.on_old_screen:
        assert level.classic is not None
        assert SCOPE_BY_NAME[level.classic].service_slug == service.slug
    assert level.api_token or level.note


def test_every_classic_scope_but_the_unmapped_ones_has_a_level() -> None:
    with_level = {level.classic for _, level in LEVELS}
    assert {scope.name for scope in CLASSIC_SCOPES} - with_level == {"test", "test:write"}


def test_levels_are_bundles_without_old_implications() -> None:
    bundle = {(service.slug, level.slug): set(level.api_token) for service, level in LEVELS}
    assert bundle["repositories", "write"] == api("write:repository")
    assert bundle["repositories", "admin"] == api("admin:repository")
    assert bundle["pull_requests", "write"] == api("read:pullrequest write:pullrequest")
    assert bundle["pipelines", "edit_variables"] == api("admin:pipeline")
    assert bundle["webhooks", "read_and_write"] == api("read:webhook write:webhook delete:webhook")
    assert bundle["projects", "write"] == set()


def test_rules_about_scopes_name_described_scopes() -> None:
    classic = {scope.name for scope in CLASSIC_SCOPES}
    assert IMPLICATIONS.keys() <= classic
    assert all(implied <= classic for implied in IMPLICATIONS.values())
    assert ALSO_REACHES.keys() | WARNINGS.keys() <= classic
    assert all(reached <= {scope.name for scope in API_SCOPES} for reached in ALSO_REACHES.values())
    assert all(fact.scope in SCOPE_BY_NAME and fact.source.startswith("https://") for fact in FACTS)


def test_unstated_implications_are_not_relied_on() -> None:
    unstated = {"account:write", "pipeline:write", "pipeline:variable", "runner:write", "team:write", "test:write"}
    assert not unstated & IMPLICATIONS.keys()
    assert not {"repository:admin", "project:admin", "webhook", "wiki", "issue"} & IMPLICATIONS.keys()


def test_kinds_are_those_of_the_design() -> None:
    assert set(KIND_BY_SLUG) == KINDS_OF_DESIGN
    assert set(KIND_BY_CREDENTIAL_TYPE.values()) <= set(KIND_BY_SLUG)
    assert {kind.slug: kind.prefix for kind in KINDS if kind.prefix} == {
        "api_token": "ATAT",
        "repository_access_token": "ATCT",
        "project_access_token": "ATCT",
        "workspace_access_token": "ATCT",
        "app_password": "ATBB",
    }
