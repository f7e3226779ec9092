"""Every classic scope (access tokens, OAuth, app passwords) and what Bitbucket states that they imply."""

from datetime import date
from typing import Final

from tokens.catalogue.data import sources
from tokens.catalogue.data.api_scopes import SUFFIX
from tokens.catalogue.model import RiskLevel, Scope, Verb

_REMOVED: Final = {
    "issue": sources.ISSUES_AND_WIKIS_REMOVED_ON,
    "issue:write": sources.ISSUES_AND_WIKIS_REMOVED_ON,
    "wiki": sources.ISSUES_AND_WIKIS_REMOVED_ON,
    "project:write": sources.PROJECT_WRITE_REMOVED_ON,
}


def _source(name: str, removed_on: date | None) -> str:
    if removed_on is None:
        return sources.REST_INTRODUCTION
    return sources.PROJECT_WRITE if name == "project:write" else sources.ISSUES_AND_WIKIS


def _scope(service: str, name: str, verb: Verb, words: str, risk: RiskLevel, *, mints: bool = False) -> Scope:
    removed_on = _REMOVED.get(name)
    lower = words[0].lower() + words[1:]
    return Scope(
        name=name,
        dialect="classic",
        service_slug=service,
        verb=verb,
        words=words,
        without=f"It is refused to {lower}.",
        risk="low" if removed_on else risk,
        because="nothing is left that it could reach" if removed_on else f"lets it {lower}",
        source=_source(name, removed_on),
        seen_on=sources.SEEN_ON,
        mints=mints,
        removed_on=removed_on,
    )


# fmt: off
CLASSIC_SCOPES: Final[tuple[Scope, ...]] = (
    _scope("account", "email", "read", "See your own e-mail addresses", "low"),
    _scope("account", "account", "read", "See your account, your keys and the workspaces you are in",
           "low"),
    _scope("account", "account:write", "admin", "Change or delete your account and add keys to it",
           "critical", mints=True),
    _scope("workspace_membership", "team", "read", "See the workspaces you are in", "low"),
    _scope("workspace_membership", "team:write", "admin", "Change the workspaces you are in", "critical"),
    _scope("projects", "project", "read", "See projects and read the code in them", "low"),
    _scope("projects", "project:write", "write", "Nothing any more", "low"),
    _scope("projects", "project:admin", "admin", "Create, change and delete projects", "critical"),
    _scope("repositories", "repository", "read", "Read code and history", "low"),
    _scope("repositories", "repository:write", "write", "Read code and push to it", "medium"),
    _scope("repositories", "repository:admin", "admin",
           "Change repositories' settings, permissions, keys and hooks, and delete repositories", "critical",
           mints=True),
    _scope("repositories", "repository:delete", "delete", "Delete repositories", "critical"),
    _scope("pull_requests", "pullrequest", "read", "Read code and pull requests, and comment on them", "low"),
    _scope("pull_requests", "pullrequest:write", "write",
           "Push code, and open, approve and merge pull requests", "high"),
    _scope("issues", "issue", "read", "Read issues", "low"),
    _scope("issues", "issue:write", "write", "Write issues", "low"),
    _scope("wikis", "wiki", "write", "Read and write wikis", "low"),
    _scope("snippets", "snippet", "read", "Read snippets", "low"),
    _scope("snippets", "snippet:write", "write", "Create, change and delete snippets", "high"),
    _scope("webhooks", "webhook", "write", "See, create, change and delete webhooks", "high"),
    _scope("pipelines", "pipeline", "read", "See pipelines, logs and test reports", "medium"),
    _scope("pipelines", "pipeline:write", "write", "Start and stop pipelines", "high"),
    _scope("pipelines", "pipeline:variable", "admin", "Change pipeline variables", "critical"),
    _scope("pipelines", "test", "read", "Read test results", "low"),
    _scope("pipelines", "test:write", "write", "Upload test results", "medium"),
    _scope("runners", "runner", "read", "See runners", "low"),
    _scope("runners", "runner:write", "write", "Add and remove runners", "critical", mints=True),
)
# fmt: on

IMPLICATIONS: Final[dict[str, frozenset[str]]] = {
    "repository:write": frozenset({"repository"}),
    "pullrequest": frozenset({"repository"}),
    "pullrequest:write": frozenset({"pullrequest", "repository:write"}),
    "project": frozenset({"repository"}),
    "issue:write": frozenset({"issue"}),
    "snippet:write": frozenset({"snippet"}),
}
"""Only what Bitbucket states. That pipeline:write includes pipeline is likely, but nowhere written."""


def _also(*shorts: str) -> frozenset[str]:
    return frozenset(short + SUFFIX for short in shorts)


ALSO_REACHES: Final[dict[str, frozenset[str]]] = {
    "account": _also("read:workspace", "read:ssh-key", "read:gpg-key"),
    "repository:admin": _also(
        "write:permission",
        "delete:permission",
        "write:ssh-key",
        "delete:ssh-key",
        "read:webhook",
        "write:webhook",
        "delete:webhook",
        "delete:repository",
    ),
    "project:admin": _also("write:permission", "delete:permission", "write:ssh-key", "delete:ssh-key"),
}
"""What a classic scope reaches beyond its own level's bundle (REST introduction, API document)."""

WARNINGS: Final[dict[str, str]] = {
    "account:write": "account:write can also delete the account itself.",
    "repository:admin": ("repository:admin can also delete repositories, change permissions and add deploy keys."),
    "team:write": "team:write changes the workspace itself; what it opens today is not stated.",
}
