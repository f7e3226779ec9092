"""What is known of whether somebody reaches a place themselves: an approver of a machine's credential should see it,
because the portal adds keys with rights of its own."""

from accounts.models import Person
from tokens.models import EffectiveRight, Grant, Repository
from tokens.named_places import Place, place_named

_CAN = {"read": "read", "write": "write to", "admin": "administer", "create-repo": "create repositories in"}


def reach_words(person: Person, boundary: str) -> str:
    """Whether somebody reaches the place that they ask for, in words; it never says more than was read.

    Args:
        person: who asks.
        boundary: a repository or project, as a request names it.
    """
    place = place_named(boundary)
    if place is None:
        return f"The portal knows no {boundary}."
    permission = _permission(person, place)
    if permission:
        return f"{person} may {_CAN.get(permission, permission)} {place} already."
    if isinstance(place, Repository) and _was_read(person, place):
        return f"{person} does not reach {place}, as far as their rights were read."
    return f"Whether {person} reaches {place} is not known: their page reads it."


def _permission(person: Person, place: Place) -> str:
    if isinstance(place, Repository):
        right = EffectiveRight.objects.filter(person=person, repository=place).first()
        if right is not None:
            return right.permission
        given = Grant.objects.filter(person=person, gone_at=None, repository=place).first()
    else:
        given = Grant.objects.filter(person=person, gone_at=None, project=place).first()
    return given.permission if given else ""


def _was_read(person: Person, place: Repository) -> bool:
    return EffectiveRight.objects.filter(person=person, repository__workspace=place.workspace).exists()
