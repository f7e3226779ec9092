"""What one person reaches, as far as it was read, and which of their credentials open it."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, F, IntegerField, Max, Min, Q, QuerySet
from django.db.models.fields.json import KeyTextTransform, KeyTransform
from django.db.models.functions import Cast

from accounts.models import Person
from tokens.inventory.holding import holding_of
from tokens.models import Credential, EffectiveRight, Grant, Standing
from tokens.states import LIVE, CredentialState

WRITES = ("write", "admin")
RISKIEST = 10
CREDENTIALS_AT_MOST = 100
GRANTS_PAGE = 50
# Alive but opening nothing at the moment does not count here.
OPENS = LIVE - {CredentialState.DISABLED}
_REASON = KeyTextTransform("variables", KeyTransform("unread", "repository__secrets"))
_SECURED = Cast(KeyTransform("secured", "repository__secrets"), IntegerField())


@dataclass(frozen=True)
class Reach:
    """Counts of one person's rights.

    Attributes:
        levels: repositories by their highest level: admin, write, read, and any other word of Bitbucket's.
        oldest: when the oldest of these rows was read; None where there are none.
        newest: when the newest was.
        writable: repositories they can push to, which starts pipelines.
        looked_at: of those, how many had their pipelines counted.
        with_secrets: of those counted, how many hold secured variables.
        secrets_as_of: when the oldest of those counts was made.
        secrets_problem: why pipelines that were tried could not be counted, for one of them.
    """

    levels: dict[str, int]
    oldest: datetime | None
    newest: datetime | None
    writable: int
    looked_at: int
    with_secrets: int
    secrets_as_of: datetime | None
    secrets_problem: str

    @property
    def total(self) -> int:
        """All repositories they reach."""
        return sum(self.levels.values())


def rights_of(person: Person) -> QuerySet[EffectiveRight]:
    """A person's rights on repositories that exist."""
    return EffectiveRight.objects.filter(person=person, repository__gone_at=None)


def reach_of_person(person: Person) -> Reach:
    """Count a person's rights. One query."""
    writes = Q(permission__in=WRITES)
    looked_at = writes & Q(repository__secrets_observed_at__isnull=False)
    row = (
        rights_of(person)
        .annotate(secured=_SECURED)
        .aggregate(
            admin=Count("pk", filter=Q(permission="admin")),
            write=Count("pk", filter=Q(permission="write")),
            read=Count("pk", filter=Q(permission="read")),
            total=Count("pk"),
            oldest=Min("observed_at"),
            newest=Max("observed_at"),
            looked_at=Count("pk", filter=looked_at),
            with_secrets=Count("pk", filter=looked_at & Q(secured__gt=0)),
            secrets_as_of=Min("repository__secrets_observed_at", filter=looked_at),
            secrets_problem=Max(_REASON, filter=writes),
        )
    )
    levels = {name: row[name] for name in ("admin", "write", "read")}
    other = row["total"] - sum(levels.values())
    return Reach(
        levels=levels | ({"other": other} if other else {}),
        oldest=row["oldest"],
        newest=row["newest"],
        writable=row["admin"] + row["write"],
        looked_at=row["looked_at"],
        with_secrets=row["with_secrets"],
        secrets_as_of=row["secrets_as_of"],
        secrets_problem=row["secrets_problem"] or "",
    )


def riskiest_repositories(person: Person) -> list[EffectiveRight]:
    """Where a push starts pipelines with the most secrets; each row carries ``secured``. One query."""
    known = rights_of(person).filter(permission__in=WRITES, repository__secrets_observed_at__isnull=False)
    ranked = known.annotate(secured=_SECURED).filter(secured__gt=0).select_related("repository")
    return list(ranked.order_by(F("secured").desc(), "repository__full_name")[:RISKIEST])


@dataclass(frozen=True)
class Openers:
    """The credentials of one person by what they open of the person's reach.

    Attributes:
        writing: API tokens and the like that may push wherever the person may.
        reading: that may only read wherever the person may.
        unknown: of which nobody knows what they can do.
        placed: that open one place only, such as deploy keys.
        other: that open no repository's code.
        is_cut: whether there are more than are looked at here.
    """

    writing: list[Credential]
    reading: list[Credential]
    unknown: list[Credential]
    placed: list[Credential]
    other: list[Credential]
    is_cut: bool


def openers_of(person: Person) -> Openers:
    """Which live credentials of a person open their repositories. One query."""
    found = list(
        Credential.objects.filter(holder=person, state__in=sorted(OPENS))
        .exclude(standing=Standing.OTHER_PRODUCT)
        .select_related("request__template_version", "repository", "project")
        .order_by("-registered_at", "-pk")[: CREDENTIALS_AT_MOST + 1]
    )
    sorted_out = Openers([], [], [], [], [], is_cut=len(found) > CREDENTIALS_AT_MOST)
    for credential in found[:CREDENTIALS_AT_MOST]:
        _bin_of(credential, sorted_out).append(credential)
    return sorted_out


def _bin_of(credential: Credential, openers: Openers) -> list[Credential]:
    if credential.repository_id or credential.project_id or (credential.request and credential.request.boundary):
        return openers.placed
    scopes = set(credential.scope_list)
    if not scopes:
        return openers.unknown
    if opens_for(scopes, "write"):
        return openers.writing
    return openers.reading if opens_for(scopes, "read") else openers.other


def opens_for(scopes: set[str], level: str) -> bool:
    """Whether scopes carry what Repositories: read or write is.

    An administrator's scope does not carry it: no scope implies another.
    """
    return bool(scopes & scopes_for(level))


def scopes_for(level: str) -> frozenset[str]:
    """The scopes any of which let its credential read or write code, in either dialect."""
    holding = holding_of("repositories", level)
    return frozenset(scope for one_of in holding.every for scope in one_of) | holding.instead


def grants_page(person: Person, *, after: int = 0) -> tuple[list[Grant], int]:
    """A page of what a person was given by name, projects first, and where the next one starts (0 on the last).

    Args:
        after: how many come before this page.
    """
    grants = Grant.objects.filter(person=person, gone_at=None).select_related("repository", "project__workspace")
    ordered = grants.order_by(
        F("project__name").asc(nulls_last=True), F("repository__full_name").asc(nulls_last=True), "pk"
    )
    found = list(ordered[after : after + GRANTS_PAGE + 1])
    return found[:GRANTS_PAGE], after + GRANTS_PAGE if len(found) > GRANTS_PAGE else 0
