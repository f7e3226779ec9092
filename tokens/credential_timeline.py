"""One credential's life, oldest first: what the rows say, and what only the trail remembers."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from audit.models import Event
from audit.tags import Tag, words_of
from tokens.catalogue.data import ACCESS_TOKEN_KINDS
from tokens.models import Approval, Credential, Finding, Revocation
from tokens.models.credential import Source
from tokens.models.revocation import RevocationOutcome
from tokens.models.verification import Outcome
from tokens.presentation import left_words, proof_words, read_words

SHOWN = 60
_EVENTS_READ = 60
# What no column holds: everything else stands in the rows already.
_FROM_TRAIL = {
    Tag.CREDENTIAL_UNBOUND: "caution",
    Tag.CREDENTIAL_RETURNED: "danger",
    Tag.CREDENTIAL_EXPIRED: "neutral",
    Tag.CREDENTIAL_ADOPTED: "good",
    Tag.CREDENTIAL_ROTATION_STARTED: "accent",
    Tag.CREDENTIAL_REFUSED: "danger",
    Tag.CREDENTIAL_REVOCATION_FAILED: "danger",
}
_REGISTERED = {
    Source.PASTE: "Pasted and read back",
    Source.LISTING: "Registered from the organisation's listing",
    Source.SYNC: "Found by an inventory run",
    Source.RADAR: "Found among the newest tokens",
    Source.PORTAL: "Added by the portal, and read again",
}
_OUTCOMES: dict[str, str] = {
    RevocationOutcome.REVOKED: "Deleted, and a re-read shows it gone",
    RevocationOutcome.GONE: "Was gone before anything was deleted",
    RevocationOutcome.ATTESTED: "A person says it is gone",
    RevocationOutcome.PRESENTED: "Proven: Bitbucket no longer accepts it",
    RevocationOutcome.NEEDS_HUMAN: "The machine stopped: a person decides",
}
_HISTORY = {
    "reopened": ("Finding is back", "danger"),
    "closed": ("Finding closed", "good"),
    "told": ("Holder told about a finding", "neutral"),
    "asked": ("Holder asked about a finding", "neutral"),
    "answered": ("Holder answered about a finding", "neutral"),
    "acceptance asked": ("Accepting a finding proposed", "caution"),
    "accepted": ("Finding accepted", "caution"),
}
# One read that found it and saw it is said once.
_SAME_READ = timedelta(minutes=1)

Moment = dict[str, Any]


def revocations_of(credential: Credential) -> list[Revocation]:
    """The attempts to end a credential, the newest first."""
    rows = Revocation.objects.filter(credential=credential).select_related("asked_by", "attested_by", "presented_by")
    found = list(rows.order_by("-asked_at", "-id")[:SHOWN])
    for row in found:
        row.credential = credential  # known already
    return found


def timeline_of(credential: Credential, findings: Iterable[Finding], revocations: Iterable[Revocation]) -> list[Moment]:
    """The moments of a credential in their order, as the timeline shows them; no more than the newest `SHOWN`.

    At most two queries.

    Args:
        credential: with its request, holder and place.
        findings: all of its findings.
        revocations: as `revocations_of` gives them.
    """
    moments = [
        *_asking(credential),
        *_coming(credential),
        *_answer(credential),
        *_findings(findings),
        *_revocations(revocations),
        *_from_trail(credential),
        *_now(credential),
    ]
    known = [moment for moment in moments if moment["at"] is not None]
    return sorted(known, key=lambda moment: moment["at"])[-SHOWN:]


def _moment(at: datetime | None, title: str, body: str = "", tone: str = "neutral", **more: Any) -> Moment:
    return {"at": at, "title": title, "body": body, "tone": tone, **more}


def _asking(credential: Credential) -> Iterator[Moment]:
    request = credential.request
    if request is None:
        return
    template = f"{request.template_version.name}, {request.code}"
    # The same row is not fetched twice.
    who = credential.holder if request.person_id == credential.holder_id else request.person
    asked = f"{who} asked for it"
    yield _moment(request.submitted_at, asked, template, url=request.get_absolute_url())
    # A rule's approval has no approver: nothing to look for.
    approvals = [] if request.decided_by_rule else Approval.objects.filter(request=request).select_related("approver")
    for approval in approvals:
        tone = "good" if approval.verdict == "approved" else "danger"
        title = f"{approval.approver} {approval.get_verdict_display().lower()} it"
        yield _moment(approval.decided_at, title, approval.reason, tone)
    if request.decided_by_rule:
        title = "Opened again, the lost one is gone" if request.reopens_id else "Approved by the template's rule"
        yield _moment(request.decided_at, title, "", "good")


def _coming(credential: Credential) -> Iterator[Moment]:
    is_key = credential.kind == "deploy_key"
    made = "Added at Bitbucket" if is_key else "Created at Atlassian"
    yield _moment(credential.created_at, made, "Bitbucket's own word" if is_key else "Atlassian's own word")
    is_refused = credential.source == Source.LISTING and credential.verification_outcome == Outcome.EXCESS
    came = "Seen in the organisation's listing" if is_refused else _REGISTERED[Source(credential.source)]
    yield _moment(credential.registered_at, came, _how_known(credential), "accent")
    if credential.bound_at and credential.bound_at != credential.registered_at and not is_key:
        label = f"as {credential.listing_label}" if credential.listing_label else ""
        yield _moment(credential.bound_at, "Found in the organisation's listing", label, "good")


def _how_known(credential: Credential) -> str:
    outcome = credential.verification_outcome
    words = [Outcome(outcome).label] if outcome else []
    if credential.kind == "deploy_key" and not outcome:
        return f"In {read_words(credential.seen_by)}" if credential.seen_by else ""
    if credential.holder_id is None:
        words.append("Bitbucket names no holder")
    else:
        words.append(proof_words(credential))
    return ". ".join(words)


def _answer(credential: Credential) -> Iterator[Moment]:
    if credential.answer:
        title = f"{credential.holder or 'Its holder'} answered: {credential.get_answer_display()}"
        yield _moment(credential.answered_at, title, credential.answer_words)


def _findings(findings: Iterable[Finding]) -> Iterator[Moment]:
    for finding in findings:
        kind, url = finding.get_kind_display(), finding.pk
        told = set()
        for item in finding.history:
            at = datetime.fromisoformat(str(item["at"]))
            told.add(at)
            title, tone = _HISTORY.get(item.get("what", ""), (f"Finding {item.get('what', 'changed')}", "neutral"))
            words = ": ".join(filter(None, (item.get("by", ""), item.get("words", ""))))
            yield _moment(at, f"{title}: {kind}", words, tone, finding=url)
        if finding.opened_at not in told:
            yield _moment(
                finding.opened_at, f"Finding: {kind}", f"Shown by {read_words(finding.read_by)}", "danger", finding=url
            )
        if finding.closed_at is not None and finding.closed_at not in told:
            yield _moment(finding.closed_at, f"Finding closed: {kind}", finding.closed_because, "good", finding=url)


def _revocations(rows: Iterable[Revocation]) -> Iterator[Moment]:
    for row in rows:
        lost = " as lost" if row.lost else ""
        yield _moment(row.asked_at, f"{row.asked_by} asked to end it{lost}", row.reason, "caution")
        yield _moment(row.deletion_sent_at, "Deletion sent", row.deletion_answer, "accent")
        yield _moment(row.reread_at, "List read again", left_words(row), "accent")
        if row.presented_by is not None:
            yield _moment(
                row.presented_at, f"{row.presented_by} presented it once more", "Bitbucket answered 401", "accent"
            )
        if row.outcome:
            who = f"{row.attested_by}: {row.attestation}" if row.attested_by else row.waiting_because
            tone = "danger" if row.outcome == RevocationOutcome.NEEDS_HUMAN else "good"
            yield _moment(row.finished_at, _OUTCOMES.get(row.outcome, row.outcome), who, tone)


def _from_trail(credential: Credential) -> Iterator[Moment]:
    events = Event.objects.filter(subject_type="credential", subject_id=str(credential.pk)).order_by("-seq")
    tones = {tag.value: tone for tag, tone in _FROM_TRAIL.items()}
    for event in events[:_EVENTS_READ]:
        if event.tag in tones:
            because = event.details.get("because") or event.details.get("read_by") or ""
            yield _moment(event.at, words_of(event.tag), str(because), tones[event.tag])


def _unread_end(credential: Credential) -> str:
    return "as declared by who made it" if credential.kind in ACCESS_TOKEN_KINDS else "at the latest, as approved"


def _now(credential: Credential) -> Iterator[Moment]:
    yield _moment(credential.last_used_at, "Last used", "As far as it was told", "accent")
    seen = credential.seen_at
    if seen is not None and (credential.request_id or seen > credential.registered_at + _SAME_READ):
        yield _moment(seen, "Last seen", f"In {read_words(credential.seen_by)}" if credential.seen_by else "")
    if credential.ended_at is not None:
        yield _moment(credential.ended_at, credential.get_state_display(), credential.state_reason)
    elif credential.expires_at is not None:
        is_past = credential.expires_at <= timezone.now()
        approved = "" if credential.expiry_is_read else _unread_end(credential)
        yield _moment(credential.expires_at, "Its end was" if is_past else "Ends", approved, is_future=not is_past)
