"""A newer deploy key beside an older one: both work until nothing uses the older one any more."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.conf import settings

from accounts.access import authorise
from accounts.actors import SYSTEM
from accounts.models import User
from audit.tags import Tag
from tokens.codes import new_code
from tokens.models import Credential, Request, Standing, UsedBy
from tokens.operations import key_messages
from tokens.operations.change import Change, NotAllowed, Stale, request_subject
from tokens.operations.credentials import lock_credential
from tokens.operations.key_asking import ask_for_registration, known_elsewhere
from tokens.operations.key_ends import end_key
from tokens.policy import KEY_KIND
from tokens.states import CredentialState, RequestState
from workqueue.claims import enqueue

# A machine that fetches every night shows itself within that.
QUIET_FOR: Final = timedelta(days=1)


@dataclass(frozen=True)
class Rotation:
    """An older key and the newer one that works beside it."""

    older: Credential
    newer: Credential


def may_rotate(credential: Credential, user: User) -> bool:
    """Its holder, its deputy, or who may end anybody's credentials."""
    deputy = credential.request.deputy_id if credential.request else None
    return user.person_id in (credential.holder_id, deputy) or user.has_perm("tokens.revoke_credential")


def why_not_rotated(credential: Credential) -> str:
    """Why no newer key can be added beside this one, in words; empty where one can."""
    if credential.kind != KEY_KIND or credential.standing != Standing.APPROVED or credential.request is None:
        return "Only an approved deploy key can be replaced here."
    if credential.state != CredentialState.ACTIVE:
        return f"This key cannot be replaced: it is {credential.get_state_display().lower()}."
    return ""


def rotate_key(credential: Credential, public_key: str, fingerprint: str, *, acting_user: User) -> Request:
    """Have a newer key added beside an approved one, for what is left of its time; nobody has to approve it again.

    Args:
        credential: the key that works now.
        public_key: the newer one's public half, `algorithm base64`.
        fingerprint: of the newer one.

    Returns:
        The request of the newer key, approved.

    Raises:
        PermissionDenied: the person may not ask for credentials (any more).
        NotAllowed: somebody else's, or a key that is known elsewhere.
        Stale: it is being replaced already, or has ended.
    """
    authorise(acting_user, "tokens.request_credential")
    with Change(acting_user) as change:
        locked = lock_credential(credential.pk)
        if not may_rotate(locked, acting_user):
            raise NotAllowed("Only its holder, its deputy or an admin can replace a key.")
        why_not = why_not_rotated(locked)
        if why_not:
            raise Stale(why_not)
        running = Request.objects.filter(rotates=locked, state=RequestState.APPROVED).first()
        if running is not None:
            raise Stale(f"A newer key is being added already: {running.code}.")
        elsewhere = known_elsewhere(public_key, fingerprint)
        if elsewhere:
            raise NotAllowed(f"This key is known {elsewhere}. Let the machine make a pair for this alone.")
        request = _insert(locked, public_key, change)
        change.event(
            Tag.REQUEST_SUBMITTED,
            request_subject(request),
            rotates=locked.name,
            scopes=list(request.scopes),
            scopes_hash=request.scopes_hash,
        )
        change.event(Tag.REQUEST_APPROVED, request_subject(request), by="rotation", credential=locked.name)
        ask_for_registration(request, change)
    return request


def _insert(older: Credential, public_key: str, change: Change) -> Request:
    asked = older.approved_request
    assert asked.approved_until is not None
    return Request.objects.create(
        code=new_code(),
        person=asked.person,
        template_version=asked.template_version,
        kind=KEY_KIND,
        used_by=UsedBy.MACHINE,
        machine=asked.machine,
        public_key=public_key,
        deputy=asked.deputy,
        boundary=asked.boundary,
        needed=asked.needed,
        scopes=asked.scopes,
        scopes_hash=asked.scopes_hash,
        risk=asked.risk,
        reason=f"Replaces {asked.code}: {asked.reason}"[:300],
        where_used=asked.where_used,
        lifetime_days=max(1, (asked.approved_until - change.at.date()).days),
        rotates=older,
        state=RequestState.APPROVED,
        decided_by_rule=True,
        submitted_at=change.at,
        decided_at=change.at,
        approved_until=asked.approved_until,
    )


def watch_rotations(now: datetime, *, at_most: int) -> None:
    """Ask for one look an hour at every key that is being replaced."""
    rotating = Credential.objects.filter(kind=KEY_KIND, state=CredentialState.ROTATING).order_by("pk")
    for pk in rotating.values_list("pk", flat=True)[:at_most]:
        enqueue("watch_rotation", key=f"rotation:{pk}:{now:%Y%m%d%H}", payload={"credential": pk})


def rotation_of(older: Credential) -> Rotation | None:
    """The newer key that works beside this one; None where there is none (any more)."""
    newer = Credential.objects.filter(request__rotates=older, state=CredentialState.ACTIVE).order_by("-pk").first()
    return Rotation(older, newer) if newer else None


def overlap_ends(rotation: Rotation) -> datetime:
    """Before this moment the older key is not deleted by itself."""
    return rotation.newer.registered_at + timedelta(days=settings.KEY_OVERLAP_DAYS)


def settle_rotation(pk: int) -> str:
    """Decide about an older key from what its place's list told last: delete it when only the newer one is used.

    Nothing is deleted on a guess: where Bitbucket tells no last use of the newer key, or the older one is still used,
    people are told and decide.

    Returns: what was decided: `deleted`, `waits`, `still used`, `unused`, or `over` where it is no rotation any more.
    """
    with Change(SYSTEM) as change:
        older = lock_credential(pk)
        rotation = rotation_of(older)
        if older.state != CredentialState.ROTATING or rotation is None:
            return "over"
        if change.at < overlap_ends(rotation):
            return "waits"
        newer = rotation.newer
        if newer.last_used_at is None:
            _tell_once_a_week("unused", newer, change.at)
            return "unused"
        if older.last_used_at is not None and older.last_used_at > change.at - QUIET_FOR:
            _tell_once_a_week("used", older, change.at)
            return "still used"
        end_key(older, change, reason=f"Replaced by {newer.name}, and not used any more")
    return "deleted"


def _tell_once_a_week(what: str, credential: Credential, now: datetime) -> None:
    year, week, _ = now.isocalendar()
    key = f"rotation-news:{what}:{credential.pk}:{year}-{week}"
    enqueue("tell_of_rotation", key=key, payload={"credential": credential.pk, "what": what})


def tell_of_rotation(credential: Credential, what: str) -> None:
    """Tell holder and deputy why an older key is still there."""
    if what == "unused":
        key_messages.tell_new_key_is_unused(credential)
    else:
        key_messages.tell_old_key_is_used(credential)
