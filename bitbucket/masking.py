"""Takes secrets out of what others wrote before it reaches a log or an exception text."""

import re
from collections.abc import Iterable

MASK = "•••"
_LONGEST_READ = 8192

# Atlassian's prefixes, and that of the portal's own service tokens.
_TOKEN = re.compile(r"(?:AT(?:AT|BB|CT)|bcps_)[A-Za-z0-9_\-+/=.]{4,}")
# With a digit, = or _ in it: "bearer token" and "Basic authentication" are words, not values.
_SCHEME = re.compile(r"\b(basic|bearer)\s+(?=[^\s]*[0-9=_])[A-Za-z0-9_\-+/=.~]{6,}", re.IGNORECASE)
_USER_INFO = re.compile(r"(://)[^\s/@]+@")


def masked(text: str, *, secrets: Iterable[str] = ()) -> str:
    """Replace token shapes, authorisation values, user-info in URLs and the given secrets.

    Args:
        text: anything.
        secrets: values that must not survive although no pattern knows them (the call's own credential).
    """
    for secret in secrets:
        if secret:
            text = text.replace(secret, MASK)
    text = _SCHEME.sub(rf"\1 {MASK}", text)
    text = _USER_INFO.sub(rf"\1{MASK}@", text)
    return _TOKEN.sub(MASK, text)


def excerpt(text: str, *, secrets: Iterable[str] = (), longest: int = 300) -> str:
    """One masked line of at most `longest` characters.

    Masking comes before trimming: a secret cut in two would pass every pattern.
    """
    shown = masked(text[:_LONGEST_READ], secrets=secrets)
    line = " ".join("".join(sign if sign.isprintable() else " " for sign in shown).split())
    return line if len(line) <= longest else line[: longest - 1] + "…"
