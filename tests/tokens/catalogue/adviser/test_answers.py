"""The answer for machines: exact keys, null where nothing is known or needed, and a template that can be had."""

import json

import pytest

from tests.tokens.catalogue.adviser.test_needs import REPOSITORY, needs
from tokens.catalogue.adviser.answers import advise, answer_for_calls
from tokens.catalogue.adviser.shelf import Match, Offer
from tokens.catalogue.operations import read_calls

R, W = "repository_access_token", "workspace_access_token"
READ, WRITE = "read:repository:bitbucket", "write:repository:bitbucket"
SHELF = [
    Offer("clone", frozenset({READ}), ("api_token",)),
    Offer("ci", frozenset({READ, "read:pullrequest:bitbucket"}), (R,), used_by_machine=True),
    Offer("push", frozenset({READ, WRITE}), ("api_token", W)),
]


def test_the_keys_are_those_of_the_contract() -> None:
    answer = answer_for_calls(read_calls("git push\nnothing"), SHELF)
    assert list(answer) == ["calls", "api_token_scopes", "classic_scopes", "template", "kind"]
    keys = ["input", "status", "deprecated", "operation", "api_token_scopes", "classic_scopes"]
    assert [list(call) for call in answer["calls"]] == [keys, keys]
    assert list(answer["template"]) == ["slug", "excess", "missing"]
    assert list(answer["kind"]) == ["slug", "reason"]
    assert json.loads(json.dumps(answer)) == answer


def test_the_example_of_the_contract() -> None:
    line = "GET https://api.bitbucket.org/2.0/repositories/acme/web/pullrequests"
    answer = answer_for_calls(read_calls(line), SHELF)
    assert answer["calls"] == [
        {
            "input": line,
            "status": "matched",
            "deprecated": False,
            "operation": f"GET {REPOSITORY}/pullrequests",
            "api_token_scopes": ["read:pullrequest:bitbucket"],
            "classic_scopes": ["pullrequest"],
        }
    ]
    assert (answer["api_token_scopes"], answer["classic_scopes"]) == (["read:pullrequest:bitbucket"], ["pullrequest"])
    assert answer["template"] == {"slug": "ci", "excess": [READ], "missing": []}


@pytest.mark.parametrize(
    ("line", "status", "api_token", "classic"),
    [
        ("GET /2.0/hook_events", "matched", None, None),
        (f"GET {REPOSITORY}/file-conflicts/a..b", "matched", None, ["repository"]),
        ("GET /2.0/workspaces/acme", "matched", ["read:workspace:bitbucket"], None),
        ("GET /2.0/workspaces", "removed", ["read:user:bitbucket", "read:workspace:bitbucket"], ["account"]),
        ("GET /2.0/repositories/acme/web/wiki", "removed", None, None),
        ("git status", "matched", None, None),
        ("git push", "matched", [READ, WRITE], ["repository:write"]),
        ("what is this", "unknown", None, None),
    ],
)
def test_scopes_of_a_call_are_as_declared_and_null_where_none_is_known(
    line: str, status: str, api_token: list[str] | None, classic: list[str] | None
) -> None:
    (call,) = answer_for_calls(read_calls(line), SHELF)["calls"]
    assert (call["status"], call["api_token_scopes"], call["classic_scopes"]) == (status, api_token, classic)


@pytest.mark.parametrize("text", ["", "nothing", "git status", "GET /2.0/hook_events", "GET /2.0/workspaces"])
def test_where_nothing_is_needed_there_is_no_template(text: str) -> None:
    answer = answer_for_calls(read_calls(text), SHELF)
    assert (answer["api_token_scopes"], answer["classic_scopes"]) == ([], [])
    assert answer["template"] is None
    assert answer["kind"]["slug"] == "none"
    assert answer["kind"]["reason"]


def test_removed_calls_add_nothing_and_unions_are_sorted() -> None:
    text = "git push\nGET /2.0/workspaces\nPOST /2.0/repositories/a/b/issues\nGET /2.0/user\nGET /2.0/user"
    answer = answer_for_calls(read_calls(text), SHELF)
    assert answer["api_token_scopes"] == [READ, "read:user:bitbucket", WRITE]
    assert answer["classic_scopes"] == ["account", "repository:write"]
    assert [call["status"] for call in answer["calls"]] == ["matched", "removed", "removed", "matched", "matched"]
    assert answer["template"] == {"slug": "push", "excess": [], "missing": ["read:user:bitbucket"]}


def test_deprecated_operations_are_told() -> None:
    text = "GET /2.0/teams/acme/pipelines_config/variables\nGET /2.0/user"
    answer = answer_for_calls(read_calls(text), SHELF)
    assert [call["deprecated"] for call in answer["calls"]] == [True, False]


def test_a_template_that_is_issued_as_the_kind_goes_first() -> None:
    advice = advise(needs("git fetch", f"GET {REPOSITORY}"), SHELF, "machine")
    assert (advice.kind.slug, advice.match) == (R, Match("ci", ("read:pullrequest:bitbucket",)))
    assert advise(needs(f"GET {REPOSITORY}"), SHELF, "person").match == Match("clone")
    assert advise(needs(f"GET {REPOSITORY}"), SHELF).match == Match("clone")


def test_an_access_token_that_opens_more_is_better_than_none() -> None:
    advice = advise(needs("git push"), SHELF, "machine")
    assert (advice.kind.slug, advice.match) == (W, Match("push"))
    assert "narrower access token would do" in advice.kind.reason


def test_where_no_template_is_issued_as_the_kind_the_closest_is_named() -> None:
    advice = advise(needs("git fetch"), SHELF, "machine")
    assert (advice.kind.slug, advice.match) == ("deploy_key", Match("clone"))
    custom = advise(needs(f"POST {REPOSITORY}/hooks"), SHELF, "machine")
    assert custom.match is not None
    assert custom.match.slug == "clone"
    assert not custom.match.covers
    assert advise(needs("git fetch"), []).match is None
