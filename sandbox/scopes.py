"""The scopes that exist, with the words the token page shows, and what the classic ones include.

Source of both lists and of the stated implications: the introduction of Bitbucket's REST documentation,
https://developer.atlassian.com/cloud/bitbucket/rest/intro/#authentication
"""

API_TOKEN_SCOPES: dict[str, str] = {
    "read:repository": "View source, files and settings of repositories",
    "write:repository": "Change source, branches and tags; push and fork",
    "admin:repository": "Create repositories, set branch restrictions and default reviewers",
    "delete:repository": "Delete repositories",
    "read:pullrequest": "View and comment on pull requests",
    "write:pullrequest": "Create, update, approve, decline and merge pull requests",
    "read:project": "View projects and their permissions",
    "admin:project": "Create, change and delete projects",
    "read:workspace": "View the workspace, its members and permissions",
    "admin:workspace": "Create, change and delete workspaces",
    "read:user": "View your own account and e-mail addresses",
    "write:user": "Change your own account",
    "read:pipeline": "View pipelines and logs",
    "write:pipeline": "Run and stop pipelines, upload tests",
    "admin:pipeline": "Change pipeline variables and settings",
    "read:runner": "View runners",
    "write:runner": "Add, change and remove runners",
    "read:webhook": "View webhooks",
    "write:webhook": "Create and change webhooks",
    "delete:webhook": "Delete webhooks",
    "read:snippet": "View snippets",
    "write:snippet": "Create and change snippets",
    "delete:snippet": "Delete snippets",
    "read:ssh-key": "View SSH keys and deploy keys",
    "write:ssh-key": "Add SSH keys and deploy keys",
    "delete:ssh-key": "Delete SSH keys and deploy keys",
    "read:gpg-key": "View GPG keys",
    "write:gpg-key": "Add GPG keys",
    "delete:gpg-key": "Delete GPG keys",
    "read:permission": "View permissions",
    "write:permission": "Set permissions",
    "delete:permission": "Remove permissions",
}

_REPOSITORY_TOKEN: dict[str, str] = {
    "repository": "Read repositories",
    "repository:write": "Write repositories",
    "repository:admin": "Administer repositories",
    "repository:delete": "Delete repositories",
    "pullrequest": "Read pull requests",
    "pullrequest:write": "Write pull requests",
    "webhook": "Read and write webhooks",
    "pipeline": "Read pipelines",
    "pipeline:write": "Write pipelines",
    "pipeline:variable": "Edit pipeline variables",
    "runner": "Read runners",
    "runner:write": "Write runners",
}
_PROJECT_TOKEN = _REPOSITORY_TOKEN | {"project": "Read projects"}
_WORKSPACE_TOKEN = _PROJECT_TOKEN | {"project:admin": "Administer projects", "account": "Read members of the workspace"}
# What may be ticked for each kind of access token, by the word that x-credential-type has for it.
ACCESS_TOKEN_SCOPES: dict[str, dict[str, str]] = {
    "repo_access_token": _REPOSITORY_TOKEN,
    "project_access_token": _PROJECT_TOKEN,
    "workspace_access_token": _WORKSPACE_TOKEN,
}

# Only what the documentation states; that a write scope includes its read scope is not a general rule there.
_INCLUDES: dict[str, tuple[str, ...]] = {
    "repository:write": ("repository",),
    "pullrequest": ("repository",),
    "pullrequest:write": ("pullrequest", "repository:write"),
    "project": ("repository",),
    "issue:write": ("issue",),
    "snippet:write": ("snippet",),
}


def full_name(scope: str) -> str:
    """Write an API-token scope the way Bitbucket does, with its suffix."""
    return f"{scope}:bitbucket"


def is_api_token_scope(scope: str) -> bool:
    """Tell whether the token page offers this scope (full name)."""
    return scope.endswith(":bitbucket") and scope.removesuffix(":bitbucket") in API_TOKEN_SCOPES


def with_included(scopes: frozenset[str]) -> frozenset[str]:
    """Give classic scopes together with everything they are stated to include."""
    known = set(scopes)
    waiting = list(scopes)
    while waiting:
        for scope in _INCLUDES.get(waiting.pop(), ()):
            if scope not in known:
                known.add(scope)
                waiting.append(scope)
    return frozenset(known)


def order_of(scope: str) -> tuple[int, str]:
    """Sort key: the order of the token page, then the alphabet."""
    names = list(API_TOKEN_SCOPES)
    bare = scope.removesuffix(":bitbucket")
    return (names.index(bare) if bare in API_TOKEN_SCOPES else len(names), scope)
