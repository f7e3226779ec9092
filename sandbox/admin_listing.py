"""The organisation's listing of its people's API tokens.

Source: https://developer.atlassian.com/cloud/admin/api-access/rest/api-group-api-token/
"""

import base64
import json
import uuid
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from werkzeug.wrappers import Response

from sandbox.admin_guard import moment
from sandbox.answers import Refusal, as_json
from sandbox.context import Context
from sandbox.keys import digest
from sandbox.model import ApiToken

DEFAULT_PAGE, LONGEST_PAGE = 20, 1000
_NEVER = datetime.fromtimestamp(0).astimezone()


def _error(code: str, detail: str, status: int = 400) -> Refusal:
    entry = {"id": str(uuid.uuid4()), "status": str(status), "code": code, "title": "Bad Request", "detail": detail}
    return Refusal(as_json({"errors": [entry]}, status))


def listing(context: Context, org_id: str) -> Response:
    """GET .../orgs/{org_id}/api-tokens: a page of tokens of managed accounts; the cursor needs its own parameters."""
    tokens = _chosen(context, org_id)
    size, start = _page_size(context), _start(context)
    page = tokens[start : start + size]
    links = {"self": context.request.url}
    if start + size < len(tokens):
        links["next"] = _link(context, start + size)
    if start:
        links["prev"] = _link(context, max(0, start - size))
    return as_json({"data": [_record(context, one) for one in page], "links": links})


def count(context: Context, org_id: str) -> Response:
    """GET .../orgs/{org_id}/api-tokens/count: a bare number."""
    return as_json(len(_chosen(context, org_id)))


def _chosen(context: Context, org_id: str) -> list[ApiToken]:
    world = context.world
    if org_id != world.org_id:
        raise _error("GENERIC_ERROR", "The organisation is not known to this key.", 403)
    now, lag = world.now(), timedelta(seconds=world.switches.listing_lag_seconds)
    living = [one for one in list(world.api_tokens.values()) if one.expires_at > now]
    seen = [one for one in living if world.accounts[one.account_id].managed and one.created_at + lag <= now]
    wanted = context.request.args.get("q", "").strip().lower()
    return _sorted(context, [one for one in seen if wanted in _searched(context, one)])


def _searched(context: Context, token: ApiToken) -> str:
    owner = context.world.accounts[token.account_id]
    return f"{token.label}\n{owner.display_name}\n{owner.email}".lower()


def _sorted(context: Context, tokens: list[ApiToken]) -> list[ApiToken]:
    accounts = context.world.accounts
    orders: dict[str, Any] = {
        "label": lambda one: one.label,
        "user.name": lambda one: accounts[one.account_id].display_name,
        "createdAt": lambda one: one.created_at,
        "expiresAt": lambda one: one.expires_at,
        "lastActiveAt": lambda one: one.last_access or _NEVER,
    }
    name = context.request.args.get("sort") or "-lastActiveAt"
    order = orders.get(name.removeprefix("-"))
    if order is None:
        raise _error("INVALID_SORT", f"{name} is no field to sort by.")
    tokens.sort(key=lambda one: one.id)
    return sorted(tokens, key=order, reverse=name.startswith("-"))


def _page_size(context: Context) -> int:
    text = context.request.args.get("pageSize", str(DEFAULT_PAGE))
    if not text.isdigit() or not 1 <= int(text) <= LONGEST_PAGE:
        raise _error("INVALID_PAGE_SIZE", f"pageSize is 1 to {LONGEST_PAGE}.")
    return int(text)


def _parameters(context: Context) -> dict[str, str]:
    return {name: value for name, value in sorted(context.request.args.items()) if name != "cursor"}


def _cursor(context: Context, start: int) -> str:
    body = {"start": start, "of": digest(json.dumps(_parameters(context)))[:12]}
    return base64.urlsafe_b64encode(json.dumps(body).encode()).decode()


def _start(context: Context) -> int:
    cursor = context.request.args.get("cursor")
    if not cursor:
        return 0
    try:
        body = json.loads(base64.urlsafe_b64decode(cursor))
        if body["of"] == digest(json.dumps(_parameters(context)))[:12]:
            return int(body["start"])
    except (ValueError, KeyError, TypeError):
        pass
    raise _error("INVALID_API_TOKEN_SEARCH_QUERY", "The cursor does not belong to these parameters.")


def _link(context: Context, start: int) -> str:
    return f"{context.request.base_url}?{urlencode(_parameters(context) | {'cursor': _cursor(context, start)})}"


def _record(context: Context, token: ApiToken) -> dict[str, Any]:
    owner = context.world.accounts[token.account_id]
    record: dict[str, Any] = {
        "id": token.id,
        "label": token.label,
        "status": "ALLOWED",
        "createdAt": moment(token.created_at),
        "expiresAt": moment(token.expires_at),
        "user": {
            "id": owner.account_id,
            "orgId": context.world.org_id,
            "name": owner.display_name,
            "email": owner.email,
        },
    }
    if token.last_access is not None:
        record["lastActiveAt"] = moment(token.last_access)
    if context.world.switches.listing_carries_scopes:
        record["scopes"] = sorted(token.scopes)
    return record
