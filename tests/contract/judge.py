"""Judges one answer of the sandbox by the patched official document and our own table."""

import json
from typing import Any

import requests
from openapi_core import Config, OpenAPI
from openapi_core.exceptions import OpenAPIError
from openapi_core.testing import MockRequest, MockResponse

from tests.contract.document import HOST
from tests.contract.required import REQUIRED, missing_fields

_FIELDS = {one.route: one.fields for one in REQUIRED}


class Judge:
    """Holds the document ready; `verdict` says in words what does not conform, "" where everything does."""

    def __init__(self, document: dict[str, Any]) -> None:
        self._document = OpenAPI.from_dict(document, config=Config(spec_validator_cls=None))

    def verdict(self, route: str, answer: requests.Response) -> str:
        """Judge an answer; `route` is ours, without the /2.0, with the method before it where that is not GET."""
        words = self._by_document(answer)
        if words or not answer.ok or not answer.content:
            return words
        missing = missing_fields(json.loads(answer.content), _FIELDS[route])
        return f"without {', '.join(missing)}" if missing else ""

    def _by_document(self, answer: requests.Response) -> str:
        path = answer.request.path_url.partition("?")[0]
        request = MockRequest(HOST, (answer.request.method or "GET").lower(), path)
        content_type = answer.headers.get("Content-Type", "").partition(";")[0]
        response = MockResponse(answer.content, answer.status_code, content_type=content_type)
        try:
            self._document.validate_response(request, response)
        except OpenAPIError as error:
            return _words(error)
        return ""


def _words(error: OpenAPIError) -> str:
    errors = getattr(error.__cause__, "schema_errors", None)
    details = "; ".join(f"{'.'.join(map(str, one.path))}: {one.message[:200]}" for one in errors or ())
    return f"{type(error).__name__} {details or str(error)[:200]}"
