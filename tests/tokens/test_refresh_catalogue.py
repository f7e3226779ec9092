"""`manage.py refresh_catalogue` as a process: it tells the difference first, and `--check` writes nothing.

Every run names a table of its own, so that the committed one is never touched.
"""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.tokens.catalogue.test_official_document import DOCUMENT
from tests.tokens.process import managed
from tokens.catalogue.operations.table_file import TABLE_PATH, read_table

PULL_REQUESTS = "/repositories/{workspace}/{repo_slug}/pullrequests"


def _facts(api_token: str, classic: str, **more: Any) -> dict[str, Any]:
    granular = [{"state": "Current", "scheme": "oauth2", "scopes": api_token.split()}]
    return {"security": [{"oauth2": classic.split()}], "x-atlassian-oauth2-scopes": granular, **more}


def _document() -> dict[str, Any]:
    paths: dict[str, Any] = {
        "/user": {"get": _facts("read:user:bitbucket", "account"), "parameters": []},
        PULL_REQUESTS: {"get": _facts("read:pullrequest:bitbucket", "pullrequest")},
    }
    return {"openapi": "3.0.0", "x-revision": "r1", "paths": paths}


class Run:
    """A folder with a document and a table."""

    def __init__(self, folder: Path) -> None:
        self.document, self.table = folder / "openapi.json", folder / "table.json"

    def refresh(self, document: Any, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Write the document, run the command on it."""
        self.document.write_text(json.dumps(document), encoding="utf-8")
        return managed("refresh_catalogue", "--openapi", str(self.document), "--table", str(self.table), *arguments)


@pytest.fixture
def run(tmp_path: Path) -> Run:
    return Run(tmp_path)


def test_a_table_is_written_after_its_difference_was_told(run: Run) -> None:
    done = run.refresh(_document())
    assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    assert lines[0].startswith(f"new: GET {PULL_REQUESTS} (API token: read:pullrequest:bitbucket")
    assert lines[2] == "2 operations, 2 of them new, gone or changed."
    assert lines[3].startswith(f"Written: {run.table}.")
    table = read_table(run.table)
    assert table.revision == "r1"
    assert [row.name for row in table.operations] == [f"GET {PULL_REQUESTS}", "GET /user"]


def test_the_same_again_writes_nothing(run: Run) -> None:
    run.refresh(_document())
    before = run.table.read_bytes()
    run.table.chmod(0o400)
    done = run.refresh(_document())
    assert (done.returncode, done.stdout) == (0, "2 operations, 0 of them new, gone or changed.\n")
    assert run.refresh(_document(), "--check").returncode == 0
    assert run.table.read_bytes() == before


def test_what_changed_is_told(run: Run) -> None:
    run.refresh(_document())
    changed = _document()
    changed["paths"]["/user"] = {"get": _facts("read:user:bitbucket", "account email", deprecated=True)}
    changed["paths"]["/user/emails"] = {"get": {}}
    del changed["paths"][PULL_REQUESTS]
    done = run.refresh(changed)
    assert done.stdout.splitlines()[:4] == [
        f"gone: GET {PULL_REQUESTS} (API token: read:pullrequest:bitbucket, classic: pullrequest)",
        "changed: GET /user: classic scopes account → account email; deprecated no → yes",
        "new: GET /user/emails (API token: none known, classic: none known)",
        "2 operations, 3 of them new, gone or changed.",
    ]
    assert [row.name for row in read_table(run.table).operations] == ["GET /user", "GET /user/emails"]


def test_a_check_tells_and_writes_nothing(run: Run) -> None:
    done = run.refresh(_document(), "--check")
    assert done.returncode == 1
    assert done.stdout.startswith("new: ")
    assert "The table does not agree with the document." in done.stderr
    assert not run.table.exists()


@pytest.mark.parametrize(
    ("document", "words"),
    [
        ([], "is not an OpenAPI document"),
        ({}, "has no paths"),
        ({"paths": {"/a": {"get": {}}}}, "names the scopes of API tokens"),
        ({"paths": {"/a": ["get"]}}, "is not shaped like one"),
        ({"paths": {"/a": {"get": {"security": [1]}}}}, "is not shaped like one"),
    ],
)
def test_another_document_is_refused_in_a_sentence(run: Run, document: Any, words: str) -> None:
    done = run.refresh(document)
    assert done.returncode == 1
    assert done.stderr.startswith(f"CommandError: {run.document} is not")
    assert words in done.stderr
    assert "Traceback" not in done.stderr
    assert not run.table.exists()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"{", "is not JSON."),
        (b"\xff\xfe", "is not JSON."),
        (b"", "is not JSON."),
        (None, "cannot be read: No such file"),
    ],
)
def test_a_file_that_cannot_be_read_is_named(tmp_path: Path, content: bytes | None, words: str) -> None:
    path = tmp_path / "openapi.json"
    if content is not None:
        path.write_bytes(content)
    done = managed("refresh_catalogue", "--openapi", str(path), "--table", str(tmp_path / "table.json"))
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith(f"CommandError: {path} {words}")


@pytest.mark.parametrize("content", ["{}", "[]", '{"operations": [{}]}', "no", '{"operations": 1}'])
def test_a_table_that_is_none_is_named_and_left_alone(run: Run, content: str) -> None:
    run.table.write_text(content, encoding="utf-8")
    done = run.refresh(_document())
    assert (done.returncode, done.stderr) == (1, f"CommandError: {run.table} is not an operation table.\n")
    assert run.table.read_text(encoding="utf-8") == content


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    document = tmp_path / "openapi.json"
    document.write_text(json.dumps(_document()), encoding="utf-8")
    table = tmp_path / "nowhere" / "table.json"
    done = managed("refresh_catalogue", "--openapi", str(document), "--table", str(table))
    assert done.returncode == 1
    assert done.stdout.startswith("new: ")
    assert done.stderr.startswith(f"CommandError: {table} cannot be written: ")


def test_the_document_has_to_be_named() -> None:
    assert managed("refresh_catalogue").returncode == 2


@pytest.mark.skipif(not DOCUMENT.is_file(), reason="BITBUCKET'S API DOCUMENT IS NOT HERE (set BITBUCKET_OPENAPI)")
def test_the_committed_table_agrees_with_the_document(run: Run) -> None:
    before = TABLE_PATH.read_bytes()
    done = managed("refresh_catalogue", "--openapi", str(DOCUMENT), "--check")
    assert (done.returncode, done.stdout) == (0, "331 operations, 0 of them new, gone or changed.\n")
    whole = managed("refresh_catalogue", "--openapi", str(DOCUMENT), "--table", str(run.table))
    assert whole.returncode == 0
    assert read_table(run.table).operations == read_table().operations
    assert TABLE_PATH.read_bytes() == before
