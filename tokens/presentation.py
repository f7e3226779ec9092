"""From rows to what a page shows: words, tones, icons. No query of its own beyond what the row carries."""

from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from accounts.models import Person
from tokens.catalogue.data import ACCESS_TOKEN_KINDS, KIND_BY_SLUG
from tokens.catalogue.rules import classic_cover, grouped, risk_sentences, words_for
from tokens.models import (
    Credential,
    Finding,
    FindingKind,
    HolderProof,
    Request,
    Revocation,
    Source,
    Standing,
    TemplateVersion,
)
from tokens.models.template import ApprovalRule
from tokens.named_places import names_project
from tokens.policy import KEY_KIND, PERSONAL_KIND
from tokens.states import CredentialState, RequestState

C, R = CredentialState, RequestState
_DAY_SECONDS = 86_400
Look = tuple[str, str]
_GRAVE = {FindingKind.EXCESS, FindingKind.OVERDUE, FindingKind.ORPHANED, FindingKind.REFUSED_ALIVE}

CREDENTIAL_LOOKS: dict[str, Look] = {
    C.ACTIVE: ("good", "check"),
    C.ROTATING: ("accent", "refresh"),
    C.REFUSED: ("danger", "alert"),
    C.EXPIRED: ("neutral", "clock"),
    C.REVOKING: ("accent", "refresh"),
    C.REVOKED: ("neutral", "trash"),
    C.DISABLED: ("caution", "lock"),
    C.NEEDS_HUMAN: ("danger", "user"),
    C.GONE: ("neutral", "cross"),
    C.RETIRED: ("neutral", "cross"),
}
# What was not approved here is told beside the state, which says only that it works.
STANDING_LOOKS: dict[str, Look] = {
    Standing.UNDECLARED: ("caution", "alert"),
    Standing.UNKNOWN_PRODUCT: ("neutral", "info"),
    Standing.OTHER_PRODUCT: ("neutral", "external"),
    Standing.OWN: ("accent", "shield"),
}
REQUEST_LOOKS: dict[str, Look] = {
    R.PENDING: ("accent", "clock"),
    R.APPROVED: ("good", "check"),
    R.ISSUED: ("good", "key"),
    R.DENIED: ("danger", "cross"),
    R.WITHDRAWN: ("neutral", "cross"),
    R.LAPSED: ("neutral", "clock"),
}
# The rows keep short names of the reads, for exports and the trail; people read these.
_READS = {
    "organisation listing": "the organisation's listing",
    "radar": "the list of the newest tokens",
    "deploy keys of the place": "its place's list of deploy keys",
    "list of places": "the list of projects and repositories",
    "members": "the list of members",
    "requests": "what was asked for here",
    "verification": "the check of what was pasted",
    "presenting": "presenting it once more",
}
RISK_TONES = {"low": "good", "medium": "neutral", "high": "caution", "critical": "danger"}


def template_card(version: TemplateVersion) -> dict[str, Any]:
    """A template as people pick it."""
    return {
        "slug": version.template.slug,
        "name": version.name,
        "purpose": version.purpose,
        "words": words_for(version.scopes),
        "risk_level": version.risk,
        "risk_word": f"{version.risk.capitalize()} risk",
        "risk_tone": RISK_TONES.get(version.risk, "caution"),
        "risk_reasons": version.risk_reasons,
        "max_days": version.max_days,
        "rule_words": ApprovalRule(version.rule).label,
        "url": reverse("request_form", args=[version.template.slug]),
        "groups": grouped(version.scopes),
        "surprises": risk_sentences(version.scopes),
        "guidance": version.guidance,
        "used_by_machine": version.used_by_machine,
    }


def kind_name(slug: str) -> str:
    """A kind of credential as people call it."""
    return KIND_BY_SLUG[slug].name


def kind_card(slug: str, scopes: list[str]) -> dict[str, Any]:
    """A kind of credential with what it means for these scopes: in classic ones, what they add."""
    kind = KIND_BY_SLUG[slug]
    cover = classic_cover(scopes, kind=slug) if kind.classic else None
    return {
        "slug": slug,
        "name": kind.name,
        "words": kind.words,
        "is_personal": slug == PERSONAL_KIND,
        "classic": list(cover.scopes) if cover else [],
        "adds": list(cover.adds) if cover else [],
        "adds_list": [scope.words for group in grouped(cover.adds) for scope in group.scopes] if cover else [],
        "adds_words": words_for(cover.adds) if cover and cover.adds else "",
    }


def read_words(read_by: str) -> str:
    """Which read showed something, as people say it; an unknown one as it stands."""
    return _READS.get(read_by, read_by)


def request_row(request: Request) -> dict[str, Any]:
    """A request as one line of a list."""
    tone, icon = REQUEST_LOOKS[request.state]
    return {
        "title": request.template_version.name,
        "kind_name": kind_name(request.kind),
        "code": request.code,
        "person": request.person.display_name,
        "where_used": request.where_used,
        "reason": request.reason,
        "state_word": request.get_state_display(),
        "state_tone": tone,
        "state_icon": icon,
        "when": request.submitted_at,
        "lifetime_days": request.lifetime_days,
        "words": words_for(request.scopes),
        "risk_word": f"{request.risk.capitalize()} risk",
        "risk_tone": RISK_TONES.get(request.risk, "caution"),
        "url": request.get_absolute_url(),
    }


def credential_row(credential: Credential) -> dict[str, Any]:
    """A credential as one line of a list."""
    tone, icon = CREDENTIAL_LOOKS[credential.state]
    request, holder = credential.request, credential.holder
    return {
        "title": credential.name,
        "template_name": request.template_version.name if request else credential.name,
        "holder": str(holder) if holder else "",
        "holder_url": reverse("person", args=[holder.account_id]) if holder else "",
        "code": request.code if request else "",
        "kind_name": kind_name(credential.kind),
        "standing": credential.standing,
        "standing_word": credential.get_standing_display(),
        "standing_look": STANDING_LOOKS.get(credential.standing),
        "what": _what(credential),
        "seen_by": read_words(credential.seen_by),
        "state_word": credential.get_state_display(),
        "state_tone": tone,
        "state_icon": icon,
        "where_used": request.where_used if request else "",
        "expires_at": credential.expires_at,
        "ended_at": credential.ended_at,
        "days_left": days_left(credential),
        "proof_words": proof_words(credential),
        "url": credential.get_absolute_url(),
    }


def _what(credential: Credential) -> str:
    kind = kind_name(credential.kind)
    return f"{kind} of {credential.place_name}" if credential.place_name else kind


def proof_words(credential: Credential) -> str:
    """How it is known whose a credential is. Keys are not in the organisation's listing: each place lists its own."""
    if credential.kind == "deploy_key":
        if credential.source == Source.PORTAL:
            return "The portal added it for its holder"
        if credential.holder_proof == HolderProof.LISTING:
            return "Bitbucket's list of keys names who added it"
        if credential.holder is None:
            return "Bitbucket's list of keys does not name who added it"
    if credential.kind in ACCESS_TOKEN_KINDS:
        return f"It belongs to no account. Declared by {credential.creator}, who made it" if credential.creator else ""
    return credential.get_holder_proof_display()


def days_left(credential: Credential) -> int | None:
    """Days until its end, to the nearest as relative times are told, none below zero; None where it has no end."""
    if credential.expires_at is None:
        return None
    return max(0, round((credential.expires_at - timezone.now()).total_seconds() / _DAY_SECONDS))


def kind_tone(kind: str) -> str:
    """How much a kind of finding stands out, the same in every list."""
    return "danger" if kind in _GRAVE else "caution"


def finding_row(finding: Finding) -> dict[str, Any]:
    """A finding as one line of a list."""
    return {
        "title": finding.title,
        "kind_word": finding.get_kind_display(),
        "person": str(finding.person) if finding.person else "",
        "opened_at": finding.opened_at,
        "checked_at": finding.checked_at,
        "read_by": read_words(finding.read_by),
        "closed_at": finding.closed_at,
        "closed_because": finding.closed_because,
        "action": finding.action,
        "kind_tone": "neutral" if finding.closed_at else kind_tone(finding.kind),
        "kind_icon": "check" if finding.closed_at else "alert",
        "person_url": reverse("person", args=[finding.person.account_id]) if finding.person else "",
        "risk_word": f"{finding.risk.capitalize()} risk",
        "risk_tone": RISK_TONES.get(finding.risk, "caution"),
        "due_at": finding.due_at,
        "is_late": bool(finding.due_at and finding.due_at < timezone.now()),
        "told_at": finding.told_at,
        "answer_word": finding.credential.get_answer_display() if finding.credential.answer else "",
        "answered_at": finding.credential.answered_at,
        "accepted_until": finding.accepted_until
        if finding.accepted_until and finding.accepted_until >= timezone.now().date()
        else None,
        "credential_name": finding.credential.name,
        "credential_url": finding.credential.get_absolute_url(),
        "url": reverse("finding", args=[finding.pk]),
    }


def reach_sentence(person: Person, scopes: list[str], *, own: bool) -> str:
    """What such a token will really open: a token reaches whatever its person reaches.

    Args:
        own: whether the reader is that person.
    """
    who = "you reach" if own else f"{person.display_name} reaches"
    if person.reach is None:
        return f"A token like this opens every repository {who}. How many that are is not known yet."
    parts = [f"{person.reach.get('read', 0)} to read"]
    if any(scope.startswith("write:repository") for scope in scopes):
        parts.append(f"{person.reach.get('write', 0)} to write")
    return f"A token like this opens every repository {who}: {', '.join(parts)}."


def classic_dialect(scopes: list[str]) -> dict[str, Any]:
    """The same permissions in the classic dialect, and what it would add."""
    cover = classic_cover(scopes)
    return {"scopes": list(cover.scopes), "adds": list(cover.adds)}


def create_steps(request: Request, *, deep_link: str) -> list[dict[str, Any]]:
    """The walk at Atlassian, one thing a step."""
    return [
        {"title": "Open Atlassian's API tokens page", "kind": "link", "url": deep_link},
        {"title": "Choose “Create API token with scopes”", "kind": "plain"},
        {"title": "Give it this name", "kind": "copy", "value": request.credential_name},
        {
            "title": "Set the expiry date to this day, or earlier",
            "kind": "date",
            "value": request.approved_until,
        },
        {"title": "Choose the app Bitbucket", "kind": "plain"},
        {"title": "Tick exactly these scopes", "kind": "scopes", "values": list(request.scopes)},
        {"title": "Narrow it to this workspace, where Atlassian offers that", "kind": "workspace"},
        {"title": "Create it, and copy it: Atlassian shows it once", "kind": "plain"},
    ]


def machine_walk(request: Request) -> dict[str, Any]:
    """How an admin of the repository or project adds a machine's key at Bitbucket, where the portal cannot."""
    is_project = names_project(request.boundary)
    link = "" if is_project else f"{settings.BITBUCKET_WEB_URL}/{request.boundary}/admin/access-keys"
    return {
        "boundary": request.boundary,
        "place": f"{'Project' if is_project else 'Repository'} settings → Access keys",
        "link": link,
        "key": request.public_key,
        "name": request.credential_name,
        "until": request.approved_until,
    }


def revocation_steps(revocation: Revocation | None) -> list[dict[str, Any]]:
    """What has happened of a revocation, as it happens; nothing where there is none."""
    if revocation is None:
        return []
    is_key = revocation.credential.kind == KEY_KIND
    found = "Found among the keys of its place" if is_key else "Found in the person's list at Atlassian"
    rows = [
        ("Asked for", revocation.asked_at, f"by {revocation.asked_by.display_name}: {revocation.reason}"),
        (found, revocation.found_at, ""),
        ("Deletion sent", revocation.deletion_sent_at, revocation.deletion_answer),
        ("List read again without it", revocation.reread_at, left_words(revocation)),
    ]
    if revocation.outcome == "gone":
        rows = [rows[0], ("Was already gone when the portal looked", revocation.reread_at, "")]
    steps = [
        {"title": title, "at": at, "detail": detail, "state": "done" if at else "todo"} for title, at, detail in rows
    ]
    _mark_current(steps, revocation.outcome, revocation.waiting_because)
    return steps


def left_words(revocation: Revocation) -> str:
    """What a list still held when it was read again; empty where none was."""
    total = revocation.reread_total
    if total is None:
        return ""
    noun, rest = ("key", "there") if revocation.credential.kind == KEY_KIND else ("token", "of this person")
    return f"{total} other {noun}{'' if total == 1 else 's'} {rest} left"


def _mark_current(steps: list[dict[str, Any]], outcome: str, because: str) -> None:
    for step in steps:
        if step["state"] != "done":
            step["state"] = "failed" if outcome == "needs_human" else "current"
            step["detail"] = because or step["detail"]
            return


def request_events(request: Request) -> list[dict[str, Any]]:
    """The decision trail of one request."""
    events: list[dict[str, Any]] = [
        {"at": request.submitted_at, "title": f"{request.person.display_name} asked", "body": request.reason}
    ]
    for approval in request.approvals.select_related("approver"):
        tone = "good" if approval.verdict == "approved" else "danger"
        title = f"{approval.approver.display_name} {approval.get_verdict_display().lower()}"
        events.append({"at": approval.decided_at, "title": title, "body": approval.reason, "tone": tone})
    if request.decided_by_rule and request.decided_at:
        title = "Opened again, the lost one is gone" if request.reopens_id else "Approved by the template's rule"
        events.append({"at": request.decided_at, "title": title, "tone": "good"})
    if request.looked_at and request.looked_at_by:
        events.append({"at": request.looked_at, "title": f"{request.looked_at_by.display_name} looked at it"})
    return events
