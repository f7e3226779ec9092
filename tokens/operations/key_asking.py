"""A deploy key that somebody asks for: is it known elsewhere, where does it go, and the row of work that adds it."""

from audit.tags import Tag
from tokens.boundaries import place_named
from tokens.models import Credential, KeyRegistration, Repository, Request
from tokens.operations.change import Change, NotAllowed, request_subject
from tokens.states import LIVE, RequestState
from workqueue.claims import enqueue


def ask_for_registration(request: Request, change: Change) -> None:
    """Let the portal add the key of a locked request, approved just now.

    Raises:
        NotAllowed: no place of that name is known here.
    """
    place = place_named(request.boundary)
    if place is None:
        raise NotAllowed(unknown_place(request.boundary))
    where = {"repository" if isinstance(place, Repository) else "project": place}
    row = KeyRegistration.objects.create(request=request, asked_at=change.at, **where)
    enqueue("register_key", key=f"key:{request.pk}", payload={"registration": row.pk})
    change.event(Tag.KEY_REGISTRATION_ASKED, request_subject(request), place=str(place))


def unknown_place(boundary: str) -> str:
    """Why a key cannot be added at a place that the inventory does not know."""
    return (
        f"The portal knows no {boundary}. A repository's short name is written small (acme/web), a project's key in"
        " capitals (acme/WEB). If it is new, wait for the next inventory run."
    )


def known_elsewhere(public_key: str, fingerprint: str, *, besides: Request | None = None) -> str:
    """Where else this key is known, in words; empty where it is not. One key pair is one machine's at one place.

    Args:
        public_key: as a request keeps it.
        fingerprint: as the inventory keeps it.
        besides: the request that it is for.
    """
    own = besides.pk if besides else 0
    held = Credential.objects.filter(key_fingerprint=fingerprint, state__in=LIVE).exclude(request=own).first()
    if held is not None:
        return f"as a {held.kind.replace('_', ' ')}" + (f" of {held.place}" if held.place else "")
    waiting = (RequestState.PENDING, RequestState.APPROVED)
    asked = Request.objects.filter(public_key=public_key, state__in=waiting).exclude(pk=own).order_by("pk").first()
    return f"in the request {asked.code}" if asked else ""
