"""Requests out, answers in, pages on: plain functions over plain values, no network."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import quote, unquote, urlencode, urljoin, urlsplit

from bitbucket.credentials import Credential
from bitbucket.errors import BadAnswer, Invalid

_DEFAULT_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True)
class Request:
    """One call, relative to the transport's base URL, so that it cannot leave it.

    Args:
        operation: its name in errors, logs and counters; no ids in it.
        method: GET, POST or DELETE.
        path: from `path()`: starts with a slash, every segment quoted.
        query: encoded, without the question mark.
        credential: who asks, or None.
        payload: becomes a JSON body, or None.
    """

    operation: str
    method: str
    path: str
    query: str = ""
    credential: Credential | None = None
    payload: Mapping[str, object] | None = None


@dataclass(frozen=True)
class Answer:
    """What came back. Its repr shows neither headers nor body."""

    request: Request
    status: int
    headers: Mapping[str, str] = field(repr=False)  # names in lower case
    body: bytes = field(repr=False)

    @property
    def operation(self) -> str:
        """The operation of the request that this answers."""
        return self.request.operation

    def header(self, name: str) -> str | None:
        """A header's value by its lower-case name, or None."""
        return self.headers.get(name)

    def text(self) -> str:
        """The body as text, whatever bytes it holds."""
        return self.body.decode("utf-8", errors="replace")

    def secrets(self) -> tuple[str, ...]:
        """What the request carried and no message may show."""
        return self.request.credential.secrets() if self.request.credential else ()


def path(*segments: str) -> str:
    """Join and quote path segments.

    Raises:
        ValueError: an empty segment or a dot segment, which would address another resource than meant.
    """
    if any(segment in {"", ".", ".."} for segment in segments):
        message = "a path segment is empty or a dot segment"
        raise ValueError(message)
    return "".join("/" + quote(segment, safe="") for segment in segments)


def query(**parameters: str | int) -> str:
    """Encode query parameters; empty texts are left out."""
    return urlencode([(name, str(value)) for name, value in parameters.items() if value != ""], quote_via=quote)


def checked_base_url(text: str) -> str:
    """A base URL without its trailing slash.

    Raises:
        ValueError: not http or https, no host, or with user-info, query or fragment.
    """
    parts = urlsplit(text)
    plain = parts.username is None and not parts.query and not parts.fragment
    if parts.scheme not in _DEFAULT_PORTS or not parts.hostname or not plain:
        message = "a base URL is http(s)://host[:port][/path] and nothing else"
        raise ValueError(message)
    return text.rstrip("/")


def url_of(base_url: str, request: Request) -> str:
    """The absolute URL of a request."""
    return base_url + request.path + (f"?{request.query}" if request.query else "")


def json_from_answer(answer: Answer) -> object:
    """The body of a successful answer as JSON.

    Raises:
        BadAnswer: empty, HTML or malformed.
    """
    try:
        return json.loads(answer.body, parse_constant=_refuse_constant)
    except (ValueError, RecursionError):
        what = "it is empty" if not answer.body.strip() else "it is not JSON"
    raise BadAnswer(answer.operation, answer.status, what)


def _refuse_constant(name: str) -> object:
    raise ValueError(name)


def next_request(base_url: str, answer: Answer, link: object) -> Request | None:
    """The request for the following page, or None when there is none.

    The link is opaque to us, but it may only lead to where we are: same scheme, host and port, below the
    configured path, without user-info. What is returned is relative to the base URL.

    Args:
        base_url: as configured.
        answer: the page that carried the link.
        link: the vendor's `next`: a URL, absolute or relative; absent, null or empty on the last page.

    Raises:
        BadAnswer: it leads elsewhere, or is no text.
    """
    if link is None or link == "":
        return None
    relative = _relative_to_base(base_url, answer, link) if isinstance(link, str) else None
    if relative is None:
        raise BadAnswer(answer.operation, answer.status, "its next page lies outside the configured address")
    request = answer.request
    return Request(request.operation, request.method, relative[0], relative[1], request.credential)


def _relative_to_base(base_url: str, answer: Answer, link: str) -> tuple[str, str] | None:
    try:
        target, base = urlsplit(urljoin(url_of(base_url, answer.request), link)), urlsplit(base_url)
        same = _origin(target.scheme, target.hostname, target.port) == _origin(base.scheme, base.hostname, base.port)
    except ValueError:
        return None
    inside = target.path.startswith(base.path + "/") and _is_straight(target.path)
    if not same or not inside or "@" in target.netloc or not link.isprintable() or "\\" in link:
        return None
    return target.path[len(base.path) :], target.query


def _origin(scheme: str, host: str | None, port: int | None) -> tuple[str, str | None, int | None]:
    return scheme, host, port or _DEFAULT_PORTS.get(scheme)


def _is_straight(path_text: str) -> bool:
    segments = unquote(unquote(path_text)).replace("\\", "/").split("/")
    return not any(segment in {".", ".."} for segment in segments)


def expect_no_content(answer: Answer) -> None:
    """Accept 204 alone.

    Raises:
        BadAnswer: another success than the one that was promised.
    """
    if answer.status != 204:
        raise BadAnswer(answer.operation, answer.status, "204 was promised")


def refuse_unbuildable(operation: str) -> Invalid:
    """The error for a request that the HTTP library would not build; it quotes nothing of it."""
    return Invalid(operation, None, "the request could not be built")
