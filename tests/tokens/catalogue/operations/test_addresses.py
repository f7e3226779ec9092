"""One call in every shape in which people write its address means the same; what could be two things means none."""

import re
from typing import NamedTuple
from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.tokens.catalogue.operations.reading import ACME, API, PULL_REQUEST, REPOSITORY, meanings, reason
from tokens.catalogue.operations import OPERATION_BY_NAME, OPERATIONS, read_calls
from tokens.catalogue.operations.addresses import read_address

PARAMETER = re.compile(r"\{\w+\}")
LIVE = [operation for operation in OPERATIONS if operation.removed_on is None]
UUIDS = st.uuids().map(lambda value: quote(f"{{{value}}}", safe=""))
SLUGS = st.from_regex(r"[a-z0-9][a-z0-9_-]{0,20}(\.[a-z0-9]+)?", fullmatch=True).filter(lambda text: text != "2.0")
NAMES = st.sampled_from(["WS", "workspace", "BITBUCKET_WORKSPACE", "owner", "team_id"])
SPELLINGS = (
    "${}",
    "${{{}}}",
    "{{{}}}",
    "<{}>",
    ":{}",
    "%{}%",
    "{{{{{}}}}}",
    "{{{{ {} }}}}",
    "${{{{ vars.{} }}}}",
    "#{{{}}}",
)
VARIABLES = st.builds(lambda spelling, name: spelling.format(name), st.sampled_from(SPELLINGS), NAMES)
VALUES = st.one_of(SLUGS, UUIDS, VARIABLES)
# What stands before the path.
BASES = (
    "https://api.bitbucket.org/2.0",
    "HTTPS://API.Bitbucket.ORG/2.0",
    "http://api.bitbucket.org/2.0",
    "https://api.bitbucket.org:443/2.0",
    "https://emma:x@api.bitbucket.org/2.0",
    "https://emma%40acme.test@api.bitbucket.org/2.0",
    "api.bitbucket.org/2.0",
    "//api.bitbucket.org/2.0",
    "https://bitbucket.org/api/2.0",
    "https://bitbucket.org/!api/2.0",
    "/2.0",
    "2.0",
    "",
    "$BASE",
    "${BASE_URL}",
    "${BASE_URL}/2.0",
    "{base}",
    "{{baseUrl}}",
    "https://$HOST/2.0",
)
AFTER = st.sampled_from(
    ["", "/", "?pagelen=100", "?q=state%3D%22OPEN%22&sort=-id", "#top", "/?a=b#c", "?next=https://x.test/2.0/user"]
)
QUOTES = st.sampled_from(["{}", '"{}"', "'{}'", "`{}`", "({})", "<{}>", "{},", "{};"])
BEFORE = st.sampled_from(
    ["{} {}", "{}: {}", "{}  {}", "{}\t{}", "- {} {}", "1. {} {}", "| {} | {} |", "  {} {}\r", "curl -X {} {}"]
)


class Shape(NamedTuple):
    """One way to write one call."""

    name: str
    address: str


@st.composite
def shapes(draw: st.DrawFn) -> Shape:
    """A live operation with values in its parameters, below one of the bases."""
    operation = draw(st.sampled_from(LIVE))
    pieces = PARAMETER.split(operation.path)
    path = pieces[0]
    for piece in pieces[1:]:
        path += draw(VALUES if path.endswith("/") else SLUGS) + piece
    return Shape(operation.name, draw(st.sampled_from(BASES)) + path + draw(AFTER))


@settings(max_examples=400)
@given(shape=shapes(), quotes=QUOTES, before=BEFORE)
def test_every_shape_of_a_call_means_the_same(shape: Shape, quotes: str, before: str) -> None:
    method, _, _ = shape.name.partition(" ")
    if quotes == "<{}>" or (before.startswith("curl") and quotes[0] in "`("):
        quotes = '"{}"'
    if before.startswith("curl"):
        quotes = '"{}"' if quotes[0] == "{" else quotes
    line = before.format(method, quotes.format(shape.address))
    (call,) = read_calls(line)
    assert call.operation is OPERATION_BY_NAME[shape.name], line
    assert call.status == "matched"


@given(shape=shapes())
def test_head_is_a_way_to_get(shape: Shape) -> None:
    method, _, path = shape.name.partition(" ")
    if method == "GET":
        assert meanings(f"HEAD '{shape.address}'") == [f"GET {path}"]


@pytest.mark.parametrize(
    ("line", "meaning"),
    [
        (f"{ACME}/pullrequests", f"GET {REPOSITORY}/pullrequests"),
        ("/2.0/user", "GET /user"),
        ("/user", "GET /user"),
        ("GET user", "GET /user"),
        ("get https://api.bitbucket.org/2.0/user", "GET /user"),
        ("Put /2.0/repositories/acme/web", f"PUT {REPOSITORY}"),
        (f"GET {ACME}/src/main/", f"GET {REPOSITORY}/src/{{commit}}/{{path}}"),
        (f"GET {ACME}/src/main/a/b.py?format=meta", f"GET {REPOSITORY}/src/{{commit}}/{{path}}"),
        (f"GET {ACME}/refs/branches/feature%2Flogin", f"GET {REPOSITORY}/refs/branches/{{name}}"),
        (f"DELETE {ACME}/refs/branches/feature/login", f"DELETE {REPOSITORY}/refs/branches/{{name}}"),
        (f"GET {ACME}/diff/main...feature/login", f"GET {REPOSITORY}/diff/{{spec}}"),
        (f"GET {ACME}/pullrequests/***/diff", f"GET {PULL_REQUEST}/diff"),
        (f"GET {API}/repositories/acme", "GET /repositories/{workspace}"),
        (f"GET {API}/repositories/acme/issues", f"GET {REPOSITORY}"),
        (f"GET {API}/repositories/src/commits/commits/main", f"GET {REPOSITORY}/commits/{{revision}}"),
        (f"GET {ACME}/pullrequests/activity", f"GET {REPOSITORY}/pullrequests/activity"),
        (f"GET {ACME}/pullrequests/17/activity", f"GET {PULL_REQUEST}/activity"),
    ],
)
def test_addresses_that_lead_somewhere(line: str, meaning: str) -> None:
    assert meanings(line) == [meaning]


@pytest.mark.parametrize(
    "line",
    [
        "GET https://api.github.com/repos/acme/web/pulls",
        "GET https://api.github.com/user",
        "GET https://api.bitbucket.org.evil.test/2.0/user",
        "GET https://api.bitbucket.org:8443/2.0/user",
        "GET https://api.bitbucket.org@evil.test/2.0/user",
        "GET https://evil.test/https://api.bitbucket.org/2.0/user",
        "GET http://localhost:7990/rest/api/1.0/projects",
        "GET https://bitbucket.example.com/rest/api/1.0/projects/ACME/repos/web",
        "GET /rest/api/latest/projects/ACME/repos/web/pull-requests",
        "GET https://$HOST/rest/api/1.0/users",
        "GET $GITHUB_API/user",
        "GET {jira_url}/user",
        "GET https://$BITBUCKET_SERVER/2.0/user",
        "curl https://gitlab.com/api/v4/user",
    ],
)
def test_other_services_are_unknown(line: str) -> None:
    assert reason(line) == "this does not go to Bitbucket Cloud"


@pytest.mark.parametrize(
    "line",
    [
        f"GET {API}/repositories/$REPO",
        f"GET {API}/repositories/$REPO/",
        f"GET {API}/repositories/$REPO/pullrequests",
        f"GET {API}/repositories/$REPO/pullrequests/17",
        f"POST {API}/repositories/${{REPO}}/issues",
        f"GET {API}/repositories/{{repo}}/src",
        f"GET {API}/repositories/%s/pullrequests",
        f"GET {API}/repositories/{{}}/pullrequests",
        f"GET {API}/repositories/<repo>/commits",
        f"GET {API}/repositories/$REPO/$THING",
        f"GET {API}/repositories/$X",
        f"GET {API}/repositories/***/pullrequests",
    ],
)
def test_a_variable_that_may_be_two_segments_is_named_not_guessed(line: str) -> None:
    assert "more than one way" in reason(line)


@pytest.mark.parametrize(
    ("segment", "meaning"),
    [
        ("$WORKSPACE", "GET /repositories/{workspace}"),
        ("{workspace}", "GET /repositories/{workspace}"),
        ("${{ vars.WS }}", "GET /repositories/{workspace}"),
        ("${repoOwner}", "GET /repositories/{workspace}"),
        ("$BITBUCKET_REPO_FULL_NAME", f"GET {REPOSITORY}"),
        ("{repo.full_name}", f"GET {REPOSITORY}"),
        ("${fullName}", f"GET {REPOSITORY}"),
    ],
)
def test_the_name_of_a_variable_can_tell(segment: str, meaning: str) -> None:
    assert meanings(f"GET {API}/repositories/{segment}") == [meaning]


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("GET $URL", "stands in a variable"),
        (f"GET {API}/$PATH", "stands in a variable"),
        (f"GET {API}/repositories/...", "cut off"),
        (f"GET {API}/repositories/acme/we...", "cut off"),
        (f"GET {ACME}/…", "cut off"),
        (f"GET {API}/repositories/acme/*", "cut off"),
        ("GET https://bitbucket.org/acme/web/pull-requests/17", "website"),
        ("https://bitbucket.org/acme/web.git", "repository's address"),
        (f"GET {ACME}/src/main", "no such operation"),
        (f"GET {ACME}/nothing", "no such operation"),
        (f"GET {ACME}/$THING", "no such operation"),
        (f"PATCH {ACME}", "no such operation"),
        (f"OPTIONS {API}/user", "no such operation"),
        (f"DELETE {ACME}/refs/branches/", "no such operation"),
        (f"GET {ACME}/diff/", "no such operation"),
        (f"PUT {ACME}/pullrequests/activity", "no such operation"),
        (f"PUT {API}/snippets/acme/x1/comments", "no such operation"),
        (f"GET {API}/repositories/acme%2Fweb/pullrequests", "no such operation"),
        ("GET https://api.bitbucket.org/1.0/groups/acme", "no such operation"),
        (f"GET {API}", "no such operation"),
        (f"GET {API}/Repositories/acme", "no such operation"),
    ],
)
def test_what_is_unknown_is_told_with_its_reason(line: str, words: str) -> None:
    assert words in reason(line)


def test_an_address_that_cannot_be_read_to_its_end_is_no_other_one() -> None:
    assert meanings(f"GET {API}/repositories/<my workspace>/<repo: the slug>/src") == ["unknown"]


@pytest.mark.parametrize(
    ("line", "operation"),
    [
        (f"GET {API}/repositories", "GET /repositories"),
        (f"GET {API}/repositories/?role=member&pagelen=100", "GET /repositories"),
        (f"curl {API}/workspaces", "GET /workspaces"),
        (f"GET {API}/user/permissions/repositories?q=x", "GET /user/permissions/repositories"),
        (f"POST {ACME}/issues", f"POST {REPOSITORY}/issues"),
        (f"GET {ACME}/issues/17/comments", f"GET {REPOSITORY}/issues/{{issue_id}}/comments"),
        (
            f"GET {ACME}/issues/export/web-issues-17.zip",
            f"GET {REPOSITORY}/issues/export/{{repo_name}}-issues-{{task_id}}.zip",
        ),
        (f"GET {ACME}/wiki/Home.md", None),
    ],
)
def test_what_bitbucket_removed_is_told(line: str, operation: str | None) -> None:
    (call,) = read_calls(line)
    assert call.status == "removed"
    assert (call.operation.name if call.operation else None) == operation
    assert call.because.startswith("Bitbucket removed")


def test_the_host_of_the_settings_is_the_api_too() -> None:
    line = "GET http://127.0.0.1:8100/2.0/user"
    assert meanings(line) == ["unknown"]
    (call,) = read_calls(line, api_hosts=frozenset({"127.0.0.1:8100"}))
    assert call.operation is OPERATION_BY_NAME["GET /user"]


@given(st.text())
def test_any_word_can_be_read_as_an_address(text: str) -> None:
    assert read_address(text).place in {"api", "web", "elsewhere", "unclear"}
