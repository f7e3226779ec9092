"""Who can make an approved access token: asking Bitbucket, and writing down what it said."""

from collections.abc import Iterable, Sequence

from accounts.access import authorise
from accounts.actors import SYSTEM
from accounts.models import Person, User
from accounts.policy import ACTIVE
from audit.tags import Tag
from tokens.catalogue.data import ACCESS_TOKEN_KINDS
from tokens.inventory.own import own_accounts
from tokens.models import Makers, Request, RequestMaker
from tokens.operations import maker_messages
from tokens.operations.asking_makers import ask_for_makers
from tokens.operations.change import Change, NotAllowed, Stale, request_subject
from tokens.operations.observed_people import Named, remember_people
from tokens.operations.requests import lock_request
from tokens.states import RequestState
from workqueue.claims import Claim, finish

NOBODY_NAMED = "Bitbucket names nobody who administers it"


def look_for_makers_again(request: Request, *, acting_user: User) -> None:
    """The person who asked, or an admin, lets it be read once more: a place may be new, a bot may have got a right.

    Raises:
        NotAllowed: somebody else's request without the permission.
        Stale: it waits for nobody to make it, or it is being read.
    """
    with Change(acting_user) as change:
        locked = lock_request(request)
        if locked.person_id != acting_user.person.pk:
            authorise(acting_user, "tokens.revoke_credential")
        if locked.kind not in ACCESS_TOKEN_KINDS:
            raise NotAllowed("Only an access token is made by the admins of its place.")
        if locked.state != RequestState.APPROVED or locked.makers == Makers.LOOKING:
            raise Stale("There is nothing to look up now. Here is how the request stands.")
        ask_for_makers(locked, change)
        change.event(Tag.REQUEST_MAKERS_ASKED, request_subject(locked))


def ask_where_nobody_asked() -> None:
    """Requests that were approved before anybody looked up who can make their access token."""
    waiting = Request.objects.filter(kind__in=ACCESS_TOKEN_KINDS, state=RequestState.APPROVED, makers="")
    for row in waiting:
        with Change(SYSTEM) as change:
            locked = lock_request(row)
            if locked.state == RequestState.APPROVED and not locked.makers:
                ask_for_makers(locked, change)


def write_makers(claim: Claim, request: Request, named: Iterable[Named]) -> None:
    """Bitbucket named these as the place's admins: they are told, and so is nobody else."""
    with Change(SYSTEM) as change:
        locked = _lock(claim, request)
        if locked is None:
            return
        people = _people(named)
        if not people:
            _write(locked, Makers.NOT_KNOWN, NOBODY_NAMED, change)
            return
        RequestMaker.objects.filter(request=locked).delete()
        RequestMaker.objects.bulk_create(
            RequestMaker(request=locked, person=person, seen_at=change.at) for person in people
        )
        _write(locked, Makers.KNOWN, "", change, people=people)


def _people(named: Iterable[Named]) -> list[Person]:
    """Those of them who could sign in: no account that is off, and none of the portal's own machines."""
    bots = own_accounts()
    return [
        person
        for person in remember_people(named).values()
        if person.account_status == ACTIVE and not bots.holds(person.account_id, person.email)
    ]


def write_no_makers(claim: Claim | None, request: Request, makers: Makers, because: str) -> None:
    """Nobody knows who can make it, for good; or there is no such place.

    Args:
        claim: of the job that ends with it; None where that has been given up.
        request: whose place it is.
        makers: which of the two.
        because: the reason, for people.
    """
    with Change(SYSTEM) as change:
        locked = _lock(claim, request)
        if locked is not None:
            _write(locked, makers, because, change)


def _lock(claim: Claim | None, request: Request) -> Request | None:
    """The locked request and the finished job, which go together; None where nobody waits for it any more."""
    locked = lock_request(request)
    if claim is not None:
        finish(claim)
    return locked if locked.state == RequestState.APPROVED else None


def _write(request: Request, makers: Makers, because: str, change: Change, *, people: Sequence[Person] = ()) -> None:
    request.makers, request.makers_because = makers, because[:300]
    request.save(update_fields=["makers", "makers_because"])
    if makers == Makers.KNOWN:
        maker_messages.tell_makers(request, people)
    elif makers == Makers.NOT_KNOWN:
        maker_messages.tell_admins_to_make(request)
    else:
        maker_messages.tell_no_place(request)
    change.event(
        Tag.REQUEST_MAKERS_READ,
        request_subject(request),
        makers=[person.account_id for person in people],
        result=makers.value,
        because=because,
    )
