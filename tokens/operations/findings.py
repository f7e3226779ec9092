"""Opening and closing differences, inside a running change."""

from accounts.models import Person
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
    person: Person = credential.holder
    finding, created = Finding.objects.get_or_create(
        kind=kind,
        credential=credential,
        closed_at=None,
        defaults={
            "person": person,
            "title": title[:200],
            "detail": detail,
            "read_by": read_by,
            "opened_at": change.at,
            "checked_at": change.at,
        },
    )
    if created:
        change.event(Tag.FINDING_OPENED, finding_subject(finding), kind=kind.value, read_by=read_by, **detail)
    else:
        Finding.objects.filter(pk=finding.pk).update(checked_at=change.at, detail=detail)
    return finding


def close_findings(
    credential: Credential, change: Change, *, because: str, kinds: tuple[FindingKind, ...] = ()
) -> None:
    """Close the open findings of a credential (all, or only ``kinds``), saying what made them go away."""
    open_ones = Finding.objects.select_for_update().filter(credential=credential, closed_at=None)
    if kinds:
        open_ones = open_ones.filter(kind__in=kinds)
    for finding in open_ones:
        finding.closed_at, finding.closed_because = change.at, because[:200]
        finding.save()
        change.event(Tag.FINDING_CLOSED, finding_subject(finding), because=because)
