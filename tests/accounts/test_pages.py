"""Each page of this room: who may open it, wrong methods, bad input."""

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from accounts.models import Person, User
from audit.models import Event
from tests.accounts.people import make_person, make_user

BACKEND = "accounts.roles.RoleBackend"
READ_PAGES = {
    "/people/": {"ada", "otto"},
    "/approvers/": {"ada"},
    "/service-tokens/": {"ada"},
    "/notifications/": {"ada", "otto", "emma", "aria"},
}


@pytest.fixture
def cast(emma: User, aria: User, ada: User, otto: User) -> dict[str, User]:
    return {"emma": emma, "aria": aria, "ada": ada, "otto": otto}


def signed_in(user: User, *, csrf: bool = False) -> Client:
    client = Client(enforce_csrf_checks=csrf)
    client.force_login(user, backend=BACKEND)
    return client


@pytest.mark.parametrize("page", READ_PAGES)
def test_who_may_open_which_page(cast: dict[str, User], page: str) -> None:
    for name, user in cast.items():
        answer = signed_in(user).get(page)
        assert answer.status_code == (200 if name in READ_PAGES[page] else 403), (name, page)
        assert signed_in(user).put(page).status_code == 405
    assert Client().get(page)["Location"] == f"/signin/?next={page.replace('/', '%2F')}"


@pytest.mark.parametrize("action", ["name_approver", "remove_approver"])
def test_only_ada_changes_approvers_and_refusals_are_told(cast: dict[str, User], action: str) -> None:
    url = reverse(action, args=["712020:emma"])
    assert signed_in(cast["ada"]).get(url).status_code == 405
    assert Client().post(url)["Location"] == "/signin/"
    for name in ("emma", "aria", "otto"):
        answer = signed_in(cast[name]).post(url)
        assert answer.status_code == 403
        assert "Your role does not include this" in answer.content.decode()
        event = Event.objects.latest("seq")
        assert (event.tag, event.actor_account_id, event.subject_id) == ("access:refused", f"712020:{name}", url)
        assert event.details == {"permission": "accounts.manage_approvers"}
    assert signed_in(cast["ada"], csrf=True).post(url).status_code == 403
    assert signed_in(cast["ada"]).post(url)["Location"] == "/approvers/"


def test_reading_without_the_right_is_not_worth_an_event(emma: User) -> None:
    assert signed_in(emma).get("/approvers/").status_code == 403
    assert not Event.objects.exists()


def test_ada_names_lee_on_the_page(ada: User) -> None:
    lee, client = make_user("lee"), signed_in(ada)
    assert "Name approver" in client.get("/approvers/?q=lee").content.decode()
    done = client.post(reverse("name_approver", args=[lee.username]), follow=True)
    assert "Lee decides on requests from now on." in done.content.decode()
    assert [str(person) for person in done.context["approvers"]] == ["Lee"]
    lee.person.seats.all().delete()
    assert [str(person) for person in client.get("/approvers/").context["without_effect"]] == ["Lee"]
    done = client.post(reverse("remove_approver", args=[lee.username]), follow=True)
    assert "Nobody decides yet" in done.content.decode()


def test_ada_hears_why_somebody_cannot_be_named(ada: User) -> None:
    person = make_person("lee")
    answer = signed_in(ada).post(reverse("name_approver", args=[person.account_id]), follow=True)
    assert "has not signed in yet" in answer.content.decode()
    assert signed_in(ada).post(reverse("name_approver", args=["712020:nobody"])).status_code == 404


def test_the_list_of_people(cast: dict[str, User]) -> None:
    Person.objects.filter(account_id="712020:aria").update(account_status="inactive")
    client = signed_in(cast["otto"])
    page = client.get("/people/").content.decode()
    for words in ("Employee", "Admin", "Auditor", "Account is off", "Acme (member)", "No seat"):
        assert words in page
    found = client.get("/people/?q=emma%40acme").context["page"].rows
    assert [row.person.display_name for row in found] == ["Emma"]
    assert "Nobody found" in client.get("/people/?q=%25").content.decode()
    assert client.get(f"/people/?q={'x' * 200}").status_code == 200


def test_the_list_of_people_pages_with_few_queries(
    otto: User, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(60):
        Person.objects.create(account_id=f"712020:{number}", display_name=f"Same name {number // 30}")
    client, seen, url = signed_in(otto), [], "/people/"
    while url:
        with django_assert_max_num_queries(14):
            answer = client.get(url)
        seen += [row.person.pk for row in answer.context["page"].rows]
        older = answer.context["older_url"]
        url = f"/people/{older}" if older else ""
    assert len(seen) == len(set(seen)) == Person.objects.count()


def test_the_sign_in_page_has_one_button_and_says_what_is_read(db: None, client: Client) -> None:
    page = client.get("/signin/?next=/people/").content.decode()
    assert page.count("Sign in with Bitbucket") == 1
    assert '<input type="hidden" name="next" value="/people/">' in page
    assert "which workspaces you belong to" in page
    assert client.post("/signin/").status_code == 405


def test_who_is_signed_in_already_goes_on(emma: User) -> None:
    assert signed_in(emma).get("/signin/?next=/notifications/")["Location"] == "/notifications/"


def test_signing_out_takes_a_form(emma: User) -> None:
    client = signed_in(emma, csrf=True)
    assert client.get("/signout/").status_code == 405
    assert client.post("/signout/").status_code == 403
    assert client.get("/notifications/").status_code == 200
    assert "Your session in this portal has ended" in client.get("/signed-out/").content.decode()


def test_signing_out_twice_is_no_event(db: None, client: Client) -> None:
    assert client.post("/signout/").status_code == 302
    assert not Event.objects.exists()


def test_the_page_for_codes(db: None, client: Client) -> None:
    assert client.get("/signin/link/").status_code == 200
    empty = client.post("/signin/link/", {"code": ""})
    assert empty.status_code == 422
    assert "This field is required" in empty.content.decode()
    assert Client(enforce_csrf_checks=True).post("/signin/link/", {"code": "x"}).status_code == 403
    assert client.post("/signin/link/", {"code": "ABCDE-ABCDE-ABCDE-ABCDE"}).status_code == 403


def test_a_fragment_request_is_sent_to_the_sign_in_page_as_a_whole(db: None, client: Client) -> None:
    answer = client.get("/notifications/", headers={"HX-Request": "true"})
    assert (answer.status_code, answer["HX-Redirect"]) == (200, "/signin/")
