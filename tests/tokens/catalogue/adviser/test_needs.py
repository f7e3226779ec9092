"""What operations need together: the union, why each scope is there, and what nobody knows."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.tokens.catalogue.names import api
from tokens.catalogue.adviser.model import Task, Tool, ToolCall
from tokens.catalogue.adviser.needs import (
    NAMED,
    Needs,
    Wanted,
    needs_of,
    wanted_by_calls,
    wanted_by_tasks,
    wanted_by_tool,
)
from tokens.catalogue.data import sources
from tokens.catalogue.operations import GIT_FETCH, GIT_PUSH, OPERATION_BY_NAME, OPERATIONS, read_calls
from tokens.catalogue.rules import expand_classic

REPOSITORY = "/repositories/{workspace}/{repo_slug}"
STOP = f"{REPOSITORY}/pipelines/{{pipeline_uuid}}/stopPipeline"
ANY = st.lists(st.sampled_from([*OPERATIONS, GIT_FETCH, GIT_PUSH]), max_size=8)


def needs(*names: str, named: tuple[str, ...] = ()) -> Needs:
    """What some operations need, each under its own name."""
    return needs_of([Wanted(OPERATION_BY_NAME[name], name) for name in names], named_scopes=named)


@given(ANY)
def test_the_union_is_what_the_operations_declare(operations: list[object]) -> None:
    wanted = [Wanted(row, row.name) for row in OPERATIONS if row in operations]
    live = [want.operation for want in wanted if want.operation.removed_on is None]
    found = needs_of(wanted)
    declared = {scope for row in live for scope in row.api_token_scopes or ()}
    assert found.api_token_scopes == tuple(sorted(declared))
    classic = {scope for row in live for scope in row.classic_scopes or ()}
    assert expand_classic(found.classic_scopes) == expand_classic(classic)
    assert set(found.classic_scopes) <= classic
    assert list(found.classic_scopes) == sorted(found.classic_scopes)
    assert set(found.because) == declared
    assert set(found.operations) == set(live)
    assert all(row.api_token_scopes is None for row in found.unproven)


@pytest.mark.parametrize(
    ("names", "classic"),
    [
        ((f"GET {REPOSITORY}/pullrequests",), "pullrequest"),
        ((f"GET {REPOSITORY}/pullrequests", f"GET {REPOSITORY}"), "pullrequest"),
        ((f"POST {REPOSITORY}/pullrequests", "git push"), "pullrequest:write"),
        (("git fetch", "git push"), "repository:write"),
        ((f"GET {REPOSITORY}/pipelines", f"POST {STOP}"), "pipeline pipeline:write"),
        (("GET /user", "GET /user/emails"), "account email"),
        ((f"GET {REPOSITORY}/deploy-keys", "git push"), "repository:admin repository:write"),
    ],
)
def test_classic_scopes_lose_only_what_another_is_stated_to_imply(names: tuple[str, ...], classic: str) -> None:
    assert needs(*names).classic_scopes == tuple(classic.split())


def test_api_token_scopes_are_never_reduced() -> None:
    assert set(needs("git fetch", "git push").api_token_scopes) == api("read:repository write:repository")


def test_each_scope_says_why_once() -> None:
    listing, posting = f"GET {REPOSITORY}/pullrequests", f"POST {REPOSITORY}/pullrequests"
    found = needs(listing, posting, listing)
    assert found.because == {
        "read:pullrequest:bitbucket": (listing, posting),
        "write:pullrequest:bitbucket": (posting,),
    }


def test_what_was_removed_adds_nothing() -> None:
    found = needs("GET /repositories", f"POST {REPOSITORY}/issues", "GET /user")
    assert found.api_token_scopes == ("read:user:bitbucket",)
    assert found.classic_scopes == ("account",)
    assert [row.name for row in found.operations] == ["GET /user"]
    assert needs("GET /workspaces") == Needs()


def test_what_names_no_scope_is_unproven() -> None:
    silent = f"GET {REPOSITORY}/file-conflicts/{{spec}}"
    found = needs(silent, "git fetch", silent)
    assert [row.name for row in found.unproven] == [silent]
    assert set(found.api_token_scopes) == api("read:repository")
    assert needs("git fetch").unproven == ()


def test_scopes_that_somebody_names() -> None:
    found = needs("git fetch", named=("read:repository:bitbucket", "write:webhook:bitbucket"))
    assert found.because == {
        "read:repository:bitbucket": ("git fetch", NAMED),
        "write:webhook:bitbucket": (NAMED,),
    }
    assert found.classic_scopes == ("repository", "webhook")


def test_tasks_and_tools_speak_in_their_own_words() -> None:
    task = Task("x", "Git", "Push", ("git fetch", "git push"))
    assert [want.words for want in wanted_by_tasks([task])] == ["Push", "Push"]
    calls = (ToolCall("git fetch", "to build"), ToolCall("GET /user", "with login", optional=True))
    tool = Tool("t", "Tool", "Builds", "machine", calls, sources.OPENAPI, sources.OPENAPI_SEEN_ON)
    assert [want.words for want in wanted_by_tool(tool)] == ["Tool: to build"]
    assert [want.words for want in wanted_by_tool(tool, with_optional=True)] == ["Tool: to build", "Tool: with login"]


def test_only_calls_that_matched_are_wanted() -> None:
    text = "git pull\nGET /2.0/workspaces\nGET https://api.github.com/user\ngit status\nnothing"
    wanted = wanted_by_calls(read_calls(text))
    assert [want.words for want in wanted] == ["git fetch", "git local"]
    found = needs_of(wanted)
    assert set(found.api_token_scopes) == api("read:repository")
    assert not found.unproven
