"""Who left without us: gone from the members, or with an account that is off, and something of theirs still alive.

Said only from complete reads: a half-read list of members makes nobody a leaver.
"""

from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.actors import System
from accounts.models import Person
from accounts.people import role_settings
from accounts.policy import ACTIVE
from offboarding.models import Origin, Plan
from offboarding.operations.planning import Channel, plan_offboarding
from offboarding.operations.telling import tell_admins
from tokens.inventory.own import own_accounts
from tokens.inventory.seating import Seating, seating
from tokens.models import COUNTED, Credential, Grant
from tokens.states import LIVE
from tokens.tick import AT_MOST

RADAR = System("radar")


def who_left(seats: Seating) -> QuerySet[Person]:
    """People with something alive whose account is off, or who have no seat and no role of their own.

    Args:
        seats: what the members' lists tell; where they were not read to their end, only accounts that are off count.
    """
    held = Credential.objects.filter(holder=OuterRef("pk"), state__in=LIVE, standing__in=COUNTED)
    granted = Grant.objects.filter(person=OuterRef("pk"), gone_at=None)
    if seats.read_at is not None:
        older = Q(registered_at__lte=seats.read_at)
        held, granted = held.filter(older), granted.filter(first_seen_at__lte=seats.read_at)
    named = role_settings()
    known = Plan.objects.filter(person=OuterRef("pk"))
    alive = Person.objects.filter(Exists(held) | Exists(granted)).exclude(account_id__in=named.admins | named.auditors)
    return alive.filter(~Exists(known)).filter(_is_away(seats)).order_by("pk")


def _is_away(seats: Seating) -> Q:
    is_off = ~Q(account_status=ACTIVE)
    if not seats.is_complete:
        return is_off
    return is_off | ~Q(seats__workspace__uuid__in=role_settings().workspaces)


def draft_for_who_left() -> int:
    """Make a draft "left without us" for each; admins hear of it. Returns how many."""
    own, made = own_accounts(), 0
    for person in who_left(seating())[:AT_MOST]:
        if own.holds(person.account_id, person.email):
            continue
        plan = plan_offboarding(person, channel=Channel(Origin.RADAR), acting_user=RADAR)
        made += 1
        tell_admins(
            plan,
            subject=f"Left without us: {person}",
            body=f"{person} is gone from the members or switched off, and still holds something that is alive."
            " The portal made a draft; nothing is taken away before somebody starts it.",
        )
    return made
