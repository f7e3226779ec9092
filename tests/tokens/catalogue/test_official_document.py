"""The catalogue against Bitbucket's own API document, where a copy is at hand."""

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from tests.tokens.catalogue.names import api
from tokens.catalogue.data import API_SCOPES, CLASSIC_SCOPES, FACTS, SCOPE_BY_NAME

BESIDE_THE_PROJECT = Path(__file__).resolve().parents[4] / "shared" / "bitbucket" / "openapi.json"
DOCUMENT = Path(os.environ.get("BITBUCKET_OPENAPI", BESIDE_THE_PROJECT))

pytestmark = pytest.mark.skipif(
    not DOCUMENT.is_file(),
    reason="BITBUCKET'S API DOCUMENT IS NOT HERE: the catalogue is not compared with it (set BITBUCKET_OPENAPI)",
)


class Operation(NamedTuple):
    """One operation and the scopes it asks for in both dialects."""

    name: str
    classic: frozenset[str]
    api_token: frozenset[str]


def _operations(document: dict[str, Any]) -> Iterator[Operation]:
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            if method in {"get", "put", "post", "delete", "patch"}:
                classic = {name for way in operation.get("security", []) for name in way.get("oauth2", [])}
                ours = {name for way in operation.get("x-atlassian-oauth2-scopes", []) for name in way["scopes"]}
                yield Operation(f"{method.upper()} {path}", frozenset(classic), frozenset(ours))


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    content: dict[str, Any] = json.loads(DOCUMENT.read_text(encoding="utf-8"))
    return content


@pytest.fixture(scope="module")
def operations(document: dict[str, Any]) -> dict[str, Operation]:
    return {operation.name: operation for operation in _operations(document)}


def test_every_scope_of_the_document_is_described(operations: dict[str, Operation]) -> None:
    named = {name for operation in operations.values() for name in (*operation.classic, *operation.api_token)}
    assert named <= SCOPE_BY_NAME.keys()


def test_the_classic_scopes_are_those_of_the_document(document: dict[str, Any]) -> None:
    flows = document["components"]["securitySchemes"]["oauth2"]["flows"]
    listed = set(flows["authorizationCode"]["scopes"])
    assert {scope.name for scope in CLASSIC_SCOPES} - listed == {"project:write"}
    assert listed <= {scope.name for scope in CLASSIC_SCOPES}


def test_scopes_called_stated_are_used_by_an_operation(operations: dict[str, Operation]) -> None:
    used = frozenset().union(*(operation.api_token for operation in operations.values()))
    stated = {scope.name for scope in API_SCOPES if scope.certainty == "stated"}
    assert stated - used == api("read:permission")
    assert not used & {scope.name for scope in API_SCOPES if scope.certainty == "unconfirmed"}


REPOSITORY = "/repositories/{workspace}/{repo_slug}"
PULL_REQUEST = REPOSITORY + "/pullrequests/{pull_request_id}"


@pytest.mark.parametrize(
    ("operation", "scopes"),
    [
        (f"POST {REPOSITORY}/commit/{{commit}}/statuses/build", "read:repository"),
        (f"PUT {REPOSITORY}/commit/{{commit}}/reports/{{reportId}}", "read:repository"),
        (f"POST {PULL_REQUEST}/comments", "read:pullrequest"),
        (f"POST {PULL_REQUEST}/approve", "read:pullrequest write:pullrequest"),
        (f"POST {PULL_REQUEST}/merge", "read:pullrequest write:pullrequest"),
        (f"GET {REPOSITORY}/pipelines_config/variables", "read:pipeline"),
        (f"POST {REPOSITORY}/hooks", "read:webhook write:webhook"),
        ("POST /users/{selected_user}/ssh-keys", "read:ssh-key write:ssh-key"),
        (f"POST {REPOSITORY}/downloads", "write:repository"),
    ],
)
def test_the_surprising_facts_stand_in_the_document(
    operations: dict[str, Operation], operation: str, scopes: str
) -> None:
    assert operations[operation].api_token == api(scopes)
    assert any(fact.scope in api(scopes) for fact in FACTS)
