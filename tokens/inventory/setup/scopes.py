"""Which work of a bot takes which scopes of its token.

No scope implies another (https://developer.atlassian.com/cloud/bitbucket/rest/intro/, "Forge app and API token
scopes"), so each kind of work names all of its own.
"""

from collections.abc import Collection, Mapping

from tokens.models import Capability

Work = Mapping[str, tuple[str, ...]]


def _full(*names: str) -> tuple[str, ...]:
    return tuple(f"{name}:bitbucket" for name in names)


READ_USER, READ_WORKSPACE = _full("read:user", "read:workspace")
READ_PROJECT, ADMIN_PROJECT = _full("read:project", "admin:project")
READ_REPOSITORY, ADMIN_REPOSITORY = _full("read:repository", "admin:repository")
DELETE_PERMISSION, WRITE_KEY, DELETE_KEY = _full("delete:permission", "write:ssh-key", "delete:ssh-key")

AUDIT_WORK: Work = {
    "know whose token it is": (READ_USER,),
    "read members": (READ_WORKSPACE,),
    "read projects": (READ_PROJECT,),
    "read repositories and everybody's effective rights": (READ_REPOSITORY,),
    "read grants": (READ_REPOSITORY, READ_PROJECT),
    # Listing them already takes an administrator's scope; with that alone nothing can be granted or taken away.
    "read deploy keys": (ADMIN_REPOSITORY, ADMIN_PROJECT),
    "count what pipelines hold": _full("read:pipeline", "read:runner"),
    "see whose review is waited for before somebody leaves": _full("read:pullrequest"),
}
REVOKE_WORK: Work = {
    "know whose token it is": (READ_USER,),
    "read members": (READ_WORKSPACE,),
    "read again what it removed": (READ_REPOSITORY, READ_PROJECT, ADMIN_REPOSITORY, ADMIN_PROJECT),
    "remove grants": (ADMIN_REPOSITORY, ADMIN_PROJECT, DELETE_PERMISSION),
    "add deploy keys": (ADMIN_REPOSITORY, ADMIN_PROJECT, WRITE_KEY),
    "delete deploy keys": (ADMIN_REPOSITORY, ADMIN_PROJECT, DELETE_KEY),
}
CHANGES: Mapping[Capability.Name, str] = {
    Capability.Name.REMOVE_GRANTS: "remove grants",
    Capability.Name.ADD_DEPLOY_KEYS: "add deploy keys",
    Capability.Name.DELETE_DEPLOY_KEYS: "delete deploy keys",
}


def lacking(work: Work, has: Collection[str]) -> dict[str, list[str]]:
    """What cannot be done with these scopes, and which ones it would take.

    Args:
        work: what a bot is for.
        has: the scopes its token has.

    Returns:
        Only the work that lacks something.
    """
    missing = {what: [scope for scope in needs if scope not in has] for what, needs in work.items()}
    return {what: scopes for what, scopes in missing.items() if scopes}
