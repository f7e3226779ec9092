"""What a curl, wget or HTTPie command calls (https://curl.se/docs/manpage.html)."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})

# Short options of curl that take a value, as its next letters or the next word.
_SHORT_WITH_VALUE: Final = frozenset("AbcCdDeEFhHKmoPQrtTuUwxXyYz")
_FLAGS: Final = (
    "anyauth append basic compressed compressed-ssh create-dirs crlf digest disable disable-epsv fail fail-early "
    "fail-with-body false-start form-escape get globoff head http0.9 http1.0 http1.1 http2 http2-prior-knowledge http3 "
    "include insecure ipv4 ipv6 junk-session-cookies list-only location location-trusted negotiate netrc "
    "netrc-optional next no-alpn no-buffer no-keepalive no-progress-meter no-sessionid ntlm oauth2 parallel path-as-is "
    "post301 post302 post303 progress-bar proxytunnel raw remote-header-name remote-name remote-name-all remote-time "
    "retry-all-errors retry-connrefused sasl-ir show-error silent ssl ssl-reqd tcp-fastopen tcp-nodelay tlsv1 tlsv1.0 "
    "tlsv1.1 tlsv1.2 tlsv1.3 tr-encoding trace-time use-ascii verbose xattr"
)
_LONG_WITHOUT_VALUE: Final = frozenset(_FLAGS.split())
_BODY: Final = frozenset(
    {"d", "F", "data", "data-raw", "data-binary", "data-urlencode", "data-ascii", "json", "form", "form-string"}
)
_ADDRESS: Final = "url"


@dataclass(slots=True)
class WebCommand:
    """One command's method and addresses, as written."""

    method: str = ""
    addresses: list[str] = field(default_factory=list)


def read_curl(words: Sequence[str]) -> WebCommand:
    """What `curl …` calls. `words` follow the program's name."""
    found, options = WebCommand(), _Options(words)
    asked, body, upload, head, get = "", False, False, False, False
    for name, value in options.walk():
        if name in ("X", "request"):
            asked = value.upper()
        body = body or name in _BODY
        upload = upload or name in ("T", "upload-file")
        head = head or name in ("I", "head")
        get = get or name in ("G", "get")
        if name == _ADDRESS:
            found.addresses.append(value)
    implied = "GET" if get else "HEAD" if head else "PUT" if upload else "POST" if body else "GET"
    found.method = asked or implied
    return found


def read_wget(words: Sequence[str]) -> WebCommand:
    """What `wget …` calls. `words` follow the program's name."""
    found = WebCommand("GET")
    for word in words:
        name, _, value = word.partition("=")
        if name == "--method":
            found.method = value.upper()
        elif name.startswith(("--post-", "--body-")):
            found.method = "POST" if found.method == "GET" else found.method
        elif not word.startswith("-"):
            found.addresses.append(word)
    return found


def read_httpie(words: Sequence[str]) -> WebCommand:
    """What `http POST address name=value …` calls. `words` follow the program's name."""
    plain = [word for word in words if not word.startswith("-")]
    if plain and plain[0].upper() in METHODS:
        return WebCommand(plain[0].upper(), plain[1:2])
    has_body = any("=" in word and "==" not in word for word in plain[1:])
    return WebCommand("POST" if has_body else "GET", plain[:1])


class _Options:
    """Walks over curl's words as pairs of an option and its value; a bare word is an address."""

    def __init__(self, words: Sequence[str]) -> None:
        self._waiting = list(words)[::-1]

    def walk(self) -> "list[tuple[str, str]]":
        pairs: list[tuple[str, str]] = []
        while self._waiting:
            word = self._waiting.pop()
            if word.startswith("--") and len(word) > len("--"):
                pairs.append(self._long(word[2:]))
            elif word.startswith("-") and len(word) > 1:
                pairs.extend(self._short(word[1:]))
            else:
                pairs.append((_ADDRESS, word))
        return pairs

    def _long(self, word: str) -> tuple[str, str]:
        name, equals, value = word.partition("=")
        if equals or name in _LONG_WITHOUT_VALUE or name.startswith("no-"):
            return name, value
        return name, self._next()

    def _short(self, letters: str) -> "list[tuple[str, str]]":
        pairs: list[tuple[str, str]] = []
        for place, letter in enumerate(letters):
            if letter in _SHORT_WITH_VALUE:
                return [*pairs, (letter, letters[place + 1 :] or self._next())]
            pairs.append((letter, ""))
        return pairs

    def _next(self) -> str:
        return self._waiting.pop() if self._waiting else ""
