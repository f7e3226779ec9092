"""A directory's users: reading one, suspending one and restoring them.

The addresses and the scope are unconfirmed: Atlassian's list of scopes names none for them, so only a key without
scopes is taken. Sources: https://mrrefactoring.github.io/jira.js/api/functions/admin.removeDirectoryUser ,
.../admin.getDirectoryUserDetails and the organisation's REST documentation,
https://developer.atlassian.com/cloud/admin/organization/rest/intro/ .
"""

from werkzeug.wrappers import Response

from sandbox.admin import managed_account
from sandbox.answers import Refusal, as_json
from sandbox.context import Context


def one_user(context: Context, org_id: str, directory_id: str, account_id: str) -> Response:
    """GET .../users/{account_id}: whether its access is suspended, whatever its profile says."""
    _require_directory(context, org_id, directory_id)
    account = managed_account(context, account_id)
    record = {
        "accountId": account.account_id,
        "accountType": "atlassian",
        "accountStatus": "active" if account.active else "inactive",
        "membershipStatus": "suspended" if account.suspended else "active",
        "claimStatus": "managed",
        "name": account.display_name,
        "nickname": account.nickname,
        "email": account.email,
    }
    return as_json({"data": record})


def suspend(context: Context, org_id: str, directory_id: str, account_id: str) -> Response:
    """POST .../users/{account_id}/suspend: groups and seats stay, credentials answer 401."""
    return _turn(context, org_id, directory_id, account_id, is_suspended=True)


def restore(context: Context, org_id: str, directory_id: str, account_id: str) -> Response:
    """POST .../users/{account_id}/restore: what was left works again."""
    return _turn(context, org_id, directory_id, account_id, is_suspended=False)


def _require_directory(context: Context, org_id: str, directory_id: str) -> None:
    if (org_id, directory_id) != (context.world.org_id, context.world.directory_id):
        raise Refusal(as_json({"errors": [{"status": "404", "code": "ADMIN-404", "title": "Not found"}]}, 404))


def _turn(context: Context, org_id: str, directory_id: str, account_id: str, *, is_suspended: bool) -> Response:
    world = context.world
    _require_directory(context, org_id, directory_id)
    account = managed_account(context, account_id)
    with world.change():
        account.suspended = is_suspended
        action = "directory_user_suspended" if is_suspended else "directory_user_restored"
        world.note(action, account, actor=context.label.removeprefix("org_key/"))
    return Response(status=204)
