"""The bodies that Bitbucket and Atlassian answer with when they refuse."""

import json
from typing import Any

from werkzeug.wrappers import Response

# A removed endpoint and a git refusal point people to the changelog.
CHANGELOG = "https://developer.atlassian.com/cloud/bitbucket/changelog/#"
INVALID_TOKEN = "Token is invalid, expired, or not supported for this endpoint."
NO_ACCESS = (
    "You may not have access to this repository or it no longer exists in this workspace. "
    "If you think this repository exists and you have access, make sure you are authenticated."
)
MISSING_SCOPE = "Your credentials lack one or more required privilege scopes."


class Refusal(Exception):
    """Ends a request with this answer."""

    def __init__(self, response: Response) -> None:
        """Keep the answer to send."""
        super().__init__(response.status)
        self.response = response


def as_json(value: Any, status: int = 200) -> Response:
    """Answer with JSON."""
    return Response(json.dumps(value), status=status, content_type="application/json; charset=utf-8")


def as_text(text: str, status: int) -> Response:
    """Answer with plain text; git shows its lines to the person, as it does with nothing else."""
    return Response(text, status=status, content_type="text/plain; charset=utf-8")


def bitbucket_error(status: int, message: str, detail: Any = None, data: dict[str, str] | None = None) -> Response:
    """Answer in Bitbucket's error shape."""
    error: dict[str, Any] = {"message": message}
    if detail is not None:
        error["detail"] = detail
    if data is not None:
        error["data"] = data
    return as_json({"type": "error", "error": error}, status)


def removed(change: str) -> Response:
    """Answer for an endpoint that is gone, naming the change that took it away."""
    return bitbucket_error(
        410,
        f"{change} - Functionality has been deprecated",
        "This API is no longer available.",
        {"announcement_url": CHANGELOG + change},
    )


def unauthenticated(message: str = INVALID_TOKEN) -> Response:
    """Answer 401 as Bitbucket's REST API does."""
    response = bitbucket_error(401, message)
    response.headers["WWW-Authenticate"] = 'Basic realm="Bitbucket.org API"'
    return response


def rate_limited() -> Response:
    """Answer 429 the way traces show it: plain text, no Retry-After."""
    return as_text("Rate limit for this resource has been exceeded", 429)
