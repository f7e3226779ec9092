"""Approving, denying, withdrawing, looking again, lapsing."""

from datetime import timedelta

from django.conf import settings
from django.db.models import Q
from django.utils import timezone

from accounts.access import authorise
from accounts.actors import SYSTEM
from accounts.models import User
from audit.tags import Tag
from tokens.capabilities import revocation_is_automatic
from tokens.catalogue.data import ACCESS_TOKEN_KINDS
from tokens.models import Approval, Request
from tokens.models.request import Verdict
from tokens.operations import messages
from tokens.operations.adopting import adopt_if_it_fits
from tokens.operations.asking_makers import ask_for_makers
from tokens.operations.change import Change, NotAllowed, Stale, request_subject
from tokens.operations.key_asking import ask_for_registration
from tokens.policy import (
    APPROVALS_NEEDED,
    PERSONAL_KIND,
    approved_until,
    rule_for,
)
from tokens.states import RequestState, require_request_move


def approve(request: Request, change: Change, **details: str) -> None:
    """Move a locked request to approved inside a running change, and tell its person."""
    require_request_move(request.state, RequestState.APPROVED)
    request.state = RequestState.APPROVED
    request.decided_at = change.at
    request.approved_until = approved_until(change.at, request.lifetime_days)
    request.save()
    change.event(
        Tag.REQUEST_APPROVED,
        request_subject(request),
        approved_until=request.approved_until.isoformat(),
        scopes_hash=request.scopes_hash,
        **details,
    )
    if adopt_if_it_fits(request, change):
        return
    if request.public_key:
        ask_for_registration(request, change)
    if request.kind in ACCESS_TOKEN_KINDS:
        ask_for_makers(request, change)
    messages.tell_approved(request)


def approve_request(request: Request, *, acting_user: User, reason: str = "") -> Request:
    """Give one approver's yes; enough of them approve the request.

    Raises:
        PermissionDenied: not an approver (any more).
        NotAllowed: one's own request.
        Stale: it is no longer waiting, or this approver has spoken already.
    """
    with Change(acting_user) as change:
        locked = _lock_for_decision(request, acting_user)
        _insert_word(locked, acting_user, Verdict.APPROVED, reason, change)
        rule = rule_for(
            locked.template_version,
            lifetime_days=locked.lifetime_days,
            revocation_is_automatic=revocation_is_automatic(),
            kind=locked.kind,
            used_by=locked.used_by,
        ).rule
        needed = APPROVALS_NEEDED.get(rule, 1)
        given = locked.approvals.filter(verdict=Verdict.APPROVED).count()
        if given >= needed:
            approve(locked, change, by="approver")
        else:
            change.event(Tag.REQUEST_PARTLY_APPROVED, request_subject(locked), given=given, needed=needed)
    return locked


def deny_request(request: Request, *, acting_user: User, reason: str) -> Request:
    """Deny a waiting request, with a reason that its person reads.

    Raises:
        PermissionDenied: not an approver (any more).
        NotAllowed: one's own request, or no reason given.
        Stale: it is no longer waiting.
    """
    if not reason.strip():
        raise NotAllowed("Say why: the person reads your sentence.")
    with Change(acting_user) as change:
        locked = _lock_for_decision(request, acting_user)
        _insert_word(locked, acting_user, Verdict.DENIED, reason, change)
        require_request_move(locked.state, RequestState.DENIED)
        locked.state = RequestState.DENIED
        locked.decided_at = change.at
        locked.save()
        messages.tell_denied(locked, reason)
        change.event(Tag.REQUEST_DENIED, request_subject(locked), reason=reason)
    return locked


def _lock_for_decision(request: Request, acting_user: User) -> Request:
    authorise(acting_user, "tokens.approve_request")
    locked = lock_request(request)
    if locked.person_id == acting_user.person.pk:
        raise NotAllowed("Nobody decides about their own request. Another approver has to.")
    if locked.state != RequestState.PENDING:
        raise Stale(f"This request is no longer waiting: it is {locked.get_state_display().lower()}.")
    if locked.reopens_id:
        raise NotAllowed("This request waits for the lost credential to be gone; nobody needs to decide.")
    return locked


def lock_request(request: Request) -> Request:
    """The same request, read again under a row lock."""
    return (
        Request.objects.select_for_update(of=("self",), no_key=True)
        .select_related("person", "template_version__template")
        .get(pk=request.pk)
    )


def _insert_word(request: Request, acting_user: User, verdict: Verdict, reason: str, change: Change) -> None:
    if request.approvals.filter(approver=acting_user.person).exists():
        raise Stale("You have already decided about this request; another approver has to give the second word.")
    Approval.objects.create(
        request=request, approver=acting_user.person, verdict=verdict, reason=reason, decided_at=change.at
    )


def withdraw_request(request: Request, *, acting_user: User) -> Request:
    """Take one's own request back, while it waits or before its token was registered.

    Raises:
        NotAllowed: somebody else's request.
        Stale: it is decided otherwise already.
    """
    with Change(acting_user) as change:
        locked = lock_request(request)
        if locked.person_id != acting_user.person.pk:
            raise NotAllowed("Only the person who asked can withdraw a request.")
        if locked.state not in (RequestState.PENDING, RequestState.APPROVED):
            raise Stale(f"This request cannot be withdrawn: it is {locked.get_state_display().lower()}.")
        locked.state = RequestState.WITHDRAWN
        locked.save()
        change.event(Tag.REQUEST_WITHDRAWN, request_subject(locked))
    return locked


def look_at_request(request: Request, *, acting_user: User) -> Request:
    """Say that an approver has looked at what a rule approved.

    Raises:
        PermissionDenied: not an approver (any more).
        NotAllowed: one's own request.
    """
    with Change(acting_user) as change:
        authorise(acting_user, "tokens.approve_request")
        locked = lock_request(request)
        if locked.person_id == acting_user.person.pk:
            raise NotAllowed("Nobody looks at their own request. Another approver has to.")
        if locked.looked_at is None:
            locked.looked_at, locked.looked_at_by = change.at, acting_user.person
            locked.save()
            change.event(Tag.REQUEST_LOOKED_AT, request_subject(locked))
    return locked


def lapse_requests() -> int:
    """Let requests lapse that nobody decided, or whose token nobody made, within the days that the settings give.

    A machine's lapses on the day until which it was approved.

    Returns: how many lapsed.
    """
    oldest = timezone.now() - timedelta(days=settings.REQUEST_LAPSES_AFTER_DAYS)
    overdue = Request.objects.filter(
        Q(state=RequestState.PENDING, submitted_at__lt=oldest, reopens=None)
        # Whether a machine's was made is not known here, so its request stays for as long as it could live.
        | Q(state=RequestState.APPROVED, decided_at__lt=oldest, kind=PERSONAL_KIND)
        | Q(state=RequestState.APPROVED, approved_until__lt=timezone.now().date())
    )
    return sum(_lapse(request) for request in overdue)


def _lapse(request: Request) -> bool:
    with Change(SYSTEM) as change:
        locked = lock_request(request)
        if locked.state not in (RequestState.PENDING, RequestState.APPROVED):
            return False
        locked.state = RequestState.LAPSED
        locked.save()
        messages.tell_lapsed(locked)
        change.event(Tag.REQUEST_LAPSED, request_subject(locked))
    return True
