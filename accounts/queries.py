"""What the pages of this room show."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Now

from accounts.models import Notification, Person, ServiceToken, User, roles_of_person
from accounts.people import PersonQuerySet
from accounts.policy import words_from_roles, words_from_scopes

PAGE_LENGTH = 50
CANDIDATES_SHOWN = 20


@dataclass(frozen=True)
class PersonRow:
    """A person in a list, with the roles in words (empty: no right to use the portal)."""

    person: Person
    role_words: str
    seats: list[str]


@dataclass(frozen=True)
class PeoplePage:
    """One page of people by name; ``after`` is where the next one starts, or None on the last."""

    rows: list[PersonRow]
    after: int | None


@dataclass(frozen=True)
class ServiceTokenRow:
    """A service token in a list.

    Attributes:
        token: the row.
        scopes: what it may do, in words.
        maker_left: whether the account of the person who made it does not work any more, here or at Bitbucket.
        ends_at: when it stopped or will stop working.
    """

    token: ServiceToken
    scopes: list[str]
    maker_left: bool
    ends_at: datetime


def is_shut_out(account_id: str) -> bool:
    """Whether the portal itself lets this account in no more."""
    return (
        User.objects.filter(username=account_id, is_active=False).exists()
        or Person.objects.filter(account_id=account_id, blocked_at__isnull=False).exists()
    )


def matching_people(text: str) -> PersonQuerySet:
    """People whose name, address or account id holds the text, by name."""
    found = Person.objects.order_by("display_name", "id")
    if not text:
        return found
    return found.filter(Q(display_name__icontains=text) | Q(email__icontains=text) | Q(account_id__icontains=text))


def people_page(text: str, *, after: int | None = None) -> PeoplePage:
    """A page of people.

    Args:
        text: what to look for; empty for everybody.
        after: id of the last person of the page before.
    """
    found = matching_people(text)
    last = Person.objects.filter(pk=after).first() if after else None
    if last is not None:
        found = found.filter(Q(display_name__gt=last.display_name) | Q(display_name=last.display_name, id__gt=last.pk))
    people = list(found.with_role_facts().prefetch_related("seats__workspace")[: PAGE_LENGTH + 1])
    shown = people[:PAGE_LENGTH]
    return PeoplePage([_row(person) for person in shown], shown[-1].pk if len(people) > PAGE_LENGTH else None)


def colleague_with_email(email: str) -> Person | None:
    """The one colleague with a seat whom this address belongs to; None where there is none, or more than one."""
    is_theirs = Q(email__iexact=email) | Q(confirmed_emails__contains=[email.lower()])
    found = list(Person.objects.colleagues().filter(is_theirs)[:2])
    return found[0] if len(found) == 1 else None


def approver_candidates(text: str) -> PersonQuerySet:
    """The first of those who could be named an approver, by name."""
    return matching_people(text).approver_candidates()[:CANDIDATES_SHOWN]


def named_without_effect() -> PersonQuerySet:
    """Who is named an approver but may decide nothing now: no seat, off, or an auditor."""
    named = Person.objects.named_approvers()
    return named.exclude(pk__in=Person.objects.approvers().values("pk")).order_by("display_name", "id")


def notifications_of(person: Person, *, before: int | None = None) -> tuple[list[Notification], int | None]:
    """The person's notifications, newest first, and where the next page starts (None on the last)."""
    found = person.notifications.order_by("-id")
    if before:
        found = found.filter(id__lt=before)
    rows = list(found[: PAGE_LENGTH + 1])
    return rows[:PAGE_LENGTH], rows[PAGE_LENGTH - 1].pk if len(rows) > PAGE_LENGTH else None


def working_service_tokens() -> list[ServiceTokenRow]:
    """Those that let a system in now, newest first."""
    return [_token_row(token) for token in _service_tokens().filter(revoked_at=None, expires_at__gt=Now())]


def ended_service_tokens(*, before: int | None = None) -> tuple[list[ServiceTokenRow], int | None]:
    """Those that are revoked or expired, newest first, and where the next page starts (None on the last)."""
    found = _service_tokens().filter(Q(revoked_at__isnull=False) | Q(expires_at__lte=Now())).order_by("-id")
    if before:
        found = found.filter(id__lt=before)
    tokens = list(found[: PAGE_LENGTH + 1])
    shown = [_token_row(token) for token in tokens[:PAGE_LENGTH]]
    return shown, shown[-1].token.pk if len(tokens) > PAGE_LENGTH else None


def _service_tokens() -> QuerySet[ServiceToken]:
    maker = Person.objects.live().filter(pk=OuterRef("created_by"))
    return ServiceToken.objects.select_related("created_by", "revoked_by").annotate(maker_is_live=Exists(maker))


def _token_row(token: ServiceToken) -> ServiceTokenRow:
    maker_left = not getattr(token, "maker_is_live", False)
    ends_at = min(token.expires_at, token.revoked_at or token.expires_at)
    return ServiceTokenRow(token, words_from_scopes(token.scopes), maker_left, ends_at)


def _row(person: Person) -> PersonRow:
    seats = [f"{seat.workspace} ({seat.role_words})" for seat in person.seats.all()]
    return PersonRow(person, words_from_roles(roles_of_person(person)), seats)
