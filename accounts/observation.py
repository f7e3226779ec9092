"""What Bitbucket tells about somebody who is signing in. Network, no database; the token stays in memory."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils import timezone

from accounts.policy import ACTIVE
from accounts.refusals import Reason
from audit.content import RefusedContent, refuse_secret
from bitbucket.cloud import CloudClient
from bitbucket.errors import Forbidden, NotFound, RemoteError, Transient, Unauthorized
from bitbucket.resources import CurrentUser, EmailAddress


@dataclass(frozen=True)
class SeatSeen:
    """A membership as Bitbucket tells it; ``role`` is owner, create-project or member; no name is fine."""

    workspace_uuid: str
    slug: str
    role: str
    name: str = ""


@dataclass(frozen=True)
class Profile:
    """Who the token belongs to, from ``GET /2.0/user``."""

    account_id: str
    uuid: str
    display_name: str
    nickname: str
    account_status: str

    @classmethod
    def from_current_user(cls, user: CurrentUser) -> "Profile":
        """The profile of Bitbucket's answer; a name that the trail would refuse gives way to the id."""
        return cls(
            account_id=user.account_id,
            uuid=user.uuid,
            display_name=_name_for_trail(user.display_name) or user.account_id,
            nickname=_name_for_trail(user.nickname),
            account_status=user.account_status or ACTIVE,
        )

    @classmethod
    def from_mapping(cls, fields: Mapping[str, Any]) -> "Profile":
        """The profile that `as_mapping` wrote."""
        return cls(**{name: str(fields[name]) for name in cls.__dataclass_fields__})

    def as_mapping(self) -> dict[str, str]:
        """The profile as plain values, for allauth to carry within one request."""
        return {name: getattr(self, name) for name in self.__dataclass_fields__}


@dataclass(frozen=True)
class SignIn:
    """Everything the gate decides on.

    Attributes:
        profile: who it is.
        email: the confirmed primary address; without one the first confirmed; else empty.
        confirmed_emails: every address that Bitbucket calls confirmed.
        seats: memberships of the workspaces this portal serves.
        observed_at: when it was read.
    """

    profile: Profile
    email: str = ""
    confirmed_emails: tuple[str, ...] = ()
    seats: tuple[SeatSeen, ...] = ()
    observed_at: datetime = field(default_factory=timezone.now)


def read_sign_in(client: CloudClient, profile: Profile, *, served: Collection[str]) -> SignIn:
    """Read what the gate needs with the token of the person who signs in.

    Args:
        client: holds that token.
        profile: who it is.
        served: uuids of the workspaces this portal serves; slugs can be renamed and taken by others.

    Raises:
        RemoteError: Bitbucket did not answer, or not usably.
    """
    email, confirmed = confirmed_addresses(client.emails())
    memberships = [access for access in client.my_workspaces() if access.uuid in served]
    seats = [
        SeatSeen(access.uuid, access.slug, role, _workspace_name(client, access.uuid))
        for access in memberships
        if (role := _role(client, access.uuid)) is not None
    ]
    return SignIn(profile, email=email, confirmed_emails=confirmed, seats=tuple(seats))


def confirmed_addresses(addresses: Collection[EmailAddress]) -> tuple[str, tuple[str, ...]]:
    """The address to write to (or empty) and all confirmed ones, the primary first."""
    confirmed = [address for address in addresses if address.is_confirmed]
    confirmed.sort(key=lambda address: not address.is_primary)
    emails = tuple(dict.fromkeys(address.email for address in confirmed))
    return (emails[0] if emails else ""), emails


def refusal_for(seen: SignIn, *, switched_off: bool, named: bool) -> Reason | None:
    """Why this person may not come in, or None.

    Args:
        seen: what Bitbucket told.
        switched_off: whether the portal itself switched the user off.
        named: whether the settings name the account, so that it needs no seat.
    """
    if switched_off or seen.profile.account_status != ACTIVE:
        return Reason.DEACTIVATED
    if not seen.seats and not named:
        return Reason.NOT_A_MEMBER
    if not seen.email:
        return Reason.NO_CONFIRMED_EMAIL
    return None


def reason_from_error(error: RemoteError) -> Reason:
    """What a failed call to Bitbucket means for the person who signs in.

    An account that was switched off is told apart by Bitbucket's words "User is inactive" beside a 401
    (https://github.com/python-social-auth/social-core, notes in its Bitbucket backend).
    """
    if isinstance(error, Transient):
        return Reason.BITBUCKET_UNREACHABLE
    if isinstance(error, Unauthorized) and "inactive" in error.detail.lower():
        return Reason.DEACTIVATED
    return Reason.ERROR


def _role(client: CloudClient, workspace_uuid: str) -> str | None:
    """The person's role, or None where Bitbucket says that they have none in that workspace."""
    try:
        return client.my_role(workspace_uuid)
    except (NotFound, Forbidden):
        return None


def _workspace_name(client: CloudClient, workspace_uuid: str) -> str:
    """The workspace's name, which is only a label: without it the slug stands for it."""
    try:
        return client.workspace(workspace_uuid).name
    except RemoteError:
        return ""


def _name_for_trail(name: str) -> str:
    try:
        refuse_secret(name, where="name")
    except RefusedContent:
        return ""
    return " ".join(name.split())[:255]
