"""Narrowing the inventory: what may be asked for, and the rows that it lets through."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.expressions import Combinable
from django.db.models.functions import Left
from django.db.models.lookups import Exact
from django.utils import timezone

from accounts.models import Person
from tokens.inventory.holding import holding_of
from tokens.models import COUNTED, Credential, Finding, Request
from tokens.states import ENDED, LIVE

ANY, NONE = "any", "none"
LIVE_GROUP, ENDED_GROUP, COUNTED_GROUP = "live", "ended", "counted"
NOT_VERIFIED = "not_verified"
NOBODY = "nobody"
# Until when something ends, in days from now: (from, to); None has no bound.
EXPIRY_DAYS: dict[str, tuple[int | None, int | None]] = {
    "ended": (None, 0),
    "7": (0, 7),
    "30": (0, 30),
    "90": (0, 90),
    "later": (90, None),
}
UNUSED_DAYS = {"30": 30, "90": 90, "180": 180}
NEVER = "never"
TRIGRAM = 3


@dataclass(frozen=True)
class Filter:
    """Which credentials are wanted. An empty field asks for all, except ``state`` and ``standing``.

    Attributes:
        q: a part of name, label, holder, code or repository; one or two letters, the beginning of the name.
        holder: an account id, an e-mail address or a whole name; ``nobody`` for those without a known holder.
        kind: a kind's slug.
        service: ``repositories`` for any right there, ``repositories:write`` for a level (see `holding`).
        scope: one scope, as Bitbucket spells it.
        template: a template's slug.
        verification: an outcome, or ``not_verified``.
        proof: how the holder is known.
        state: a state, ``live`` (also when empty), ``ended`` or ``any``.
        standing: a standing, ``counted`` (approved or undeclared, also when empty) or ``any``.
        expiry: ``ended``, ``7``, ``30``, ``90`` (days until it ends), ``later`` than those, ``never``.
        used: last used more than ``30``, ``90``, ``180`` days ago, or ``never``.
        workspace: a workspace's row.
        finding: a kind of finding that is open, ``any`` or ``none``.
    """

    q: str = ""
    holder: str = ""
    kind: str = ""
    service: str = ""
    scope: str = ""
    template: str = ""
    verification: str = ""
    proof: str = ""
    state: str = ""
    standing: str = ""
    expiry: str = ""
    used: str = ""
    workspace: int | None = None
    finding: str = ""


def credentials_matching(wanted: Filter, *, now: datetime | None = None) -> "QuerySet[Credential]":
    """The credentials that a filter lets through, in no order.

    Args:
        wanted: the filter; its values are known to make sense.
        now: what days are counted from.
    """
    now = now or timezone.now()
    rows = Credential.objects.filter(
        _state(wanted.state),
        _standing(wanted.standing),
        _expiry(wanted.expiry, now),
        _used(wanted.used, now),
        _plain(wanted),
        _holder(wanted.holder),
        _holds(wanted.service),
    )
    return rows.filter(_finding(wanted.finding)) if wanted.finding else rows


def _plain(wanted: Filter) -> Q:
    """What one column answers."""
    found = Q()
    if wanted.q:
        found &= _text(wanted.q.lower())
    if wanted.kind:
        found &= Q(kind=wanted.kind)
    if wanted.scope:
        found &= Q(scope_list__contains=[wanted.scope])
    if wanted.template:
        found &= Q(request__in=Request.objects.filter(template_version__template__slug=wanted.template))
    if wanted.verification:
        found &= Q(verification_outcome="" if wanted.verification == NOT_VERIFIED else wanted.verification)
    if wanted.proof:
        found &= Q(holder_proof=wanted.proof)
    if wanted.workspace is not None:
        found &= Q(workspace=wanted.workspace)
    return found


def _text(text: str) -> Q:
    """Less than three letters have no trigram of their own, so they are looked for at the beginning only."""
    if len(text) >= TRIGRAM:
        return Q(search_text__contains=text)
    return Q(Exact(Left("search_text", len(text)), text))


def _state(state: str) -> Q:
    if state == ANY:
        return Q()
    if state in ("", LIVE_GROUP):
        return Q(state__in=sorted(LIVE))
    return Q(state__in=sorted(ENDED)) if state == ENDED_GROUP else Q(state=state)


def _standing(standing: str) -> Q:
    if standing == ANY:
        return Q()
    return Q(standing__in=sorted(COUNTED)) if standing in ("", COUNTED_GROUP) else Q(standing=standing)


def _expiry(expiry: str, now: datetime) -> Q:
    if not expiry:
        return Q()
    if expiry == NEVER:
        return Q(expires_at=None)
    least, most = EXPIRY_DAYS[expiry]
    found = Q(expires_at__isnull=False)
    if least is not None:
        found &= Q(expires_at__gt=now + timedelta(days=least))
    if most is not None:
        found &= Q(expires_at__lte=now + timedelta(days=most))
    return found


def _used(used: str, now: datetime) -> Q:
    if not used:
        return Q()
    if used == NEVER:
        return Q(last_used_at=None)
    return Q(last_used_at__lt=now - timedelta(days=UNUSED_DAYS[used]))


def _holder(holder: str) -> Q:
    if not holder:
        return Q()
    if holder == NOBODY:
        return Q(holder=None)
    named = Q(account_id=holder) | Q(email__iexact=holder) | Q(display_name__iexact=holder)
    return Q(holder__in=Person.objects.filter(named))


def _holds(service: str) -> Q:
    if not service:
        return Q()
    holding = holding_of(*service.split(":", 1))
    every = Q()
    for one_of in holding.every:
        every &= Q(scope_list__overlap=sorted(one_of))
    instead = Q(scope_list__overlap=sorted(holding.instead))
    if not holding.every:
        return instead
    return every | instead if holding.instead else every


def _finding(kind: str) -> Combinable:
    still_open = Finding.objects.filter(credential=OuterRef("pk"), closed_at=None)
    if kind == NONE:
        return ~Exists(still_open)
    return Exists(still_open) if kind == ANY else Exists(still_open.filter(kind=kind))
