"""The cast of the demo and the machine accounts, before any scale is applied."""

from dataclasses import dataclass

WORKSPACE = "acme"
OTHER_WORKSPACE = "sidecar"

CALLBACK_PATHS = ("/signin/bitbucket/callback/",)


@dataclass(frozen=True)
class Role:
    """One person or bot: `seat` in the workspace ("" = none), `share` of the repositories read and written."""

    key: str
    display_name: str
    words: str
    seat: str
    reads: float = 0.0
    writes: float = 0.0
    is_persona: bool = True
    managed: bool = True


# With the default of 230 repositories Emma reaches 214 to read and 88 to write.
CAST = (
    Role("emma", "Emma", "employee: asks for access and works with it", "member", 214 / 230, 88 / 230),
    Role("aria", "Aria", "approver: decides what others ask for", "member", 1.0, 120 / 230),
    Role("ada", "Ada", "administrator of the portal, no seat in the workspace", ""),
    Role("max", "Max", "second administrator of the portal: confirms what takes two; no seat either", ""),
    Role("otto", "Otto", "auditor of the portal, no seat in the workspace", ""),
    Role("lee", "Lee", "is about to leave the company", "create-project", 180 / 230, 60 / 230),
    Role("sam", "Sam", "not a member of the workspace", "", managed=False),
    Role("audit-bot", "Audit Bot", "machine account that reads", "owner", is_persona=False),
    Role("revoke-bot", "Revoke Bot", "machine account that removes", "owner", is_persona=False),
)

# The two admin scopes are what Bitbucket demands to list deploy keys; with them alone the bot can set no permission.
AUDIT_BOT_SCOPES = (
    "read:user",
    "read:workspace",
    "read:project",
    "admin:project",
    "read:repository",
    "admin:repository",
    "read:pipeline",
    "read:runner",
    "read:pullrequest",
)
REVOKE_BOT_SCOPES = (
    "read:user",
    "read:workspace",
    "read:project",
    "admin:project",
    "read:repository",
    "admin:repository",
    "write:permission",
    "delete:permission",
    "write:ssh-key",
    "delete:ssh-key",
)
AUDIT_KEY_SCOPES = frozenset({"read:tokens:admin", "read:keys:admin", "read:events:admin"})

_NAMES = """
    web api mobile infrastructure design-system billing search docs payments notifications gateway reports
    scheduler imports exports identity catalogue warehouse shipping pricing
"""
REPOSITORY_NAMES = tuple(_NAMES.split())
PROJECT_NAMES = ("Product", "Platform", "Data", "Mobile", "Operations", "Labs")
