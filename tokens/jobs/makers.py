"""Who administers the place of an approved access token? Those can make it at Bitbucket."""

from bitbucket.errors import NotFound, Permanent, Transient
from tokens.boundaries import UnknownPlace, boundary_of
from tokens.clients import audit_bot
from tokens.jobs.person import NO_BOT
from tokens.jobs.remote import outcome_from_error
from tokens.makers import admins_at_bitbucket
from tokens.models import Makers, Request
from tokens.operations.makers import write_makers, write_no_makers
from workqueue.claims import Claim

NOT_THERE = (
    "Bitbucket shows no {place} to the portal's audit bot. It is misspelt, it was renamed, or the bot has no right"
    " there."
)


def read_makers(claim: Claim) -> None:
    """Read the admins of one request's place. What cannot be read for good is said, with the reason."""
    request = Request.objects.get(pk=claim.payload["request"])
    try:
        place = boundary_of(request)
    except UnknownPlace as problem:
        write_no_makers(claim, request, Makers.NO_PLACE, str(problem))
        return
    bot = audit_bot()
    if bot is None:
        write_no_makers(claim, request, Makers.NOT_KNOWN, NO_BOT)
        return
    try:
        named = admins_at_bitbucket(bot, place)
    except Transient as error:
        raise outcome_from_error(error, attempt=claim.attempt) from error
    except NotFound as error:
        # A 404 is no proof of absence: what the inventory has seen is there, and only the bot's right is missing.
        is_there = place.is_known
        because = str(error) if is_there else NOT_THERE.format(place=place.words)
        write_no_makers(claim, request, Makers.NOT_KNOWN if is_there else Makers.NO_PLACE, because)
    except Permanent as error:
        write_no_makers(claim, request, Makers.NOT_KNOWN, str(error))
    else:
        write_makers(claim, request, named)


def makers_gave_up(claim: Claim, reason: str) -> None:
    """Bitbucket did not answer for too long: the portal's admins make it."""
    request = Request.objects.get(pk=claim.payload["request"])
    write_no_makers(None, request, Makers.NOT_KNOWN, reason)
