"""What somebody still holds that opens Bitbucket, and whether the last plan knew of it already."""

from datetime import datetime
from typing import Any

from django.db.models import DateTimeField, Exists, Expression, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from accounts.models import Person
from offboarding.models import Plan
from offboarding.states import ENDED_PLAN
from tokens.models import COUNTED, Credential, Grant
from tokens.states import LIVE

Moment = datetime | Expression | F | OuterRef


def holds_something(*, since: Moment | None = None, until: Moment | None = None) -> Q:
    """Of people: who holds a credential or a grant that is alive.

    Args:
        since: only what the portal came to know after this moment.
        until: only what it knew by this moment.
    """
    held = Credential.objects.filter(holder=OuterRef("pk"), state__in=LIVE, standing__in=COUNTED)
    granted = Grant.objects.filter(person=OuterRef("pk"), gone_at=None)
    if since is not None:
        held, granted = held.filter(registered_at__gt=since), granted.filter(first_seen_at__gt=since)
    if until is not None:
        held, granted = held.filter(registered_at__lte=until), granted.filter(first_seen_at__lte=until)
    return Q(Exists(held)) | Q(Exists(granted))


def ended_plans() -> Any:
    """Plans that are over, the last one of each person first, with ``ended_at``."""
    over = Plan.objects.filter(state__in=ENDED_PLAN)
    return over.annotate(ended_at=Coalesce("completed_at", "cancelled_at")).order_by("-ended_at", "-pk")


def with_last_plan(people: QuerySet[Person]) -> QuerySet[Person, Any]:
    """People with ``settled_at``, when their last plan ended, and ``returned_at``, when they were seen back since."""
    last = ended_plans().filter(person=OuterRef("pk"))
    return people.annotate(
        settled_at=Subquery(last.values("ended_at")[:1], output_field=DateTimeField()),
        returned_at=Subquery(last.values("returned_at")[:1], output_field=DateTimeField()),
    )
