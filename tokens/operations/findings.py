"""Opening and closing differences, inside a running change."""

from datetime import datetime

from audit.content import JsonValue
from audit.tags import Tag
from audit.trail import Subject
from tokens.models import Credential, Finding, FindingKind
from tokens.operations.change import Change


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
) -> Finding:
    """Open a finding, or refresh the one that is open already.

    Args:
        read_by: which read showed it, such as ``verification`` or ``organisation listing``.
    """
    finding, created = Finding.objects.select_for_update().get_or_create(
        kind=kind,
        credential=credential,
        defaults={
            "person": credential.holder,
            "title": title[:200],
            "detail": detail,
            "read_by": read_by,
            "opened_at": change.at,
            "checked_at": change.at,
        },
    )
    if not created and finding.closed_at is None:
        Finding.objects.filter(pk=finding.pk).update(checked_at=change.at, detail=detail)
        return finding
    if not created:
        _reopen(finding, change, title=title, read_by=read_by, detail=detail)
    change.event(Tag.FINDING_OPENED, finding_subject(finding), kind=kind.value, read_by=read_by, **detail)
    return finding


def _reopen(finding: Finding, change: Change, *, title: str, read_by: str, detail: dict[str, JsonValue]) -> None:
    """The difference is back: the same row goes on, and remembers that it was closed."""
    remember(finding, change.at, "reopened", "")
    finding.title, finding.read_by, finding.detail = title[:200], read_by, detail
    finding.opened_at = finding.checked_at = change.at
    finding.closed_at, finding.closed_because, finding.told_at = None, "", None
    finding.save()


def remember(finding: Finding, at: datetime, what: str, words: str, by: str = "") -> None:
    """Add a moment to a finding's history; the caller saves it."""
    finding.history = [*finding.history, {"at": at.isoformat(), "what": what, "words": words, "by": by}]


def close_findings(
    credential: Credential, change: Change, *, because: str, kinds: tuple[FindingKind, ...] = ()
) -> None:
    """Close the open findings of a credential (all, or only ``kinds``), saying what made them go away."""
    open_ones = Finding.objects.select_for_update().filter(credential=credential, closed_at=None)
    if kinds:
        open_ones = open_ones.filter(kind__in=kinds)
    for finding in open_ones:
        finding.closed_at, finding.closed_because = change.at, because[:200]
        remember(finding, change.at, "closed", because[:200])
        finding.save()
        change.event(Tag.FINDING_CLOSED, finding_subject(finding), because=because)
