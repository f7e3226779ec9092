"""Whether evidence packs can be signed. Only the worker holds the key; everybody else reads what it wrote down."""

from dataclasses import dataclass

from audit.signing import NoSigningKey, configured_key
from tokens.capabilities import observe
from tokens.models import Capability

NAME = Capability.Name.SIGN_PACKS
NOBODY_LOOKED = "The worker has not said yet whether it holds a key to sign evidence with."


@dataclass(frozen=True)
class Signing:
    """What is known of the key.

    Attributes:
        is_possible: whether a pack can be made.
        words: why not, or with which key.
    """

    is_possible: bool
    words: str


def note_signing_key() -> None:
    """Write down what this process, the worker, can sign with; where that is known already, nothing is written."""
    try:
        key = configured_key()
        level, words = Capability.Level.AUTOMATIC, f"The worker signs evidence packs with key {key.key_id}."
    except NoSigningKey as problem:
        level, words = Capability.Level.MANUAL, str(problem)
    if not Capability.objects.filter(name=NAME, level=level, reason=words).exists():
        observe(NAME, level, words)


def signing() -> Signing:
    """What the worker said last."""
    known = Capability.objects.filter(name=NAME).first()
    if known is None:
        return Signing(False, NOBODY_LOOKED)
    return Signing(known.level == Capability.Level.AUTOMATIC, known.reason)
