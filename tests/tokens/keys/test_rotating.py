"""A newer key beside an older one: both work until only the newer one is used."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import Notification, User
from sandbox.deploy_keys import public_key
from tests.tokens.desk import signed_in, tags
from tests.tokens.keys.rack import Rack
from tokens.catalogue.public_keys import parse_public_key
from tokens.models import Credential, Request
from tokens.operations.change import NotAllowed, Stale
from tokens.operations.key_rotations import rotate_key
from tokens.tick import tick
from workqueue.models import Job

NEWER = public_key("newer")


def rotate(rack: Rack, older: Credential, *, by: User | None = None, key: str = NEWER) -> Request:
    """Ask for a newer key, past the page."""
    return rotate_key(older, key, parse_public_key(key).fingerprint, acting_user=by or rack.holder)


def rotated(rack: Rack) -> tuple[Credential, Credential]:
    """An older key and the newer one that works beside it."""
    older = rack.added()
    request = rotate(rack, older)
    rack.work("register_key")
    older.refresh_from_db()
    return older, Credential.objects.get(request=request)


def watch(rack: Rack, older: Credential) -> str:
    """The hourly look; returns the older one's state."""
    tick()
    rack.work("watch_rotation")
    rack.work("tell_of_rotation")
    older.refresh_from_db()
    return older.state


def test_both_keys_work_and_nobody_approves_again(rack: Rack) -> None:
    older, newer = rotated(rack)
    assert (older.state, newer.state, len(rack.held())) == ("rotating", "active", 2)
    assert newer.approved_request.approved_until == older.approved_request.approved_until
    assert newer.approved_request.scopes == older.approved_request.scopes
    assert newer.approved_request.code != older.approved_request.code
    assert "credential:rotation_started" in tags()


def test_the_older_one_goes_when_only_the_newer_one_is_used(rack: Rack) -> None:
    older, newer = rotated(rack)
    rack.use(newer)
    assert watch(rack, older) == "rotating", "the overlap is not over"
    rack.age(newer, days=8)
    assert watch_again(rack, older) == "revoking"
    rack.work("delete_key")
    older.refresh_from_db()
    assert older.state == "retired"
    assert [one.key for one in rack.held()] == [NEWER]
    assert tags()[-1] == "credential:retired"


def watch_again(rack: Rack, older: Credential) -> str:
    """The next hour's look: a look of this hour is made once."""
    Job.objects.filter(kind="watch_rotation").delete()
    return watch(rack, older)


def test_an_older_one_that_is_still_used_stays_and_people_hear_of_it_once_a_week(rack: Rack) -> None:
    older, newer = rotated(rack)
    rack.use(newer)
    rack.use(older, ago=timedelta(hours=2))
    rack.age(newer, days=8)
    assert watch(rack, older) == "rotating"
    assert watch_again(rack, older) == "rotating"
    assert len(rack.held()) == 2
    for user in (rack.holder, rack.deputy):
        assert Notification.objects.filter(person=user.person, subject__startswith="Still in use").count() == 1


def test_a_newer_one_that_was_never_used_ends_nothing(rack: Rack) -> None:
    """Also where Bitbucket tells no last use, as nobody could confirm for projects."""
    older, newer = rotated(rack)
    rack.age(newer, days=30)
    assert watch(rack, older) == "rotating"
    assert len(rack.held()) == 2
    assert Notification.objects.filter(person=rack.holder.person, subject__startswith="Not used").count() == 1
    page = signed_in(rack.holder).get(older.get_absolute_url()).content.decode()
    assert "not yet, as far as Bitbucket tells" in page


def test_the_deputy_may_replace_it_and_a_stranger_may_not(rack: Rack) -> None:
    older = rack.added()
    with pytest.raises(NotAllowed):
        rotate(rack, older, by=rack.approver)
    assert rotate(rack, older, by=rack.deputy).state == "approved"


def test_it_is_replaced_once_at_a_time(rack: Rack) -> None:
    older = rack.added()
    rotate(rack, older)
    with pytest.raises(Stale, match="added already"):
        rotate(rack, older, key=public_key("third"))


def test_the_same_key_is_no_newer_one(rack: Rack) -> None:
    older = rack.added()
    with pytest.raises(NotAllowed, match="known as a deploy key"):
        rotate(rack, older, key=older.approved_request.public_key)


def test_what_has_ended_is_not_replaced(rack: Rack) -> None:
    older = rack.added()
    rack.revoke(older)
    with pytest.raises(Stale):
        rotate(rack, older)


def test_the_page_takes_the_public_half(rack: Rack) -> None:
    older = rack.added()
    client = signed_in(rack.deputy)
    url = reverse("credential_rotate", args=[older.pk])
    assert "ssh-keygen -t ed25519" in client.get(url).content.decode()
    answer = client.post(url, {"public_key": f"  {NEWER} root@cluster\r\n"})
    request = Request.objects.latest("pk")
    assert answer["Location"] == request.get_absolute_url()
    assert request.public_key == NEWER
    assert signed_in(rack.approver).get(url).status_code == 404


def test_the_end_of_the_older_one_is_the_newer_ones(rack: Rack) -> None:
    older, newer = rotated(rack)
    Credential.objects.filter(pk__in=[older.pk, newer.pk]).update(expires_at=timezone.now() - timedelta(minutes=1))
    tick()
    rack.work("delete_key")
    assert rack.held() == []
    states = Credential.objects.filter(pk__in=[older.pk, newer.pk]).values_list("state", flat=True)
    assert set(states) == {"revoked"}
