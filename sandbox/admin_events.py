"""The organisation's events stream: a cursor to poll on, ascending by default.

Source: https://developer.atlassian.com/cloud/admin/organization/poll-events-migration . What Atlassian calls the events
of tokens nobody could confirm; the names here are only plausible.
"""

import base64
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from werkzeug.wrappers import Response

from sandbox.admin_guard import moment
from sandbox.answers import Refusal, as_json
from sandbox.context import Context
from sandbox.events import Event

DEFAULT_LIMIT, HIGHEST_LIMIT = 100, 500


def _refused(detail: str) -> Refusal:
    entry = {"status": "400", "code": "ADMIN-400", "title": "Bad request", "detail": detail}
    return Refusal(as_json({"errors": [entry]}, 400))


def stream(context: Context, org_id: str) -> Response:
    """GET /admin/v1/orgs/{org_id}/events-stream with `cursor`, `from`, `to` (epoch ms), `limit`, `sortOrder`."""
    if org_id != context.world.org_id:
        raise Refusal(as_json({"errors": [{"status": "404", "code": "ADMIN-404", "title": "Not found"}]}, 404))
    is_descending = _is_descending(context)
    limit, after = _limit(context), _after(context)
    found = _chosen(context, after, is_descending=is_descending)
    page = found[:limit]
    last = page[-1].number if page else after
    cursor = _cursor(last) if last is not None else ""
    links = {"self": context.request.url}
    if len(found) > limit:
        links["next"] = f"{context.request.base_url}?{_following(context, cursor)}"
    return as_json(
        {
            "data": [_record(context, one) for one in page],
            "meta": {"next": cursor, "page_size": len(page)},
            "links": links,
        }
    )


def _following(context: Context, cursor: str) -> str:
    kept = {name: value for name, value in context.request.args.items() if name != "cursor"}
    return urlencode(kept | {"cursor": cursor})


def _is_descending(context: Context) -> bool:
    order = context.request.args.get("sortOrder", "asc")
    if order not in ("asc", "desc"):
        raise _refused("sortOrder is asc or desc.")
    return order == "desc"


def _limit(context: Context) -> int:
    text = context.request.args.get("limit", str(DEFAULT_LIMIT))
    if not text.isdigit() or not 1 <= int(text) <= HIGHEST_LIMIT:
        raise _refused(f"limit is 1 to {HIGHEST_LIMIT}.")
    return int(text)


def _cursor(number: int) -> str:
    return base64.urlsafe_b64encode(f"event/{number}".encode()).decode()


def _after(context: Context) -> int | None:
    """Read the cursor: the number of the last event that was told; None at the beginning."""
    cursor = context.request.args.get("cursor")
    if not cursor:
        return None
    try:
        kind, _, number = base64.urlsafe_b64decode(cursor).decode().partition("/")
        if kind == "event":
            return int(number)
    except ValueError:
        pass
    raise _refused("The cursor is not known.")


def _time(context: Context, name: str, default: datetime) -> datetime:
    text = context.request.args.get(name)
    if not text:
        return default
    try:
        return datetime.fromtimestamp(int(text) / 1000, UTC)
    except (ValueError, OverflowError, OSError):
        raise _refused(f"{name} is a time in milliseconds since 1970.") from None


def _chosen(context: Context, after: int | None, *, is_descending: bool) -> list[Event]:
    start = _time(context, "from", datetime.fromtimestamp(0, UTC))
    end = _time(context, "to", datetime.max.replace(tzinfo=UTC))
    found = [one for one in context.world.events.everything() if start <= one.at <= end]
    if is_descending:
        return [one for one in reversed(found) if after is None or one.number < after]
    return [one for one in found if after is None or one.number > after]


def _record(context: Context, event: Event) -> dict[str, Any]:
    return {
        "id": event.id,
        "type": "events",
        "attributes": {
            "time": moment(event.at),
            "action": event.action,
            "actor": _person(context, event.actor),
            "context": _subjects(context, event),
            "container": [{"id": context.world.org_id, "type": "organization"}],
        },
        "links": {"self": f"{context.request.base_url.rpartition('-')[0]}/{event.id}"},
    }


def _person(context: Context, name: str) -> dict[str, Any]:
    account = context.world.accounts.get(name)
    if account is None:
        return {"id": name, "type": "api_key"}
    return {"id": account.account_id, "type": "user", "name": account.display_name, "email": account.email}


def _subjects(context: Context, event: Event) -> list[dict[str, Any]]:
    token = {"id": event.token_id, "type": "api_token", "attributes": {"label": event.label}}
    return [_person(context, event.account_id), *([token] if event.token_id else [])]
