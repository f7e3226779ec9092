"""The shipped templates are the agreed ones, and the catalogue says about them what was agreed."""

import pytest

from tests.tokens.catalogue.names import api
from tests.tokens.catalogue.template_table import EVERY, Row
from tokens.catalogue.data import SERVICE_BY_SLUG
from tokens.catalogue.linter import TemplateDraft, lint
from tokens.catalogue.rules import can_be_issued_as, classic_cover, may_be_issued_at_once, risk_of
from tokens.shipped_templates import SHIPPED_TEMPLATES

TEMPLATES = {template.slug: template for template in SHIPPED_TEMPLATES}
LETTERS = {
    "T": "api_token",
    "R": "repository_access_token",
    "P": "project_access_token",
    "W": "workspace_access_token",
    "D": "deploy_key",
}
NEVER = api("write:ssh-key admin:workspace read:issue write:issue delete:issue read:wiki write:wiki delete:wiki")


def _slug(row: Row) -> str:
    return row.slug


def _template(row: Row) -> TemplateDraft:
    return TEMPLATES[row.slug]


def test_all_twenty_are_shipped_in_the_agreed_order() -> None:
    assert [template.slug for template in SHIPPED_TEMPLATES] == [row.slug for row in EVERY]
    assert len(EVERY) == len(TEMPLATES) == 20


@pytest.mark.parametrize("template", SHIPPED_TEMPLATES, ids=lambda template: template.slug)
def test_a_shipped_template_lints_clean(template: TemplateDraft) -> None:
    assert [message for message in lint(template, shipped=True) if message.level != "note"] == []


@pytest.mark.parametrize("row", EVERY, ids=_slug)
def test_what_administers_or_deletes_says_why(row: Row) -> None:
    strong = not may_be_issued_at_once(api(row.scopes), 1)
    assert bool(_template(row).justification) is strong


@pytest.mark.parametrize("row", EVERY, ids=_slug)
def test_a_template_is_what_was_agreed(row: Row) -> None:
    template = _template(row)
    assert set(template.scopes) == api(row.scopes)
    assert [f"{service}:{level}" for service, level in template.services_levels] == row.levels.split()
    assert template.max_days == row.life
    assert template.rule == row.rule
    assert template.kinds == tuple(LETTERS[letter] for letter in row.kinds.split())
    assert template.deputy_required is row.deputy


@pytest.mark.parametrize("row", EVERY, ids=_slug)
def test_the_computed_risk_is_the_agreed_one(row: Row) -> None:
    risk = risk_of(api(row.scopes), used_by_machine=_template(row).used_by_machine)
    assert risk.level == row.risk
    assert risk.reasons


@pytest.mark.parametrize("row", EVERY, ids=_slug)
def test_levels_bring_the_scopes_and_tasks_no_more_than_they_need(row: Row) -> None:
    chosen = [SERVICE_BY_SLUG[service] for service, _ in _template(row).services_levels]
    levels = [
        next(level for level in service.levels if level.slug == slug)
        for service, (_, slug) in zip(chosen, _template(row).services_levels, strict=True)
    ]
    least = {scope for level in levels for scope in level.api_token}
    most = least | {scope for level in levels for scope in level.with_tasks}
    assert least <= api(row.scopes) <= most


@pytest.mark.parametrize("row", EVERY, ids=_slug)
def test_every_kind_of_a_template_can_carry_it(row: Row) -> None:
    for kind in _template(row).kinds:
        assert can_be_issued_as(kind, api(row.scopes)), kind
    assert set(_template(row).machine_kinds) <= set(_template(row).kinds)


@pytest.mark.parametrize("row", EVERY, ids=_slug)
def test_what_a_rule_alone_approves_is_harmless_enough(row: Row) -> None:
    if row.rule in {"at_once", "at_once_reviewed"}:
        assert may_be_issued_at_once(api(row.scopes), row.life)
    if row.rule == "two_people":
        assert not may_be_issued_at_once(api(row.scopes), 1)


@pytest.mark.parametrize("row", EVERY, ids=_slug)
def test_no_template_holds_what_must_never_be_in_one(row: Row) -> None:
    assert not api(row.scopes) & NEVER
    assert not any("*" in scope for scope in _template(row).scopes)


@pytest.mark.parametrize("template", TEMPLATES.values(), ids=lambda template: template.slug)
def test_every_template_speaks_to_people(template: TemplateDraft) -> None:
    assert template.tasks
    assert template.guidance.endswith(".")
    assert len(template.name) <= 80
    assert len(template.purpose) <= 200


def test_git_needs_reading_to_push() -> None:
    for template in TEMPLATES.values():
        if "write:repository:bitbucket" in template.scopes:
            assert "read:repository:bitbucket" in template.scopes


def test_only_an_api_token_administers_access() -> None:
    scopes = TEMPLATES["administer-access"].scopes
    for kind in ("repository_access_token", "project_access_token", "workspace_access_token", "oauth_grant"):
        assert not can_be_issued_as(kind, scopes)


def test_pull_request_automation_as_access_token_also_pushes() -> None:
    cover = classic_cover(TEMPLATES["pull-request-automation"].scopes, kind="repository_access_token")
    assert cover.scopes == ("pullrequest:write",)
    assert "write:repository:bitbucket" in cover.adds
