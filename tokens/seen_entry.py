"""What the organisation's listing shows of a request while its person is creating the token, in words."""

from datetime import datetime

from tokens.binding import end_of
from tokens.capabilities import is_automatic
from tokens.catalogue.rules import compare_scopes
from tokens.models import Capability, Credential, Request
from tokens.outcomes import OutcomeWords
from tokens.states import CredentialState

LOOKING = OutcomeWords(
    "accent",
    "Not in the organisation's list yet",
    "As soon as you create it, this page says so by itself. Paste it whenever you have it.",
)


def refused_by_listing(request: Request) -> Credential | None:
    """The token of this request that the listing alone showed to be too much, while it is alive."""
    refused = request.credentials.filter(state=CredentialState.REFUSED, listing_id=request.seen_entry.get("id", ""))
    return refused.first()


def words_for_seen(request: Request) -> OutcomeWords:
    """What was seen of the token that this request waits for, and what to do now."""
    seen = request.seen_entry
    if not seen:
        return LOOKING
    refused = refused_by_listing(request)
    if refused is not None:
        body = f"{_sentence(refused.state_reason)} Have it deleted, then create it again with exactly these scopes."
        return OutcomeWords("danger", f"Refused: {request.code}", body)
    if request.credentials.filter(listing_id=seen["id"]).exists():
        return LOOKING
    if seen["count"] > 1:
        return OutcomeWords(
            "caution",
            f"{seen['count']} tokens carry {request.code}",
            "Nobody can tell them apart. Delete what you do not need at Atlassian, then paste the one that is left.",
        )
    return _one(request, datetime.fromisoformat(seen["expires_at"]) if seen["expires_at"] else None, seen["scopes"])


def _one(request: Request, end: datetime | None, scopes: list[str] | None) -> OutcomeWords:
    title = f"We see {request.code}, " + (f"expires {end:%d %B %Y}" if end else "without an end")
    assert request.approved_until is not None
    if end is None or end > end_of(request.approved_until):
        body = f"That is longer than approved, {request.approved_until:%d %B %Y}. Delete it, and create it again."
        return OutcomeWords("danger", title, body)
    if not scopes:
        return OutcomeWords("good", title, "Now paste it once: the list does not tell what it can do.")
    difference = compare_scopes(request.scopes, scopes)
    if difference.excess:
        items = list(difference.excess)
        return OutcomeWords("danger", title, "It can do more than approved. Create it without these scopes:", items)
    if difference.missing:
        items = list(difference.missing)
        return OutcomeWords("caution", title, "It lacks something approved. Paste it to use it as it is:", items)
    if is_automatic(Capability.Name.LISTING_SCOPES):
        return OutcomeWords("good", title, "It is being registered; you need not paste it.")
    return OutcomeWords("good", title, "Now paste it once, to be checked.")


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:].rstrip('.')}."
