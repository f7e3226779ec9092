"""What a pasted text is, told by its beginning alone and without sending it anywhere.

Atlassian promises the first four characters of its secrets; lengths vary and are never judged
(https://community.atlassian.com/forums/Bitbucket-questions/Can-we-confirm-BitBucket-s-token-prefixes/qaq-p/3093481).
"""

from dataclasses import dataclass
from typing import Final, Literal

from tokens.catalogue.masking import looks_like_secret
from tokens.catalogue.private_keys import has_private_key
from tokens.catalogue.public_key_words import PRIVATE

ShapeKind = Literal["api_token", "app_password", "access_token", "url", "empty", "other"]

# Invisible characters that ride along when text is copied from a web page or a chat.
_INVISIBLE: Final = "\ufeff\u200b\u200c\u200d\u2060"
_PREFIXES: Final[dict[str, ShapeKind]] = {
    "ATAT": "api_token",
    "ATBB": "app_password",
    "ATCT": "access_token",
}


@dataclass(frozen=True, slots=True)
class SecretShape:
    """What the pasted text is, whether it may be sent to Bitbucket, and what to tell the person."""

    kind: ShapeKind
    sendable: bool
    words: str


_API_TOKEN: Final = SecretShape("api_token", True, "This is an Atlassian API token.")
_BROKEN: Final = SecretShape(
    "api_token",
    False,
    "This starts like an API token, but inside there is a space, a line break or a character that does not "
    "belong. Copy the token again, alone and whole, and paste it once more.",
)
_OTHERS: Final[dict[str, SecretShape]] = {
    "app_password": SecretShape(
        "app_password",
        False,
        "This is an app password. Bitbucket removed app passwords on 28 July 2026, so it opens nothing any "
        "more. Create an API token with scopes instead, and paste that.",
    ),
    "access_token": SecretShape(
        "access_token",
        False,
        "This starts like an access token of a repository, project or workspace, or like an organisation's "
        "key. It is not the API token that was asked for. Create an API token with scopes and paste that.",
    ),
    "url": SecretShape(
        "url",
        False,
        "This is an address, not a token. Paste the token that Atlassian shows once after you create it.",
    ),
    "empty": SecretShape("empty", False, "Nothing was pasted. Paste the token that Atlassian showed you."),
    "other": SecretShape(
        "other",
        False,
        "This does not start like an API token. If it is your password, do not paste it anywhere. "
        "An API token starts with ATAT.",
    ),
}
_ACCESS_TOKEN: Final = SecretShape(
    "access_token", True, "This starts like an access token of a repository, project or workspace."
)
_BROKEN_ACCESS_TOKEN: Final = SecretShape(
    "access_token",
    False,
    "This starts like an access token, but inside there is a space, a line break or a character that does not "
    "belong. Copy the token again, alone and whole, and paste it once more.",
)
_NOT_SAID: Final = SecretShape(
    "access_token",
    False,
    "It starts with ATCT. So do access tokens of a repository, project or workspace, but an organisation's API key "
    "as well, and such a key must never be pasted anywhere. If you know that it is an access token, choose that kind "
    "and paste it again.",
)
_PRIVATE_KEY: Final = SecretShape("other", False, PRIVATE)
_SURROUNDED: Final = SecretShape(
    "other",
    False,
    "There seems to be a secret in this text, but something else stands before it. "
    "Paste the API token alone: no quotation marks, no command, no e-mail address.",
)


def classify_secret(text: str) -> SecretShape:
    """Tell what was pasted. Never raises; the text is neither kept nor part of the answer."""
    pasted = clean_secret(text)
    if not pasted:
        return _OTHERS["empty"]
    kind = _PREFIXES.get(pasted[:4], "other")
    if kind == "api_token":
        return _API_TOKEN if _is_one_word(pasted) else _BROKEN
    if kind != "other":
        return _OTHERS[kind]
    if has_private_key(pasted):
        return _PRIVATE_KEY
    if "://" in pasted.split()[0]:
        return _OTHERS["url"]
    return _SURROUNDED if looks_like_secret(pasted) else _OTHERS["other"]


def classify_for_check(text: str, *, is_said_to_be_access_token: bool) -> SecretShape:
    """Tell what was pasted where any kind may be checked. Never raises; the text is not part of the answer.

    What starts with ATCT may be sent only if the person said beforehand that it is an access token: an organisation's
    API key starts the same. Everything else is judged as by `classify_secret`.
    """
    shape = classify_secret(text)
    if shape.kind != "access_token":
        return shape
    if not is_said_to_be_access_token:
        return _NOT_SAID
    return _ACCESS_TOKEN if _is_one_word(clean_secret(text)) else _BROKEN_ACCESS_TOKEN


def clean_secret(text: str) -> str:
    """The pasted text without what copying put around it; what `classify_secret` judged and what is sent."""
    return text.strip().strip(_INVISIBLE).strip()


def _is_one_word(pasted: str) -> bool:
    return pasted.isascii() and all("!" <= character <= "~" for character in pasted)
