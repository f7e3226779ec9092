"""The code from Bitbucket's redirect becomes an access token, which lives in memory for this one sign-in."""

import re

import requests
import structlog
from django.conf import settings

from accounts.refusals import Reason, SignInRefused
from bitbucket.session import safe_session

DEADLINE_SECONDS = 5.0
TOKEN_PATH = "/site/oauth2/access_token"  # noqa: S105  an address
ERROR_CODE = re.compile(r"[a-z_]{1,40}")

log = structlog.get_logger("accounts.sign_in")


def exchange_code(code: str, *, key: str, secret: str, callback_url: str) -> str:
    """Trade the code for an access token.

    Source: https://developer.atlassian.com/cloud/bitbucket/oauth-2/ (key and secret go as HTTP Basic).

    Args:
        code: from the redirect.
        key: the OAuth consumer's key.
        secret: its secret.
        callback_url: the one the code was asked for with.

    Returns:
        The access token. The refresh token is left where it came from.

    Raises:
        SignInRefused: Bitbucket did not answer usably, refused, or says that the account is off.
    """
    form = {"grant_type": "authorization_code", "code": code, "redirect_uri": callback_url}
    with safe_session(settings.OUTBOUND_PROXY, settings.CA_BUNDLE, deadline_seconds=DEADLINE_SECONDS) as session:
        try:
            response = session.post(settings.BITBUCKET_WEB_URL + TOKEN_PATH, data=form, auth=(key, secret))
        except requests.RequestException as problem:
            log.warning("token_exchange_failed", error=type(problem).__name__)
            raise SignInRefused(Reason.BITBUCKET_UNREACHABLE) from None
    return _token_from(response)


def _token_from(response: requests.Response) -> str:
    body = _json_object(response)
    token = body.get("access_token")
    if response.status_code == requests.codes.ok and isinstance(token, str) and token:
        return token
    reason = _reason_from(response.status_code, body)
    log.warning("token_exchange_refused", status=response.status_code, error=_error_code(body), reason=reason)
    raise SignInRefused(reason)


def _reason_from(status: int, body: dict[str, object]) -> Reason:
    if "inactive" in str(body.get("error_description", "")).lower():
        return Reason.DEACTIVATED
    if status == requests.codes.too_many_requests:
        return Reason.BITBUCKET_UNREACHABLE
    is_refusal = requests.codes.bad_request <= status < requests.codes.server_error
    return Reason.ERROR if is_refusal else Reason.BITBUCKET_UNREACHABLE


def _error_code(body: dict[str, object]) -> str:
    """OAuth's word for the refusal (``invalid_client`` …), for the log; anything else might be an echo."""
    code = str(body.get("error", ""))
    return code if ERROR_CODE.fullmatch(code) else ""


def _json_object(response: requests.Response) -> dict[str, object]:
    try:
        body = response.json()
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}
