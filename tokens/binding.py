"""Which entry of the organisation's listing is the credential that was pasted? Never a guess.

The listing shows no secret, so the only ties are the code in the label, the holder and the times. Anything a second
token could imitate makes the answer "a person decides".
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum

from bitbucket.resources import OrganisationToken
from tokens.codes import carries_code

# Atlassian's clock and ours may differ a little.
CLOCK_TOLERANCE = timedelta(minutes=2)


class Match(StrEnum):
    """What the listing says about one credential."""

    UNIQUE = "unique"
    NONE = "none"
    SEVERAL = "several"
    TOO_LONG = "too_long"
    DOES_NOT_FIT = "does_not_fit"


@dataclass(frozen=True)
class Wanted:
    """What we know of the credential that is looked for.

    Attributes:
        approved_at: no credential of this request can be older.
        verified_at: the pasted one existed by then.
        approved_until: the last day on which it may be alive.
        scopes: what it was read to have; None where only the listing tells.
        may_be_too_long: a refused one is looked for whatever its end.
    """

    code: str
    account_id: str
    approved_at: datetime
    verified_at: datetime
    approved_until: date
    scopes: frozenset[str] | None
    may_be_too_long: bool = False


@dataclass(frozen=True)
class BindingAnswer:
    """The match, the entry it is about, and every entry that could be meant."""

    match: Match
    entry: OrganisationToken | None = None
    candidates: tuple[OrganisationToken, ...] = ()
    because: str = ""


def end_of(day: date) -> datetime:
    """The first moment after ``day`` in every time zone: a person's day may end up to 14 hours after UTC's."""
    return datetime.combine(day + timedelta(days=1), time.min, tzinfo=UTC) + timedelta(hours=14)


def find_entry(entries: Iterable[OrganisationToken], wanted: Wanted, *, taken: Collection[str]) -> BindingAnswer:
    """Find the one entry that the credential is.

    Args:
        entries: the complete answer of the organisation's listing for the code.
        wanted: what is known of the credential.
        taken: ids of entries that other credentials are bound to.
    """
    candidates = tuple(
        entry
        for entry in entries
        if entry.user_id == wanted.account_id and entry.id not in taken and carries_code(entry.label, wanted.code)
    )
    if not candidates:
        return BindingAnswer(Match.NONE, because="no token of this person carries the code in its name")
    if len(candidates) > 1:
        return BindingAnswer(
            Match.SEVERAL,
            candidates=candidates,
            because=f"{len(candidates)} tokens of this person carry the code",
        )
    return _judge(candidates[0], wanted)


def _judge(entry: OrganisationToken, wanted: Wanted) -> BindingAnswer:
    misfit = _misfit(entry, wanted)
    if misfit:
        return BindingAnswer(Match.DOES_NOT_FIT, candidates=(entry,), because=misfit)
    if not wanted.may_be_too_long and (entry.expires_at is None or entry.expires_at > end_of(wanted.approved_until)):
        until = f"until {entry.expires_at:%Y-%m-%d}" if entry.expires_at else "without an end"
        return BindingAnswer(
            Match.TOO_LONG,
            entry,
            (entry,),
            f"it lives {until}, approved was {wanted.approved_until:%Y-%m-%d}",
        )
    return BindingAnswer(Match.UNIQUE, entry, (entry,))


def _misfit(entry: OrganisationToken, wanted: Wanted) -> str:
    if entry.created_at < wanted.approved_at - CLOCK_TOLERANCE:
        return "the token that carries the code was created before the approval"
    if entry.created_at > wanted.verified_at + CLOCK_TOLERANCE:
        return "the token that carries the code was created after this one was pasted"
    if entry.scopes and wanted.scopes is not None and entry.scopes != wanted.scopes:
        return "the token that carries the code has other scopes than the pasted one"
    return ""
