"""Ending a deploy key: "revoked" is what a complete list no longer shows, and nothing else."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import Notification, User
from sandbox.deploy_keys import public_key
from tests.tokens.desk import signed_in, tags
from tests.tokens.keys.rack import KEYS, Rack
from tests.tokens.troubles import PERMANENT, TRANSIENT
from tokens.models import Credential
from tokens.operations.key_ends import remind_of_key_ends
from tokens.operations.revocations import start_revocation
from tokens.tick import tick
from workqueue.models import Job, JobState

DELETE = "*/deploy-keys/*"


def test_it_is_deleted_and_the_list_is_read_again(rack: Rack) -> None:
    credential = rack.added()
    revocation = rack.revoke(credential)
    assert (credential.state, rack.held()) == ("revoked", [])
    assert (revocation.outcome, revocation.deletion_answer) == ("revoked", "204 No Content")
    assert revocation.found_at is not None
    assert revocation.reread_at is not None
    assert tags()[-1] == "credential:revoked"
    told = Notification.objects.filter(person=rack.holder.person).latest("pk")
    assert "deleted at Bitbucket" in told.body


def test_an_admin_deletes_a_key_that_nobody_approved(rack: Rack, ada: User) -> None:
    entry = rack.put(public_key("found"), "found")
    rack.observe()
    credential = Credential.objects.get(listing_id__endswith=f":{entry.id}")
    rack.revoke(credential, by=ada)
    assert credential.state == "revoked"
    assert rack.acme.deploy_keys.by_id(entry.id) is None


def test_a_key_that_somebody_else_deleted_is_gone_and_not_revoked(rack: Rack) -> None:
    credential = rack.added()
    rack.acme.deploy_keys.drop(rack.entry(credential))
    revocation = rack.revoke(credential)
    assert (credential.state, revocation.outcome, revocation.deletion_sent_at) == ("gone", "gone", None)


@pytest.mark.parametrize("name", PERMANENT)
@pytest.mark.parametrize("where", ["list", "deletion"])
def test_what_is_refused_proves_nothing(rack: Rack, name: str, where: str) -> None:
    credential = rack.added()
    method, path = ("GET", KEYS) if where == "list" else ("DELETE", DELETE)
    rack.desk.fault(path=path, method=method, **PERMANENT[name])
    rack.revoke(credential)
    missing = where == "deletion" and name in ("404", "lost admin")
    # A deletion that answers 404 goes to the proof, and the list still shows the key.
    assert credential.state == ("revoking" if missing else "needs_human")
    assert len(rack.held()) == 1


@pytest.mark.parametrize("name", TRANSIENT)
@pytest.mark.parametrize("where", ["list", "deletion"])
def test_what_fails_for_now_is_tried_again(rack: Rack, name: str, where: str) -> None:
    credential = rack.added()
    method, path = ("GET", KEYS) if where == "list" else ("DELETE", DELETE)
    rack.desk.fault(path=path, method=method, count=1, **TRANSIENT[name])
    revocation = rack.revoke(credential)
    assert credential.state == "revoking"
    assert revocation.waiting_because
    rack.desk.world.faults.clear()
    rack.work("delete_key", rounds=2)
    credential.refresh_from_db()
    assert (credential.state, rack.held()) == ("revoked", [])
    assert tags().count("credential:revoked") == 1


def test_a_204_that_keeps_the_key_is_never_called_revoked(rack: Rack) -> None:
    credential = rack.added()
    rack.desk.fault(path=DELETE, method="DELETE", kind="keep")
    rack.revoke(credential)
    rack.work("delete_key", rounds=8)
    credential.refresh_from_db()
    assert credential.state == "needs_human"
    assert "still in the list" in credential.state_reason
    assert len(rack.held()) == 1


def test_another_key_under_the_same_number_is_left_alone(rack: Rack) -> None:
    credential = rack.added()
    entry = rack.entry(credential)
    entry.key = public_key("somebody else's")
    rack.revoke(credential)
    assert credential.state == "needs_human"
    assert rack.acme.deploy_keys.by_id(entry.id) is not None


def test_without_a_bot_a_person_deletes_it(rack: Rack, settings: Any) -> None:
    credential = rack.added()
    settings.REVOKE_BOT_TOKEN = ""
    rack.revoke(credential)
    assert credential.state == "needs_human"
    assert len(rack.held()) == 1


def test_the_portal_ends_it_when_its_time_is_over(rack: Rack) -> None:
    credential = rack.added(days=1)
    Credential.objects.filter(pk=credential.pk).update(expires_at=timezone.now() - timedelta(minutes=1))
    tick()
    tick()
    credential.refresh_from_db()
    assert credential.state == "revoking"
    assert Job.objects.filter(kind="delete_key").count() == 1
    rack.work("delete_key")
    credential.refresh_from_db()
    assert (credential.state, rack.held()) == ("revoked", [])
    revocation = credential.revocations.get()
    assert (revocation.asked_by.display_name, revocation.reason) == ("The portal", "Its approved time is over")


def test_a_key_that_lives_is_not_ended(rack: Rack) -> None:
    credential = rack.added(days=1)
    tick()
    credential.refresh_from_db()
    assert credential.state == "active"


@pytest.mark.parametrize(("left", "told"), [(15, 0), (13, 1), (6, 1), (0.5, 1)])
def test_holder_and_deputy_are_reminded_once(rack: Rack, left: float, told: int) -> None:
    credential = rack.added()
    Credential.objects.filter(pk=credential.pk).update(expires_at=timezone.now() + timedelta(days=left))
    for _ in range(3):
        remind_of_key_ends(timezone.now(), at_most=10)
        rack.work("remind_key_end")
    for user in (rack.holder, rack.deputy):
        assert Notification.objects.filter(person=user.person, subject__startswith="Ends").count() == told


def test_a_reminder_is_not_sent_about_what_has_ended(rack: Rack) -> None:
    credential = rack.added()
    Credential.objects.filter(pk=credential.pk).update(expires_at=timezone.now() + timedelta(days=1))
    remind_of_key_ends(timezone.now(), at_most=10)
    rack.revoke(credential)
    rack.work("remind_key_end")
    assert not Notification.objects.filter(subject__startswith="Ends").exists()


def test_the_page_tells_each_step(rack: Rack) -> None:
    credential = rack.added()
    start_revocation(credential, reason="Not needed", acting_user=rack.holder)
    page = signed_in(rack.holder).get(credential.get_absolute_url()).content.decode()
    assert "Found among the keys of its place" in page
    rack.work("delete_key")
    page = signed_in(rack.holder).get(credential.get_absolute_url()).content.decode()
    assert "204 No Content" in page


def test_a_dead_job_is_taken_up_where_it_was(rack: Rack) -> None:
    """The deletion was sent and answered, and nobody wrote it down."""
    credential = rack.added()
    start_revocation(credential, reason="Not needed", acting_user=rack.holder)
    now = timezone.now()
    credential.revocations.update(found_at=now, deletion_sent_at=now)
    rack.acme.deploy_keys.drop(rack.entry(credential))
    [job] = rack.work("delete_key")
    credential.refresh_from_db()
    assert (job.state, credential.state) == (JobState.DONE, "revoked")
