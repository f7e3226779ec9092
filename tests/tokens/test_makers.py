"""Who makes an approved access token: the admins of its place, as Bitbucket names them, or the portal's."""

from typing import Any

import pytest
from django.urls import reverse

from accounts.models import Notification, Person, User
from tests.tokens.adviser.pages import page_of
from tests.tokens.desk import Desk, run_due_jobs, signed_in, tags
from tests.tokens.making import approved_request, know_places, names
from tokens.makers import makers_of, may_make, names_in_words
from tokens.models import Request, RequestMaker
from tokens.tick import tick
from workqueue.models import Job, JobState


def page(user: User, request: Request) -> str:
    return page_of(signed_in(user).get(request.get_absolute_url()))


def test_a_repositorys_admins_can_make_it_and_are_told(desk: Desk, emma: User, lee: User, aria: User) -> None:
    row = approved_request(desk, emma, lee, aria)
    assert (row.makers, names(makers_of(row))) == ("known", ["Aria", "Member 1"]), (
        "the bots administer it too, and are nobody"
    )
    told = Notification.objects.get(person=aria.person, subject__startswith="To make:")
    assert told.path == row.get_absolute_url()
    assert "secret store" in told.body
    assert (may_make(row, aria), may_make(row, emma)) == (True, False)
    assert reverse("create", args=[row.code]) in page(aria, row)
    words = page(emma, row)
    assert "Aria or Member 1 can make it" in words
    assert reverse("create", args=[row.code]) not in words
    assert tags()[-1] == "request:makers_read"


def test_the_one_who_asked_makes_it_where_they_administer_the_place(
    desk: Desk, emma: User, lee: User, aria: User
) -> None:
    acme = desk.world.workspaces["acme"]
    web = acme.repository("web")
    assert web is not None
    acme.grants.set("repository", "users", web.uuid, emma.person.account_id, "admin")
    row = approved_request(desk, emma, lee, aria)
    assert names(makers_of(row)) == ["Aria", "Emma", "Member 1"]
    assert reverse("create", args=[row.code]) in page(emma, row)


def test_a_projects_admins_are_those_named_there_and_the_workspaces_owners(
    desk: Desk, emma: User, lee: User, aria: User
) -> None:
    acme = desk.world.workspaces["acme"]
    project = acme.projects[0]
    acme.grants.set("project", "users", project.uuid, lee.person.account_id, "admin")
    acme.grants.set("project", "users", project.uuid, emma.person.account_id, "write")
    acme.seats[aria.person.account_id] = "owner"
    where = f"acme/{project.key.lower()}"
    know_places(desk)
    row = approved_request(
        desk, emma, lee, aria, "ci-check-out-and-report", boundary=where, kind="project_access_token"
    )
    assert names(makers_of(row)) == ["Aria", "Lee", "Member 1"]


def test_a_workspaces_makers_are_its_owners(desk: Desk, emma: User, lee: User, aria: User) -> None:
    desk.world.workspaces["acme"].seats[lee.person.account_id] = "owner"
    row = approved_request(desk, emma, aria, aria, "dependency-bot", boundary="acme", kind="workspace_access_token")
    assert (row.makers, names(makers_of(row))) == ("known", ["Lee", "Member 1"])


def test_somebody_who_never_signed_in_is_remembered_and_told(desk: Desk, emma: User, lee: User, aria: User) -> None:
    acme = desk.world.workspaces["acme"]
    member = next(one for one in desk.world.accounts.values() if one.key == "member-1")
    web = acme.repository("web")
    assert web is not None
    acme.grants.set("repository", "users", web.uuid, member.account_id, "admin")
    row = approved_request(desk, emma, lee, aria)
    person = Person.objects.get(account_id=member.account_id)
    assert RequestMaker.objects.filter(request=row, person=person).exists()
    assert Notification.objects.filter(person=person).count() == 1
    assert person.display_name == member.display_name


def test_without_a_bot_the_portals_admins_make_it(
    desk: Desk, emma: User, lee: User, aria: User, ada: User, otto: User, settings: Any
) -> None:
    settings.AUDIT_BOT_TOKEN = ""
    row = approved_request(desk, emma, lee, aria)
    assert (row.makers, row.makers_because) == ("not_known", "no audit bot is set up")
    assert Notification.objects.filter(person=ada.person, path=row.get_absolute_url()).count() == 1
    assert [may_make(row, user) for user in (ada, otto, aria, emma)] == [True, False, False, False]
    words = page(emma, row)
    assert "no audit bot is set up" in words
    assert reverse("create", args=[row.code]) in page(ada, row)
    assert reverse("create", args=[row.code]) not in page(otto, row)


def test_what_bitbucket_refuses_for_good_is_said(desk: Desk, emma: User, lee: User, aria: User, ada: User) -> None:
    desk.fault("status", "/2.0/workspaces/*", status=403)
    row = approved_request(desk, emma, lee, aria)
    assert row.makers == "not_known"
    assert row.makers_because in page(emma, row)


def test_a_place_that_is_not_served_or_not_there_is_refused_with_what_to_do(
    desk: Desk, emma: User, lee: User, aria: User, ada: User
) -> None:
    row = approved_request(desk, emma, lee, aria, boundary="acmee/web")
    assert row.makers == "no_place"
    words = page(emma, row)
    assert "“acmee” is no workspace that this portal serves." in words
    assert "withdraw this request" in words
    other = approved_request(desk, emma, lee, aria, boundary="acme/wbe")
    assert other.makers == "no_place"
    assert "acme/wbe" in other.makers_because
    assert [may_make(other, user) for user in (ada, aria)] == [False, False]
    assert Notification.objects.filter(person=emma.person, subject="Not found: acme/wbe").exists()


def test_a_404_of_a_place_that_the_inventory_knows_is_no_proof_of_absence(
    desk: Desk, emma: User, lee: User, aria: User
) -> None:
    know_places(desk)
    desk.fault("status", "*/permissions/repositories/*", status=404)
    assert approved_request(desk, emma, lee, aria).makers == "not_known"


def test_it_can_be_looked_up_again(desk: Desk, emma: User, lee: User, aria: User, ada: User, settings: Any) -> None:
    token, settings.AUDIT_BOT_TOKEN = settings.AUDIT_BOT_TOKEN, ""
    row = approved_request(desk, emma, lee, aria)
    settings.AUDIT_BOT_TOKEN = token
    again = reverse("makers_again", args=[row.code])
    assert signed_in(lee).post(again).status_code == 403, "a deputy sees it"
    Job.objects.all().delete()
    assert signed_in(emma).post(again).status_code == 302
    row.refresh_from_db()
    assert row.makers == "looking"
    assert "hx-select" in page(emma, row)
    run_due_jobs("read_makers")
    row.refresh_from_db()
    assert row.makers == "known"


def test_trouble_that_passes_is_tried_again_and_given_up_after_an_hour(
    desk: Desk, emma: User, lee: User, aria: User, ada: User
) -> None:
    desk.fault("status", "*/permissions/repositories/*", status=503)
    row = approved_request(desk, emma, lee, aria)
    assert row.makers == "looking"
    assert Job.objects.get(kind="read_makers").state == JobState.WAITING


def test_the_makers_see_the_request_only_while_it_is_approved(desk: Desk, emma: User, lee: User, aria: User) -> None:
    acme = desk.world.workspaces["acme"]
    web = acme.repository("web")
    assert web is not None
    acme.grants.set("repository", "users", web.uuid, lee.person.account_id, "admin")
    row = approved_request(desk, emma, aria, aria)
    assert signed_in(lee).get(row.get_absolute_url()).status_code == 200
    Request.objects.filter(pk=row.pk).update(state="withdrawn")
    assert signed_in(lee).get(row.get_absolute_url()).status_code == 404


def test_what_was_approved_before_is_looked_up_by_the_clock(desk: Desk, emma: User, lee: User, aria: User) -> None:
    row = approved_request(desk, emma, lee, aria, look=False)
    Job.objects.all().delete()
    Request.objects.filter(pk=row.pk).update(makers="")
    tick()
    assert Job.objects.filter(kind="read_makers").count() == 1
    row.refresh_from_db()
    assert row.makers == "looking"


@pytest.mark.parametrize(
    ("people", "words"),
    [
        (["Aria"], "Aria"),
        (["Aria", "Max"], "Aria or Max"),
        (["A", "B", "C"], "A, B or C"),
        (list("ABCDEF"), "A, B, C or one of 3 others"),
    ],
)
def test_names_in_words(people: list[str], words: str) -> None:
    assert names_in_words([Person(display_name=name) for name in people]) == words


def test_who_can_make_it_finds_it_on_the_home_page(desk: Desk, emma: User, lee: User, aria: User) -> None:
    request = approved_request(desk, emma, lee, aria)
    assert "To make at Bitbucket" not in page_of(signed_in(emma).get("/"))
    home = page_of(signed_in(aria).get("/"))
    assert "To make at Bitbucket" in home
    assert request.get_absolute_url() in home
