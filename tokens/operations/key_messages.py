"""What the people around a deploy key are told: the holder and the deputy, because a machine outlives holidays."""

from accounts.notifications import notify
from tokens.models import Credential, Request


def tell_added(credential: Credential) -> None:
    """The key works."""
    _tell(
        credential,
        f"Ready: the key of {credential.place}",
        f"The portal added “{credential.name}” to {credential.place}, and Bitbucket lists it. The machine can clone and"
        " fetch over SSH now; the page shows the lines.",
    )


def tell_not_added(request: Request, because: str) -> None:
    """The portal could not add it."""
    body = (
        f"The key of {request.code} was not added to {request.boundary}: {because}.\n\n"
        "Nothing is lost: open the request, it says what to do now."
    )
    notify(request.person, subject=f"Not added: {request.code}", body=body, path=request.get_absolute_url())


def tell_end_is_near(credential: Credential, *, days: int) -> None:
    """It will be deleted soon."""
    when = "tomorrow" if days <= 1 else f"in {days} days"
    _tell(
        credential,
        f"Ends {when}: the key of {credential.place}",
        f"“{credential.name}” of {credential.place} was approved until {credential.expires_at:%d %B %Y}. The portal"
        f" deletes it {when}, and whatever uses it stops.\n\n"
        "If the machine still needs to read there, ask for a new key before that day.",
    )


def tell_old_key_is_used(credential: Credential) -> None:
    """It was replaced, and something still uses it."""
    _tell(
        credential,
        f"Still in use: the old key of {credential.place}",
        f"“{credential.name}” was replaced, and something still uses it. The portal keeps it until that stops. Find"
        " what uses it, or delete it on its page.",
    )


def tell_new_key_is_unused(credential: Credential) -> None:
    """It was added in place of another one, and nothing uses it."""
    _tell(
        credential,
        f"Not used: the new key of {credential.place}",
        f"“{credential.name}” was added in place of an older key and was never used. The older one stays, so nothing is"
        " broken. Put the new key to use, or delete it on its page.",
    )


def tell_vanished(credential: Credential) -> str:
    """The portal added it, did not delete it, and a complete list lacks it. Returns the words, for admins."""
    body = (
        f"“{credential.name}” was added by the portal, and {credential.place} does not list it any more. The portal did"
        " not delete it: somebody did, or it went with a right of the account that added it. The machine cannot read"
        " there now."
    )
    _tell(credential, f"Vanished: the key of {credential.place}", body)
    return body


def _tell(credential: Credential, subject: str, body: str) -> None:
    request = credential.request
    people = dict.fromkeys(filter(None, (credential.holder, request.deputy if request else None)))
    for person in people:
        notify(person, subject=subject, body=body, path=credential.get_absolute_url())
