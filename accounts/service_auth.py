"""How the HTTP API knows another system: a service token in the Authorization header, and nothing else."""

import structlog
from django.http import HttpRequest
from ninja.errors import HttpError
from ninja.security import HttpBearer

from accounts.actors import Service
from accounts.operations.service_tokens import ended_token, service_of
from workqueue.budgets import spend

# Guessing 256 bits is hopeless; this only keeps a broken client from filling the log.
WRONG_AN_HOUR = 600
NONE_SHOWN = "This needs a service token. Send it in the header: Authorization: Bearer TOKEN"

log = structlog.get_logger("accounts.service_auth")


class ServiceTokenRefused(HttpError):
    """401, with words that never repeat what was shown.

    Args:
        words: why.
    """

    def __init__(self, words: str) -> None:
        super().__init__(401, words)


class ServiceTokenAuth(HttpBearer):
    """Lets a service token with one scope in. A browser's session is none, so there is nothing to forge.

    Args:
        scope: what the token must have been made for.
    """

    def __init__(self, scope: str) -> None:
        super().__init__()
        self.scope = scope

    def __call__(self, request: HttpRequest) -> Service:
        """The system that asks.

        Raises:
            HttpError: see `authenticate`; 401 as well where no Bearer token was shown.
        """
        scheme, _, token = request.headers.get(self.header, "").strip().partition(" ")
        if scheme.lower() != self.openapi_scheme or not token.strip():
            raise ServiceTokenRefused(NONE_SHOWN)
        return self.authenticate(request, token.strip())

    def authenticate(self, request: HttpRequest, token: str) -> Service:
        """The system that a token was made for.

        Raises:
            HttpError: 401 where the token is wrong, expired or revoked, 403 where it is for something else, 429
                where too many were wrong.
        """
        service = service_of(token)
        if service is None:
            raise _refusal(token)
        if self.scope not in service.scopes:
            log.warning("service_token_refused", reason="scope", named=service.name, scope=self.scope)
            raise HttpError(403, f"This service token was not made for {self.scope}.")
        return service


def _refusal(token: str) -> HttpError:
    """Why a token opens nothing. What ended is only told to whoever holds it."""
    if not spend("portal", "wrong service token", WRONG_AN_HOUR):
        return HttpError(429, "Too many wrong tokens. Try again in a while.")
    row = ended_token(token)
    if row is None:
        log.warning("service_token_refused", reason="unknown")
        return ServiceTokenRefused("There is no such service token.")
    log.warning("service_token_refused", reason=row.state, named=str(row))
    if row.revoked_at is not None:
        return ServiceTokenRefused("This service token was revoked. An admin can make another one.")
    ended_on = f"{row.expires_at:%Y-%m-%d}"
    return ServiceTokenRefused(f"This service token expired on {ended_on}. An admin can make another one.")
