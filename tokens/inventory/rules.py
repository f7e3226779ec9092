"""Which credentials differ from what was approved, and how. One query a rule, whatever the number of rows.

None of these rules ever speaks of another product's tokens, of those of an unknown product, or of the portal's own.
"""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import Enum
from typing import Any

from django.conf import settings
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Coalesce

from tokens.binding import end_of
from tokens.catalogue.data import ACCESS_TOKEN_KINDS
from tokens.catalogue.rules import compare_scopes
from tokens.inventory.baseline import Baseline
from tokens.inventory.differences import Difference, Verdicts, risk_level
from tokens.inventory.seating import Seating
from tokens.models import COUNTED, Answer, Credential, FindingAction, FindingKind, Standing, UsedBy
from tokens.models.credential import BindingState
from tokens.policy import PERSONAL_KIND
from tokens.states import LIVE, CredentialState

_REFUSED = CredentialState.REFUSED
_FIELDS = ("pk", "name", "kind", "holder_id", "standing", "scopes", "listed_scopes", "answer", "seen_by")
_ANSWERED = {
    Answer.NOT_MINE: FindingAction.LOOK,
    Answer.DELETE: FindingAction.REVOKE,
    Answer.USES: FindingAction.REGISTER,
}

Row = dict[str, Any]


class Unread(Enum):
    """What a rule says of a row about which something was not read."""

    CANNOT_TELL = "cannot tell"


# None: there is no difference after all.
Said = Difference | Unread | None


@dataclass(frozen=True)
class Outlook:
    """What all rules look at: the moment, the baseline, who has a seat, and which credentials (None for all)."""

    now: datetime
    baseline: Baseline
    seating: Seating
    only: Collection[int] | None = None

    def credentials(self) -> QuerySet[Credential]:
        """The rows in question."""
        rows = Credential.objects.order_by()
        return rows if self.only is None else rows.filter(pk__in=list(self.only))


def undeclared(look: Outlook) -> Verdicts:
    """It opens Bitbucket, is alive, and nobody approved it here."""
    rows = look.credentials().filter(standing=Standing.UNDECLARED, state__in=LIVE)

    def difference(row: Row) -> Said:
        asked = FindingAction.ASK_HOLDER if row["holder_id"] else FindingAction.LOOK
        return _difference(
            FindingKind.UNDECLARED,
            row,
            title=f"Nobody approved {row['name']} here",
            action=_ANSWERED.get(row["answer"], asked),
            due_at=look.baseline.due_at(row["created_at"], row["registered_at"]),
            is_strangers=row["answer"] == Answer.NOT_MINE,
        )

    return _verdicts(FindingKind.UNDECLARED, rows, ("created_at", "registered_at"), difference)


def excess(look: Outlook) -> Verdicts:
    """The listing shows that an approved one can do more than was approved."""
    rows = (
        look.credentials()
        .filter(standing=Standing.APPROVED, state__in=LIVE - {_REFUSED}, listed_scopes__isnull=False)
        .exclude(listed_scopes__contained_by=F("request__scopes"))
    )

    def difference(row: Row) -> Said:
        more = compare_scopes(row["request__scopes"], row["listed_scopes"]).excess
        if not more:
            return None
        return _difference(
            FindingKind.EXCESS,
            row,
            title=f"{row['name']} can do more than approved",
            action=FindingAction.REVOKE,
            detail={"excess": list(more)},
        )

    return _verdicts(FindingKind.EXCESS, rows, ("request__scopes",), difference)


def overdue(look: Outlook) -> Verdicts:
    """An approved one is alive after the last day it was approved for.

    That is: it counts as alive here; or it counts as expired here, but a listing showed it after that day and tells no
    end of it that has passed. What was never approved has no such day: its finding is "undeclared", with a date.
    """
    last_day = last_day_over(look.now)
    rows = look.credentials().filter(
        Q(state__in=LIVE - {_REFUSED}) | Q(state=CredentialState.EXPIRED, seen_at__isnull=False),
        Q(expires_at=None) | Q(expires_at__gt=look.now) | ~Q(kind=PERSONAL_KIND),
        # No list shows an access token: only having been presented says that it lived at a time.
        ~Q(kind__in=ACCESS_TOKEN_KINDS) | Q(seen_at__isnull=False),
        standing=Standing.APPROVED,
        request__approved_until__lte=last_day,
    )

    def difference(row: Row) -> Said:
        until: date = row["request__approved_until"]
        must_be_seen = row["state"] == CredentialState.EXPIRED or row["kind"] in ACCESS_TOKEN_KINDS
        if must_be_seen and row["seen_at"] <= end_of(until):
            return None
        return _difference(
            FindingKind.OVERDUE,
            row,
            title=f"{row['name']} is alive after its approved end, {until:%d %B %Y}",
            action=FindingAction.REVOKE,
            detail={"approved_until": until.isoformat()},
        )

    return _verdicts(FindingKind.OVERDUE, rows, ("request__approved_until", "state", "seen_at"), difference)


def last_day_over(now: datetime) -> date:
    """The newest day that is over everywhere; see `tokens.binding.end_of`."""
    day = now.date()
    while end_of(day) > now:
        day -= timedelta(days=1)
    return day


def idle(look: Outlook) -> Verdicts:
    """As of the last read it had not been used, or made, for as long as the settings say.

    Counted until that read: where nobody reads any more, nothing grows idle.
    """
    rows = (
        look.credentials()
        .filter(standing__in=COUNTED, state__in=LIVE - {_REFUSED}, binding=BindingState.BOUND)
        .annotate(
            used=Coalesce("last_used_at", "created_at", "registered_at"),
            read_at=Coalesce("seen_at", "bound_at", "registered_at"),
        )
        .filter(read_at__gt=F("used") + timedelta(days=settings.IDLE_AFTER_DAYS))
    )

    def difference(row: Row) -> Said:
        verb = "has not been used since" if row["last_used_at"] else "was never used since it was made,"
        return _difference(
            FindingKind.IDLE,
            row,
            title=f"{row['name']} {verb} {row['used']:%d %B %Y}",
            action=FindingAction.ASK_HOLDER if row["holder_id"] else FindingAction.LOOK,
            detail={"since": row["used"].isoformat(), "was_used": row["last_used_at"] is not None},
        )

    return _verdicts(FindingKind.IDLE, rows, ("used", "last_used_at"), difference)


def orphaned(look: Outlook) -> Verdicts:
    """Its holder's account is off, or has no seat in any workspace and no role of its own.

    Only a complete read of every workspace's members tells who has no seat, and only of what is older than that read.
    """
    seating = look.seating
    rows = look.credentials().filter(standing__in=COUNTED, state__in=LIVE, holder__isnull=False)
    rows = rows.filter(seating.is_away("holder")).annotate(since=Coalesce("created_at", "registered_at"))

    def difference(row: Row) -> Said:
        is_off = seating.is_off(row["holder__account_status"])
        if not is_off and not seating.tells_about(row["since"]):
            return Unread.CANNOT_TELL
        who, name = row["holder__display_name"] or row["holder__account_id"], row["name"]
        return _difference(
            FindingKind.ORPHANED,
            row,
            title=f"{who}'s account is off, and {name} still exists"
            if is_off
            else f"{who} left, and {name} {_stays(row)}",
            action=FindingAction.REVOKE if row["kind"] == PERSONAL_KIND else FindingAction.LOOK,
            read_by="members",
            detail={"holder": who, "account_is_off": is_off},
        )

    more = ("since", "holder__account_status", "holder__display_name", "holder__account_id")
    return _verdicts(FindingKind.ORPHANED, rows, more, difference)


def _stays(row: Row) -> str:
    """What is known of something that outlived its holder: an access token is counted, and nothing more is known."""
    return "is not known to be gone" if row["kind"] in ACCESS_TOKEN_KINDS else "still works"


def no_deputy(look: Outlook) -> Verdicts:
    """A machine works with it, and nobody answers when its holder cannot: no deputy, or one who left."""
    seating = look.seating
    rows = look.credentials().filter(
        ~Q(kind=PERSONAL_KIND) | Q(request__used_by=UsedBy.MACHINE),
        Q(request__deputy=None) | seating.is_away("request__deputy"),
        standing=Standing.APPROVED,
        state__in=LIVE - {_REFUSED},
    )

    def difference(row: Row) -> Said:
        has_one = row["request__deputy_id"] is not None
        is_off = has_one and seating.is_off(row["request__deputy__account_status"])
        if has_one and not is_off and not seating.is_complete:
            return Unread.CANNOT_TELL
        who = row["request__deputy__display_name"] if has_one else ""
        return _difference(
            FindingKind.NO_DEPUTY,
            row,
            title=f"{row['name']}: its deputy {who} left" if has_one else f"{row['name']} has no deputy",
            action=FindingAction.NAME_DEPUTY,
            read_by="members" if has_one else "requests",
            detail={"deputy": who},
        )

    more = ("request__deputy_id", "request__deputy__account_status", "request__deputy__display_name")
    return _verdicts(FindingKind.NO_DEPUTY, rows, more, difference)


RULES: tuple[Callable[[Outlook], Verdicts], ...] = (undeclared, excess, overdue, idle, orphaned, no_deputy)


def _difference(
    kind: FindingKind,
    row: Row,
    *,
    title: str,
    action: FindingAction,
    read_by: str = "",
    due_at: datetime | None = None,
    detail: dict[str, Any] | None = None,
    is_strangers: bool = False,
) -> Difference:
    scopes = row["scopes"] or row["listed_scopes"] or []
    machine = row["kind"] != PERSONAL_KIND
    return Difference(
        kind=kind,
        credential=row["pk"],
        person=row["holder_id"],
        title=title[:200],
        risk=risk_level(scopes, used_by_machine=machine, is_strangers=is_strangers),
        action=action,
        read_by=(read_by or row["seen_by"] or "organisation listing")[:60],
        due_at=due_at,
        detail=detail or {},
    )


def _verdicts(
    kind: FindingKind,
    rows: QuerySet[Credential],
    more: Iterable[str],
    difference: Callable[[Row], Said],
) -> Verdicts:
    """Run the query once and sort what the rule says of each row."""
    found: list[Difference] = []
    undecided: set[int] = set()
    for row in rows.values(*dict.fromkeys((*_FIELDS, *more))).iterator(chunk_size=5000):
        said = difference(row)
        if isinstance(said, Difference):
            found.append(said)
        elif said is Unread.CANNOT_TELL:
            undecided.add(row["pk"])
    return Verdicts(kind, found, frozenset(undecided))
