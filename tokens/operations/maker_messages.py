"""What those are told who make a machine's access token at Bitbucket, or end it there."""

from collections.abc import Sequence

from accounts.models import Person
from accounts.notifications import admins, notify
from tokens.catalogue.data import KIND_BY_SLUG
from tokens.models import Credential, Request


def tell_makers(request: Request, makers: Sequence[Person]) -> None:
    """The place's admins: one of them makes it, with the link to how."""
    for person in makers:
        own = person.pk == request.person_id
        who = "Your request" if own else f"A request of {request.person}"
        notify(person, subject=_to_make(request), body=f"{who} {_asks(request)}\n\n{_HOW}", path=_path(request))


def tell_admins_to_make(request: Request) -> None:
    """The portal's admins, because nobody knows who administers the place."""
    body = (
        f"A request of {request.person} {_asks(request)}\n\n"
        f"Who administers {request.boundary} is not known: {request.makers_because}. So an admin of the portal makes"
        f" it, or sees to it.\n\n{_HOW}"
    )
    for person in admins():
        notify(person, subject=_to_make(request), body=body, path=_path(request))


def tell_no_place(request: Request) -> None:
    """The person who asked: nobody can make it, because there is no such place."""
    body = (
        f"Your request {request.code} is approved, but nobody can make its credential: {request.makers_because}\n\n"
        "Withdraw it and ask again with the right name, or look again once the place is there."
    )
    notify(request.person, subject=f"Not found: {request.boundary}", body=body, path=_path(request))


def tell_to_delete(credential: Credential, makers: Sequence[Person]) -> None:
    """The place's admins: an access token has to be deleted in its settings."""
    body = (
        f"“{credential.name}” of {credential.place_name} is to end. No API can end it: delete it in the settings of"
        f" {credential.place_name}, then have it pasted once more, which proves that it is gone."
    )
    for person in makers:
        notify(person, subject=f"Delete: {credential.name}", body=body, path=credential.get_absolute_url())


def tell_answerable(credential: Credential, subject: str, body: str) -> None:
    """The holder, the deputy and who made it, each once."""
    request = credential.request
    people = (credential.holder, request.deputy if request else None, credential.creator)
    for person in dict.fromkeys(one for one in people if one is not None):
        notify(person, subject=subject, body=body, path=credential.get_absolute_url())


_HOW = (
    "Open it: it shows each step at Bitbucket. The secret goes straight into the machine's secret store; nobody sends"
    " it to anybody."
)


def _to_make(request: Request) -> str:
    return f"To make: {KIND_BY_SLUG[request.kind].name.lower()} of {request.boundary}"


def _asks(request: Request) -> str:
    name = KIND_BY_SLUG[request.kind].name.lower()
    return f"is approved: a {name} of {request.boundary}, for {request.where_used} ({request.reason})."


def _path(request: Request) -> str:
    return request.get_absolute_url()
