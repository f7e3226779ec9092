"""Telling holders by themselves what nobody approved: made outside, the baseline, and before the day comes.

Only where the mode allows it, one mail a person, and never twice about the same.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Sequence
from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce
from django.urls import reverse

from accounts.actors import SYSTEM
from accounts.actors import subject as person_subject
from accounts.models import Notification, Person, Seat
from accounts.notifications import notify
from accounts.policy import ACTIVE
from audit.tags import Tag
from tokens.inventory.baseline import Baseline, baseline
from tokens.inventory.modes import may_tell_holders
from tokens.models import Credential, Finding, FindingKind, Standing
from tokens.operations.change import Change
from tokens.operations.findings import remember
from tokens.states import LIVE

REMIND_BEFORE: Final = (timedelta(days=14), timedelta(days=3))
MOST_PEOPLE_AT_ONCE: Final = 100
BASELINE_SUBJECT: Final = "Say what your Bitbucket credentials are for"
_NAMES_IN_A_MAIL = 10

Words = Callable[[Person, Sequence[Finding]], tuple[str, str]]


def tell_of_new(now: datetime, *, only: Collection[int] | None = None) -> int:
    """Tell holders, once, about what was made outside the portal since the first look.

    Args:
        only: credentials to look at; None for all.

    Returns: how many people were told.
    """
    first = baseline()
    if not may_tell_holders() or first.began is None:
        return 0
    rows = _untold(now).annotate(made=_made()).filter(made__gt=first.began)
    if only is not None:
        rows = rows.filter(credential__in=list(only))
    return _tell_each(rows, _made_outside, what="told", now=now)


def tell_of_baseline(now: datetime) -> int:
    """Write to each holder once, when the first look is complete: what is to be declared, and until when.

    Tokens of an unknown product are asked about as well, where their holder has a seat.

    Returns: how many people were told.
    """
    first = baseline()
    if not may_tell_holders() or first.began is None or first.until is None:
        return 0
    old = _untold(now).annotate(made=_made()).filter(made__lte=first.began)
    told_before = Notification.objects.filter(person=OuterRef("person"), subject=BASELINE_SUBJECT)
    told = _tell_each(old.exclude(Exists(told_before)), _baseline_words(first), what="told", now=now)
    return told + _ask_about_unknown(first, most=MOST_PEOPLE_AT_ONCE - told)


def remind_holders(now: datetime) -> int:
    """Remind whoever has said nothing, 14 and 3 days before the day; one mail a person.

    Returns: how many people were reminded.
    """
    if not may_tell_holders():
        return 0
    is_time = Q()
    for before in REMIND_BEFORE:
        is_time |= Q(due_at__lte=now + before) & (Q(told_at=None) | Q(told_at__lt=F("due_at") - before))
    rows = _telling(now).filter(is_time, due_at__gt=now, credential__answer="")
    return _tell_each(rows, _reminder, what="reminded", now=now)


def _telling(now: datetime) -> QuerySet[Finding]:
    """Open findings of what nobody approved, that are loud, and whose holder can read a mail."""
    return Finding.objects.filter(
        Q(accepted_until=None) | Q(accepted_until__lt=now.date()),
        kind=FindingKind.UNDECLARED,
        closed_at=None,
        person__isnull=False,
        person__account_status=ACTIVE,
        credential__standing=Standing.UNDECLARED,
        credential__state__in=LIVE,
    )


def _untold(now: datetime) -> QuerySet[Finding]:
    return _telling(now).filter(told_at=None, credential__answer="")


def _made() -> Coalesce:
    return Coalesce("credential__created_at", "credential__registered_at")


def _tell_each(rows: QuerySet[Finding], words: Words, *, what: str, now: datetime) -> int:
    """One mail and one event a person, each in its own transaction: what was told is told once, whenever it stops."""
    by_person: dict[int, list[int]] = defaultdict(list)
    for pk, person in rows.order_by("person", "pk").values_list("pk", "person"):
        if person in by_person or len(by_person) < MOST_PEOPLE_AT_ONCE:
            by_person[person].append(pk)
    return sum(_tell(person, pks, words, what, now) for person, pks in by_person.items())


def _tell(person_pk: int, pks: list[int], words: Words, what: str, now: datetime) -> bool:
    with Change(SYSTEM) as change:
        findings = list(
            Finding.objects.select_for_update(of=("self",))
            .filter(pk__in=pks, closed_at=None)
            .filter(Q(told_at=None) | Q(told_at__lt=now))
            .select_related("credential")
            .order_by("pk")
        )
        if not findings:
            return False
        person = Person.objects.get(pk=person_pk)
        subject, body = words(person, findings)
        notify(person, subject=subject, body=body, path=reverse("declare"))
        for finding in findings:
            remember(finding, change.at, what, subject)
            finding.told_at = change.at
        Finding.objects.bulk_update(findings, ("history", "told_at"), batch_size=500)
        change.event(
            Tag.FINDING_ASKED,
            person_subject(person),
            count=len(findings),
            ids=[row.pk for row in findings[:50]],
            why=what,
        )
    return True


def _made_outside(person: Person, findings: Sequence[Finding]) -> tuple[str, str]:
    one = len(findings) == 1
    body = (
        f"The portal noticed {'a credential' if one else f'{len(findings)} credentials'} of yours that opens Bitbucket"
        f" and was not asked for here:\n\n{_listed(findings)}\n\n"
        "That is all right: say what you use it for, and it can be registered. If it is not yours, say so at once."
        f" Please do it {_until(findings)}. Next time, ask here first: it is quick, and you get exactly what you need."
    )
    first = findings[0].credential.name
    return (f"You made “{first}” outside the portal" if one else "You made credentials outside the portal"), body


def _baseline_words(first: Baseline) -> Words:
    def words(person: Person, findings: Sequence[Finding]) -> tuple[str, str]:
        body = (
            f"The portal looked for the first time at what opens Bitbucket, and these are yours:\n\n{_listed(findings)}"
            "\n\nNobody did anything wrong. Say for each what you use it for, that it is not for Bitbucket, that it"
            f" may be deleted, or that it is not yours, {_until(findings)}. One page, a minute."
        )
        return BASELINE_SUBJECT, body

    return words


def _reminder(person: Person, findings: Sequence[Finding]) -> tuple[str, str]:
    count = len(findings)
    body = (
        f"Nobody has said yet what {'this is' if count == 1 else 'these are'} for:\n\n{_listed(findings)}\n\n"
        f"Please say it {_until(findings)}. {_what_follows()}"
    )
    return f"Still to declare: {count} credential{'' if count == 1 else 's'}", body


def _what_follows() -> str:
    if settings.INVENTORY_MODE == "enforce":
        return "After that day the portal revokes what nobody declared."
    return "After that day an admin decides about it."


def _listed(findings: Sequence[Finding]) -> str:
    lines = [f"“{row.credential.name}”" for row in findings[:_NAMES_IN_A_MAIL]]
    more = len(findings) - len(lines)
    return "\n".join([*lines, f"and {more} more"] if more else lines)


def _until(findings: Sequence[Finding]) -> str:
    due = min((row.due_at for row in findings if row.due_at is not None), default=None)
    return f"by {due:%d %B %Y}" if due else "soon"


def _ask_about_unknown(first: Baseline, *, most: int) -> int:
    """The others who have a seat, and tokens of which nobody can tell the product."""
    unknown = Credential.objects.filter(
        holder=OuterRef("pk"), standing=Standing.UNKNOWN_PRODUCT, state__in=LIVE, answer=""
    )
    seats = Seat.objects.filter(person=OuterRef("pk"), workspace__uuid__in=settings.BITBUCKET_WORKSPACES)
    told_before = Notification.objects.filter(person=OuterRef("pk"), subject=BASELINE_SUBJECT)
    people = Person.objects.filter(Exists(unknown), Exists(seats), ~Exists(told_before), account_status=ACTIVE)
    return sum(_ask(person, first) for person in people.order_by("pk")[: max(0, most)])


def _ask(person: Person, first: Baseline) -> bool:
    assert first.until is not None
    body = (
        "The portal looked for the first time at the organisation's API tokens. Some of yours do not tell which product"
        " they are for.\n\nSay for each whether you use it with Bitbucket, or that it is for another product, by"
        f" {first.until:%d %B %Y}. Nothing is deleted unless you say so."
    )
    with Change(SYSTEM) as change:
        locked = Person.objects.select_for_update(no_key=True).get(pk=person.pk)
        if locked.notifications.filter(subject=BASELINE_SUBJECT).exists():
            return False  # another beat was faster
        notify(locked, subject=BASELINE_SUBJECT, body=body, path=reverse("declare"))
        change.event(Tag.FINDING_ASKED, person_subject(locked), why="unknown product")
    return True
