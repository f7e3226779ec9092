"""What an entry of a listing is: pure decisions, no query.

An entry that may be what somebody was approved for is not judged here: one page is never the whole listing, so a
decoy could stand on another one. It is handed to a search for its code that reads every entry that carries it.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from bitbucket.resources import OrganisationToken
from tokens.binding import CLOCK_TOLERANCE
from tokens.codes import codes_in
from tokens.models import Answer, Standing

BITBUCKET: Final = ":bitbucket"


@dataclass(frozen=True)
class Wish:
    """A request that still looks for its credential.

    Attributes:
        request: its row's number.
        code: what the entry has to carry.
        account_id: whose entry it has to be.
        since: no credential of this request can be older.
        unbound: numbers of its registered or refused credentials that no entry is known of.
    """

    request: int
    code: str
    account_id: str
    since: datetime
    unbound: tuple[int, ...] = ()


def wish_for(entry: OrganisationToken, wishes: Iterable[Wish]) -> Wish | None:
    """The request that this entry may belong to, None where there is none, or several."""
    carried = codes_in(entry.label)
    fitting = [
        wish
        for wish in wishes
        if wish.code in carried
        and entry.user_id == wish.account_id
        and entry.created_at >= wish.since - CLOCK_TOLERANCE
    ]
    return fitting[0] if len(fitting) == 1 else None


def is_bitbuckets(scopes: Collection[str]) -> bool:
    """Whether any of the scopes is Bitbucket's; none at all is an unscoped token, which Bitbucket refuses."""
    return any(scope.endswith(BITBUCKET) for scope in scopes)


def standing_of(scopes: Collection[str] | None, *, is_own: bool) -> Standing:
    """What an entry is that nobody approved.

    Args:
        scopes: None where the listing does not tell.
        is_own: whether one of the portal's bots holds it.
    """
    if is_own:
        return Standing.OWN
    if scopes is None:
        return Standing.UNKNOWN_PRODUCT
    return Standing.UNDECLARED if is_bitbuckets(scopes) else Standing.OTHER_PRODUCT


def standing_after(standing: str, answer: str, scopes: Collection[str] | None, *, is_own: bool) -> Standing:
    """What a known credential is after the listing was read again.

    What is approved stays so: a difference is a finding. Where the listing does not tell, what was known or said before
    stays, and "not for Bitbucket" settles a token of an unknown product. What the listing tells beats what was said.
    """
    before = Standing(standing)
    if before is Standing.APPROVED:
        return before
    if is_own or scopes is not None:
        return standing_of(scopes, is_own=is_own)
    if before is Standing.UNKNOWN_PRODUCT and answer == Answer.NOT_BITBUCKET:
        return Standing.OTHER_PRODUCT
    return Standing.UNKNOWN_PRODUCT if before is Standing.OWN else before
