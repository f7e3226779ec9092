"""Taking secrets out of text before it is logged, stored, shown or matched."""

from tokens.catalogue.masking_rules import RULES, SECRET_NAME
from tokens.catalogue.masking_words import HIDDEN
from tokens.catalogue.private_keys import hide_private_keys

__all__ = ["HIDDEN", "looks_like_secret", "mask", "names_a_secret"]


def mask(text: str) -> str:
    """The text with every secret replaced by ``***``; any length, any number of lines, never raises.

    Hidden are private keys and pieces of them, Atlassian's secrets by their beginning (also percent- or
    base64-encoded), user information in addresses, ``-u user:secret``, Authorization headers and cookies, and values
    named as a password, token or key.
    """
    # First: what names a value (`private_key=`) would hide the first line of a block and leave the others.
    text = hide_private_keys(text)
    lower = text.lower()
    for rule in RULES:
        if any(needle in lower for needle in rule.needles):
            text = rule.pattern.sub(rule.replacement, text)
    return text


def looks_like_secret(text: str) -> bool:
    """Whether `mask` would hide something: for free-text fields, which refuse such a text."""
    return mask(text) != text


def names_a_secret(name: str) -> bool:
    """Whether a field of this name holds a secret (``password``, ``BITBUCKET_OAUTH_SECRET``, ``Cookie``)."""
    return SECRET_NAME.fullmatch(name) is not None
