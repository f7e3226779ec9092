"""Opening and closing differences, inside a running change."""

from datetime import datetime

from audit.content import JsonValue
from audit.tags import Tag
from audit.trail import Subject
from tokens.inventory.differences import risk_level, worse
from tokens.models import Credential, Finding, FindingAcceptance, FindingAction, FindingKind
from tokens.operations.change import Change
from tokens.policy import PERSONAL_KIND

_ACTIONS = {
    FindingKind.REFUSED_ALIVE: FindingAction.REVOKE,
    FindingKind.AMBIGUOUS: FindingAction.CHOOSE,
    FindingKind.GONE: FindingAction.ASK_HOLDER,
}
DIFFERENCE_GONE = "the difference is gone"


def finding_subject(finding: Finding) -> Subject:
    """A finding as the trail names it."""
    return Subject("finding", str(finding.pk), str(finding))


def open_finding(
    kind: FindingKind,
    credential: Credential,
    change: Change,
    *,
    title: str,
    read_by: str,
    detail: dict[str, JsonValue],
    risk: str = "",
    action: FindingAction | None = None,
) -> Finding:
    """Open a finding, or refresh the one that is open already.

    Args:
        read_by: which read showed it, such as ``verification`` or ``organisation listing``.
        risk: by default that of what the credential can do, which may be more than was approved.
        action: the one thing to do next; by default the kind's own.
    """
    risk = risk or _risk_of(credential)
    finding, created = Finding.objects.select_for_update().get_or_create(
        kind=kind,
        credential=credential,
        defaults={
            "person": credential.holder,
            "title": title[:200],
            "detail": detail,
            "risk": risk,
            "action": action or _ACTIONS.get(kind, FindingAction.LOOK),
            "read_by": read_by,
            "opened_at": change.at,
            "checked_at": change.at,
        },
    )
    if not created and finding.closed_at is None:
        Finding.objects.filter(pk=finding.pk).update(checked_at=change.at, detail=detail)
        return finding
    if not created:
        finding.title, finding.read_by, finding.detail, finding.risk = title[:200], read_by, detail, risk
        reopen(finding, change.at)
        finding.save()
    change.event(Tag.FINDING_OPENED, finding_subject(finding), kind=kind.value, read_by=read_by, **detail)
    return finding


def reopen(finding: Finding, at: datetime) -> None:
    """The difference is back: the same row goes on, and remembers that it was closed; the caller saves it."""
    remember(finding, at, "reopened", "")
    finding.opened_at = finding.checked_at = at
    finding.closed_at, finding.closed_because = None, ""
    finding.told_at, finding.accepted_until = None, None


def remember(finding: Finding, at: datetime, what: str, words: str, by: str = "") -> None:
    """Add a moment to a finding's history; the caller saves it."""
    finding.history = [*finding.history, moment_of(at, what, words, by)]


def moment_of(at: datetime, what: str, words: str, by: str = "") -> dict[str, str]:
    """One moment of a finding's history."""
    return {"at": at.isoformat(), "what": what, "words": words, "by": by}


def close(finding: Finding, at: datetime, because: str) -> None:
    """The difference is gone, and with it what was accepted about it; the caller saves it and ends the acceptance."""
    finding.closed_at, finding.closed_because = at, because[:200]
    finding.accepted_until = None
    remember(finding, at, "closed", because[:200])


def end_acceptances_of(finding_ids: list[int], at: datetime) -> None:
    """Nothing is left to accept about findings that closed."""
    running = FindingAcceptance.objects.filter(finding__in=finding_ids, ended_at=None)
    running.update(ended_at=at, ended_because=DIFFERENCE_GONE)


def _risk_of(credential: Credential) -> str:
    """At least what was approved as such; where it can do more, what that is."""
    can_do = risk_level(list(credential.scopes), used_by_machine=credential.kind != PERSONAL_KIND)
    asked = credential.request.risk if credential.request is not None else can_do
    return worse(can_do, asked)


def close_findings(
    credential: Credential, change: Change, *, because: str, kinds: tuple[FindingKind, ...] = ()
) -> None:
    """Close the open findings of a credential (all, or only ``kinds``), saying what made them go away."""
    # In the rows' order, as everybody locks them.
    open_ones = Finding.objects.select_for_update().filter(credential=credential, closed_at=None).order_by("pk")
    if kinds:
        open_ones = open_ones.filter(kind__in=kinds)
    closed = list(open_ones)
    for finding in closed:
        close(finding, change.at, because)
        finding.save()
        change.event(Tag.FINDING_CLOSED, finding_subject(finding), because=because)
    if closed:
        end_acceptances_of([finding.pk for finding in closed], change.at)
