"""Asking for a credential: a template's set, or exactly what is needed where no template covers it."""

from dataclasses import dataclass, field
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.access import authorise
from accounts.models import Person, User
from audit.tags import Tag
from tokens.capabilities import revocation_is_automatic
from tokens.catalogue.public_keys import parse_public_key
from tokens.codes import new_code
from tokens.models import Credential, Request, TemplateVersion, UsedBy
from tokens.models.template import ApprovalRule
from tokens.operations import messages
from tokens.operations.adopting import require_adoptable
from tokens.operations.change import Change, NotAllowed, request_subject
from tokens.operations.key_asking import known_elsewhere
from tokens.operations.requests import approve
from tokens.policy import (
    KEY_KIND,
    LOOK_WITHIN,
    PERSONAL_KIND,
    RuleDecision,
    deputy_is_required,
    is_for_machine,
    risk_level,
    rule_for,
    scopes_hash,
)
from workqueue.claims import enqueue

CODE_TRIES = 5


@dataclass(frozen=True)
class Ask:
    """What somebody asks for.

    Attributes:
        lifetime_days: days from the approval on.
        kind: one of the template's kinds.
        used_by: who works with it; what is no person's kind is always a machine's.
        machine: what the machine is called; `where_used` is where it runs.
        deputy: who answers when the holder cannot; for machines.
        boundary: the one repository, project or workspace that a machine's credential opens.
        public_key: the public half of a deploy key, `algorithm base64`.
        needed: what the adviser worked out, see `tokens.models.Request`.
        reopens: the lost credential whose grant this request opens again.
        adopts: a found API token of the person's that the request would make a proper one of.
    """

    version: TemplateVersion
    reason: str
    where_used: str
    lifetime_days: int
    kind: str = PERSONAL_KIND
    used_by: str = UsedBy.PERSON
    machine: str = ""
    deputy: Person | None = None
    boundary: str = ""
    public_key: str = ""
    needed: dict[str, Any] = field(default_factory=dict)
    reopens: Credential | None = None
    adopts: Credential | None = None

    @property
    def is_for_machine(self) -> bool:
        """Whether a machine will work with it."""
        return self.version.used_by_machine or is_for_machine(self.kind, self.used_by)


def submit_request(ask: Ask, *, acting_user: User) -> Request:
    """Submit a request of the acting person; a rule decides at once where the template says so.

    Raises:
        PermissionDenied: the person may not ask (any more).
        NotAllowed: the lifetime is longer than the template's, it is not issued as that kind, or a machine's deputy or
            boundary is missing, or what it would adopt cannot be registered.
    """
    authorise(acting_user, "tokens.request_credential")
    with Change(acting_user) as change:
        return submit(ask, acting_user.person, change)


def submit(ask: Ask, person: Person, change: Change) -> Request:
    """Insert a request inside a running change and let a rule decide where one does.

    Raises:
        NotAllowed: see `submit_request`.
    """
    _require_possible(ask, person)
    decision = rule_for(
        ask.version,
        lifetime_days=ask.lifetime_days,
        revocation_is_automatic=revocation_is_automatic(),
        kind=ask.kind,
        used_by=ask.used_by,
    )
    request = _insert_request(ask, person, change)
    change.event(
        Tag.REQUEST_SUBMITTED,
        request_subject(request),
        template=ask.version.template.slug,
        version=ask.version.number,
        kind=request.kind,
        boundary=request.boundary,
        used_by=request.used_by,
        machine=request.machine,
        deputy=request.deputy.account_id if request.deputy else "",
        lifetime_days=ask.lifetime_days,
        scopes=sorted(request.scopes),
        scopes_hash=request.scopes_hash,
        adopts=request.adopts.name if request.adopts else "",
    )
    if decision.is_at_once:
        _approve_by_rule(request, decision, change)
    else:
        messages.tell_approvers(request, person)
    _count_reach(person)
    return request


def _require_possible(ask: Ask, person: Person) -> None:
    if not 1 <= ask.lifetime_days <= ask.version.max_days:
        raise NotAllowed(f"This template allows 1 to {ask.version.max_days} days.")
    if ask.kind not in ask.version.kinds:
        raise NotAllowed("This template is not issued as that kind of credential.")
    _require_answerable(ask, person)
    if ask.kind != PERSONAL_KIND and not ask.boundary:
        raise NotAllowed("Say which repository, project or workspace it is for.")
    if ask.kind == KEY_KIND:
        _require_own_key(ask)
    if ask.adopts is not None:
        require_adoptable(ask.adopts, person, kind=ask.kind)


def _require_answerable(ask: Ask, person: Person) -> None:
    """What a machine uses has a name, and somebody else who answers for it."""
    if ask.deputy == person:
        raise NotAllowed("You cannot be your own deputy. Name a colleague.")
    if deputy_is_required(ask.version, ask.kind, ask.used_by) and ask.deputy is None:
        raise NotAllowed("A machine will use it: name a deputy who answers when you cannot.")
    if ask.is_for_machine and not ask.machine.strip():
        raise NotAllowed("Say which machine will use it.")


def _require_own_key(ask: Ask) -> None:
    """A key pair is one machine's, at one place."""
    if ask.adopts is not None:
        return
    if not ask.public_key:
        raise NotAllowed("Paste the public half of the key that the machine made.")
    fingerprint = parse_public_key(ask.public_key).fingerprint
    elsewhere = known_elsewhere(ask.public_key, fingerprint)
    if elsewhere:
        raise NotAllowed(f"This key is known {elsewhere}. Let the machine make a pair for this alone.")


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
                    kind=ask.kind,
                    used_by=UsedBy.MACHINE if ask.is_for_machine else UsedBy.PERSON,
                    machine=ask.machine.strip(),
                    deputy=ask.deputy,
                    boundary=ask.boundary,
                    public_key=ask.public_key,
                    needed=ask.needed,
                    scopes=scopes,
                    scopes_hash=scopes_hash(scopes),
                    risk=risk_level(ask.version, by_machine=ask.is_for_machine),
                    reason=ask.reason,
                    where_used=ask.where_used,
                    lifetime_days=ask.lifetime_days,
                    reopens=ask.reopens,
                    adopts=ask.adopts,
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


def _count_reach(person: Person) -> None:
    hour = timezone.now().strftime("%Y%m%d%H")
    enqueue("count_reach", key=f"reach:{person.pk}:{hour}", payload={"person": person.pk})
