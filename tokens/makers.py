"""Who can make an approved access token at Bitbucket: the admins of its place, or the portal's where nobody knows."""

from collections.abc import Iterator
from itertools import chain

from accounts.models import Person, User
from bitbucket.cloud import CloudClient
from bitbucket.resources import ADMINISTRATOR_ROLE
from tokens.boundaries import PROJECT, REPOSITORY, Boundary
from tokens.catalogue.data import ACCESS_TOKEN_KINDS
from tokens.models import Credential, Makers, Request, RequestMaker
from tokens.operations.observed_people import Named
from tokens.states import RequestState

# Bitbucket's word for who administers a repository or project.
_ADMIN = "admin"


def admins_at_bitbucket(bot: CloudClient, place: Boundary) -> list[Named]:
    """Read who administers a place: of a repository by their effective right, of a project by a grant of their own.

    The workspace's owners administer each project of it. Whom only a group makes an admin of a project is not told by
    any call.

    Raises:
        RemoteError: there is no complete answer.
    """
    workspace = place.workspace.uuid
    if place.kind == REPOSITORY:
        rights = bot.permissions_of_repository(workspace, place.name)
        found = [_named(one.account_id, one.user_name, one.user_uuid) for one in rights if one.permission == _ADMIN]
    elif place.kind == PROJECT:
        grants = bot.project_user_grants(workspace, place.name)
        given = (_named(one.account_id, one.user_name, one.user_uuid) for one in grants if one.permission == _ADMIN)
        found = list(chain(given, _owners(bot, workspace)))
    else:
        found = list(_owners(bot, workspace))
    people = {one.account_id: one for one in found if one.account_id}
    return [people[account_id] for account_id in sorted(people)]


def _owners(bot: CloudClient, workspace: str) -> Iterator[Named]:
    seats = bot.workspace_permissions(workspace)
    owners = (one for one in seats if one.permission == ADMINISTRATOR_ROLE)
    return (_named(one.account_id, one.user_name, one.user_uuid) for one in owners)


def _named(account_id: str, name: str, uuid: str) -> Named:
    return Named(account_id, name, uuid=uuid)


def makers_of(request: Request) -> list[Person]:
    """The people who can make it, by name."""
    rows = RequestMaker.objects.filter(request=request).select_related("person")
    return [row.person for row in rows.order_by("person__display_name", "person_id")]


def is_maker(request: Request, person: Person) -> bool:
    """Whether this person administers the place, as it was last read."""
    return RequestMaker.objects.filter(request=request, person=person).exists()


def may_make(request: Request, user: User) -> bool:
    """Whether this user may make and paste the access token of this request now.

    One of the place's admins; where those are not known, an admin of the portal. An auditor changes nothing.
    """
    if request.kind not in ACCESS_TOKEN_KINDS or request.state != RequestState.APPROVED:
        return False
    is_admin = user.has_perm("tokens.revoke_credential")
    if request.makers == Makers.KNOWN:
        return (is_admin or user.has_perm("tokens.request_credential")) and is_maker(request, user.person)
    return request.makers == Makers.NOT_KNOWN and is_admin


def may_present(credential: Credential, user: User) -> bool:
    """Whether this user may present an access token once more, which proves what became of it.

    Its holder, the deputy, who made it, an admin of its place, and the portal's admins.
    """
    if credential.kind not in ACCESS_TOKEN_KINDS:
        return False
    return is_close_to(credential, user.person) or user.has_perm("tokens.revoke_credential")


def is_close_to(credential: Credential, person: Person) -> bool:
    """Whether somebody answers for an access token, made it, or administers its place."""
    request = credential.request
    answers = {credential.holder_id, credential.creator_id, request.deputy_id if request else None}
    return person.pk in answers or (request is not None and is_maker(request, person))


def names_in_words(people: list[Person]) -> str:
    """Some names as a sentence takes them: ``Aria or Max``; of many, the first and how many more."""
    names = [str(person) for person in people]
    if len(names) > 4:
        return f"{', '.join(names[:3])} or one of {len(names) - 3} others"
    return " or ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)
