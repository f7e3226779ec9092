"""Every operation of Bitbucket's own document against the committed table, and from a concrete address back to itself.

What the document says is extracted here once more, so that a mistake of the project's extractor cannot hide.
"""

import json
from collections.abc import Iterator
from datetime import date
from typing import Any, NamedTuple
from urllib.parse import quote

import pytest

from tests.tokens.catalogue.operations.reading import API
from tests.tokens.catalogue.test_official_document import DOCUMENT
from tokens.catalogue.operations import OPERATION_BY_NAME, OPERATIONS, TABLE, read_calls

HERE = DOCUMENT.is_file()
pytestmark = pytest.mark.skipif(
    not HERE,
    reason="BITBUCKET'S API DOCUMENT IS NOT HERE: the operation table is not compared with it (set BITBUCKET_OPENAPI)",
)
GONE_SINCE_APRIL = {
    "GET /repositories",
    "GET /workspaces",
    "GET /user/permissions/workspaces",
    "GET /user/permissions/repositories",
}
ISSUES = {"issues", "components", "milestones", "versions", "wiki"}
# A branch, a file or a range at the end of an address keeps its slashes; anywhere else they are encoded.
HOLDS_SLASHES = {"path", "name", "revision", "spec", "revspec"}
UUID = "{0c1f2d3e-4a5b-6c7d-8e9f-0a1b2c3d4e5f}"
VALUES = {
    "workspace": ["acme", UUID, "acme-corp_2"],
    "repo_slug": ["web", UUID, "web.api-v2"],
    "username": ["acme"],
    "project_key": ["WEB", "~emma"],
    "selected_user": [UUID, "557058:1c2d3e4f-0000-4a4a-8b8b-1234567890ab"],
    "selected_user_id": [UUID],
    "target_username": [UUID],
    "member": [UUID, "557058:1c2d3e4f-0000-4a4a-8b8b-1234567890ab"],
    "commit": ["1f2e3d4c5b6a", "main"],
    "revision": ["1f2e3d4c5b6a", "feature/login", "release/2026.1"],
    "name": ["main", "feature/login", "v1.2.3"],
    "spec": ["main..feature/login", "1f2e3d4..5b6a7c8", "1f2e3d4"],
    "revspec": ["main..feature/login"],
    "path": ["README.md", "src/main/java/Ä b.java"],
    "email": ["emma@acme.test"],
    "filename": ["app-1.2.3.tar.gz"],
    "key": ["build-17", "ci/feature"],
}


class Said(NamedTuple):
    """One operation as the document puts it."""

    method: str
    path: str
    facts: dict[str, Any]

    @property
    def name(self) -> str:
        return f"{self.method} {self.path}"


def _said() -> Iterator[Said]:
    if HERE:
        document = json.loads(DOCUMENT.read_text(encoding="utf-8"))
        for path, item in document["paths"].items():
            for key, facts in item.items():
                if key != "parameters":
                    yield Said(key.upper(), path, facts)


SAID = list(_said())
each_operation = pytest.mark.parametrize("said", SAID, ids=lambda said: said.name)


def _removed_on(said: Said) -> date | None:
    if said.name in GONE_SINCE_APRIL:
        return date(2026, 4, 14)
    parts = said.path.split("/")
    is_issue = parts[1] == "repositories" and len(parts) > 4 and parts[4] in ISSUES
    return date(2026, 8, 20) if is_issue else None


def _listed(names: set[str]) -> tuple[str, ...] | None:
    return tuple(sorted(names)) if names else None


def _addresses(path: str) -> Iterator[str]:
    """The path with real values; every parameter has each of its values at least once."""
    names = [part.split("}")[0] for part in path.split("{")[1:]]
    for turn in range(max((len(_values(name)) for name in names), default=1)):
        concrete = path
        for name in names:
            values = _values(name)
            value = values[turn % len(values)]
            safe = "/" if path.endswith(f"{{{name}}}") and name in HOLDS_SLASHES else ""
            concrete = concrete.replace(f"{{{name}}}", quote(value, safe=safe + "~:"), 1)
        yield concrete
    if path.endswith("{commit}/{path}"):
        yield path.replace("{commit}", "main").replace("{path}", "")


def _values(name: str) -> list[str]:
    if name.endswith("uuid"):
        return [UUID]
    return VALUES.get(name, ["17"])


def test_the_document_and_the_table_list_the_same_operations() -> None:
    assert len(SAID) == len(OPERATIONS)
    assert {said.name for said in SAID} == {operation.name for operation in OPERATIONS}
    assert TABLE.revision == json.loads(DOCUMENT.read_text(encoding="utf-8"))["x-revision"]


@each_operation
def test_every_field_agrees(said: Said) -> None:
    row = OPERATION_BY_NAME[said.name]
    classic = {scope for way in said.facts["security"] for scope in way.get("oauth2", [])}
    granular = {scope for way in said.facts.get("x-atlassian-oauth2-scopes", []) for scope in way["scopes"]}
    assert row.classic_scopes == _listed(classic)
    assert row.api_token_scopes == _listed(granular)
    assert row.auth_types == _listed(set(said.facts.get("x-atlassian-auth-types", [])))
    assert row.deprecated is said.facts.get("deprecated", False)
    assert row.removed_on == _removed_on(said)


@each_operation
def test_a_concrete_address_leads_to_its_operation(said: Said) -> None:
    for path in _addresses(said.path):
        (call,) = read_calls(f"{said.method} {API}{path}")
        assert call.operation is OPERATION_BY_NAME[said.name], path
        assert call.status == ("removed" if _removed_on(said) else "matched"), path


@each_operation
def test_the_path_as_the_document_spells_it_leads_to_its_operation(said: Said) -> None:
    for address in (f"{API}{said.path}", said.path, f"/2.0{said.path}/", f"$BASE{said.path}"):
        (call,) = read_calls(f"curl -X {said.method} '{address}'")
        assert call.operation is OPERATION_BY_NAME[said.name], address
