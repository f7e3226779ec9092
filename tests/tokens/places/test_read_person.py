"""One person read live: the filter's three tempers, what fails half way, and what an error may not end."""

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone
from pytest_django import Settings

from accounts.models import Person, User
from tests.tokens.desk import run_due_jobs, tags
from tests.tokens.places.known import EFFECTIVE, Shelf
from tokens.inventory.person import RIGHTS_REST_ON
from tokens.models import Capability, EffectiveRight, Grant
from tokens.operations.live_reads import ask_for_person
from workqueue.claims import enqueue
from workqueue.models import Job

AUTOMATIC, MANUAL, UNKNOWN = Capability.Level.AUTOMATIC, Capability.Level.MANUAL, Capability.Level.UNKNOWN


@pytest.mark.parametrize(
    ("temper", "level"),
    [
        ("works", AUTOMATIC),
        ("works", UNKNOWN),
        ("ignored", UNKNOWN),
        ("ignored", MANUAL),
        ("refused", AUTOMATIC),
    ],
)
def test_rights_and_grants_are_the_truth_whatever_the_filter_does(
    shelf: Shelf, ada: User, lee: User, temper: str, level: Capability.Level
) -> None:
    shelf.world.switches.user_filter = temper
    shelf.prove_filter(level)
    job = shelf.read(lee, ada)
    assert job.state == "done"
    assert shelf.known(lee) == shelf.truth(lee) != {}
    assert shelf.given(lee) == shelf.truly_given(lee) != {}
    lee.person.refresh_from_db()
    truth = list(shelf.truth(lee).values())
    assert lee.person.reach == {
        "read": len(truth),
        "write": sum(1 for level in truth if level in ("write", "admin")),
        "admin": truth.count("admin"),
    }
    assert job.result["complete"] is True
    assert tags()[-1] == "person:read_asked"


def test_an_unproven_filter_that_matches_nobody_is_not_believed(shelf: Shelf, ada: User, member: User) -> None:
    """Without the second look, a filter with another spelling of the uuid would make everybody look clean."""
    Person.objects.filter(pk=member.person.pk).update(uuid="{00000000-0000-0000-0000-00000000beef}")
    shelf.read(member, ada)
    assert shelf.known(member) == shelf.truth(member) != {}


def test_a_change_shows_and_a_grant_that_was_taken_ends(shelf: Shelf, ada: User, lee: User) -> None:
    shelf.read(lee, ada)
    place = next(one for one in shelf.acme.repositories if one.slug in shelf.given(lee))
    before = Grant.objects.get(repository__slug=place.slug, person=lee.person, gone_at=None)
    shelf.acme.grants.set("repository", "users", place.uuid, lee.person.account_id, "admin")
    shelf.read(lee, ada)
    assert Grant.objects.get(pk=before.pk).permission == "admin"
    assert shelf.known(lee)[place.slug] == "admin"
    shelf.acme.grants.set("repository", "users", place.uuid, lee.person.account_id, "none")
    shelf.read(lee, ada)
    assert Grant.objects.get(pk=before.pk).gone_at is not None
    assert shelf.known(lee) == shelf.truth(lee)
    assert shelf.given(lee) == shelf.truly_given(lee)


@pytest.mark.parametrize("kind", ["status", "html", "lost_admin"])
def test_rights_that_fail_end_nothing_and_say_so(shelf: Shelf, ada: User, lee: User, kind: str) -> None:
    shelf.read(lee, ada)
    known, given, when = shelf.known(lee), shelf.given(lee), EffectiveRight.objects.order_by("pk").first()
    shelf.desk.fault(kind, EFFECTIVE)
    job = shelf.read(lee, ada)
    assert shelf.known(lee) == known
    assert shelf.given(lee) == given
    assert EffectiveRight.objects.order_by("pk").first() == when
    space = job.result["workspaces"][0]
    assert space["whole"] is False
    assert "Effective permissions" in {part[:1].upper() + part[1:] for part, _ in space["unread"]}
    assert job.result["complete"] is False


def test_a_bot_that_lost_its_right_in_the_middle_ends_nothing(shelf: Shelf, ada: User, lee: User) -> None:
    shelf.read(lee, ada)
    given, known = shelf.given(lee), shelf.known(lee)
    shelf.desk.fault("lost_admin", "*/permissions-config/users/*")
    shelf.desk.fault("lost_admin", "*/user/workspaces/*")
    shelf.read(lee, ada)
    assert shelf.given(lee) == given
    assert shelf.known(lee) == known


def test_grants_that_fail_half_way_keep_theirs_and_the_others_are_fresh(shelf: Shelf, ada: User, lee: User) -> None:
    shelf.read(lee, ada)
    before = timezone.now()
    place = next(one for one in shelf.acme.repositories if one.slug in shelf.given(lee))
    shelf.acme.grants.set("repository", "users", place.uuid, lee.person.account_id, "none")
    shelf.desk.fault("status", f"*/repositories/*/{place.uuid}/permissions-config/users/*", status=503)
    job = shelf.read(lee, ada)
    kept = Grant.objects.get(repository__uuid=place.uuid, person=lee.person)
    assert kept.gone_at is None
    assert kept.observed_at < before
    assert Grant.objects.filter(person=lee.person, observed_at__gte=before).count() > 2
    assert [part for part, _ in job.result["workspaces"][0]["unread"]] == [f"grants at repository acme/{place.slug}"]
    assert job.state == "waiting", "a server that is down is asked again"
    for _ in range(2):
        run_due_jobs("read_person")
    job.refresh_from_db()
    assert job.state == "done"
    assert job.result["complete"] is False


def test_grants_are_left_to_the_inventory_where_the_hour_has_no_room(
    shelf: Shelf, ada: User, lee: User, settings: Settings
) -> None:
    settings.BITBUCKET_REQUESTS_PER_HOUR = 230
    job = shelf.read(lee, ada)
    space = job.result["workspaces"][0]
    assert shelf.known(lee) == shelf.truth(lee)
    assert shelf.given(lee) == {}
    assert space["looked_for_grants"] is False
    assert "this hour's requests" in space["unread"][0][1]


def test_a_missing_scope_is_said_in_words(shelf: Shelf, ada: User, lee: User) -> None:
    shelf.scopes("audit-bot", "read:repository")
    job = shelf.read(lee, ada)
    assert job.state == "done"
    assert any("lacks a scope" in reason for _, reason in job.result["workspaces"][0]["unread"])
    lee.person.refresh_from_db()
    assert lee.person.reach is None


def test_repositories_that_the_inventory_does_not_know_count_and_are_told(shelf: Shelf, ada: User, lee: User) -> None:
    shelf.forget("web")
    job = shelf.read(lee, ada)
    lee.person.refresh_from_db()
    assert job.result["workspaces"][0]["unknown"] == 1
    assert lee.person.reach is not None
    assert lee.person.reach["read"] == len(shelf.truth(lee)) == len(shelf.known(lee)) + 1


def test_somebody_without_a_seat_loses_the_rows(shelf: Shelf, ada: User, member: User) -> None:
    shelf.read(member, ada)
    assert shelf.known(member)
    del shelf.acme.seats[member.person.account_id]
    shelf.read(member, ada)
    member.person.refresh_from_db()
    assert shelf.known(member) == {}
    assert member.person.reach == {"read": 0, "write": 0, "admin": 0}
    assert shelf.given(member), "a place they do not reach any more is its own read's to end"


def test_too_many_rows_without_a_filter_are_not_taken_for_all(
    shelf: Shelf, ada: User, lee: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tokens.inventory.person.ROWS_AT_MOST", 5)
    shelf.prove_filter(MANUAL)
    job = shelf.read(lee, ada)
    assert shelf.known(lee) == {}
    assert job.result["workspaces"][0]["whole"] is False


def test_count_reach_is_the_same_reading_without_grants(shelf: Shelf, lee: User) -> None:
    enqueue("count_reach", key="reach:test", payload={"person": lee.person.pk})
    (job,) = run_due_jobs("count_reach")
    assert job.state == "done"
    assert shelf.known(lee) == shelf.truth(lee)
    assert shelf.given(lee) == {}
    assert Capability.objects.get(name="count_reach").level == "automatic"
    assert shelf.desk.sent("permissions-config") == 0


def test_count_reach_that_is_refused_says_why(shelf: Shelf, lee: User) -> None:
    shelf.scopes("audit-bot", "read:repository")
    enqueue("count_reach", key="reach:test", payload={"person": lee.person.pk})
    (job,) = run_due_jobs("count_reach")
    assert job.state == "failed"
    assert Capability.objects.get(name="count_reach").level == "manual"


def test_asked_twice_is_one_reading_and_only_the_newest_answers_stay(shelf: Shelf, ada: User, lee: User) -> None:
    first = ask_for_person(lee.person, acting_user=ada)
    assert ask_for_person(lee.person, acting_user=ada) == first
    run_due_jobs("read_person")
    for _ in range(3):
        shelf.read(lee, ada)
    assert Job.objects.filter(kind="read_person").count() == 2


def test_only_those_who_may_start_a_run_may_ask(shelf: Shelf, otto: User, emma: User, lee: User) -> None:
    for user in (otto, emma):
        with pytest.raises(PermissionDenied):
            ask_for_person(lee.person, acting_user=user)
    assert not Job.objects.filter(kind="read_person").exists()


def test_without_a_bot_it_fails_in_words(shelf: Shelf, ada: User, lee: User, settings: Settings) -> None:
    settings.AUDIT_BOT_TOKEN = ""
    job = shelf.read(lee, ada)
    assert (job.state, job.reason) == ("failed", "no audit bot is set up")


def test_the_parts_that_rights_rest_on_are_named_as_the_reading_names_them(shelf: Shelf, ada: User, lee: User) -> None:
    shelf.desk.fault("status", "*/user/workspaces/*", status=403)
    shelf.desk.fault("status", EFFECTIVE, status=403)
    job = shelf.read(lee, ada)
    assert {part for part, _ in job.result["workspaces"][0]["unread"]} >= RIGHTS_REST_ON
