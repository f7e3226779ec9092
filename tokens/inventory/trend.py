"""How many credentials were live, week by week, as far as the rows can tell.

What was merely found counts from when it was seen, not from when somebody made it: nobody knew of it before. What was
found first and approved later counts as approved from the decision on.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Case, Count, F, FilteredRelation, Q, When
from django.db.models.functions import Coalesce, Greatest
from django.utils import timezone

from tokens.inventory.buckets import width_bucket
from tokens.inventory.figures import WEEK, Headline, is_approved_and_verified
from tokens.models import COUNTED, Credential, Request
from tokens.states import LIVE, CredentialState

WEEKS_BACK = 12


@dataclass(frozen=True)
class TrendPoint:
    """How it was at one moment: live credentials for Bitbucket, and those of them approved and verified."""

    at: datetime
    live: int
    approved: int


@dataclass(frozen=True)
class _Span:
    """Credentials that came, were approved and ended between the same points; numbers of points, not times."""

    began: int
    approved: int | None
    ended: int | None
    many: int

    def lives_at(self, point: int) -> bool:
        return self.began <= point and (self.ended is None or self.ended > point)

    def is_approved_at(self, point: int) -> bool:
        return self.lives_at(point) and self.approved is not None and self.approved <= point


def trend(present: Headline, now: datetime | None = None) -> tuple[TrendPoint, ...]:
    """The last 12 weeks, the oldest first and the present last. One query.

    Only what changed in that time is looked at; the rest was then as it is now.

    Args:
        present: how it is now.
        now: the last point; the present where None is given.
    """
    now = now or timezone.now()
    points = [now - WEEK * number for number in reversed(range(WEEKS_BACK))]
    spans = _changed_spans(points)

    def count(is_meant: Callable[[_Span, int], bool], point: int) -> int:
        return sum(span.many for span in spans if is_meant(span, point))

    last = len(points) - 1
    still_live = present.counted - count(_Span.lives_at, last)
    still_approved = present.approved - count(_Span.is_approved_at, last)
    return tuple(
        TrendPoint(
            at,
            max(0, still_live + count(_Span.lives_at, number)),
            max(0, still_approved + count(_Span.is_approved_at, number)),
        )
        for number, at in enumerate(points)
    )


def _changed_spans(points: list[datetime]) -> list[_Span]:
    rows = (
        Credential.objects.filter(_changed_since(points[0]), standing__in=COUNTED)
        .order_by()
        .annotate(adoption=FilteredRelation("request", condition=Q(request__adopts__isnull=False)), end=_end())
        .annotate(
            began=width_bucket("registered_at", points),
            approved=width_bucket(_approved_since(), points),
            ended=width_bucket("end", points),
        )
        .values("began", "approved", "ended")
        .annotate(many=Count("pk"))
        .values_list("began", "approved", "ended", "many")
    )
    return [_Span(*row) for row in rows]


def _changed_since(first: datetime) -> Q:
    """Everything that may have come, been adopted or ended since then: plain columns, because each row is looked at."""
    adopted = Request.objects.filter(adopts__isnull=False, decided_at__gt=first).order_by().values("pk")
    ended = Q(ended_at__gt=first) | Q(state=CredentialState.EXPIRED, expires_at__gt=first)
    return Q(registered_at__gt=first) | ended | Q(request__in=adopted)


def _end() -> Case:
    """What lives has no end, whatever was once believed; an expired one ended when it said it would."""
    return Case(When(state__in=LIVE, then=None), default=Coalesce("ended_at", "expires_at"))


def _approved_since() -> Case:
    """What was found first and adopted later is approved since the decision; the greatest leaves NULL out."""
    return Case(When(is_approved_and_verified(), then=Greatest(F("registered_at"), F("adoption__decided_at"))))
