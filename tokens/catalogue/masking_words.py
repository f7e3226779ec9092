"""What to put in the place of a secret, and what is no secret although it stands where one would."""

import re
from collections.abc import Callable
from typing import Final

HIDDEN: Final = "***"

Replacement = str | Callable[[re.Match[str]], str]

# Bitbucket's fixed git user names, and the one of every SSH address.
_FIXED_USERS: Final = frozenset({"x-token-auth", "x-bitbucket-api-token-auth", "git"})
_EMAIL: Final = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}")
# Empty words of programs, and the many ways to write "your secret goes here".
_HARMLESS: Final = re.compile(
    r"(?:none|null|nil|true|false|undefined|\*+|\.{2,}|…+|x{3,}"
    r"|\$\{?(?-i:[A-Z_][A-Z0-9_]*)\}?|%(?-i:[A-Z_]+)%|\$\{\{[^}]*\}\}|\{\{?[a-z_ .-]*\}?\}|<[a-z_ .-]*>)?",
    re.IGNORECASE,
)


def is_harmless(value: str) -> bool:
    """Whether a value is empty, hidden already, a variable or a placeholder."""
    return _HARMLESS.fullmatch(value) is not None


def hide_user_info(match: re.Match[str]) -> str:
    """Hide what stands before the @ of an address; a user name stays only where it cannot be the secret."""
    user, colon, password = match["info"].partition(":")
    shown_user = user if _may_stay(user) else HIDDEN
    shown_password = password if is_harmless(password) else HIDDEN
    return f"{match['before']}{shown_user}{colon}{shown_password}@"


def hide_after_colon(match: re.Match[str]) -> str:
    """Hide the second half of ``user:secret``; one half alone is no secret (``git push -u origin``)."""
    quote = match["word"][0] if match["word"][0] in {'"', "'"} else ""
    user, colon, secret = match["word"].partition(":")
    if not colon or is_harmless(secret.rstrip("\"'")) or _is_address(user, secret):
        return match[0]
    return f"{match['before']}{user}:{HIDDEN}{quote}"


def _is_address(scheme: str, rest: str) -> bool:
    # git push -u https://bitbucket.org/acme/web.git: user information in it is hidden by another rule.
    return scheme.lstrip("\"'").lower() in {"https", "http", "ssh", "git"} and rest.startswith("//")


def hide_word(match: re.Match[str]) -> str:
    """Hide a value but keep its quotation marks, so that the text around it stays well-formed."""
    word = match["word"]
    quote = re.match(r"""\\{0,7}["']""", word)
    mark = quote[0] if quote else ""
    bare = word.strip("\\\"'")
    return match[0] if is_harmless(bare) else f"{match['before']}{mark}{HIDDEN}{mark}"


def _may_stay(user: str) -> bool:
    plain = user.replace("%40", "@")
    return is_harmless(user) or plain.lower() in _FIXED_USERS or _EMAIL.fullmatch(plain) is not None
