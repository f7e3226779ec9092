"""What a verification means, in words: what was wrong, what Bitbucket said, what to do now."""

from dataclasses import dataclass, field

from tokens.catalogue.rules import will_not_work
from tokens.models import Credential
from tokens.models.verification import Outcome, Verification
from tokens.states import CredentialState


@dataclass(frozen=True)
class OutcomeWords:
    """One answer to a paste.

    Attributes:
        tone: good, caution or danger.
        items: sentences below the body, such as what will not work.
    """

    tone: str
    title: str
    body: str
    items: list[str] = field(default_factory=list)


INVALID = OutcomeWords(
    "danger",
    "Bitbucket does not accept this token",
    "It answered 401, which it does for each of these. Nothing was registered.",
    [
        "The token is not complete, or a character is wrong: copy it again.",
        "It has expired or was revoked.",
        "It was created without scopes: choose “Create API token with scopes”.",
        "It belongs to an Atlassian account with another e-mail than the one chosen below.",
    ],
)
WRONG_HOLDER = OutcomeWords(
    "danger",
    "This token belongs to somebody else",
    "Bitbucket names another account as its holder. Sign in at Atlassian as yourself and create your own."
    " If you have somebody else's token, tell them: it should be revoked.",
)
UNREADABLE = OutcomeWords(
    "caution",
    "Bitbucket gave no usable answer",
    "Nothing was stored. Wait a moment and paste the token again.",
)
TOO_MANY = OutcomeWords(
    "caution",
    "Too many tries",
    "Five checks in ten minutes are allowed. Wait a few minutes; the token stays valid meanwhile.",
)


def words_for_outcome(row: Verification) -> OutcomeWords:
    """The words for a stored verification."""
    if row.registered_as is not None and row.registered_as.state == CredentialState.REFUSED:
        return _taken_back(row.registered_as)
    if row.outcome == Outcome.EXACT:
        return _exact(row)
    if row.outcome == Outcome.MISSING:
        return _missing(row)
    if row.outcome == Outcome.EXCESS:
        return _excess(row)
    if row.outcome == Outcome.WRONG_KIND:
        return OutcomeWords(
            "danger",
            "This is another kind of credential",
            f"Bitbucket calls it “{row.credential_type_seen}”. This request is for an API token.",
        )
    return WRONG_HOLDER if row.outcome == Outcome.WRONG_HOLDER else INVALID


def _excess(row: Verification) -> OutcomeWords:
    refused = Credential.objects.filter(request=row.request, fingerprint=row.fingerprint).order_by("-pk").first()
    if refused is not None and refused.ended_at is not None:
        alive = "It was not registered, and it is gone by now. Create another one without these scopes:"
    else:
        alive = (
            "It was not registered. It works at Bitbucket all the same, so it has to be deleted."
            " Then create it again without these scopes:"
        )
    return OutcomeWords("danger", "Refused: this token can do more than was approved", alive, list(row.excess))


def _taken_back(credential: Credential) -> OutcomeWords:
    return OutcomeWords(
        "danger",
        "Refused: this token lives longer than approved",
        f"The organisation's listing shows it: {credential.state_reason}. It works at Bitbucket all the same, so it"
        " has to be deleted. Then create it again with the end that was approved.",
    )


def _exact(row: Verification) -> OutcomeWords:
    if row.registered_as_id:
        return OutcomeWords("good", "Exactly as approved", "The token is registered. Nothing of it is stored here.")
    if row.waits_for_listing:
        return OutcomeWords(
            "caution",
            "Exactly as approved; checking whose it is",
            f"Bitbucket does not name the holder of such a token, so the portal is {row.waiting_reason}.",
        )
    return OutcomeWords("danger", "Not registered", f"{row.waiting_reason or 'It could not be registered'}.")


def _missing(row: Verification) -> OutcomeWords:
    if row.registered_as_id or row.waits_for_listing or row.waiting_reason:
        return _exact(row)
    return OutcomeWords(
        "caution",
        "This token can do less than was approved",
        "You can register it as it is. Then this will not work:",
        will_not_work(row.missing),
    )
