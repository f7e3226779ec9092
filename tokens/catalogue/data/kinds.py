"""Kinds of credential, and how Bitbucket names them in the header `x-credential-type`."""

from typing import Final

from tokens.catalogue.data.api_scopes import SUFFIX
from tokens.catalogue.data.classic_scopes import CLASSIC_SCOPES
from tokens.catalogue.model import CredentialKind

_REPOSITORY_TOKEN: Final = frozenset(
    {
        "repository",
        "repository:write",
        "repository:admin",
        "repository:delete",
        "pullrequest",
        "pullrequest:write",
        "webhook",
        "pipeline",
        "pipeline:write",
        "pipeline:variable",
        "runner",
        "runner:write",
    }
)
_PROJECT_TOKEN: Final = _REPOSITORY_TOKEN | {"project"}
_WORKSPACE_TOKEN: Final = _PROJECT_TOKEN | {"project:admin", "account"}

_PERMISSIONS: Final = frozenset(verb + ":permission" + SUFFIX for verb in ("read", "write", "delete"))
_KEYS: Final = frozenset(
    f"{verb}:{key}{SUFFIX}" for verb in ("read", "write", "delete") for key in ("ssh-key", "gpg-key")
)
# Access tokens may not touch permissions (REST introduction), nor change deploy keys (API document); having no
# person behind them, they have no keys of their own either.
_CLOSED_TO_ACCESS_TOKENS: Final = _PERMISSIONS | _KEYS
_CLOSED_TO_OAUTH: Final = _PERMISSIONS - {"read:permission" + SUFFIX}


def _access_token(owner: str, classic: frozenset[str]) -> CredentialKind:
    return CredentialKind(
        slug=f"{owner}_access_token",
        name=f"{owner.capitalize()} access token",
        words=f"belongs to one {owner}, not to a person",
        dialect="classic",
        prefix="ATCT",
        classic=classic,
        closed=_CLOSED_TO_ACCESS_TOKENS,
    )


def _personal(slug: str, name: str, words: str) -> CredentialKind:
    return CredentialKind(slug, name, words, None, acts_as_person=True)


KINDS: Final[tuple[CredentialKind, ...]] = (
    CredentialKind(
        "api_token",
        "API token",
        "belongs to a person and acts as that person",
        "api_token",
        "ATAT",
        acts_as_person=True,
    ),
    _access_token("repository", _REPOSITORY_TOKEN),
    _access_token("project", _PROJECT_TOKEN),
    _access_token("workspace", _WORKSPACE_TOKEN),
    CredentialKind("deploy_key", "Deploy key", "an SSH key that opens one repository or project", None),
    _personal("ssh_key", "SSH key", "a person's key for git"),
    CredentialKind(
        "workspace_ssh_key", "Workspace SSH key", "reads and writes every repository of the workspace", None
    ),
    _personal("gpg_key", "GPG key", "signs commits in a person's name"),
    CredentialKind(
        "oauth_grant",
        "OAuth grant",
        "what a person allowed an application to do",
        "classic",
        classic=frozenset(scope.name for scope in CLASSIC_SCOPES if scope.removed_on is None),
        closed=_CLOSED_TO_OAUTH,
        acts_as_person=True,
    ),
    CredentialKind("runner", "Runner", "a machine that builds, with a login of its own", None),
    CredentialKind(
        "app_password",
        "App password",
        "the predecessor of API tokens, removed on 28 July 2026",
        "classic",
        "ATBB",
        acts_as_person=True,
    ),
)

ACCESS_TOKEN_KINDS: Final = tuple(kind.slug for kind in KINDS if kind.prefix == "ATCT")
"""Made by an admin of the place they open, shown by no list, ended in the place's settings and nowhere else."""

KIND_BY_CREDENTIAL_TYPE: Final[dict[str, str]] = {
    "api_token": "api_token",
    "repo_access_token": "repository_access_token",
    "project_access_token": "project_access_token",
    "workspace_access_token": "workspace_access_token",
    "oauth1": "oauth_grant",
}
"""Only values that somebody has seen and explained; every other one is unknown, which is no error."""

GIT_ONLY: Final = frozenset({"read:repository" + SUFFIX, "write:repository" + SUFFIX})
"""All that a key for git over SSH can stand for."""
