"""Who left without us: gone from the members, or with an account that is off, and something of theirs still alive.

Said only from complete reads: a half-read list of members makes nobody a leaver.
"""

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from accounts.actors import System
from accounts.models import Person, Seat
from accounts.people import role_settings
from accounts.policy import ACTIVE
from offboarding.leftovers import ended_plans, holds_something, with_last_plan
from offboarding.models import Origin, Plan
from offboarding.operations.planning import Channel, draft_or_find
from offboarding.states import OPEN_PLAN, PlanState
from tokens.inventory.own import own_accounts
from tokens.inventory.seating import Seating, seating
from tokens.operations.change import NotAllowed
from tokens.tick import AT_MOST

RADAR = System("radar")


def who_left(seats: Seating) -> QuerySet[Person]:
    """People with something alive whose account is off, or who have no seat and no role of their own.

    What their last plan left alive is no news, unless they were seen back after it.

    Args:
        seats: what the members' lists tell; where they were not read to their end, only accounts that are off count.
    """
    named, own = role_settings(), own_accounts()
    open_plan = Plan.objects.filter(person=OuterRef("pk"), state__in=OPEN_PLAN)
    is_news = Q(settled_at=None) | Q(returned_at__isnull=False) | holds_something(since=OuterRef("settled_at"))
    people = with_last_plan(Person.objects.all()).filter(~Exists(open_plan), is_news, _is_away(seats))
    return people.exclude(account_id__in=named.admins | named.auditors | own.account_ids).order_by("pk")


def _is_away(seats: Seating) -> Q:
    here = Seat.objects.filter(person=OuterRef("pk"), workspace__uuid__in=role_settings().workspaces)
    # An account that we switched off ourselves may have been switched on since: a newer seat says so.
    is_back = Exists(here.filter(observed_at__gt=OuterRef("settled_at")))
    is_off = ~Q(account_status=ACTIVE) & ~Q(is_back) & holds_something()
    if seats.read_at is None:
        return is_off
    return is_off | (~Q(Exists(here)) & holds_something(until=seats.read_at))


def draft_for_who_left() -> int:
    """Make a draft "left without us" for each; admins hear of it. Returns how many."""
    note_who_is_back()
    own, made = own_accounts(), 0
    for person in who_left(seating())[:AT_MOST]:
        if own.holds(person.account_id, person.email):
            continue
        try:
            made += draft_or_find(person, channel=Channel(Origin.RADAR), acting_user=RADAR)[1]
        except NotAllowed:  # known as a bot since a moment ago
            continue
    return made


def note_who_is_back() -> int:
    """Write down whose plan is over and who is at work again, by a list of members. Returns how many.

    After a plan that was called off the person stays, so their seat need not be seen anew.
    """
    here = Seat.objects.filter(person=OuterRef("person"), workspace__uuid__in=role_settings().workspaces)
    stays = Q(state=PlanState.CANCELLED, person__account_status=ACTIVE) & Exists(here)
    is_back = Q(Exists(here.filter(observed_at__gt=OuterRef("ended_at")))) | stays
    back = ended_plans().order_by().filter(is_back, returned_at=None)
    return Plan.objects.filter(pk__in=list(back.values_list("pk", flat=True))).update(returned_at=timezone.now())
