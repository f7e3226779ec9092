"""Who acts: every operation takes one of these as ``acting_user=``, and the trail is told about it."""

from dataclasses import dataclass
from typing import Literal

from accounts.models import Person, User
from audit.trail import Actor, Subject


@dataclass(frozen=True)
class System:
    """The portal itself or a command that somebody ran on the server.

    Attributes:
        name: what it is called in the trail.
        kind: ``system`` for the portal's own work, ``command`` for a management command.
    """

    name: str
    kind: Literal["system", "command"] = "system"


@dataclass(frozen=True)
class Visitor:
    """Somebody Bitbucket has just vouched for, whom the portal may not know yet."""

    account_id: str
    display_name: str


@dataclass(frozen=True)
class Service:
    """Another system that showed a service token of the HTTP API.

    Attributes:
        name: what the token is called.
        scopes: what it was made for.
    """

    name: str
    scopes: frozenset[str]


Acting = User | Visitor | System | Service

SYSTEM = System("portal")
SIGN_IN = System("sign-in")


def actor(acting_user: Acting) -> Actor:
    """The trail's words for who acts."""
    if isinstance(acting_user, User):
        return Actor("person", account_id=acting_user.username, label=str(acting_user.person))
    if isinstance(acting_user, Visitor):
        return Actor("person", account_id=acting_user.account_id, label=acting_user.display_name)
    if isinstance(acting_user, Service):
        return Actor("service", label=f"service token {acting_user.name}")
    return Actor(acting_user.kind, label=acting_user.name)


def subject(person: Person) -> Subject:
    """The trail's words for the person something happened to; they outlive the row."""
    return Subject(type="person", id=person.account_id, label=str(person))
