"""Questions about what was merely found: what a holder can be asked about, and tokens of an unknown product."""

from dataclasses import dataclass
from typing import Any, Final

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery, Window
from django.db.models.functions import RowNumber

from accounts.models import Person
from tokens.finding_queries import Number
from tokens.models import Answer, Credential, Finding, FindingKind, Request, Standing
from tokens.operations.answers import ASKED_ABOUT
from tokens.states import LIVE, RequestState

ANSWERED_AT_ONCE: Final = 50
HOLDERS_A_PAGE: Final = 25
TOKENS_SHOWN: Final = 20


def to_declare(person: Person) -> QuerySet[Credential]:
    """What a holder is asked about or has answered: open ones first, then what was answered, each oldest first.

    Each row carries ``due_at`` of its open finding and ``asked_as``, the code of a request that would register it.
    """
    about = Q(standing__in=ASKED_ABOUT) | Q(standing=Standing.OTHER_PRODUCT, answer=Answer.NOT_BITBUCKET)
    due = Finding.objects.filter(credential=OuterRef("pk"), kind=FindingKind.UNDECLARED, closed_at=None)
    asked = Request.objects.filter(
        adopts=OuterRef("pk"), state__in=[RequestState.PENDING, RequestState.APPROVED, RequestState.ISSUED]
    )
    return (
        Credential.objects.filter(about, holder=person, state__in=LIVE)
        .select_related("holder", "repository", "project", "request")
        .annotate(due_at=Subquery(due.values("due_at")[:1]), asked_as=Subquery(asked.values("code")[:1]))
        .order_by(F("answered_at").asc(nulls_first=True), "registered_at", "pk")
    )


def count_to_declare(person: Person) -> tuple[int, int]:
    """How many of them are answered, and how many there are."""
    counted = to_declare(person).order_by().aggregate(answered=Count("pk", filter=~Q(answer="")), all=Count("pk"))
    return counted["answered"], counted["all"]


def count_open_to_declare(person: Person) -> int:
    """How many found credentials a holder has said nothing about."""
    return Credential.objects.filter(holder=person, state__in=LIVE, standing__in=ASKED_ABOUT, answer="").count()


@dataclass(frozen=True)
class HolderTokens:
    """One holder's tokens of an unknown product, the first of them, and how many there are."""

    person: Person
    tokens: list[Credential]
    total: int


@dataclass(frozen=True)
class HoldersPage:
    """A page of holders by name; ``after`` is where the next one starts, or None on the last."""

    holders: list[HolderTokens]
    after: int | None
    people: int
    tokens: int


def unknown_product_tokens() -> QuerySet[Credential]:
    """Live tokens of which nobody can tell the product."""
    return Credential.objects.filter(standing=Standing.UNKNOWN_PRODUCT, state__in=LIVE)


def unknown_product_page(after: int | None = None) -> HoldersPage:
    """Tokens of an unknown product grouped by holder, a page of holders at a time.

    Args:
        after: id of the last holder of the page before.
    """
    unknown = unknown_product_tokens()
    people = Person.objects.filter(Exists(unknown.filter(holder=OuterRef("pk")))).order_by("display_name", "id")
    if after:
        name = Subquery(Person.objects.filter(pk=after).values("display_name"))
        people = people.filter(Q(display_name__gt=name) | Q(display_name=name, id__gt=after))
    holders = Number(unknown.order_by().values("holder").distinct())
    people = people.annotate(holders=holders, tokens=Number(unknown.order_by().values("pk")))
    found: list[Any] = list(people[: HOLDERS_A_PAGE + 1])
    if not found:
        return HoldersPage([], None, 0, 0)
    shown = found[:HOLDERS_A_PAGE]
    next_after = shown[-1].pk if len(found) > HOLDERS_A_PAGE else None
    return HoldersPage(_with_tokens(shown), next_after, found[0].holders, found[0].tokens)


def _with_tokens(people: list[Person]) -> list[HolderTokens]:
    same_holder: dict[str, Any] = {"partition_by": "holder"}
    rows = (
        unknown_product_tokens()
        .filter(holder__in=people)
        .annotate(rank=Window(RowNumber(), order_by=["created_at", "pk"], **same_holder))
        .annotate(total=Window(Count("pk"), **same_holder))
        .filter(rank__lte=TOKENS_SHOWN)
        .order_by("created_at", "pk")
    )
    by_holder: dict[int | None, list[Any]] = {}
    for row in rows:
        by_holder.setdefault(row.holder_id, []).append(row)
    return [HolderTokens(person, by_holder[person.pk], by_holder[person.pk][0].total) for person in people]
