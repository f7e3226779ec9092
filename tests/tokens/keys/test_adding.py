"""Adding an approved key: one row and one key, whatever happens in between."""

from typing import Any

import pytest
from django.db import IntegrityError

from accounts.models import Notification, User
from sandbox.deploy_keys import public_key
from tests.tokens.desk import tags
from tests.tokens.keys.rack import KEYS, Rack, registration_of
from tests.tokens.troubles import PERMANENT, TRANSIENT
from tokens.models import Credential, KeyRegistration, Request
from tokens.operations.change import NotAllowed
from tokens.operations.key_registrations import lock_registration
from tokens.operations.requests import approve_request, withdraw_request
from workqueue.models import Job, JobState


def test_an_approved_key_is_added_under_its_code_and_read_again(rack: Rack) -> None:
    request = rack.approved()
    assert rack.held() == []
    [job] = rack.work("register_key")
    assert job.state == JobState.DONE
    [entry] = rack.held()
    assert (entry.key, entry.label) == (request.public_key, request.credential_name)
    row = registration_of(request)
    assert (row.outcome, row.answer, row.waiting_because) == ("registered", "201 Created", "")
    assert row.sent_at is not None
    assert row.reread_at is not None
    credential = Credential.objects.get(request=request)
    assert row.credential == credential
    request.refresh_from_db()
    assert request.state == "issued"
    assert (credential.state, credential.standing, credential.source) == ("active", "approved", "portal")
    assert (credential.holder, credential.repository) == (rack.holder.person, rack.shelf.repository())
    assert credential.expires_at is not None
    assert credential.listing_id == f"deploy_key:{rack.shelf.repository().uuid}:{entry.id}"
    assert tags()[-2:] == ["credential:registered", "credential:bound"]


def test_holder_and_deputy_hear_that_it_works(rack: Rack) -> None:
    rack.added()
    for user in (rack.holder, rack.deputy):
        assert Notification.objects.filter(person=user.person, subject__startswith="Ready: the key").count() == 1


def test_a_projects_key_in_capitals_is_a_project(rack: Rack) -> None:
    key = rack.acme.projects[0].key
    credential = rack.added(boundary=f"acme/{key}")
    assert credential.project is not None
    assert (credential.project.key, credential.repository) == (key, None)
    assert len(rack.held(key)) == 1


@pytest.mark.parametrize("boundary", ["acme/no-such", "acme/WEB", "other/web", "acme"])
def test_a_place_that_nobody_knows_is_told_to_the_approver(rack: Rack, boundary: str) -> None:
    request = rack.asked(boundary=boundary)
    with pytest.raises(NotAllowed, match="knows no"):
        approve_request(request, acting_user=rack.approver)
    request.refresh_from_db()
    assert request.state == "pending"
    assert not Job.objects.filter(kind="register_key").exists()


@pytest.mark.parametrize("name", PERMANENT)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_what_is_refused_needs_a_person_and_is_never_called_added(rack: Rack, name: str, method: str) -> None:
    request = rack.approved()
    rack.desk.fault(path=KEYS, method=method, **PERMANENT[name])
    rack.work("register_key")
    row = registration_of(request)
    assert (row.outcome, rack.held()) == ("needs_human", [])
    assert row.waiting_because
    request.refresh_from_db()
    assert request.state == "approved", "nothing is lost"
    assert not Credential.objects.filter(request=request).exists()
    assert tags()[-1] == "key_registration:stopped"
    assert Notification.objects.filter(person=rack.holder.person, subject__startswith="Not added").exists()


@pytest.mark.parametrize("name", TRANSIENT)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_what_fails_for_now_is_tried_again_and_adds_one(rack: Rack, name: str, method: str) -> None:
    request = rack.approved()
    rack.desk.fault(path=KEYS, method=method, count=1, **TRANSIENT[name])
    [job] = rack.work("register_key")
    assert job.state == JobState.WAITING
    rack.desk.world.faults.clear()
    rack.work("register_key", rounds=2)
    assert registration_of(request).outcome == "registered"
    assert (len(rack.held()), Credential.objects.filter(request=request).count()) == (1, 1)


def test_an_answer_that_never_came_is_looked_for_before_anything_is_sent_again(rack: Rack) -> None:
    """The key is added, and nobody hears of it."""
    request = _sent(rack)
    entry = rack.put(request.public_key, request.credential_name)
    rack.desk.world.counters.clear()
    rack.work("register_key")
    assert registration_of(request).outcome == "registered"
    assert [one.id for one in rack.held()] == [entry.id]
    assert rack.sent("POST") == 0


def _sent(rack: Rack) -> Request:
    """An approved request whose key was sent by a process that died before it heard an answer."""
    request = rack.approved()
    KeyRegistration.objects.filter(request=request).update(sent_at=request.decided_at)
    return request


def test_a_key_that_is_there_under_another_name_is_not_ours(rack: Rack) -> None:
    request = rack.approved()
    rack.put(request.public_key, "somebody's cluster")
    rack.work("register_key")
    row = registration_of(request)
    assert row.outcome == "needs_human"
    assert "already, as “somebody's cluster”" in row.waiting_because
    assert row.sent_at is None


def test_a_key_of_somebodys_account_is_explained(rack: Rack) -> None:
    key = rack.desk.world.ssh_keys[0].key
    request = rack.approved(key=key)
    rack.work("register_key")
    row = registration_of(request)
    assert row.outcome == "needs_human"
    assert "in somebody's account" in row.waiting_because
    assert "Someone has already registered" in row.waiting_because


def test_a_key_that_the_inventory_knows_is_refused_when_asked_for(rack: Rack) -> None:
    credential = rack.added()
    assert credential.approved_request.public_key
    with pytest.raises(NotAllowed, match="known as a deploy key of acme/web"):
        rack.asked(key=credential.approved_request.public_key, boundary="acme/api")
    other = rack.asked(key=public_key("another"))
    with pytest.raises(NotAllowed, match=f"in the request {other.code}"):
        rack.asked(key=public_key("another"), boundary="acme/api")


def test_a_request_that_is_taken_back_before_anything_was_sent_adds_nothing(rack: Rack) -> None:
    request = rack.approved()
    withdraw_request(request, acting_user=rack.holder)
    rack.work("register_key")
    assert (registration_of(request).outcome, rack.held()) == ("withdrawn", [])
    assert tags()[-1] == "key_registration:dropped"


def test_a_key_whose_request_is_taken_back_meanwhile_gets_a_row_and_is_taken_away(rack: Rack) -> None:
    request = _sent(rack)
    rack.put(request.public_key, request.credential_name)
    withdraw_request(request, acting_user=rack.holder)
    rack.work("register_key")
    credential = Credential.objects.get(request=request)
    assert credential.state == "revoking"
    rack.work("delete_key")
    credential.refresh_from_db()
    assert (credential.state, rack.held()) == ("revoked", [])


def test_an_inventory_run_in_between_makes_no_second_row(rack: Rack) -> None:
    """The run reads the list after the key was added and before the job wrote it down."""
    request = _sent(rack)
    rack.put(request.public_key, request.credential_name)
    rack.observe()
    assert Credential.objects.get(request=request).source == "listing"
    rack.work("register_key")
    [credential] = Credential.objects.filter(request=request)
    assert credential.source == "portal"
    assert registration_of(request).credential == credential


def test_the_same_job_twice_adds_one(rack: Rack) -> None:
    request = rack.approved()
    rack.work("register_key")
    Job.objects.filter(kind="register_key").update(state=JobState.WAITING)
    rack.work("register_key")
    assert (len(rack.held()), Credential.objects.filter(request=request).count()) == (1, 1)
    assert tags().count("credential:registered") == 1


def test_an_unknown_scope_stops_every_other_key_as_well(rack: Rack, ada: User) -> None:
    """A refusal that would meet every other key too is learnt once."""
    first, second = rack.approved(), rack.approved(boundary="acme/api", key=public_key("api"))
    rack.desk.fault(path=KEYS, method="POST", kind="status", status=401)
    rack.desk.world.counters.clear()
    rack.work("register_key")
    assert {registration_of(one).outcome for one in (first, second)} == {"needs_human"}
    assert rack.sent("POST") == 1


def test_without_a_bot_the_page_says_how_people_add_it(rack: Rack, settings: Any) -> None:
    settings.REVOKE_BOT_TOKEN = ""
    request = rack.approved()
    rack.work("register_key")
    row = registration_of(request)
    assert row.outcome == "needs_human"
    assert "no revoke bot" in row.waiting_because


def test_a_registration_is_of_one_request_for_ever(rack: Rack) -> None:
    request = rack.approved()
    with pytest.raises(IntegrityError, match="keyregistration"):
        KeyRegistration.objects.create(
            request=request, asked_at=request.submitted_at, repository=rack.shelf.repository()
        )


def test_the_lock_reads_the_request_again(rack: Rack) -> None:
    request = rack.approved()
    pk = registration_of(request).pk
    Request.objects.filter(pk=request.pk).update(state="withdrawn")
    assert lock_registration(pk).request.state == "withdrawn"
