"""The pages for what nobody expected."""

import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string


def server_error(_: HttpRequest) -> HttpResponse:
    """500; while the database is away 503, wherever on the way it was missed."""
    error = sys.exc_info()[1]
    away = isinstance(error, OperationalError | InterfaceError)
    response = HttpResponse(render_to_string("503.html" if away else "500.html"), status=503 if away else 500)
    if away:
        response["Retry-After"] = "30"
    return response
