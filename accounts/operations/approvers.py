"""Naming approvers and taking the role away."""

from django.contrib.auth.models import Group
from django.db import transaction

from accounts.access import authorise
from accounts.actors import Acting, actor, subject
from accounts.models import Person, User
from accounts.operations.errors import NotPossible
from accounts.policy import Role
from accounts.roles import roles_of
from audit import trail
from audit.tags import Tag

MANAGE = "accounts.manage_approvers"


def name_approver(person: Person, *, acting_user: Acting) -> bool:
    """Let a person decide on requests, from their next request on.

    Returns:
        False when they are an approver already; then nothing is recorded.

    Raises:
        PermissionDenied: the actor may not (any more).
        NotPossible: the person never signed in, may not use the portal, or is an auditor.
    """
    with transaction.atomic():
        authorise(acting_user, MANAGE)
        user = User.objects.select_for_update(of=("self",)).filter(person=person).first()
        if user is None:
            raise NotPossible(f"{person} has not signed in yet; they can be named after their first sign-in.")
        roles = roles_of(user)
        if not roles:
            raise NotPossible(f"{person} has no seat in the workspace any more, or the account is off.")
        if Role.AUDITOR in roles:
            raise NotPossible(f"{person} is an auditor, who reads everything and decides nothing.")
        if user.groups.filter(name=Role.APPROVER).exists():
            return False
        user.groups.add(_approvers_group())
        trail.record(Tag.ROLE_GRANTED, actor=actor(acting_user), subject=subject(person), role="approver")
        return True


def remove_approver(person: Person, *, acting_user: Acting) -> bool:
    """Take the approver's role away, from the person's next request on.

    Returns:
        False when they are not an approver; then nothing is recorded.

    Raises:
        PermissionDenied: the actor may not (any more).
    """
    with transaction.atomic():
        authorise(acting_user, MANAGE)
        user = User.objects.select_for_update(of=("self",)).filter(person=person).first()
        if user is None or not user.groups.filter(name=Role.APPROVER).exists():
            return False
        user.groups.remove(_approvers_group())
        trail.record(Tag.ROLE_REMOVED, actor=actor(acting_user), subject=subject(person), role="approver")
        return True


def _approvers_group() -> Group:
    return Group.objects.get_or_create(name=Role.APPROVER.value)[0]
