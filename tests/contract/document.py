"""Bitbucket's official OpenAPI document, read where it lies and patched in memory; it is never part of the project."""

import copy
import json
import os
from pathlib import Path
from typing import Any

VARIABLE = "OPENAPI_DOCUMENT"
DEFAULT = Path(__file__).parents[3] / "shared" / "bitbucket" / "openapi.json"
HOST = "https://api.bitbucket.org"

# Properties that the document's own examples or the service set to null although no schema allows it.
NULLS = frozenset({"parent", "last_used", "expires_on"})

# The document gives this operation no successful answer; field names as django-allauth and social-auth read them.
EMAILS = {
    "description": "The caller's addresses.",
    "content": {
        "application/json": {
            "schema": {
                "type": "object",
                "required": ["values"],
                "properties": {
                    "values": {
                        "type": "array",
                        "items": {
                            "type": "object",
                            "required": ["type", "email", "is_primary", "is_confirmed"],
                            "properties": {
                                "type": {"type": "string"},
                                "email": {"type": "string"},
                                "is_primary": {"type": "boolean"},
                                "is_confirmed": {"type": "boolean"},
                            },
                        },
                    }
                },
            }
        }
    },
}


def document_path() -> Path:
    """Where the document should lie: the variable's path, else beside the repository."""
    return Path(os.environ.get(VARIABLE) or DEFAULT)


def official_document() -> dict[str, Any]:
    """The document as it stands."""
    read: dict[str, Any] = json.loads(document_path().read_text())
    return read


def patched(document: dict[str, Any]) -> dict[str, Any]:
    """A copy that allows what the service is known to send: some nulls, more links, an answer of /user/emails."""
    changed = copy.deepcopy(document)
    _relax(changed["components"]["schemas"])
    changed["paths"]["/user/emails"]["get"]["responses"]["200"] = EMAILS
    return changed


def _relax(node: Any) -> None:
    if isinstance(node, list):
        for item in node:
            _relax(item)
        return
    if not isinstance(node, dict):
        return
    properties = node.get("properties")
    if isinstance(properties, dict):
        for name in NULLS & set(properties):
            properties[name] = {}
        links = properties.get("links")
        if isinstance(links, dict) and links.get("additionalProperties") is False:
            links["additionalProperties"] = True
    for value in node.values():
        _relax(value)


def template_of(path: str) -> str:
    """The document's name of one of our routes: `/2.0/workspaces/<workspace>` is `/workspaces/{workspace}`."""
    names = {"<repository>": "{repo_slug}", "<": "{", ">": "}"}
    for ours, theirs in names.items():
        path = path.replace(ours, theirs)
    return path.removeprefix("/2.0")


def classic_scopes(operation: dict[str, Any]) -> set[str]:
    """The classic scopes an operation demands."""
    return {scope for one in operation["security"] for scope in one.get("oauth2", ())}


def api_token_scopes(operation: dict[str, Any]) -> set[str]:
    """The API-token scopes an operation demands."""
    return {scope for one in operation["x-atlassian-oauth2-scopes"] for scope in one["scopes"]}
