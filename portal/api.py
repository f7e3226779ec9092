"""The HTTP API, below /api/v1/: for whoever is signed in, with the form token that every change needs;
and for other systems, each with a service token."""

from collections.abc import Callable

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe
from ninja import NinjaAPI
from ninja.security import django_auth

from accounts.access import require_signed_in
from accounts.service_auth import ServiceTokenRefused
from offboarding.api import router as offboardings
from tokens.api import router


def _for_the_signed_in(view: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    return require_safe(require_signed_in(view))


api = NinjaAPI(
    title="Credential Portal",
    version="1",
    urls_namespace="api",
    docs_url=None,  # its pages load scripts from elsewhere; the document itself is at openapi.json
    docs_decorator=_for_the_signed_in,
    auth=django_auth,
)
api.add_router("", router)
api.add_router("", offboardings)


@api.exception_handler(RequestDataTooBig)
def too_long(request: HttpRequest, _: Exception) -> HttpResponse:
    """A body beyond what the portal reads, told like every other refusal."""
    return api.create_response(request, {"detail": "This is too long to be read."}, status=413)


@api.exception_handler(ServiceTokenRefused)
def not_let_in(request: HttpRequest, refusal: Exception) -> HttpResponse:
    """Why a service token opened nothing, and what is asked for: a 401 has to say it (RFC 9110, 15.5.2)."""
    answer = api.create_response(request, {"detail": str(refusal)}, status=401)
    answer["WWW-Authenticate"] = "Bearer"
    return answer
