"""From findings to what their pages show: the sentence, the evidence, the reasons of the risk, the timeline."""

from datetime import UTC, datetime
from typing import Any, Final

from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from accounts.notifications import admins
from tokens.catalogue.rules import grouped, risk_of
from tokens.found_presentation import found_context
from tokens.inventory.modes import may_tell_holders
from tokens.models import Finding, FindingAcceptance, FindingAction, FindingKind
from tokens.operations.asking_holders import OBSERVING, why_not_ask
from tokens.operations.revocations import MAY_BE_REVOKED, NOT_OURS_TO_REVOKE, may_revoke
from tokens.policy import PERSONAL_KIND, is_high_risk
from tokens.presentation import credential_row, finding_row, kind_name, read_words

_SENTENCES: Final = {
    FindingKind.UNDECLARED: "{it} exists, and nobody approved it here.",
    FindingKind.GONE: "{it} was approved here and is no longer listed, although nobody here ended it.",
    FindingKind.EXCESS: "{it} can do more than was approved.",
    FindingKind.OVERDUE: "{it} still exists, although its time is over.",
    FindingKind.IDLE: "{it} has not been used for long. What nobody uses is only a risk.",
    FindingKind.ORPHANED: "{it} still exists, although its holder has left or is switched off.",
    FindingKind.NO_DEPUTY: "A machine uses {it}, and nobody answers for it when its holder cannot.",
    FindingKind.REFUSED_ALIVE: "{it} was refused here, and it still works.",
    FindingKind.AMBIGUOUS: "Two tokens carry the code of {it}, so the portal cannot tell which one it is.",
}
_MOMENTS: Final = {
    "opened": ("Opened", "danger"),
    "reopened": ("Opened again", "danger"),
    "closed": ("Closed", "good"),
    "told": ("Holder told", "accent"),
    "asked": ("Holder asked", "accent"),
    "answered": ("Answered", "accent"),
    "acceptance asked": ("Accepting it proposed", "accent"),
    "accepted": ("Accepted", "good"),
    "declined": ("Accepting it declined", "caution"),
    "acceptance ended": ("Accepting it ended", "caution"),
}


def list_row(finding: Finding, user: User) -> dict[str, Any]:
    """A finding as one line of the list, with its one next action for this user."""
    return {**finding_row(finding), "pk": finding.pk, "next": next_action(finding, user)}


def next_action(finding: Finding, user: User) -> dict[str, str]:
    """The one button of a row: where it leads, or what it sends."""
    page = reverse("finding", args=[finding.pk])
    look = {"label": "Open", "url": page}
    if finding.closed_at is not None or not user.has_perm("tokens.handle_finding"):
        return look
    if finding.action in (FindingAction.ASK_HOLDER, FindingAction.REGISTER, FindingAction.NAME_DEPUTY):
        if may_tell_holders() and not why_not_ask(finding, timezone.now()):
            return {"label": "Ask the holder", "post": reverse("finding_ask", args=[finding.pk])}
        return look
    if finding.action == FindingAction.REVOKE and finding.credential.standing not in NOT_OURS_TO_REVOKE:
        return {"label": "Revoke", "url": f"{page}#act", "tone": "danger"}
    if finding.action == FindingAction.CHOOSE:
        return {"label": "Choose", "url": finding.credential.get_absolute_url()}
    return look


def sentence(finding: Finding) -> str:
    """What is different, as one would say it."""
    credential = finding.credential
    it = f"“{credential.name}”, {_with_article(kind_name(credential.kind))}"
    it += f" of {finding.person}," if finding.person else ","
    said = _SENTENCES[FindingKind(finding.kind)].format(it=it)
    return said[0].upper() + said[1:]


def _with_article(kind: str) -> str:
    word = kind if kind[:2].isupper() else f"{kind[0].lower()}{kind[1:]}"
    return f"{'an' if word[0] in 'aeioAEIO' else 'a'} {word}"


def detail(finding: Finding, user: User) -> dict[str, Any]:
    """Everything the page of one finding shows this user, except its forms."""
    credential = finding.credential
    by_machine = credential.kind != PERSONAL_KIND
    known = credential.listed_scopes is not None or bool(credential.scopes)
    risk = risk_of(credential.scopes, used_by_machine=by_machine)
    acceptance: FindingAcceptance | None = getattr(finding, "running", None)
    return {
        "finding": finding,
        "closed_title": "Closed: somebody said why"
        if finding.kind == FindingKind.GONE
        else "Closed: the difference is gone",
        "item": finding_row(finding),
        "credential": credential,
        "credential_item": credential_row(credential),
        "sentence": sentence(finding),
        "evidence": _evidence(finding),
        "risk_reasons": list(risk.reasons) if known else ["nobody can tell what it opens"],
        "groups": grouped(credential.scopes),
        "excess": grouped(_texts(finding.detail.get("excess"))),
        "events": timeline(finding),
        "own": finding.person_id == user.person.pk,
        **actions(finding, user, acceptance),
    }


def actions(finding: Finding, user: User, acceptance: FindingAcceptance | None) -> dict[str, Any]:
    """What this user may do about a finding, and why not where not."""
    credential, is_open = finding.credential, finding.closed_at is None
    own, handles = finding.person_id == user.person.pk, user.has_perm("tokens.handle_finding")
    can_handle = handles and is_open and not own
    waits = acceptance is not None and acceptance.needs_second and acceptance.confirmed_at is None
    asker_pk = acceptance.asked_by_id if acceptance else None
    can_revoke = may_revoke(credential, user) and credential.state in MAY_BE_REVOKED
    return {
        **found_context(credential, user),
        "handles": handles,
        "can_ask": can_handle,
        "why_not_ask": why_not_ask(finding, timezone.now()) if may_tell_holders() else OBSERVING,
        "can_revoke": is_open and can_revoke and credential.standing not in NOT_OURS_TO_REVOKE,
        "can_explain": is_open and finding.kind == FindingKind.GONE and (own or handles),
        "can_choose": handles and is_open and finding.kind == FindingKind.AMBIGUOUS,
        "acceptance": acceptance,
        "acceptance_waits": waits,
        "needs_second": is_high_risk(finding.risk),
        "can_accept": can_handle and acceptance is None,
        "can_confirm": can_handle and waits and asker_pk != user.person.pk,
        "can_end": handles and acceptance is not None,
        "second_people": _second_people(finding, acceptance) if waits else [],
    }


def _second_people(finding: Finding, acceptance: FindingAcceptance | None) -> list[str]:
    not_these = {finding.person_id, acceptance.asked_by_id if acceptance else None}
    return [str(person) for person in admins() if person.pk not in not_these]


def _evidence(finding: Finding) -> list[dict[str, Any]]:
    credential = finding.credential
    facts: list[dict[str, Any]] = [
        {"label": "Shown by", "value": read_words(finding.read_by)},
        {"label": "First seen", "value": "", "at": finding.opened_at},
        {"label": "Last checked", "value": "" if finding.checked_at else "not yet", "at": finding.checked_at},
    ]
    if credential.seen_at:
        facts.append({"label": "Last listed", "value": "", "at": credential.seen_at})
    if finding.due_at and not finding.closed_at:
        facts.append({"label": "Deal with it until", "value": "", "at": finding.due_at})
    if finding.detail.get("because"):
        facts.append({"label": "What it said", "value": str(finding.detail["because"])})
    return facts


def _texts(value: Any) -> list[str]:
    return [str(item) for item in value] if isinstance(value, list) else []


def timeline(finding: Finding) -> list[dict[str, Any]]:
    """What happened, oldest first."""
    events = [_moment(row) for row in finding.history]
    if not any(event["at"] == finding.opened_at for event in events):
        opening = {
            "at": finding.opened_at,
            "title": "Opened",
            "body": f"Shown by {read_words(finding.read_by)}",
            "tone": "danger",
        }
        events.append(opening)
    if finding.closed_at and not any(event["at"] == finding.closed_at for event in events):
        events.append(
            {"at": finding.closed_at, "title": "Closed", "body": finding.closed_because, "tone": "good"},
        )
    return sorted(events, key=lambda event: event["at"])


def _moment(row: dict[str, str]) -> dict[str, Any]:
    title, tone = _MOMENTS.get(row["what"], (row["what"].capitalize(), "neutral"))
    by = row.get("by", "")
    return {
        "at": datetime.fromisoformat(row["at"]).astimezone(UTC),
        "title": f"{title} by {by}" if by else title,
        "body": row.get("words", ""),
        "tone": tone,
    }
