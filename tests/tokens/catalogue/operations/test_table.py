"""The committed table by itself: well-formed, sorted, its scopes known, its file written by the project's own hand."""

from collections import Counter
from datetime import date
from itertools import pairwise

import pytest

from tokens.catalogue.data import SCOPE_BY_NAME
from tokens.catalogue.operations import GIT_FETCH, GIT_PUSH, OPERATION_BY_NAME, OPERATIONS, TABLE, Operation
from tokens.catalogue.operations.document import METHODS
from tokens.catalogue.operations.removals import removal_of
from tokens.catalogue.operations.table_file import TABLE_PATH, TableFile, read_table, written_table

AUTH_TYPES = {"api-token", "forge-oauth2"}
APRIL, AUGUST = date(2026, 4, 14), date(2026, 8, 20)

each_operation = pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.name)


def _place(operation: Operation) -> tuple[str, int]:
    return operation.path, METHODS.index(operation.method.lower())


def test_all_operations_are_there_in_order() -> None:
    assert len(OPERATIONS) == 331
    assert len(OPERATION_BY_NAME) == len(OPERATIONS) + len((GIT_FETCH, GIT_PUSH))
    assert all(_place(before) < _place(after) for before, after in pairwise(OPERATIONS))


@each_operation
def test_a_row_is_well_formed(operation: Operation) -> None:
    assert operation.method in {"GET", "POST", "PUT", "DELETE"}
    assert operation.path.startswith("/")
    assert not operation.path.endswith("/")
    for scopes, dialect in ((operation.classic_scopes, "classic"), (operation.api_token_scopes, "api_token")):
        assert scopes is None or scopes == tuple(sorted(set(scopes)))
        assert scopes != ()
        assert {SCOPE_BY_NAME[scope].dialect for scope in scopes or ()} <= {dialect}
    assert operation.auth_types is None or set(operation.auth_types) <= AUTH_TYPES


def test_what_the_document_is_silent_about_is_null() -> None:
    silent = [operation for operation in OPERATIONS if operation.api_token_scopes is None]
    assert len(silent) == 26
    assert sum(operation.classic_scopes is None for operation in silent) == 14


def test_what_was_removed_follows_from_its_path() -> None:
    removed = Counter(operation.removed_on for operation in OPERATIONS if operation.removed_on)
    assert removed == {APRIL: 4, AUGUST: 33}
    for operation in OPERATIONS:
        removal = removal_of(operation.method, operation.path)
        assert operation.removed_on == (removal.removed_on if removal else None), operation.name


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/repositories"),
        ("GET", "/repositories/acme"),
        ("GET", "/workspaces/acme"),
        ("GET", "/user/permissions"),
        ("GET", "/repositories/acme/web/issue"),
        ("GET", "/repositories/acme/web/refs/tags/versions"),
        ("GET", "/repositories/issues/wiki"),
    ],
)
def test_what_only_looks_alike_is_not_removed(method: str, path: str) -> None:
    assert removal_of(method, path) is None


def test_the_file_is_as_the_project_writes_it() -> None:
    assert written_table(read_table()) == TABLE_PATH.read_text(encoding="utf-8")
    assert TABLE.extracted_on.year == 2026


def test_a_table_comes_back_from_its_file_as_it_was(tmp_path: object) -> None:
    rows = (
        Operation("GET", "/a", None, ("read:x",), ("api-token",), deprecated=True, removed_on=AUGUST),
        Operation("PUT", "/a/{b}", ("x",), None),
    )
    path = TABLE_PATH.__class__(str(tmp_path)) / "table.json"
    path.write_text(written_table(TableFile("r1", APRIL, rows)), encoding="utf-8")
    assert read_table(path) == TableFile("r1", APRIL, rows)


def test_git_needs_reading_for_a_push_as_well() -> None:
    assert GIT_FETCH.api_token_scopes == ("read:repository:bitbucket",)
    assert GIT_PUSH.api_token_scopes == ("read:repository:bitbucket", "write:repository:bitbucket")
    assert (GIT_FETCH.classic_scopes, GIT_PUSH.classic_scopes) == (("repository",), ("repository:write",))
