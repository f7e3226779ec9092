"""How the HTTP API knows another system: a service token in the Authorization header, and nothing else."""

from django.http import HttpRequest
from ninja.errors import HttpError
from ninja.security import HttpBearer

from accounts.actors import Service
from accounts.operations.service_tokens import service_of
from workqueue.budgets import spend

# Guessing 256 bits is hopeless; this only keeps a broken client from filling the log.
WRONG_AN_HOUR = 600


class ServiceTokenAuth(HttpBearer):
    """Lets a service token with one scope in. A browser's session is none, so there is nothing to forge.

    Args:
        scope: what the token must have been made for.
    """

    def __init__(self, scope: str) -> None:
        super().__init__()
        self.scope = scope

    def authenticate(self, request: HttpRequest, token: str) -> Service | None:
        """The system; None, which answers 401, where the token is wrong, expired or revoked.

        Raises:
            HttpError: 403 where the token is for something else, 429 where too many were wrong.
        """
        service = service_of(token)
        if service is None:
            if not spend("portal", "wrong service token", WRONG_AN_HOUR):
                raise HttpError(429, "Too many wrong tokens. Try again in a while.")
            return None
        if self.scope not in service.scopes:
            raise HttpError(403, f"This service token was not made for {self.scope}.")
        return service
