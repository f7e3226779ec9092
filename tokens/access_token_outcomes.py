"""What a check of an access token means, in words; and what presenting one again showed."""

from tokens.catalogue.rules import will_not_work
from tokens.catalogue.shape import SecretShape
from tokens.models import BoundaryProof, Credential
from tokens.models.verification import Outcome, Verification
from tokens.outcomes import OutcomeWords
from tokens.presentation import kind_name

PROVEN = OutcomeWords(
    "good",
    "Proven: it is gone",
    "This is the very token that was registered here, and Bitbucket answered 401: nothing opens with it any more.",
)
STILL_WORKS = OutcomeWords(
    "danger",
    "It still works",
    "This is the very token that was registered here, and Bitbucket accepted it. It stays counted as alive. Delete it"
    " in the settings of its place at Bitbucket, then paste it once more.",
)
NOT_PROVEN = OutcomeWords(
    "caution",
    "Bitbucket gave no usable answer",
    "So nothing is proven, and nothing was kept. Wait a moment and paste it again.",
)
_INVALID = OutcomeWords(
    "danger",
    "Bitbucket does not accept this token",
    "It answered 401, which it does for each of these. Nothing was registered.",
    [
        "The token is not complete, or a character is wrong: copy it again.",
        "It has expired, or somebody deleted it.",
        "It is an organisation's API key. Then delete that key now: it was pasted where it does not belong.",
    ],
)
_ELSEWHERE = {
    "app_password": "This is an app password. Bitbucket removed app passwords on 28 July 2026, so it opens nothing.",
    "api_token": (
        "This starts like an API token of a person. A machine's access token starts with ATCT, and is made in the"
        " settings of its place at Bitbucket."
    ),
    "other": (
        "This does not start like an access token. If it is your password, do not paste it anywhere. An access token"
        " starts with ATCT."
    ),
    "empty": "Nothing was pasted. Paste the access token that Bitbucket showed.",
    "url": "This is an address, not a token. Paste the token that Bitbucket shows once after it is made.",
}


def not_sendable(shape: SecretShape) -> OutcomeWords:
    """Why a pasted text was sent nowhere."""
    words = shape.words if shape.kind == "access_token" else _ELSEWHERE[shape.kind]
    return OutcomeWords("danger", "This was not sent anywhere", words)


def words_for_access_token(row: Verification) -> OutcomeWords:
    """The words for a stored check of an access token."""
    if row.outcome == Outcome.WRONG_KIND:
        wanted = kind_name(row.request.kind).lower()
        body = f"Bitbucket calls it “{row.credential_type_seen}”. This request is for a {wanted}."
        return OutcomeWords("danger", "This is another kind of credential", body)
    if row.outcome == Outcome.INVALID:
        return _INVALID
    if row.boundary_proof == BoundaryProof.ELSEWHERE:
        return _refused(
            row, f"Refused: it does not open {row.request.boundary}", "It has to be made in the settings of"
        )
    if row.outcome == Outcome.EXCESS:
        return _excess(row)
    if row.outcome == Outcome.MISSING and not row.registered_as_id:
        body = "You can register it as it is. Then this will not work:"
        return OutcomeWords("caution", "This token can do less than was approved", body, will_not_work(row.missing))
    return _registered(row)


def _excess(row: Verification) -> OutcomeWords:
    if row.boundary_proof == BoundaryProof.OPENS_MORE:
        return _refused(row, "Refused: this token opens more than was approved", "Make one in the settings of")
    return _refused(
        row, "Refused: this token can do more than was approved", "Make one without these scopes in the settings of"
    )


def _refused(row: Verification, title: str, instead: str) -> OutcomeWords:
    known = Credential.objects.filter(request=row.request, fingerprint=row.fingerprint).order_by("-pk").first()
    said = f"{row.boundary_words[:1].upper()}{row.boundary_words[1:]}. " if row.boundary_words else ""
    if known is not None and known.ended_at is not None:
        alive = "It was not registered, and it is gone by now."
    else:
        alive = "It was not registered. It works at Bitbucket all the same, so it has to be deleted there."
    return OutcomeWords("danger", title, f"{said}{alive} {instead} {row.request.boundary}.", list(row.excess))


def _registered(row: Verification) -> OutcomeWords:
    exact = "Exactly as approved" if row.outcome == Outcome.EXACT else "Registered with less than was approved"
    place = row.request.boundary
    if row.boundary_proof == BoundaryProof.PROVEN:
        body = f"It opens {place}, and another place like it stayed closed. It is registered; nothing of it is stored."
        return OutcomeWords("good", exact, body)
    body = (
        f"The token is registered; nothing of it is stored. That it opens {place} and nothing else could not be tested:"
        f" {row.boundary_words}."
    )
    return OutcomeWords("caution", f"{exact}; where it opens is not proven", body)
