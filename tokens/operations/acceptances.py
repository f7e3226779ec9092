"""Taking a difference on until a date: with a reason, never for ever, and by two people where the risk is high."""

from datetime import date, timedelta

from django.utils import timezone

from accounts.access import authorise
from accounts.actors import SYSTEM
from accounts.models import Person, User
from audit.tags import Tag
from tokens.models import Finding, FindingAcceptance
from tokens.operations import finding_messages
from tokens.operations.change import Change, NotAllowed, Stale
from tokens.operations.findings import finding_subject, remember
from tokens.policy import is_high_risk

LONGEST_DAYS = 365
_PASSED = "its date has passed"


def accept_finding(finding: Finding, *, until: date, because: str, acting_user: User) -> FindingAcceptance:
    """Accept a finding until the end of a day; where the risk is high, only propose it.

    Args:
        until: the last day, after today and at most a year from now.

    Raises:
        PermissionDenied: not an admin (any more).
        NotAllowed: no reason, a day out of range, or a finding about one's own credential.
        Stale: it is closed, or accepted or proposed already.
    """
    authorise(acting_user, "tokens.handle_finding")
    with Change(acting_user) as change:
        locked = _lock(finding)
        _require_open_and_not_own(locked, acting_user)
        _require_sensible(until, because, today=change.at.date())
        _require_none_running(locked, change)
        row = FindingAcceptance.objects.create(
            finding=locked,
            asked_by=acting_user.person,
            asked_at=change.at,
            because=because[:300],
            until=until,
            needs_second=is_high_risk(locked.risk),
        )
        if row.needs_second:
            _propose(row, locked, change, acting_user.person)
        else:
            _take_effect(row, locked, change, acting_user.person)
    return row


def confirm_acceptance(finding: Finding, *, acting_user: User) -> FindingAcceptance:
    """Give the second word on accepting a risky finding.

    Raises:
        PermissionDenied: not an admin (any more).
        NotAllowed: the one who proposed it, or the holder.
        Stale: it is closed, its date has passed, or nothing waits for a second person.
    """
    authorise(acting_user, "tokens.handle_finding")
    with Change(acting_user) as change:
        locked = _lock(finding)
        row = _waiting(locked, acting_user, change)
        row.confirmed_by, row.confirmed_at = acting_user.person, change.at
        row.save()
        _take_effect(row, locked, change, acting_user.person)
    return row


def decline_acceptance(finding: Finding, *, because: str, acting_user: User) -> None:
    """Say no to accepting a risky finding; whoever proposed it reads why.

    Raises:
        PermissionDenied: not an admin (any more).
        NotAllowed: no reason, the one who proposed it, or the holder.
        Stale: it is closed, or nothing waits for a second person.
    """
    authorise(acting_user, "tokens.handle_finding")
    if not because.strip():
        raise NotAllowed("Say why not: whoever proposed it reads your sentence.")
    with Change(acting_user) as change:
        locked = _lock(finding)
        row = _waiting(locked, acting_user, change)
        _end(row, locked, change, what="declined", because=because, by=acting_user.person)
        finding_messages.tell_declined(locked, row.asked_by, acting_user.person, because)


def end_acceptance(finding: Finding, *, because: str, acting_user: User) -> None:
    """Take an acceptance, or the proposal of one, back before its day.

    Raises:
        PermissionDenied: not an admin (any more).
        NotAllowed: no reason.
        Stale: nothing is accepted or proposed.
    """
    authorise(acting_user, "tokens.handle_finding")
    if not because.strip():
        raise NotAllowed("Say why: the sentence stays in the trail.")
    with Change(acting_user) as change:
        locked = _lock(finding)
        row = _running(locked)
        if row is None:
            raise Stale("Nothing is accepted here any more.")
        _end(row, locked, change, what="acceptance ended", because=because, by=acting_user.person)


def end_passed_acceptances(today: date | None = None) -> int:
    """End what was accepted until a day that is over; the findings are open again.

    Returns: how many ended.
    """
    today = today or timezone.now().date()
    passed = FindingAcceptance.objects.filter(ended_at=None, until__lt=today).values_list("finding", flat=True)
    return sum(_end_passed(pk, today) for pk in list(passed))


def _end_passed(finding_pk: int, today: date) -> bool:
    with Change(SYSTEM) as change:
        locked = _lock(Finding(pk=finding_pk))
        row = _running(locked)
        if row is None or row.until >= today:
            return False
        _end(row, locked, change, what="acceptance ended", because=_PASSED, by=None)
    return True


def end_weak_acceptance(finding: Finding, change: Change, *, because: str) -> None:
    """The risk of a locked finding has grown: what one person accepted alone holds no more."""
    row = _running(finding)
    if row is not None and not row.needs_second and is_high_risk(finding.risk):
        _end(row, finding, change, what="acceptance ended", because=because, by=None)


def _lock(finding: Finding) -> Finding:
    rows = Finding.objects.select_for_update(of=("self",)).select_related("person", "credential")
    return rows.get(pk=finding.pk)


def _running(finding: Finding) -> FindingAcceptance | None:
    return finding.acceptances.filter(ended_at=None).select_related("asked_by").first()


def _waiting(finding: Finding, acting_user: User, change: Change) -> FindingAcceptance:
    _require_open_and_not_own(finding, acting_user)
    row = _running(finding)
    if row is None or not row.needs_second or row.confirmed_at is not None:
        raise Stale("Nothing waits for a second person here any more.")
    if row.until < change.at.date():
        raise Stale("The day until which it was to be accepted has passed.")
    if row.asked_by_id == acting_user.person.pk:
        raise NotAllowed("You proposed it: another admin has to give the second word.")
    return row


def _require_open_and_not_own(finding: Finding, acting_user: User) -> None:
    if finding.closed_at is not None:
        raise Stale("This finding is closed: there is nothing to accept any more.")
    if finding.person_id == acting_user.person.pk:
        raise NotAllowed("It is about your own credential. Another admin has to decide.")


def _require_sensible(until: date, because: str, *, today: date) -> None:
    if not because.strip():
        raise NotAllowed("Say why: the sentence stays with the finding.")
    if not today < until <= today + timedelta(days=LONGEST_DAYS):
        raise NotAllowed("Choose a day after today and at most a year from now. Nothing is accepted for ever.")


def _require_none_running(finding: Finding, change: Change) -> None:
    row = _running(finding)
    if row is None:
        return
    if row.until >= change.at.date():
        raise Stale("It is accepted or proposed already. End that first.")
    _end(row, finding, change, what="acceptance ended", because=_PASSED, by=None)


def _propose(row: FindingAcceptance, finding: Finding, change: Change, asker: Person) -> None:
    remember(finding, change.at, "acceptance asked", f"until {row.until:%d %B %Y}: {row.because}", by=str(asker))
    finding.save(update_fields=["history"])
    finding_messages.tell_to_confirm(finding, asker, row.until, row.because)
    change.event(
        Tag.FINDING_ACCEPTANCE_ASKED, finding_subject(finding), until=row.until.isoformat(), because=row.because
    )


def _take_effect(row: FindingAcceptance, finding: Finding, change: Change, by: Person) -> None:
    finding.accepted_until = row.until
    remember(finding, change.at, "accepted", f"until {row.until:%d %B %Y}: {row.because}", by=str(by))
    finding.save(update_fields=["accepted_until", "history"])
    change.event(
        Tag.FINDING_ACCEPTED,
        finding_subject(finding),
        until=row.until.isoformat(),
        because=row.because,
        risk=finding.risk,
        asked_by=row.asked_by.account_id,
        confirmed_by=row.confirmed_by.account_id if row.confirmed_by else "",
    )


def _end(
    row: FindingAcceptance, finding: Finding, change: Change, *, what: str, because: str, by: Person | None
) -> None:
    row.ended_at, row.ended_because = change.at, because[:200]
    row.save()
    finding.accepted_until = None
    remember(finding, change.at, what, because[:200], by=str(by) if by else "")
    finding.save(update_fields=["accepted_until", "history"])
    change.event(Tag.FINDING_ACCEPTANCE_ENDED, finding_subject(finding), what=what, because=because[:200])
