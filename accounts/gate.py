"""The gate: who Bitbucket vouches for is looked at before there is a user or a session."""

import structlog
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from accounts.actors import SIGN_IN, System, Visitor
from accounts.observation import Profile, SignIn, read_sign_in, reason_from_error, refusal_for
from accounts.operations import refuse_sign_in
from accounts.people import role_settings
from accounts.queries import is_shut_out
from accounts.refusals import REFUSAL_WORDS, Reason, SignInRefused
from bitbucket.cloud import CloudClient
from bitbucket.credentials import Bearer
from bitbucket.errors import RemoteError
from bitbucket.transport import Transport
from workqueue.budgets import spend

DEADLINE_SECONDS = 5.0
# Anybody can send us a forged answer. The trail is for ever and takes only so many of them; the log takes all.
NAMELESS_REFUSALS_PER_HOUR = 120

log = structlog.get_logger("accounts.sign_in")


def read_profile(token: str) -> Profile:
    """Who an access token belongs to.

    Raises:
        SignInRefused: Bitbucket did not say.
    """
    try:
        with _transport() as transport:
            return Profile.from_current_user(CloudClient(transport, _bearer(token)).current_user())
    except RemoteError as error:
        raise _refused(error) from None


def look_at(profile: Profile, token: str) -> SignIn:
    """Everything the gate wants to know, if the person may come in.

    Args:
        profile: who it is.
        token: their access token, used here and forgotten.

    Raises:
        SignInRefused: they may not, or Bitbucket did not answer.
    """
    settings_now = role_settings()
    try:
        with _transport() as transport:
            client = CloudClient(transport, _bearer(token))
            seen = read_sign_in(client, profile, served=settings_now.workspaces)
    except RemoteError as error:
        raise _refused(error) from None
    switched_off = is_shut_out(profile.account_id)
    reason = refusal_for(seen, switched_off=switched_off, named=settings_now.names(profile.account_id))
    if reason is not None:
        raise SignInRefused(reason)
    return seen


def turn_away(request: HttpRequest, reason: Reason, *, acting_user: Visitor | System = SIGN_IN) -> HttpResponse:
    """The refusal page, after the trail was told.

    Args:
        request: what is answered.
        reason: why.
        acting_user: who tried, where that is known.
    """
    log.warning("sign_in_refused", reason=reason.value)
    if isinstance(acting_user, Visitor) or spend("portal", "nameless sign-in", NAMELESS_REFUSALS_PER_HOUR):
        refuse_sign_in(reason, acting_user=acting_user)
    context = {"words": REFUSAL_WORDS[reason], "reason": reason.value}
    return render(request, "accounts/signin_refused.html", context, status=403)


def _transport() -> Transport:
    return Transport(
        settings.BITBUCKET_API_URL,
        proxy=settings.OUTBOUND_PROXY,
        ca_bundle=settings.CA_BUNDLE,
        deadline_seconds=DEADLINE_SECONDS,
    )


def _bearer(token: str) -> Bearer:
    try:
        return Bearer(token)
    except ValueError:
        raise SignInRefused(Reason.BITBUCKET_UNREACHABLE) from None


def _refused(error: RemoteError) -> SignInRefused:
    kind = type(error).__name__
    log.warning("sign_in_call_failed", operation=error.operation, status=error.status, error=kind)
    return SignInRefused(reason_from_error(error))
