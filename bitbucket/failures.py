"""From an HTTP answer that is no success to the one error that says what to do about it."""

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from bitbucket.errors import (
    AuthMethodRefused,
    BadAnswer,
    Forbidden,
    Gone,
    Invalid,
    MissingScope,
    NotFound,
    Permanent,
    RateLimited,
    RemoteError,
    ServerDown,
    TimedOut,
    Unauthorized,
)
from bitbucket.masking import excerpt
from bitbucket.protocol import Answer

_SCOPE_NAME = re.compile(r"[a-z][a-z0-9_.\-]*(?::[a-z0-9_.\-]+)*")
_SCOPE_WORD = re.compile(r"\bscopes?\b", re.IGNORECASE)
_METHOD_WORDS = re.compile(r"authentication method|app passwords?\b|not supported for this endpoint", re.IGNORECASE)
_LONGEST_SCOPE = 100


def raise_for_failure(answer: Answer) -> None:
    """Raise the error an answer stands for; a 2xx passes.

    Raises:
        RemoteError: the subclass that tells the caller what to do.
    """
    if not 200 <= answer.status < 300:
        raise error_from_answer(answer)


def error_from_answer(answer: Answer) -> RemoteError:
    """Name the failure of an answer that is no 2xx."""
    operation, status, detail = answer.operation, answer.status, _words_of(answer)
    if status < 400:
        return BadAnswer(operation, status, "it is a redirect or no answer at all; neither is followed")
    if status == 429:
        return RateLimited(operation, status, detail, retry_after_seconds=wait_asked_for(answer))
    if status >= 500:
        return ServerDown(operation, status, detail, retry_after_seconds=wait_asked_for(answer))
    if status == 408:
        return TimedOut(operation, status, detail)
    return _permanent(answer, detail)


def _permanent(answer: Answer, detail: str) -> Permanent:
    if answer.status == 403:
        return _refusal(answer, detail)
    if answer.status == 410:
        return Gone(answer.operation, 410, detail, announcement_url=_announcement(answer))
    plain: dict[int, Callable[[str, int, str], Permanent]] = {401: Unauthorized, 404: NotFound}
    return plain.get(answer.status, Invalid)(answer.operation, answer.status, detail)


def _refusal(answer: Answer, detail: str) -> Permanent:
    lacking = scopes_in_refusal(answer, "required")
    if lacking is not None or _SCOPE_WORD.search(detail):
        granted = scopes_in_refusal(answer, "granted")
        if granted is None:
            granted = scopes_from_header(answer)
        return MissingScope(
            answer.operation, 403, detail, required=lacking or frozenset(), granted=granted or frozenset()
        )
    if _METHOD_WORDS.search(detail):
        return AuthMethodRefused(answer.operation, 403, detail)
    return Forbidden(answer.operation, 403, detail)


def scopes_in_refusal(answer: Answer, name: str) -> frozenset[str] | None:
    """The scopes that a 403 names under `error.detail`, or None.

    The official document makes `detail` a text; live answers carry an object, so both are read
    (https://github.com/backstage/backstage/issues/22383).

    Args:
        answer: the 403.
        name: `required` or `granted`.
    """
    detail = _error_of(answer).get("detail")
    if isinstance(detail, str):
        detail = _parsed(detail)
    if not isinstance(detail, dict) or not isinstance(detail.get(name), list):
        return None
    return plausible_scopes(detail[name])


def scopes_from_header(answer: Answer) -> frozenset[str] | None:
    """The granted scopes of `x-oauth-scopes`: empty grants none, a missing or garbled header tells nothing.

    Source: https://support.atlassian.com/bitbucket-cloud/kb/how-to-fetch-the-scope-of-a-token-via-command-line
    """
    value = answer.header("x-oauth-scopes")
    if value is None:
        return None
    return plausible_scopes([part.strip() for part in value.split(",") if part.strip()])


def plausible_scopes(names: list[object]) -> frozenset[str] | None:
    """The names as a set; None when one of them cannot be a scope (an echoed token never passes for one)."""
    scopes = {name for name in names if isinstance(name, str) and _is_scope(name)}
    return frozenset(scopes) if len(scopes) == len(set(map(repr, names))) else None


def _is_scope(name: str) -> bool:
    return len(name) <= _LONGEST_SCOPE and bool(_SCOPE_NAME.fullmatch(name))


def wait_asked_for(answer: Answer, *, now: datetime | None = None) -> float | None:
    """How many seconds the vendor asks us to wait; None where it does not say or asks for nothing sensible.

    Dates are measured from the answer's own Date header, so that a wrong clock on our side changes nothing.

    Args:
        answer: any answer, usually a 429.
        now: the moment to measure from where the answer carries no Date.
    """
    asked = (answer.header("retry-after") or "").strip()
    if asked.isascii() and asked.isdigit():
        return float(asked[:12])
    until = _http_date(asked) or _iso_date(answer.header("x-ratelimit-reset"))
    if until is None:
        return None
    start = _http_date(answer.header("date")) or now or datetime.now(UTC)
    return max((until - start).total_seconds(), 0.0)


def _http_date(text: str | None) -> datetime | None:
    try:
        moment = parsedate_to_datetime(text or "")
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _iso_date(text: str | None) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text or "")
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _words_of(answer: Answer) -> str:
    error, body = _error_of(answer), _parsed(answer.text())
    if error:
        found = [error.get("message"), error.get("detail")]
    elif isinstance(body, dict):
        found = [body.get("title"), body.get("key"), body.get("message"), *_admin_words(body)]
    else:
        found = ["a web page" if answer.text().lstrip()[:1] == "<" else answer.text()]
    return excerpt(": ".join(part for part in found if isinstance(part, str) and part), secrets=answer.secrets())


def _admin_words(body: dict[str, object]) -> list[object]:
    errors = body.get("errors")
    first = errors[0] if isinstance(errors, list) and errors else None
    return [first.get("code"), first.get("title"), first.get("detail")] if isinstance(first, dict) else []


def _announcement(answer: Answer) -> str:
    data = _error_of(answer).get("data")
    url = data.get("announcement_url") if isinstance(data, dict) else None
    if not isinstance(url, str) or not url.startswith("https://"):
        return ""
    return excerpt(url, secrets=answer.secrets())


def _error_of(answer: Answer) -> dict[str, object]:
    body = _parsed(answer.text())
    error = body.get("error") if isinstance(body, dict) else None
    return error if isinstance(error, dict) else {}


def _parsed(text: str) -> object:
    try:
        parsed: object = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return parsed
