"""What stands in front of the organisation's APIs: the key, what it may do, and the limit headers."""

from datetime import UTC, datetime, timedelta
from typing import Any

from werkzeug.wrappers import Response

from sandbox.answers import Refusal, as_json, rate_limited
from sandbox.context import Context
from sandbox.model import AdminKey

_GROUP = "admin"


def moment(value: datetime) -> str:
    """Write a time as Atlassian does, in UTC with milliseconds."""
    return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.") + f"{value.microsecond // 1000:03d}Z"


def refused(status: int, key: str, message: str = "") -> Response:
    """Answer in the user-management API's error shape."""
    return as_json({"key": key} | ({"message": message} if message else {}), status)


def serve(context: Context, arguments: dict[str, Any]) -> Response:
    """Answer one request to an organisation API."""
    key: AdminKey | None = None
    try:
        key = _key_of(context)
        _allow(context, key)
        if not context.world.limits.spend(key.name, _GROUP, context.world.now()):
            raise Refusal(rate_limited())
        with context.world.lock:
            response = context.route.handler(context, **arguments)
    except Refusal as refusal:
        response = refusal.response
    return _with_limits(context, key, response)


def _key_of(context: Context) -> AdminKey:
    sent = context.request.authorization
    key = context.world.admin_key(sent.token or "") if sent is not None and sent.type == "bearer" else None
    if key is None:
        raise Refusal(refused(401, "unauthorized"))
    return key


def _allow(context: Context, key: AdminKey) -> None:
    """Check the key's scopes; the user-management API takes no scoped key at all, though it names a scope.

    https://jira.atlassian.com/browse/ID-9051
    """
    if key.scopes is None:
        return
    if not context.route.api_token:
        words = "The key lacks the scope manage:org."
        raise Refusal(refused(403, "forbidden", words))
    if not set(context.route.api_token) <= key.scopes:
        raise Refusal(refused(403, "forbidden", f"The key lacks the scope {context.route.api_token[0]}."))


def _with_limits(context: Context, key: AdminKey | None, response: Response) -> Response:
    limits, now = context.world.limits, context.world.now()
    if key is not None and limits.per_hour:
        response.headers["X-RateLimit-Limit"] = str(limits.per_hour)
        response.headers["X-RateLimit-Remaining"] = str(limits.remaining(key.name, _GROUP, now))
        response.headers["X-RateLimit-Reset"] = moment(now + timedelta(hours=1))
    return response
