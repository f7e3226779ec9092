"""The REST operations about the caller, workspaces, members and rights."""

from typing import Any

from werkzeug.wrappers import Response

from sandbox import shapes
from sandbox.answers import Refusal, as_json, bitbucket_error, removed
from sandbox.context import Context
from sandbox.model import Account
from sandbox.paging import chosen, page_of, same
from sandbox.workspaces import Workspace

_NOT_YOURS = "Keys are not accessible to the current user."
MOST_ADDRESSES = 90


def current_user(context: Context) -> Response:
    """GET /user."""
    return as_json(shapes.current_user(context.person, context.base_url))


def emails(context: Context) -> Response:
    """GET /user/emails: one primary address."""
    person = context.person
    link = {"self": {"href": f"{context.base_url}/2.0/user/emails/{person.email}"}}
    record = {
        "type": "email",
        "email": person.email,
        "is_primary": True,
        "is_confirmed": person.email_confirmed,
        "links": link,
    }
    return page_of(context.request, [record], same)


def my_workspaces(context: Context) -> Response:
    """GET /user/workspaces, with `administrator` as a filter."""
    mine = [one for one in context.world.workspaces.values() if context.sees(one)]
    records = [_access(context, workspace) for workspace in mine]
    if (wanted := context.request.args.get("administrator")) is not None:
        records = [one for one in records if one["administrator"] == (wanted.lower() == "true")]
    return page_of(context.request, chosen(context.request, records), same)


def _access(context: Context, workspace: Workspace) -> dict[str, Any]:
    return {
        "type": "workspace_access",
        "administrator": workspace.seats[context.person.account_id] == "owner",
        "workspace": shapes.workspace_base(workspace, context.base_url),
    }


def my_permission(context: Context, workspace: str) -> Response:
    """GET /user/workspaces/{workspace}/permission: 403 without a seat."""
    found = context.world.workspace(workspace)
    if found is None or not context.sees(found):
        raise Refusal(bitbucket_error(403, "You do not have access to this workspace."))
    return as_json(_seat(context, context.person, found))


def _seat(context: Context, account: Account, workspace: Workspace) -> dict[str, Any]:
    record = shapes.membership(account, workspace, context.base_url)
    if context.world.switches.seats_carry_dates:
        record |= {"added_on": shapes.moment(account.created_at), "last_accessed": None}
    return record | {"permission": workspace.seats[account.account_id]}


def visible_workspace(context: Context, name: str) -> Workspace:
    """Find a workspace the caller reaches; raises Refusal (404), as if there were none."""
    found = context.world.workspace(name)
    if found is None or not context.sees(found):
        raise Refusal(bitbucket_error(404, f"No workspace with identifier '{name}'."))
    return found


def administered_workspace(context: Context, name: str) -> Workspace:
    """Find a workspace the caller administers, as its own access token does; raises Refusal (404 or 403)."""
    found, credential = visible_workspace(context, name), context.credential
    assert credential is not None
    account = credential.account
    if not credential.is_of_workspace and (account is None or found.seats.get(account.account_id) != "owner"):
        raise Refusal(bitbucket_error(403, "You must be an administrator of this workspace."))
    return found


def one_workspace(context: Context, workspace: str) -> Response:
    """GET /workspaces/{workspace}."""
    return as_json(shapes.workspace(visible_workspace(context, workspace), context.base_url))


def _people(context: Context, workspace: Workspace) -> list[Account]:
    seated = (context.world.accounts[account_id] for account_id in sorted(workspace.seats))
    return [account for account in seated if _shows_seat(context, account)]


def _shows_seat(context: Context, account: Account) -> bool:
    """Tell whether the account is shown as a member; whether one that is off is, no source says."""
    return account.is_on or context.world.switches.suspended_reads_seat


def members(context: Context, workspace: str) -> Response:
    """GET /workspaces/{workspace}/members; only administrators may look for addresses."""
    found = visible_workspace(context, workspace)
    query = context.request.args.get("q", "")
    if "email" in query:
        administered_workspace(context, workspace)
        if query.count("@") > MOST_ADDRESSES:
            raise Refusal(bitbucket_error(400, f"At most {MOST_ADDRESSES} e-mail addresses may be asked for."))
    people, base = _people(context, found), context.base_url
    if not {"q", "sort"} & set(context.request.args):
        return page_of(context.request, people, lambda account: shapes.membership(account, found, base))
    records = [shapes.membership(account, found, base) for account in people]
    for record in records:
        record["user"]["email"] = context.world.accounts[record["user"]["account_id"]].email
    return page_of(context.request, chosen(context.request, records), _without_email)


def _without_email(record: dict[str, Any]) -> dict[str, Any]:
    user = {name: value for name, value in record["user"].items() if name != "email"}
    return record | {"user": user}


def one_member(context: Context, workspace: str, member: str) -> Response:
    """GET /workspaces/{workspace}/members/{member} by uuid or account id: 404 without a seat."""
    found = visible_workspace(context, workspace)
    account = context.world.account(member)
    known = account is not None and member != account.key and account.account_id in found.seats
    if account is None or not known or not _shows_seat(context, account):
        raise Refusal(bitbucket_error(404, f"No membership of '{member}' in this workspace."))
    return as_json(shapes.membership(account, found, context.base_url))


def refuse_access_tokens(context: Context) -> None:
    """Raise Refusal (403) for an access token where permissions are asked for: none may query them."""
    if context.credential is None or context.credential.account is None:
        raise Refusal(bitbucket_error(403, "Access tokens cannot query permissions."))


def permissions(context: Context, workspace: str) -> Response:
    """GET /workspaces/{workspace}/permissions: members with their level; no access token may query permissions."""
    found = visible_workspace(context, workspace)
    refuse_access_tokens(context)
    people = _people(context, found)
    if not {"q", "sort"} & set(context.request.args):
        return page_of(context.request, people, lambda account: _seat(context, account, found))
    records = [_seat(context, account, found) for account in people]
    return page_of(context.request, chosen(context.request, records), same)


def ssh_keys(context: Context, selected_user: str) -> Response:
    """GET /users/{selected_user}/ssh-keys: the caller's own only."""
    oauth_refused = context.credential is not None and context.credential.kind == "oauth2"
    _require_own(context, selected_user)
    if oauth_refused and not context.world.switches.oauth_lists_ssh_keys:
        raise Refusal(bitbucket_error(403, _NOT_YOURS))
    person, base = context.person, context.base_url
    mine = [key for key in context.world.ssh_keys if key.account_id == person.account_id]
    return page_of(context.request, mine, lambda key: shapes.ssh_key(key, person, base))


def gpg_keys(context: Context, selected_user: str) -> Response:
    """GET /users/{selected_user}/gpg-keys: the caller's own only."""
    _require_own(context, selected_user)
    person, base = context.person, context.base_url
    mine = [key for key in context.world.gpg_keys if key.account_id == person.account_id]
    return page_of(context.request, mine, lambda key: shapes.gpg_key(key, person, base))


def _require_own(context: Context, selected_user: str) -> None:
    if selected_user not in (context.person.uuid, context.person.account_id):
        raise Refusal(bitbucket_error(403, _NOT_YOURS))


def withdrawn(context: Context, **_: str) -> Response:
    """Answer for the listings across workspaces, removed on 2026-04-14."""
    return removed("CHANGE-2770")


def without_tracker(context: Context, **_: str) -> Response:
    """Answer for issue tracker and wiki, removed on 2026-08-20."""
    return removed("CHANGE-3401")
