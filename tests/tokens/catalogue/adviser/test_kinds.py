"""Which kind of credential fits: never first one that acts as a person where a machine can have its own."""

import pytest

from tests.tokens.catalogue.adviser.test_needs import REPOSITORY, needs
from tokens.catalogue.adviser.kinds import (
    NO_KIND,
    KindChoice,
    adds_too_much,
    boundary_of,
    choose_kind,
    widened,
    wider_kinds,
)
from tokens.catalogue.adviser.model import UsedBy
from tokens.catalogue.adviser.needs import Needs, Wanted, needs_of
from tokens.catalogue.operations import OPERATIONS, Operation
from tokens.catalogue.rules import can_be_issued_as

R, P, W = "repository_access_token", "project_access_token", "workspace_access_token"
PROJECT = "/workspaces/{workspace}/projects/{project_key}"
PULL_REQUESTS = f"{REPOSITORY}/pullrequests"
LIVE = [row for row in OPERATIONS if row.removed_on is None and row.api_token_scopes]


@pytest.mark.parametrize(
    ("names", "person", "machine", "pipelines"),
    [
        (("git fetch",), "api_token", "deploy_key", NO_KIND),
        (("git push",), "api_token", R, NO_KIND),
        (("git fetch", "git push"), "api_token", R, NO_KIND),
        ((f"GET {PULL_REQUESTS}",), "api_token", R, R),
        (("git fetch", f"POST {REPOSITORY}/commit/{{commit}}/statuses/build"), "api_token", R, R),
        ((f"POST {PULL_REQUESTS}", "git push"), "api_token", R, R),
        ((f"POST {REPOSITORY}/pipelines",), "api_token", R, R),
        ((f"POST {REPOSITORY}/hooks",), "api_token", R, R),
        ((f"GET {PROJECT}",), "api_token", P, P),
        ((f"GET {PROJECT}", f"GET {REPOSITORY}"), "api_token", P, P),
        (("GET /repositories/{workspace}",), "api_token", W, W),
        (("GET /workspaces/{workspace}/members", "git fetch"), "api_token", W, W),
        # An access token may neither change permissions nor keys.
        ((f"PUT {REPOSITORY}/permissions-config/users/{{selected_user_id}}",), "api_token", "api_token", "api_token"),
        ((f"DELETE {PROJECT}/permissions-config/groups/{{group_slug}}",), "api_token", "api_token", "api_token"),
        ((f"POST {REPOSITORY}/deploy-keys",), "api_token", "api_token", "api_token"),
        (("GET /snippets/{workspace}",), "api_token", "api_token", "api_token"),
        # What is about a person's own account has nobody to be about.
        (("GET /user",), "api_token", "api_token", "api_token"),
        (("GET /user/emails",), "api_token", "api_token", "api_token"),
        (("GET /users/{selected_user}/ssh-keys",), "api_token", "api_token", "api_token"),
        # Asking who one is beside other work is no reason to run as a person.
        (("GET /user", "git push"), "api_token", R, R),
        (("GET /user", "GET /user/emails", f"POST {PULL_REQUESTS}"), "api_token", R, R),
        (("GET /user", f"GET {PROJECT}"), "api_token", P, P),
        (("GET /user", "GET /repositories/{workspace}", "git fetch"), "api_token", W, W),
        # What was removed needs nothing.
        (("GET /repositories",), NO_KIND, NO_KIND, NO_KIND),
        ((f"POST {REPOSITORY}/issues", "git fetch"), "api_token", "deploy_key", NO_KIND),
    ],
)
def test_the_kind_that_fits(names: tuple[str, ...], person: str, machine: str, pipelines: str) -> None:
    needed = needs(*names)
    chosen = {user: choose_kind(needed, user).slug for user in ("person", "machine", "pipelines", None)}
    assert chosen == {"person": person, "machine": machine, "pipelines": pipelines, None: person}


@pytest.mark.parametrize("operation", LIVE, ids=lambda row: row.name)
@pytest.mark.parametrize("used_by", ["machine", "pipelines"])
def test_a_machine_runs_as_a_person_only_where_nothing_else_can(operation: Operation, used_by: UsedBy) -> None:
    found = needs_of([Wanted(operation, operation.name)])
    choice = choose_kind(found, used_by)
    fitting = [
        kind
        for kind in (R, P, W)
        if can_be_issued_as(kind, found.api_token_scopes) and not adds_too_much(kind, found.api_token_scopes)
    ]
    if choice.slug == "api_token":
        assert not fitting or boundary_of(found) == "person"
        assert "account that belongs to the machine" in choice.reason
    else:
        assert choice.slug in fitting
        assert choice.others[-1][0] == "api_token"


@pytest.mark.parametrize("names", [("git fetch",), ("git push",), ("git fetch", f"GET {PULL_REQUESTS}")])
def test_the_api_token_comes_last_for_a_machine(names: tuple[str, ...]) -> None:
    choice = choose_kind(needs(*names), "machine")
    assert [slug for slug, _ in choice.others][-1] == "api_token"
    assert "end when they leave" in choice.others[-1][1]


def test_a_deploy_key_is_not_enough_for_what_was_named_besides() -> None:
    needed = needs("git fetch", named=("read:pullrequest:bitbucket",))
    assert choose_kind(needed, "machine").slug == R
    assert choose_kind(needed, "pipelines").slug == R


def test_what_was_named_counts_beside_asking_who_one_is() -> None:
    named = ("write:permission:bitbucket",)
    assert choose_kind(needs("GET /user", "git push", named=named), "machine").slug == "api_token"


@pytest.mark.parametrize(
    ("named", "kind"),
    [
        (("read:repository:bitbucket",), R),
        (("read:project:bitbucket",), P),
        (("read:workspace:bitbucket", "read:repository:bitbucket"), W),
        (("read:user:bitbucket",), "api_token"),
        (("write:permission:bitbucket",), "api_token"),
        (("admin:repository:bitbucket",), "api_token"),
    ],
)
def test_scopes_that_are_named_without_calls(named: tuple[str, ...], kind: str) -> None:
    assert choose_kind(needs(named=named), "machine").slug == kind
    expected = NO_KIND if named == ("read:repository:bitbucket",) else kind
    assert choose_kind(needs(named=named), "pipelines").slug == expected


def test_pipelines_needs_no_credential_for_its_own_repository() -> None:
    choice = choose_kind(needs("git push"), "pipelines")
    assert choice.slug == NO_KIND
    assert "without any credential" in choice.reason
    with_reports = choose_kind(needs("git push", f"POST {PULL_REQUESTS}"), "pipelines")
    assert with_reports.slug == R
    assert "needs no credential at all" in with_reports.reason


def test_who_will_use_it_was_not_said() -> None:
    choice = choose_kind(needs("git fetch"))
    assert choice.slug == "api_token"
    assert "If a machine is to use it: a deploy key." in choice.reason
    assert choice.others[0][0] == "ssh_key"
    assert "If a machine" not in choose_kind(needs("git fetch"), "person").reason


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("GET /hook_events", "names no scope for these calls"),
        (f"GET {REPOSITORY}/file-conflicts/{{spec}}", "classic ones (repository)"),
    ],
)
def test_no_scope_known_is_not_called_nothing_needed(name: str, words: str) -> None:
    choice = choose_kind(needs(name), "machine")
    assert choice.slug == NO_KIND
    assert words in choice.reason
    assert choose_kind(Needs()).reason == "Nothing here is known to need a credential."


def test_what_a_classic_token_opens_besides_is_said() -> None:
    assert "read:repository" in choose_kind(needs(f"GET {PULL_REQUESTS}"), "machine").reason
    assert "nobody asked for" not in choose_kind(needs("git push"), "machine").reason
    too_much = choose_kind(needs(f"GET {REPOSITORY}/deploy-keys"), "machine")
    assert "could do far more: delete:repository" in too_much.reason


def test_wider_kinds_open_at_least_as_much() -> None:
    assert wider_kinds(R) == (R, P, W)
    assert wider_kinds(P) == (P, W)
    assert wider_kinds(W) == (W,)
    assert wider_kinds("deploy_key") == ("deploy_key",)
    assert wider_kinds(NO_KIND) == (NO_KIND,)


def test_a_wider_kind_keeps_the_alternatives_and_says_why() -> None:
    choice = choose_kind(needs(f"GET {PULL_REQUESTS}"), "machine")
    assert widened(choice, R) is choice
    wide = widened(choice, W)
    assert isinstance(wide, KindChoice)
    assert (wide.slug, wide.others) == (W, choice.others)
    assert "narrower access token would do" in wide.reason
