"""What stands in front of every REST operation: credential, hourly limit, scopes, and the headers that tell of them."""

import json
from typing import Any

from werkzeug.wrappers import Response

from sandbox.answers import MISSING_SCOPE, Refusal, bitbucket_error, rate_limited, unauthenticated
from sandbox.context import Context
from sandbox.credentials import Credential, credential_of


def serve(context: Context, arguments: dict[str, Any]) -> Response:
    """Answer one REST request."""
    try:
        context.credential = credential_of(context.world, context.request)
        _spend(context)
        _check(context)
        # One answer is one moment of the world, whatever is changed beside it.
        with context.world.lock:
            response = context.route.handler(context, **arguments)
    except Refusal as refusal:
        response = refusal.response
    return _with_headers(context, response)


def _spend(context: Context) -> None:
    credential = context.credential
    group = "repositories" if context.route.path.startswith("/2.0/repositories/") else "other"
    principal = credential.principal if credential else f"ip/{context.request.remote_addr}"
    own, now = _scaled_limit(context), context.world.now()
    if not context.world.limits.spend(principal, group, now, anonymous=credential is None, own=own):
        raise Refusal(rate_limited())


def _scaled_limit(context: Context) -> int:
    """Give the limit of an access token's own; 0 for everybody else, and where none was set.

    https://bitbucket.org/blog/introducing-scaled-rate-limits-for-bitbucket-cloud-api
    """
    credential = context.credential
    is_scaled = credential is not None and credential.account is None
    return context.world.switches.access_token_limit if is_scaled else 0


def _check(context: Context) -> None:
    credential, route = context.credential, context.route
    if route.is_anonymous_allowed:
        return
    if credential is None:
        raise Refusal(unauthenticated("Access denied. You must be authenticated to access this resource."))
    required = route.api_token if credential.is_granular else route.classic
    if not set(required) <= credential.reach:
        raise Refusal(_missing(context, credential, required))
    if credential.account is None and route.is_personal:
        raise Refusal(bitbucket_error(403, "This resource is not available to access tokens."))


def _missing(context: Context, credential: Credential, required: tuple[str, ...]) -> Response:
    detail = {"required": sorted(required), "granted": sorted(credential.scopes)}
    return bitbucket_error(403, MISSING_SCOPE, json.dumps(detail) if context.world.switches.detail_as_text else detail)


def _with_headers(context: Context, response: Response) -> Response:
    """Name credential and scopes; the accepted ones are in the classic dialect even for API tokens.

    https://community.atlassian.com/forums/Bitbucket-questions/ERROR-APPROVE-PR-FOR-API-TOKEN-PERSONAL/qaq-p/3226160
    """
    credential, switches = context.credential, context.world.switches
    if limit := _scaled_limit(context):
        response.headers["X-RateLimit-Limit"] = str(limit)
    if credential is None or response.status_code == 429:
        return response
    word = credential.kind if switches.credential_type is None else switches.credential_type
    if word:
        response.headers["x-credential-type"] = word
    if switches.scope_headers:
        response.headers["x-oauth-scopes"] = ", ".join(sorted(credential.scopes))
        response.headers["x-accepted-oauth-scopes"] = ", ".join(context.route.classic)
    return response
