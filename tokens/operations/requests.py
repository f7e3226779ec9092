"""Asking, approving, denying, withdrawing, looking again, lapsing."""

from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

from accounts.access import authorise
from accounts.actors import SYSTEM
from accounts.models import Person, User
from audit.tags import Tag
from tokens.capabilities import revocation_is_automatic
from tokens.codes import new_code
from tokens.models import Approval, Credential, Request, TemplateVersion
from tokens.models.request import Verdict
from tokens.models.template import ApprovalRule
from tokens.operations import messages
from tokens.operations.change import Change, NotAllowed, Stale, request_subject
from tokens.policy import APPROVALS_NEEDED, LOOK_WITHIN, RuleDecision, approved_until, rule_for, scopes_hash
from tokens.states import RequestState, require_request_move
from workqueue.claims import enqueue

CODE_TRIES = 5


@dataclass(frozen=True)
class Ask:
    """What somebody asks for.

    Attributes:
        lifetime_days: days from the approval on.
        reopens: the lost credential whose grant this request opens again.
    """

    version: TemplateVersion
    reason: str
    where_used: str
    lifetime_days: int
    reopens: Credential | None = None


def submit_request(ask: Ask, *, acting_user: User) -> Request:
    """Submit a request of the acting person; a rule decides at once where the template says so.

    Raises:
        PermissionDenied: the person may not ask (any more).
        NotAllowed: the lifetime is longer than the template's.
    """
    person = acting_user.person
    authorise(acting_user, "tokens.request_credential")
    if not 1 <= ask.lifetime_days <= ask.version.max_days:
        raise NotAllowed(f"This template allows 1 to {ask.version.max_days} days.")
    decision = rule_for(ask.version, lifetime_days=ask.lifetime_days, revocation_is_automatic=revocation_is_automatic())
    with Change(acting_user) as change:
        request = _insert_request(ask, person, change)
        change.event(
            Tag.REQUEST_SUBMITTED,
            request_subject(request),
            template=ask.version.template.slug,
            version=ask.version.number,
            lifetime_days=ask.lifetime_days,
            scopes=sorted(request.scopes),
            scopes_hash=request.scopes_hash,
        )
        if decision.is_at_once:
            _approve_by_rule(request, decision, change)
        else:
            messages.tell_approvers(request, person)
        _count_reach(person)
    return request


def submit_lost(ask: Ask, lost: Request, person: Person, change: Change) -> Request:
    """Insert the request that opens a lost credential's grant again; it waits until that one is gone.

    Args:
        lost: the request whose frozen scopes the new one repeats, whatever its template says today.
    """
    request = _insert_request(ask, person, change, frozen=list(lost.scopes))
    change.event(
        Tag.REQUEST_SUBMITTED,
        request_subject(request),
        reopens=lost.code,
        lifetime_days=ask.lifetime_days,
        scopes=sorted(request.scopes),
        scopes_hash=request.scopes_hash,
    )
    return request


def _insert_request(ask: Ask, person: Person, change: Change, *, frozen: list[str] | None = None) -> Request:
    scopes = sorted(ask.version.scopes if frozen is None else frozen)
    for _ in range(CODE_TRIES):
        try:
            with transaction.atomic():
                return Request.objects.create(
                    code=new_code(),
                    person=person,
                    template_version=ask.version,
                    scopes=scopes,
                    scopes_hash=scopes_hash(scopes),
                    risk=ask.version.risk,
                    reason=ask.reason,
                    where_used=ask.where_used,
                    lifetime_days=ask.lifetime_days,
                    reopens=ask.reopens,
                    submitted_at=change.at,
                )
        except IntegrityError:
            continue
    raise RuntimeError("no free code found; the alphabet is exhausted or the random source is broken")


def _approve_by_rule(request: Request, decision: RuleDecision, change: Change) -> None:
    request.decided_by_rule = True
    if decision.rule is ApprovalRule.AT_ONCE_REVIEWED:
        request.look_due_at = change.at + LOOK_WITHIN
        messages.tell_approvers_to_look(request)
    approve(request, change, by="rule", rule=decision.rule.value)


def approve(request: Request, change: Change, **details: str) -> None:
    """Move a locked request to approved inside a running change, and tell its person."""
    require_request_move(request.state, RequestState.APPROVED)
    request.state = RequestState.APPROVED
    request.decided_at = change.at
    request.approved_until = approved_until(change.at, request.lifetime_days)
    request.save()
    messages.tell_approved(request)
    change.event(
        Tag.REQUEST_APPROVED,
        request_subject(request),
        approved_until=request.approved_until.isoformat(),
        scopes_hash=request.scopes_hash,
        **details,
    )


def _count_reach(person: Person) -> None:
    hour = timezone.now().strftime("%Y%m%d%H")
    enqueue("count_reach", key=f"reach:{person.pk}:{hour}", payload={"person": person.pk})


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
        Request.objects.select_for_update(of=("self",))
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

    Returns: how many lapsed.
    """
    oldest = timezone.now() - timedelta(days=settings.REQUEST_LAPSES_AFTER_DAYS)
    overdue = Request.objects.filter(
        Q(state=RequestState.PENDING, submitted_at__lt=oldest, reopens=None)
        | Q(state=RequestState.APPROVED, decided_at__lt=oldest)
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
