"""Many people sign in at the same moment."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from accounts.actors import Visitor
from accounts.models import Person, Seat, User, Workspace
from accounts.observation import Profile, SeatSeen, SignIn
from accounts.operations import start_session
from audit.models import Event


def sign_in(number: int) -> None:
    """The same five people again and again, their workspaces listed now this way and now that."""
    name = f"712020:{number % 5}"
    seats = [SeatSeen(f"{{{letter}}}", letter, "member", letter.upper()) for letter in "abc"]
    seen = SignIn(
        Profile(name, f"{{{name}}}", name, name, "active"),
        email=f"{name}@acme.test",
        seats=tuple(seats if number % 2 else reversed(seats)),
    )
    try:
        start_session(seen, acting_user=Visitor(name, name))
    finally:
        connection.close()


@pytest.mark.django_db(transaction=True)
def test_nobody_is_doubled_and_nobody_waits_for_ever() -> None:
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(sign_in, range(40)))
    assert (Person.objects.count(), User.objects.count(), Workspace.objects.count()) == (5, 5, 3)
    assert Seat.objects.count() == 15
    assert Event.objects.filter(tag="session:start").count() == 40
