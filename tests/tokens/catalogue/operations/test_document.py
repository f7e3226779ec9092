"""From a document to rows, and what changed between two of them."""

from datetime import date
from typing import Any

import pytest

from tokens.catalogue.operations.document import NotTheDocument, differences, operations_from_document
from tokens.catalogue.operations.model import Operation

READS: dict[str, Any] = {
    "security": [{"oauth2": ["b", "a"]}, {"basic": []}],
    "x-atlassian-oauth2-scopes": [{"state": "Current", "scheme": "oauth2", "scopes": ["read:b", "read:a"]}],
    "x-atlassian-auth-types": ["api-token"],
}


def test_rows_are_sorted_and_their_scopes_too() -> None:
    rows = operations_from_document(
        {"paths": {"/b": {"delete": {}, "get": READS}, "/a": {"parameters": [], "put": {}}}}
    )
    assert [row.name for row in rows] == ["PUT /a", "GET /b", "DELETE /b"]
    assert rows[1] == Operation("GET", "/b", ("a", "b"), ("read:a", "read:b"), ("api-token",))
    assert rows[0] == Operation("PUT", "/a", None, None)


def test_no_scope_is_null_never_an_empty_list() -> None:
    empty: dict[str, Any] = {
        "security": [{"oauth2": []}],
        "x-atlassian-oauth2-scopes": [{"scopes": []}],
        "x-atlassian-auth-types": [],
    }
    (row, _) = operations_from_document({"paths": {"/a": {"get": empty}, "/b": {"get": READS}}})
    assert (row.classic_scopes, row.api_token_scopes, row.auth_types) == (None, None, None)


def test_what_was_removed_is_told_by_its_path() -> None:
    issues = "/repositories/{workspace}/{repo_slug}/issues"
    rows = operations_from_document({"paths": {issues: {"get": READS}, "/workspaces": {"get": READS}}})
    assert [row.removed_on for row in rows] == [date(2026, 8, 20), date(2026, 4, 14)]


@pytest.mark.parametrize(
    "document",
    [
        {},
        {"paths": {}},
        {"paths": []},
        {"paths": "x"},
        {"paths": {"/a": {"get": {"security": []}}}},
        {"paths": {"/a": []}},
        {"paths": {"/a": {"get": []}}},
        {"paths": {"/a": {"get": None}}},
        {"paths": {"/a": {"get": {"x-atlassian-oauth2-scopes": [{}]}}}},
        {"paths": {"/a": {"get": {"security": ["oauth2"]}}}},
        {"swagger": "2.0", "info": {}},
    ],
)
def test_another_document_is_refused(document: dict[str, Any]) -> None:
    with pytest.raises(NotTheDocument, match=r"^[A-Z].*\.$"):
        operations_from_document(document)


def test_differences_are_sentences_in_the_order_of_paths() -> None:
    old = [Operation("GET", "/a", ("x",), None), Operation("GET", "/c", None, None), Operation("PUT", "/b", None, None)]
    new = [
        Operation("GET", "/a", ("x",), ("read:x",), deprecated=True),
        Operation("POST", "/c", None, ("read:x", "write:x")),
        Operation("PUT", "/b", None, None),
    ]
    assert differences(old, new) == [
        "changed: GET /a: api token scopes none known → read:x; deprecated no → yes",
        "gone: GET /c (API token: none known, classic: none known)",
        "new: POST /c (API token: read:x write:x, classic: none known)",
    ]
    assert differences(new, new) == []
    assert len(differences([], new)) == len(new)
