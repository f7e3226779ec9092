"""Pure decisions about who somebody is. No database, no network."""

from collections.abc import Collection
from enum import StrEnum

ACTIVE = "active"
INACTIVE = "inactive"


class Role(StrEnum):
    """What a person may do here; also the name of the Django group that carries the role's permissions."""

    EMPLOYEE = "employee"
    APPROVER = "approver"
    ADMIN = "admin"
    AUDITOR = "auditor"


ROLE_WORDS: dict[Role, str] = {
    Role.EMPLOYEE: "Employee",
    Role.APPROVER: "Approver",
    Role.ADMIN: "Admin",
    Role.AUDITOR: "Auditor",
}

ROLE_PERMISSIONS: dict[Role, frozenset[str]] = {
    Role.EMPLOYEE: frozenset({"tokens.request_credential"}),
    Role.APPROVER: frozenset({"tokens.approve_request"}),
    Role.ADMIN: frozenset(
        {
            "tokens.view_inventory",
            "tokens.revoke_credential",
            "tokens.handle_finding",
            "tokens.run_sync",
            "tokens.view_all_requests",
            "tokens.manage_templates",
            "tokens.view_templates",
            "accounts.manage_approvers",
            "accounts.manage_service_tokens",
            "accounts.view_people",
            "audit.view_event",
            "offboarding.view_plan",
            "offboarding.plan",
            "offboarding.run_plan",
            "offboarding.force_close",
        }
    ),
    Role.AUDITOR: frozenset(
        {
            "tokens.view_inventory",
            "tokens.view_all_requests",
            "tokens.view_templates",
            "accounts.view_people",
            "audit.view_event",
            "offboarding.view_plan",
        }
    ),
}

# What a service token of the HTTP API may be made for: its scope, in words, and the permissions that it carries.
SERVICE_SCOPES: dict[str, str] = {"offboardings:write": "Plan offboardings, and see how those it planned stand"}
SERVICE_PERMISSIONS: dict[str, frozenset[str]] = {"offboardings:write": frozenset({"offboarding.plan"})}


def words_from_scopes(scopes: Collection[str]) -> list[str]:
    """What a service token may do, as a person would say it; a scope that is no more stands under its own name."""
    return [SERVICE_SCOPES.get(scope, scope) for scope in scopes]


def roles_from(
    account_id: str,
    *,
    is_live: bool,
    has_seat: bool,
    is_named_approver: bool,
    admins: Collection[str],
    auditors: Collection[str],
) -> frozenset[Role]:
    """The roles that follow from what is known of an account right now.

    Args:
        account_id: the Atlassian account id.
        is_live: whether the account works, here and at Bitbucket.
        has_seat: whether it holds a seat in a workspace this portal serves.
        is_named_approver: whether an admin named it an approver.
        admins: account ids that the settings name as admins; they need no seat.
        auditors: account ids that the settings name as auditors; they need no seat.

    Returns:
        The roles; empty when the account has no business here. An auditor reads all and changes nothing, so
        that role stands alone even where the settings name the same account twice.
    """
    if not is_live:
        return frozenset()
    if account_id in auditors:
        return frozenset({Role.AUDITOR})
    roles = set()
    if has_seat:
        roles.add(Role.EMPLOYEE)
    if account_id in admins:
        roles.add(Role.ADMIN)
    if is_named_approver and roles:
        roles.add(Role.APPROVER)
    return frozenset(roles)


def words_from_roles(roles: Collection[Role]) -> str:
    """The roles as a person would say them, the strongest last: ``Employee, approver``."""
    return ", ".join(ROLE_WORDS[role] for role in Role if role in roles).capitalize()
