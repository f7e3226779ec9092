"""What an access token opens: its own place has to answer, and another one has to stay closed.

Bitbucket names neither the place of such a token nor what it reaches. So its place is looked at with it, and one more
place like it. What is public answers to everybody and shows nothing; what cannot be looked at is said, never claimed.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

from django.conf import settings
from django.db.models import QuerySet

from accounts.models import Workspace
from bitbucket.cloud import CloudClient
from bitbucket.errors import Forbidden, MissingScope, NotFound, RemoteError
from tokens.boundaries import PROJECT, WORKSPACE, Boundary
from tokens.catalogue.rules import expand_classic
from tokens.models import BoundaryProof, Repository

NO_SCOPE = "with the scopes it has it cannot look at {place}"
NOT_TOLD = "{place} is public, or Bitbucket does not say that it is private, so everybody can look at it"
NO_OTHER = "no other private place is known that it should not open"


class Looked(Enum):
    """What one look at a place showed."""

    OPEN = "open"
    CLOSED = "closed"
    CANNOT_TELL = "cannot tell"


@dataclass(frozen=True)
class Target:
    """A place to look at with the token, and its name for people."""

    words: str
    look: Callable[[CloudClient], bool | None]


@dataclass(frozen=True)
class Targets:
    """What is looked at: the place itself, and one that must stay closed; None with the reason where there is none."""

    own: Target | None
    other: Target | None
    why_no_own: str = ""


@dataclass(frozen=True)
class BoundaryAnswer:
    """What the looks came to, with words for people; `proof` None where Bitbucket gave no usable answer."""

    proof: BoundaryProof | None
    words: str = ""


def targets_of(place: Boundary, granted: frozenset[str]) -> Targets:
    """Choose what to look at with a token of these classic scopes.

    Args:
        place: the approved one.
        granted: the scopes that the token has.
    """
    can = expand_classic(granted)
    if place.kind == WORKSPACE:
        return Targets(_workspace(place.workspace), _other_workspace(place))
    if place.kind == PROJECT:
        own = _project(place, can)
        other = _other_repository(place) if "repository" in can else None
        return Targets(own, other, NO_SCOPE.format(place=place.words))
    if "repository" not in can:
        return Targets(None, None, NO_SCOPE.format(place=place.words))
    own = Target(place.words, lambda client: client.opens_repository(place.workspace.uuid, place.name))
    return Targets(own, _other_repository(place))


def _workspace(workspace: Workspace) -> Target:
    return Target(workspace.slug, lambda client: client.opens_workspace(workspace.uuid))


def _other_workspace(place: Boundary) -> Target | None:
    served = Workspace.objects.filter(uuid__in=settings.BITBUCKET_WORKSPACES).exclude(pk=place.workspace.pk)
    other = served.order_by("slug").first()
    return _workspace(other) if other else None


def _project(place: Boundary, can: frozenset[str]) -> Target | None:
    """The project itself; where the token may not look at projects, a private repository in it."""
    if "project" in can:
        return Target(place.words, lambda client: client.opens_project(place.workspace.uuid, place.name))
    if "repository" not in can or place.project is None:
        return None
    inside = _private(place).filter(project=place.project).first()
    return _repository(inside) if inside else None


def _other_repository(place: Boundary) -> Target | None:
    """A private repository of the same workspace that the token must not open."""
    others = _private(place)
    if place.kind == PROJECT:
        # Where nobody knows which project a repository is in, it may be this one.
        known = others.exclude(project=None)
        found = (
            known.exclude(project=place.project) if place.project else known.exclude(project__key__iexact=place.name)
        )
    else:
        found = others.exclude(pk=place.repository.pk) if place.repository else others.exclude(slug__iexact=place.name)
    other = found.first()
    return _repository(other) if other else None


def _private(place: Boundary) -> QuerySet[Repository]:
    """What was seen last comes first: a place that is gone stays closed to everybody, which would show nothing."""
    rows = Repository.objects.filter(workspace=place.workspace, gone_at=None, is_private=True)
    return rows.select_related("workspace").order_by("-observed_at", "pk")


def _repository(row: Repository) -> Target:
    return Target(row.full_name, lambda client: client.opens_repository(row.workspace.uuid, row.uuid))


def check_boundary(client: CloudClient, targets: Targets) -> BoundaryAnswer:
    """Look at both places with the token. Trouble with the network is an answer, never an exception.

    Args:
        client: speaks with the token, inside the deadline of the whole check.
        targets: as `targets_of` chose them.
    """
    try:
        return _looked(client, targets)
    except RemoteError:
        return BoundaryAnswer(None)


def _looked(client: CloudClient, targets: Targets) -> BoundaryAnswer:
    other = _look(client, targets.other) if targets.other else Looked.CANNOT_TELL
    if targets.other and other is Looked.OPEN:
        return BoundaryAnswer(BoundaryProof.OPENS_MORE, f"it also opens {targets.other.words}")
    if targets.own is None:
        return BoundaryAnswer(BoundaryProof.NOT_TESTED, targets.why_no_own)
    own = _look(client, targets.own)
    if own is Looked.CLOSED:
        words = f"it does not open {targets.own.words}, so it was made somewhere else, or the place was renamed"
        return BoundaryAnswer(BoundaryProof.ELSEWHERE, words)
    if own is Looked.CANNOT_TELL:
        return BoundaryAnswer(BoundaryProof.NOT_TESTED, NOT_TOLD.format(place=targets.own.words))
    if targets.other is None or other is Looked.CANNOT_TELL:
        return BoundaryAnswer(BoundaryProof.NOT_TESTED, f"it opens {targets.own.words}, but {NO_OTHER}")
    return BoundaryAnswer(BoundaryProof.PROVEN)


def _look(client: CloudClient, target: Target) -> Looked:
    try:
        is_private = target.look(client)
    except MissingScope:
        return Looked.CANNOT_TELL
    except (NotFound, Forbidden):
        return Looked.CLOSED
    return Looked.OPEN if is_private else Looked.CANNOT_TELL
