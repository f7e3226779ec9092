"""What happens around every request."""

import time
import uuid
from collections.abc import Callable

import structlog
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

from audit.context import request_id_scope
from portal import metrics

GetResponse = Callable[[HttpRequest], HttpResponse]
log = structlog.get_logger("portal.request")

PERMISSIONS_POLICY = "camera=(), geolocation=(), microphone=(), payment=(), usb=(), browsing-topics=()"


class RequestIdMiddleware:
    """Give each request an id, write one line about it (path only: no query, no body) and count it."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request_id = uuid.uuid4().hex
        started = time.monotonic()
        with request_id_scope(request_id):
            response = self.get_response(request)
            seconds = time.monotonic() - started
            response["X-Request-Id"] = request_id
            route = request.resolver_match.route if request.resolver_match else "unknown"
            metrics.observe_request(request.method or "", route, response.status_code, seconds)
            if not request.path.startswith(("/healthz", "/readyz", "/metrics")):
                log.info(
                    "request",
                    method=request.method,
                    path=request.path,
                    status=response.status_code,
                    milliseconds=round(seconds * 1000),
                )
        return response


class ServiceUnavailableMiddleware:
    """A plain 503 page while the database is away: nothing is lost, the page says when to try again."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, _: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, OperationalError | InterfaceError):
            return None
        log.error("database_unavailable", error=type(exception).__name__)
        response = HttpResponse(render_to_string("503.html"), status=503)
        response["Retry-After"] = "30"
        return response


class BrowserPolicyMiddleware:
    """Headers that Django has no setting for. Pages are personal, so nothing but static files may be kept."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.setdefault("Permissions-Policy", PERMISSIONS_POLICY)
        response.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        response.setdefault("Cache-Control", "no-store")
        return response
