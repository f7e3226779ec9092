"""Asking the holder: one mail a person, however many findings there are, and not again before a day has passed."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from django.db.models import QuerySet

from accounts.access import authorise
from accounts.actors import subject as person_subject
from accounts.models import Person, User
from accounts.policy import ACTIVE
from audit.tags import Tag
from tokens.inventory.modes import may_tell_holders
from tokens.models import Credential, Finding, Standing
from tokens.operations import finding_messages
from tokens.operations.change import Change, NotAllowed, Stale
from tokens.operations.findings import finding_subject, remember
from tokens.states import LIVE

ASK_AGAIN_AFTER = timedelta(days=1)
# One click asks about so many; the page says how many are left.
MOST_AT_ONCE = 500
OBSERVING = "The portal only observes for now and mails nobody. An admin changes that with INVENTORY_MODE."


def ask_holder(finding: Finding, *, acting_user: User) -> None:
    """Ask the holder of one credential about one finding.

    Raises:
        PermissionDenied: not an admin (any more).
        NotAllowed: the portal only observes, nobody is known to hold it, or the holder's account is off.
        Stale: it is closed, or the holder was asked within the last day.
    """
    _require_right_and_mode(acting_user)
    with Change(acting_user) as change:
        locked = _locked([finding.pk]).get()
        why_not = why_not_ask(locked, change.at)
        if locked.closed_at is not None or _asked_lately(locked, change.at):
            raise Stale(why_not)
        if why_not:
            raise NotAllowed(why_not)
        assert locked.person is not None
        _ask(locked.person, [locked], change, acting_user)


def ask_holders(finding_ids: Iterable[int], *, acting_user: User) -> tuple[int, int]:
    """Ask the holders of many findings at once; whoever cannot be asked now is left out.

    Args:
        finding_ids: at most `MOST_AT_ONCE` are looked at.

    Returns: how many people were asked, about how many findings.

    Raises:
        PermissionDenied: not an admin (any more).
        NotAllowed: the portal only observes.
    """
    _require_right_and_mode(acting_user)
    by_person: dict[Person, list[Finding]] = defaultdict(list)
    with Change(acting_user) as change:
        for finding in _locked(list(finding_ids)[:MOST_AT_ONCE]):
            if finding.person is not None and not why_not_ask(finding, change.at):
                by_person[finding.person].append(finding)
        for person, findings in by_person.items():
            _ask(person, findings, change, acting_user)
    return len(by_person), sum(map(len, by_person.values()))


def ask_about_unknown(person: Person, *, acting_user: User) -> int:
    """Ask a person about their tokens of which nobody can tell the product.

    Returns: about how many.

    Raises:
        PermissionDenied: not an admin (any more).
        NotAllowed: the portal only observes, or the account is off.
        Stale: there is none any more, or they were asked within the last day.
    """
    _require_right_and_mode(acting_user)
    if person.account_status != ACTIVE:
        raise NotAllowed(f"{person}'s account is off: nobody would read it.")
    with Change(acting_user) as change:
        locked = Person.objects.select_for_update(no_key=True).get(pk=person.pk)
        count = Credential.objects.filter(
            holder=locked, standing=Standing.UNKNOWN_PRODUCT, state__in=LIVE, answer=""
        ).count()
        if not count:
            raise Stale(f"{person} has answered, or has no such token any more.")
        if _told_lately(locked, change.at):
            raise Stale(f"{person} was asked within the last day. Give them time to answer.")
        finding_messages.tell_asked_about_unknown(locked, count)
        change.event(Tag.FINDING_ASKED, person_subject(locked), tokens=count, product="unknown")
    return count


def why_not_ask(finding: Finding, now: datetime) -> str:
    """Why the holder cannot be asked about this finding now, in words; empty where one can."""
    if finding.closed_at is not None:
        return "This finding is closed: there is nothing to ask any more."
    if finding.person is None:
        return "Bitbucket names no holder for it, so there is nobody to ask."
    if finding.person.account_status != ACTIVE:
        return f"{finding.person}'s account is off: nobody would read it."
    if _asked_lately(finding, now):
        return f"{finding.person} was asked within the last day. Give them time to answer."
    return ""


def _require_right_and_mode(acting_user: User) -> None:
    authorise(acting_user, "tokens.handle_finding")
    if not may_tell_holders():
        raise NotAllowed(OBSERVING)


def _asked_lately(finding: Finding, now: datetime) -> bool:
    return finding.told_at is not None and finding.told_at > now - ASK_AGAIN_AFTER


def _told_lately(person: Person, now: datetime) -> bool:
    path = finding_messages.declare_path()
    return person.notifications.filter(path=path, created_at__gt=now - ASK_AGAIN_AFTER).exists()


def _locked(ids: Sequence[int]) -> QuerySet[Finding]:
    rows = Finding.objects.select_for_update(of=("self",)).select_related("person", "credential")
    return rows.filter(pk__in=ids).order_by("pk")


def _ask(person: Person, findings: list[Finding], change: Change, acting_user: User) -> None:
    by = str(acting_user.person)
    for finding in findings:
        finding.told_at = change.at
        remember(finding, change.at, "asked", "", by=by)
        finding.save(update_fields=["told_at", "history"])
        change.event(Tag.FINDING_ASKED, finding_subject(finding), holder=person.account_id)
    finding_messages.tell_asked(person, findings)
