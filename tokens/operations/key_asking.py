"""A deploy key that somebody asks for: is it known elsewhere, where does it go, and the row of work that adds it."""

from typing import Final

from accounts.models import User
from audit.tags import Tag
from tokens.models import Credential, KeyRegistration, Repository, Request
from tokens.models.key_registration import RegistrationOutcome
from tokens.named_places import place_named
from tokens.operations.change import Change, NotAllowed, Stale, request_subject
from tokens.operations.credential_circuits import close_for_retry
from tokens.states import LIVE, RequestState
from workqueue.claims import enqueue

JOB: Final = "register_key"


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
    enqueue(JOB, key=row.job_key, payload={"registration": row.pk})
    change.event(Tag.KEY_REGISTRATION_ASKED, request_subject(request), place=str(place))


def may_retry(registration: KeyRegistration, user: User) -> bool:
    """Who waits for the key, who answers for it, and who runs the portal."""
    request = registration.request
    if registration.outcome != RegistrationOutcome.NEEDS_HUMAN or request.state != RequestState.APPROVED:
        return False
    return user.person_id in (request.person_id, request.deputy_id) or user.has_perm("tokens.revoke_credential")


def retry_registration(registration: KeyRegistration, *, acting_user: User) -> None:
    """A person wants it tried again: the bot was given the right, or the key is free by now.

    Raises:
        NotAllowed: not for this user.
        Stale: it does not wait for a person (any more).
    """
    with Change(acting_user) as change:
        locked = KeyRegistration.objects.select_for_update(of=("self",)).get(pk=registration.pk)
        rows = Request.objects.select_for_update(of=("self",), no_key=True)
        locked.request = rows.select_related("person").get(pk=locked.request_id)
        if locked.outcome != RegistrationOutcome.NEEDS_HUMAN or locked.request.state != RequestState.APPROVED:
            raise Stale("There is nothing to try again: look at the request.")
        if not may_retry(locked, acting_user):
            raise NotAllowed("Only who waits for the key, their deputy or an admin can have it tried again.")
        locked.outcome, locked.finished_at, locked.waiting_because = "", None, ""
        locked.tries += 1
        locked.save(update_fields=["outcome", "finished_at", "waiting_because", "tries"])
        close_for_retry(JOB)
        enqueue(JOB, key=locked.job_key, payload={"registration": locked.pk})
        change.event(Tag.KEY_REGISTRATION_ASKED, request_subject(locked.request), place=str(locked.place), again=True)


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
