"""Sign-in and sign-out: what is remembered of a person, and what ends."""

from django.db import transaction

from accounts.actors import Acting, System, Visitor, actor, subject
from accounts.models import Person, Seat, User, Workspace
from accounts.observation import SeatSeen, SignIn
from accounts.policy import INACTIVE
from accounts.refusals import Reason
from accounts.roles import roles_of
from audit import trail
from audit.tags import Tag


def start_session(seen: SignIn, *, acting_user: Visitor) -> User:
    """Remember what Bitbucket told at this sign-in and tell the trail that a session starts.

    The user is found by the account id and by nothing else: not by name, not by e-mail address.

    Args:
        seen: what passed the gate.
        acting_user: the person who signs in.

    Returns:
        The user to sign in; made now at the first sign-in.
    """
    with transaction.atomic():
        person = _remember_person(seen)
        _remember_seats(person, seen)
        user = user_of(person)
        trail.record(
            Tag.SESSION_START,
            actor=actor(acting_user),
            subject=subject(person),
            method="bitbucket",
            roles=sorted(roles_of(user)),
            workspaces=[seat.slug for seat in seen.seats],
        )
        return user


def refuse_sign_in(reason: Reason, *, acting_user: Visitor | System) -> None:
    """Tell the trail about a refusal, and take back what it shows to be over.

    An account that is off is marked so; somebody who is no longer a member loses the seats. Either way the
    sessions they still have end at once.

    Args:
        reason: why.
        acting_user: who tried, where that is known.
    """
    with transaction.atomic():
        if isinstance(acting_user, Visitor) and reason in {Reason.DEACTIVATED, Reason.NOT_A_MEMBER}:
            _take_back(acting_user.account_id, reason)
        tried = _tried(acting_user)
        trail.record(Tag.SESSION_REFUSED, actor=actor(acting_user), subject=tried, reason=reason.value)


def end_session(user: User, *, acting_user: Acting) -> None:
    """Tell the trail that somebody signed out."""
    with transaction.atomic():
        trail.record(Tag.SESSION_END, actor=actor(acting_user), subject=subject(user.person))


def user_of(person: Person) -> User:
    """The person's user, made now if there is none. Call it inside a transaction."""
    user, made = User.objects.get_or_create(person=person, defaults={"username": person.account_id})
    if made:
        end_all_sessions(user)
    return user


def end_all_sessions(user: User) -> None:
    """End every session of a user at its next request.

    Django binds a session to a hash of the password field. Nobody has a password here, so the field holds a
    random unusable one, and a new one ends them all.
    """
    user.set_unusable_password()
    user.save(update_fields=["password"])


def _remember_person(seen: SignIn) -> Person:
    profile = seen.profile
    person, _ = Person.objects.update_or_create(
        account_id=profile.account_id,
        defaults={
            "uuid": profile.uuid,
            "display_name": profile.display_name,
            "nickname": profile.nickname,
            "email": seen.email,
            "confirmed_emails": list(seen.confirmed_emails),
            "account_status": profile.account_status,
            "last_signed_in_at": seen.observed_at,
        },
    )
    return person


def _remember_seats(person: Person, seen: SignIn) -> None:
    kept = []
    # Always in the same order, or two sign-ins could each wait for the other's workspace.
    for seat in sorted(seen.seats, key=lambda seat: seat.workspace_uuid):
        workspace = _workspace_from_seat(seat)
        kept.append(workspace.pk)
        Seat.objects.update_or_create(
            person=person, workspace=workspace, defaults={"role": seat.role, "observed_at": seen.observed_at}
        )
    person.seats.exclude(workspace__in=kept).delete()


def _workspace_from_seat(seat: SeatSeen) -> Workspace:
    labels = {"slug": seat.slug, "name": seat.name} if seat.name else {"slug": seat.slug}
    return Workspace.objects.update_or_create(uuid=seat.workspace_uuid, defaults=labels)[0]


def _take_back(account_id: str, reason: Reason) -> None:
    person = Person.objects.select_for_update().filter(account_id=account_id).first()
    if person is None:
        return
    if reason == Reason.NOT_A_MEMBER:
        person.seats.all().delete()
    user = User.objects.filter(person=person).first()
    if reason == Reason.DEACTIVATED and (user is None or user.is_active):
        person.account_status = INACTIVE
        person.save(update_fields=["account_status"])
    if user is not None:
        end_all_sessions(user)


def _tried(acting_user: Visitor | System) -> trail.Subject:
    if isinstance(acting_user, Visitor):
        return trail.Subject(type="person", id=acting_user.account_id, label=acting_user.display_name)
    return trail.Subject(type="session", id="", label="sign-in")
