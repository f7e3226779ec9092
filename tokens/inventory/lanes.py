"""Who reads a part: the organisation's audit key, the audit bot, or the workspace access token where it may."""

from dataclasses import dataclass
from enum import StrEnum

from django.db.models import Q

from bitbucket.cloud import CloudClient
from tokens import clients
from tokens.capabilities import observe
from tokens.clients import Allowance
from tokens.models import Capability, Part, PartKind

ORGANISATION_KINDS = (PartKind.ORGANISATION_TOKENS,)
BITBUCKET_KINDS = tuple(kind for kind in PartKind if kind not in ORGANISATION_KINDS)


class Lane(StrEnum):
    """One principal's requests. A refusal or a spent hour of one lane leaves the others alone."""

    ORGANISATION = "organisation"
    TOKEN = "token"  # noqa: S105 - the lane's name
    BOT = "bot"


@dataclass(frozen=True)
class TokenReads:
    """What the workspace access token was seen to be allowed.

    Attributes:
        kinds: kinds of parts; none where there is no such token.
        workspace_id: its workspace; None where it is not known, which happens with a single one.
        limit_per_hour: as Bitbucket last told it; 0 where it did not.
    """

    kinds: tuple[str, ...] = ()
    workspace_id: int | None = None
    limit_per_hour: int = 0


def token_reads() -> TokenReads:
    """What a worker found out about the workspace access token: its kinds, its workspace, its limit."""
    seen = Capability.objects.filter(
        name=Capability.Name.WORKSPACE_TOKEN_READS, level=Capability.Level.AUTOMATIC
    ).first()
    if seen is None:
        return TokenReads()
    kinds = tuple(kind for kind in seen.facts.get("kinds", []) if kind in BITBUCKET_KINDS)
    limit = seen.facts.get("limit")
    return TokenReads(kinds, seen.workspace_id, limit if isinstance(limit, int) else 0)


def allowance_of(lane: str) -> Allowance:
    """What a lane may spend in an hour, and in whose name."""
    if lane == Lane.ORGANISATION:
        return clients.organisation_allowance()
    if lane == Lane.TOKEN:
        return clients.token_allowance(token_reads().limit_per_hour)
    return clients.bot_allowance()


def parts_in(lane: str, token: TokenReads | None = None) -> Q:
    """The parts that a lane reads.

    Args:
        lane: which one.
        token: what is known of the workspace access token, if that was read already.
    """
    if lane == Lane.ORGANISATION:
        return Q(kind__in=ORGANISATION_KINDS)
    taken = _taken_by_token(token or token_reads())
    return taken if lane == Lane.TOKEN else Q(kind__in=BITBUCKET_KINDS) & ~taken


def _taken_by_token(token: TokenReads) -> Q:
    if not token.kinds:
        return Q(pk__in=[])
    if token.workspace_id is None:
        return Q(kind__in=token.kinds)
    here = Part.objects.filter(
        Q(workspace=token.workspace_id)
        | Q(repository__workspace=token.workspace_id)
        | Q(project__workspace=token.workspace_id)
    )
    return Q(kind__in=token.kinds, pk__in=here.values("pk"))


def lane_of(part: Part) -> Lane:
    """The lane that reads a part now."""
    if part.kind in ORGANISATION_KINDS:
        return Lane.ORGANISATION
    is_taken = Part.objects.filter(_taken_by_token(token_reads()), pk=part.pk).exists()
    return Lane.TOKEN if is_taken else Lane.BOT


def reader_for(part: Part, lane: str = "") -> CloudClient | None:
    """The client for a part of Bitbucket's: the workspace access token where it may, else the audit bot.

    Args:
        part: what is to be read.
        lane: which lane it was asked in, where that is known.

    Returns:
        None where this process holds no credential for it.
    """
    if (lane or lane_of(part)) == Lane.TOKEN:
        token = token_reads()
        if part.kind in token.kinds:
            return clients.audit_workspace_token(token.limit_per_hour) or clients.audit_bot()
    return clients.audit_bot()


def take_from_token(kind: str, reason: str) -> None:
    """The workspace access token was refused a kind of part: from now on the audit bot reads that kind.

    Args:
        kind: what it was refused; empty for everything.
        reason: what the other side said, in our words.
    """
    for seen in Capability.objects.filter(name=Capability.Name.WORKSPACE_TOKEN_READS):
        kinds = [one for one in seen.facts.get("kinds", []) if kind and one != kind]
        level = Capability.Level.AUTOMATIC if kinds else Capability.Level.MANUAL
        observe(
            Capability.Name.WORKSPACE_TOKEN_READS,
            level,
            reason,
            workspace=seen.workspace,
            facts=seen.facts | {"kinds": kinds},
        )
