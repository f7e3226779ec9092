"""What a pasted credential can do, told without registering it: one look at Bitbucket, compared with the shelf.

Verification judges a token against one approved request. Here nothing was approved: the answer says what the
credential is, whose, how risky, and which template comes closest.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Literal

from django.views.decorators.debug import sensitive_variables

from bitbucket.cloud import CloudClient
from bitbucket.credential_reading import CredentialReading, read_access_token, read_credential
from bitbucket.credentials import Basic
from bitbucket.session import MAX_BYTES
from bitbucket.transport import Transport
from bitbucket.watchdog import watching
from tokens.catalogue.data import KIND_BY_SLUG
from tokens.catalogue.model import Risk, ScopeGroup
from tokens.catalogue.rules import grouped, kind_from_credential_type, risk_of
from tokens.check_match import TemplateMatch, match_from_scopes
from tokens.check_reach import Reach, reach_of
from tokens.models import HolderProof, TemplateVersion
from tokens.verification import DEADLINE_SECONDS, READABLE, UNAUTHORIZED

PastedAs = Literal["api_token", "access_token"]


class CheckOutcome(StrEnum):
    """What a look at a credential came to, in the order in which they win."""

    INVALID = "invalid"
    WRONG_HOLDER = "wrong_holder"
    UNREADABLE = "unreadable"
    READ = "read"


@dataclass(frozen=True)
class Pasted:
    """What somebody pasted to be checked; it lives as long as the request.

    Attributes:
        kind: decides how it is sent: an API token beside the e-mail, an access token alone.
        email: the Atlassian e-mail of an API token's account.
    """

    kind: PastedAs
    email: str
    secret: str = field(repr=False)


@dataclass(frozen=True)
class CheckResult:
    """What a credential is and can do. Everything below `status` is known of an outcome `read` only.

    Attributes:
        kind: the kind's slug, "" where Bitbucket's word for it is not known here.
        credential_type: Bitbucket's own word for the kind, "" where it gave none.
        status: the HTTP status; None without an answer.
        scopes: sorted, in the credential's own dialect.
        holder_proof: `read` when Bitbucket named this person, `declared` when it named nobody; "" for what belongs to
            no person.
        contained: names of the templates all of which it can do.
        reach: what it opens; only with the proof `read`.
    """

    outcome: CheckOutcome
    pasted_as: PastedAs
    kind: str = ""
    credential_type: str = ""
    status: int | None = None
    scopes: tuple[str, ...] = ()
    holder_proof: str = ""
    risk: Risk | None = None
    match: TemplateMatch | None = None
    contained: tuple[str, ...] = ()
    reach: Reach | None = None

    @property
    def groups(self) -> list[ScopeGroup]:
        """Its scopes by service, with words."""
        return grouped(self.scopes)


@sensitive_variables("pasted")
def check_credential(
    transport: Transport,
    pasted: Pasted,
    *,
    account_id: str,
    versions: Iterable[TemplateVersion],
    workspaces: Mapping[str, str],
) -> CheckResult:
    """Ask Bitbucket what a credential is, and what it reaches where it is this person's own; five seconds for all.

    Args:
        transport: to Bitbucket's API.
        pasted: what to look at.
        account_id: of the person who asks.
        versions: the templates on offer.
        workspaces: uuid → slug of those that this portal serves.

    Returns: the result; trouble with the network is an outcome, never an exception.
    """
    with watching(DEADLINE_SECONDS, MAX_BYTES):
        result = result_from_reading(_read(transport, pasted), pasted.kind, account_id=account_id, versions=versions)
        if result.holder_proof != HolderProof.READ:
            return result
        client = CloudClient(transport, Basic(pasted.email, pasted.secret))
        return replace(result, reach=reach_of(client, workspaces))


@sensitive_variables("pasted")
def _read(transport: Transport, pasted: Pasted) -> CredentialReading:
    if pasted.kind == "access_token":
        return read_access_token(transport, secret=pasted.secret, deadline_seconds=DEADLINE_SECONDS)
    return read_credential(transport, email=pasted.email, secret=pasted.secret, deadline_seconds=DEADLINE_SECONDS)


def result_from_reading(
    reading: CredentialReading, pasted_as: PastedAs, *, account_id: str, versions: Iterable[TemplateVersion]
) -> CheckResult:
    """Say what one look means, without the reach.

    Args:
        reading: what Bitbucket answered.
        pasted_as: how it was sent.
        account_id: of the person who asks.
        versions: the templates on offer.
    """
    seen = reading.credential_type or ""
    # A word that nobody has explained is shown, and the beginning of the text says what it is.
    kind = kind_from_credential_type(seen) or ("api_token" if pasted_as == "api_token" else "")
    result = CheckResult(_outcome(reading, pasted_as, account_id), pasted_as, kind, seen, reading.status)
    if result.outcome is not CheckOutcome.READ:
        return result
    scopes = reading.scopes or frozenset()
    match, contained = match_from_scopes(scopes, versions, kind=kind)
    return replace(
        result,
        scopes=tuple(sorted(scopes)),
        holder_proof=_holder_proof(reading, pasted_as),
        risk=risk_of(scopes, used_by_machine=not _acts_as_person(kind)),
        match=match,
        contained=contained,
    )


def _outcome(reading: CredentialReading, pasted_as: PastedAs, account_id: str) -> CheckOutcome:
    if reading.status == UNAUTHORIZED:
        return CheckOutcome.INVALID
    # An access token belongs to a thing. Should Bitbucket ever name an account for one, it is nobody's.
    if pasted_as == "api_token" and reading.account_id not in (None, account_id):
        return CheckOutcome.WRONG_HOLDER
    if reading.status not in READABLE or reading.scopes is None or reading.failure:
        return CheckOutcome.UNREADABLE
    return CheckOutcome.READ


def _holder_proof(reading: CredentialReading, pasted_as: PastedAs) -> str:
    if pasted_as == "access_token":
        return ""
    return HolderProof.READ if reading.account_id else HolderProof.DECLARED


def _acts_as_person(kind: str) -> bool:
    return bool(kind) and KIND_BY_SLUG[kind].acts_as_person
