"""What would happen to many credentials at once: decided for each, shown before anything is done."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.db.models import Prefetch, QuerySet

from tokens.inventory.filters import Filter, credentials_matching
from tokens.inventory.listing import NEWEST, Sort
from tokens.models import Credential, Finding, Standing
from tokens.models.credential import BindingState
from tokens.operations.asking_holders import why_not_ask
from tokens.operations.revocations import MAY_BE_REVOKED, NOT_OURS_TO_REVOKE
from tokens.policy import PERSONAL_KIND
from tokens.states import CredentialState

# One form, one answer in good time: every row is a transaction of its own.
MOST_AT_ONCE = 500


class Verdict(StrEnum):
    """What would happen to one credential."""

    WILL = "will"
    PERSON = "person"
    NOT = "not"


@dataclass(frozen=True)
class Prospect:
    """One credential, what would happen to it, and why. ``warning`` is what somebody should think of first."""

    credential: Credential
    verdict: Verdict
    words: str
    warning: str = ""


def chosen_credentials(picked: Iterable[int]) -> list[Credential]:
    """The credentials that somebody ticked, the first `MOST_AT_ONCE` of them."""
    return _with_findings(
        Credential.objects.filter(pk__in=list(picked)[:MOST_AT_ONCE]).order_by("-registered_at", "-pk")
    )


def matching_credentials(wanted: Filter, sort: Sort = NEWEST) -> list[Credential]:
    """The first `MOST_AT_ONCE` that a filter lets through, in the order of the list."""
    rows = sort.ordered(credentials_matching(wanted).annotate(place_key=sort.key))
    return _with_findings(rows[:MOST_AT_ONCE])


def _with_findings(rows: "QuerySet[Credential]") -> list[Credential]:
    still_open = Finding.objects.filter(closed_at=None).select_related("person")
    return list(
        rows.select_related("holder", "request").prefetch_related(Prefetch("findings", still_open, "open_findings"))
    )


def revocation_prospects(rows: Sequence[Credential]) -> list[Prospect]:
    """What revoking each would do."""
    return [_revocation(row) for row in rows]


def _revocation(row: Credential) -> Prospect:
    why_not = _why_not_revoke(row)
    if why_not:
        return Prospect(row, Verdict.NOT, why_not)
    warning = "It may break Jira or Confluence." if row.standing == Standing.UNKNOWN_PRODUCT else ""
    if row.kind != PERSONAL_KIND:
        return Prospect(row, Verdict.PERSON, "A person has to delete it at Bitbucket.", warning)
    if row.binding != BindingState.BOUND:
        return Prospect(row, Verdict.PERSON, "A person has to say which entry of the listing it is.", warning)
    return Prospect(row, Verdict.WILL, "It will be deleted at Atlassian, and the list read again.", warning)


def _why_not_revoke(row: Credential) -> str:
    if row.standing in NOT_OURS_TO_REVOKE:
        return NOT_OURS_TO_REVOKE[Standing(row.standing)]
    if row.state == CredentialState.REVOKING:
        return "It is being revoked already."
    return "" if row.state in MAY_BE_REVOKED else f"It has ended: {row.get_state_display().lower()}."


def asking_prospects(rows: Sequence[Credential], now: datetime) -> list[Prospect]:
    """What asking the holder of each would do."""
    return [_asking(row, now) for row in rows]


def _asking(row: Credential, now: datetime) -> Prospect:
    askable = findings_to_ask_about(row, now)
    if askable:
        kinds = ", ".join(finding.get_kind_display().lower() for finding in askable)
        return Prospect(row, Verdict.WILL, f"{row.holder} will be asked: {kinds}.")
    refusals = [why_not_ask(finding, now) for finding in _open_findings(row)]
    return Prospect(row, Verdict.NOT, refusals[0] if refusals else "It has no open finding to ask about.")


def findings_to_ask_about(row: Credential, now: datetime) -> list[Finding]:
    """The open findings of a credential about which its holder can be asked now."""
    return [finding for finding in _open_findings(row) if not why_not_ask(finding, now)]


def _open_findings(row: Credential) -> list[Finding]:
    found: list[Finding] = getattr(row, "open_findings", [])
    return found
