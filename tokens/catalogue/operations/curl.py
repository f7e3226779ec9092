"""What a curl command calls (https://curl.se/docs/manpage.html)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from tokens.catalogue.operations.options import WORD, names, options_of

METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})

_SHORT_WITH_VALUE: Final = frozenset("AbcCdDeEFhHKmoPQrtTuUwxXyYz")
_LONG_WITHOUT_VALUE: Final = names(
    "anyauth append basic ca-native cert-status compressed compressed-ssh create-dirs crlf digest disable "
    "disable-eprt disable-epsv disallow-username-in-url doh-cert-status doh-insecure fail fail-early "
    "fail-with-body false-start form-escape ftp-create-dirs ftp-pasv ftp-pret ftp-skip-pasv-ip ftp-ssl-ccc "
    "ftp-ssl-control get globoff haproxy-protocol head http0.9 http1.0 http1.1 http2 http2-prior-knowledge http3 "
    "http3-only ignore-content-length include insecure ipv4 ipv6 junk-session-cookies list-only location "
    "location-trusted mail-rcpt-allowfails manual metalink negotiate netrc netrc-optional next ntlm ntlm-wb "
    "oauth2 parallel parallel-immediate path-as-is post301 post302 post303 progress-bar proxy-anyauth proxy-basic "
    "proxy-ca-native proxy-digest proxy-insecure proxy-negotiate proxy-ntlm proxy-ssl-allow-beast "
    "proxy-ssl-auto-client-cert proxy-tlsv1 proxytunnel raw remote-header-name remote-name remote-name-all "
    "remote-time remove-on-error retry-all-errors retry-connrefused sasl-ir show-error silent skip-existing "
    "socks5-basic socks5-gssapi socks5-gssapi-nec ssl ssl-allow-beast ssl-auto-client-cert ssl-no-revoke ssl-reqd "
    "ssl-revoke-best-effort sslv2 sslv3 styled-output suppress-connect-headers tcp-fastopen tcp-nodelay "
    "tftp-no-options tlsv1 tlsv1.0 tlsv1.1 tlsv1.2 tlsv1.3 tr-encoding trace-ids trace-time use-ascii verbose "
    "version xattr"
)
_BODY: Final = names("d F data data-raw data-binary data-urlencode data-ascii json form form-string")
_NEXT: Final = frozenset({"next", ":"})


@dataclass(slots=True)
class WebCommand:
    """One command's method and addresses, as written; no method where a variable holds it."""

    method: str = "GET"
    addresses: list[str] = field(default_factory=list)


def read_curl(words: Sequence[str]) -> list[WebCommand]:
    """What `curl …` calls, one command for each part between `--next`. `words` follow the program's name."""
    return [_command(part) for part in _parts(words)]


def _parts(words: Sequence[str]) -> Iterator[list[tuple[str, str]]]:
    part: list[tuple[str, str]] = []
    for name, value in options_of(words, short_with_value=_SHORT_WITH_VALUE, takes_value=_takes_value):
        if name in _NEXT:
            yield part
            part = []
        else:
            part.append((name, value))
    yield part


def _takes_value(name: str, _: str) -> bool:
    return name not in _LONG_WITHOUT_VALUE and not name.startswith("no-")


def _command(options: list[tuple[str, str]]) -> WebCommand:
    given = {name for name, _ in options}
    asked = [value for name, value in options if name in ("X", "request")]
    addresses = [value for name, value in options if name in (WORD, "url")]
    return WebCommand(asked[-1].upper() if asked else _implied_method(given), addresses)


def _implied_method(given: set[str]) -> str:
    if given & {"G", "get"}:
        return "GET"
    if given & {"I", "head"}:
        return "HEAD"
    if given & {"T", "upload-file"}:
        return "PUT"
    return "POST" if given & _BODY else "GET"
