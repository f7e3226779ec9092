"""People for tests that need no Bitbucket."""

from django.contrib.auth.models import Group
from django.utils import timezone

from accounts.models import Person, Seat, User, Workspace
from accounts.policy import Role

ACME = "{acme-uuid}"


def make_person(name: str, *, seat: bool = True, email: str | None = None) -> Person:
    """A person whose account id is ``712020:<name>``."""
    address = f"{name}@acme.test" if email is None else email
    person = Person.objects.create(
        account_id=f"712020:{name}",
        uuid=f"{{{name}}}",
        display_name=name.capitalize(),
        email=address,
        confirmed_emails=[address] if address else [],
    )
    if seat:
        workspace, _ = Workspace.objects.get_or_create(uuid=ACME, defaults={"slug": "acme", "name": "Acme"})
        Seat.objects.create(person=person, workspace=workspace, role="member", observed_at=timezone.now())
    return person


def make_user(name: str, *, seat: bool = True, approver: bool = False, email: str | None = None) -> User:
    """A user; Ada and Otto are named by the settings of the tests."""
    person = make_person(name, seat=seat, email=email)
    user = User.objects.create(username=person.account_id, person=person)
    if approver:
        user.groups.add(Group.objects.get(name=Role.APPROVER))
    return user
