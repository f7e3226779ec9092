"""What somebody pasted, before anything reads it: as plain text, with its secrets hidden."""

import re
from typing import Final

from tokens.catalogue.masking import mask

# Colours, cursor movements, links and window titles of terminals, as bytes and as logs spell them out
# (https://www.xfree86.org/current/ctlseqs.html).
_COLOURS: Final = re.compile(
    r"(?:\x1b|\\u001b|\\x1b|\\033|\\e)(?:\[[0-9;?]{0,20}[A-Za-z]|\][^\x07\x1b\n]{0,200}(?:\x07|\x1b\\)?)"
    r"|\^\[\[[0-9;]{0,20}m"
)
_UNSEEN: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufeff\u200b-\u200d\u2028\u2029\u2060]")
_LINE_ENDS: Final = re.compile(r"\r\n?")


def plain_text(text: str) -> str:
    """The text with one kind of line end, without colour codes and what nobody sees; its secrets are still in it."""
    return _UNSEEN.sub("", _COLOURS.sub("", _LINE_ENDS.sub("\n", text)))


def mask_pasted(text: str) -> str:
    """A pasted text as it may be read and shown again. A colour or an unseen character in a secret does not save it."""
    return mask(plain_text(text))
