"""What the other programs call that people speak HTTP with: wget, HTTPie, PowerShell."""

import re
from collections.abc import Callable, Sequence
from typing import Final

from tokens.catalogue.operations.curl import METHODS, WebCommand, read_curl
from tokens.catalogue.operations.options import WORD, names, options_of

# https://www.gnu.org/software/wget/manual/html_node/Invoking.html
_WGET_SHORT: Final = frozenset("aBeiIlOoPQRtTUwXAD")
_WGET_LONG: Final = names(
    "method header user password post-data post-file body-data body-file output-document output-file append-output "
    "user-agent referer timeout tries wait directory-prefix execute input-file base ca-certificate certificate "
    "private-key http-user http-password load-cookies save-cookies max-redirect limit-rate"
)
_WGET_BODY: Final = frozenset({"post-data", "post-file"})
# https://httpie.io/docs/cli
_HTTPIE_SHORT: Final = frozenset("aAospP")
_HTTPIE_LONG: Final = names(
    "auth auth-type output style print history-print session session-read-only proxy timeout verify cert cert-key "
    "boundary raw pretty ssl ciphers max-redirects max-headers response-charset response-mime format-options "
    "default-scheme bearer"
)
_BODY_ITEM: Final = re.compile(r"[^:=@\s]+(?::=@?|=@?|@)(?!=).*")
_BODY_OPTIONS: Final = frozenset({"raw", "form", "multipart", "f"})
# https://learn.microsoft.com/powershell/module/microsoft.powershell.utility/invoke-restmethod
_POWERSHELL_SWITCH: Final = names(
    "usebasicparsing usedefaultcredentials useb disablekeepalive skipcertificatecheck skipheadervalidation passthru "
    "followrellink resume allowunencryptedauthentication noproxy preserveauthorizationonredirect verbose debug "
    "skiphttperrorcheck proxyusedefaultcredentials"
)


def read_wget(words: Sequence[str]) -> list[WebCommand]:
    """What `wget …` calls. `words` follow the program's name."""
    options = list(options_of(words, short_with_value=_WGET_SHORT, takes_value=lambda name, _: name in _WGET_LONG))
    asked = [value.upper() for name, value in options if name == "method"]
    implied = "POST" if any(name in _WGET_BODY for name, _ in options) else "GET"
    return [WebCommand(asked[-1] if asked else implied, [value for name, value in options if name == WORD])]


def read_httpie(words: Sequence[str]) -> list[WebCommand]:
    """What `http POST address name=value …` calls. `words` follow the program's name."""
    options = list(options_of(words, short_with_value=_HTTPIE_SHORT, takes_value=lambda name, _: name in _HTTPIE_LONG))
    plain = [value for name, value in options if name == WORD]
    if plain and plain[0].upper() in METHODS:
        return [WebCommand(plain[0].upper(), plain[1:2])]
    has_body = any(name in _BODY_OPTIONS for name, _ in options) or any(map(_BODY_ITEM.fullmatch, plain[1:]))
    return [WebCommand("POST" if has_body else "GET", plain[:1])]


def read_powershell(words: Sequence[str]) -> list[WebCommand]:
    """What `Invoke-RestMethod …` and `Invoke-WebRequest …` call. `words` follow the command's name."""
    found, waiting = WebCommand(), list(words)[::-1]
    while waiting:
        word = waiting.pop()
        if not word.startswith("-"):
            found.addresses.append(word)
            continue
        name, colon, value = word[1:].partition(":")
        name = name.lower()
        if not colon and name not in _POWERSHELL_SWITCH and waiting:
            value = waiting.pop()
        if name == "uri":
            found.addresses.append(value)
        elif name in ("method", "custommethod"):
            found.method = "GET" if value.lower() == "default" else value.upper()
    return [found]


Reader = Callable[[Sequence[str]], list[WebCommand]]
PROGRAMS: Final[dict[str, Reader]] = {
    "curl": read_curl,
    "curl.exe": read_curl,
    "wget": read_wget,
    "wget.exe": read_wget,
    "http": read_httpie,
    "https": read_httpie,
    "xh": read_httpie,
    "invoke-restmethod": read_powershell,
    "invoke-webrequest": read_powershell,
    "irm": read_powershell,
    "iwr": read_powershell,
}
