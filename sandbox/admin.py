"""Atlassian's user-management API: one person's tokens, what may be managed, and switching the account off.

Source: https://developer.atlassian.com/cloud/admin/user-management/rest/
"""

from typing import Any

from werkzeug.wrappers import Response

from sandbox.admin_guard import moment, refused
from sandbox.answers import Refusal, as_json
from sandbox.context import Context
from sandbox.model import Account


def managed_account(context: Context, account_id: str) -> Account:
    """Find an account of a claimed domain; raises Refusal (404 unknown, 403 not ours)."""
    account = context.world.accounts.get(account_id)
    if account is None:
        raise Refusal(as_json({"key": "accountNotFound"}, 404))
    if not account.managed:
        raise Refusal(refused(403, "forbidden"))
    return account


def _answering_account(context: Context, account_id: str) -> Account:
    account = managed_account(context, account_id)
    if not account.active and not context.world.switches.disabled_listing_answers:
        raise Refusal(as_json({"key": "notFound"}, 404))
    return account


def user_tokens(context: Context, account_id: str) -> Response:
    """GET /users/{account_id}/manage/api-tokens: every living token of one person, without scopes."""
    account = _answering_account(context, account_id)
    return as_json([_token(one) for one in context.world.tokens_of(account.account_id)])


def _token(token: Any) -> dict[str, Any]:
    record = {"id": token.id, "label": token.label, "createdAt": moment(token.created_at)}
    if token.last_access is not None:
        record["lastAccess"] = moment(token.last_access)
    return record | {"expiry": moment(token.expires_at)}


def delete_user_token(context: Context, account_id: str, token_id: str) -> Response:
    """DELETE /users/{account_id}/manage/api-tokens/{token_id}: 204, or 404 when this person has no such token."""
    account = _answering_account(context, account_id)
    token = context.world.api_tokens.get(token_id)
    mine = token is not None and token.account_id == account.account_id
    if not mine or not context.world.delete_api_token(token_id, actor=context.label.removeprefix("org_key/")):
        raise Refusal(as_json({"key": "notFound"}, 404))
    return Response(status=204)


def _lifecycle(account: Account) -> dict[str, Any]:
    if not account.directory:
        return {"allowed": True}
    return {"allowed": False, "reason": {"key": f"externalDirectory.{account.directory}"}}


def manage(context: Context, account_id: str) -> Response:
    """GET /users/{account_id}/manage: which rights the organisation has over this account."""
    account = managed_account(context, account_id)
    allowed = {"allowed": True}
    return as_json(
        {
            "profile.read": allowed,
            "profile.write": {"name": allowed, "nickname": allowed},
            "email.set": allowed,
            "lifecycle.enablement": _lifecycle(account),
            "apiToken.read": allowed,
            "apiToken.delete": allowed,
        }
    )


def profile(context: Context, account_id: str) -> Response:
    """GET /users/{account_id}/manage/profile: name, address and whether the account is on."""
    account = managed_account(context, account_id)
    is_on = account.is_on if context.world.switches.suspension_shows_in_profile else account.active
    record = {
        "account_id": account.account_id,
        "account_type": "atlassian",
        "account_status": "active" if is_on else "inactive",
        "name": account.display_name,
        "nickname": account.nickname,
        "email": account.email,
        "picture": f"{context.base_url}/avatars/{account.key}",
    }
    return as_json({"account": record})


def disable(context: Context, account_id: str) -> Response:
    """POST /users/{account_id}/manage/lifecycle/disable."""
    return _turn(context, account_id, is_active=False)


def enable(context: Context, account_id: str) -> Response:
    """POST /users/{account_id}/manage/lifecycle/enable: tokens that were left work again."""
    return _turn(context, account_id, is_active=True)


def _turn(context: Context, account_id: str, *, is_active: bool) -> Response:
    account = managed_account(context, account_id)
    rule = _lifecycle(account)
    if not rule["allowed"]:
        raise Refusal(as_json({"key": "forbidden.action", "context": rule}, 403))
    with context.world.change():
        account.active = is_active
        action = "user_enabled" if is_active else "user_disabled"
        context.world.note(action, account, actor=context.label.removeprefix("org_key/"))
    return Response(status=204)
