"""Words that come from outside, made fit to be stored, shown and told to the trail.

Anybody may call a token whatever they like, also by its own secret.
"""

from typing import Final

from audit.content import RefusedContent, clean_text, refuse_secret
from tokens.catalogue.masking import HIDDEN, mask

LABEL_LENGTH: Final = 200
SCOPE_LENGTH: Final = 60


def clean_label(text: str, *, length: int = LABEL_LENGTH) -> str:
    """One line without a secret, at most ``length`` characters; what still looks like one is hidden as a whole."""
    line = " ".join(mask(clean_text(text)).split())[:length].strip()
    try:
        refuse_secret(line, where="label")
    except RefusedContent:
        return HIDDEN
    return line


def clean_scopes(scopes: frozenset[str] | None) -> list[str] | None:
    """Scopes in order and no longer than the column takes; None where nobody told them."""
    return None if scopes is None else sorted({clean_label(scope, length=SCOPE_LENGTH) for scope in scopes})
