"""Asking for a credential of a kind: which one, and for a machine the boundary and the deputy."""

import re
from typing import Any
from urllib.parse import urlencode

import pytest
from django.urls import reverse

from accounts.models import Notification, Person, User
from audit.models import Event
from sandbox.deploy_keys import public_key
from tests.tokens.adviser.pages import SECRET, page_of
from tests.tokens.desk import Desk, signed_in
from tests.tokens.machines import REASON, asked, machine_form, send
from tokens.models import Request
from tokens.operations.asking import Ask, submit_request
from tokens.operations.change import NotAllowed
from tokens.queries import current_version

KIND = "repository_access_token"
ANOTHER = "project_access_token"


def form_page(user: User, slug: str, query: str = "") -> str:
    """The page of a template's form."""
    answer = signed_in(user).get(f"{reverse('request_form', args=[slug])}?{query}")
    assert answer.status_code == 200
    return page_of(answer)


KIND_NOBODY_CHOSE = {
    "clone-and-pull": "api_token",
    "run-pipelines": "api_token",
    "ci-release": KIND,
    "ci-check-out-and-report": KIND,
    "gitops-reader": "deploy_key",
    "dependency-bot": "workspace_access_token",
}


@pytest.mark.parametrize(("slug", "kind"), KIND_NOBODY_CHOSE.items())
def test_the_kind_nobody_chose_is_a_persons_unless_the_template_is_for_machines(
    desk: Desk, emma: User, slug: str, kind: str
) -> None:
    page = form_page(emma, slug)
    assert f'data-kind="{kind}"' in page
    assert ('name="machine"' in page) == (kind != "api_token")


@pytest.mark.parametrize("slug", ["dependency-bot", "run-pipelines", "clone-and-pull"])
def test_for_a_machine_the_token_that_runs_as_a_person_comes_last_with_the_reason(
    desk: Desk, emma: User, slug: str
) -> None:
    page = form_page(emma, slug, "used_by=machine")
    offered = re.findall(r'data-as="(\w+)"', page)
    assert offered[-1] == "api_token"
    assert 'data-kind="api_token"' not in page
    assert "It would run as a person, reach every repository they reach" in page


def test_a_persons_token_in_a_machines_hands_has_a_name_and_a_deputy(desk: Desk, emma: User, lee: User) -> None:
    query = {"used_by": "machine", "kind": "api_token"}
    page = form_page(emma, "clone-pull-and-push", urlencode(query))
    assert 'name="machine"' in page
    assert "Where does it run?" in page
    row = asked(emma, "clone-pull-and-push", machine_form(lee, boundary=""), **query)
    assert (row.kind, row.used_by, row.machine, row.deputy) == ("api_token", "machine", "Nightly build", lee.person)
    assert row.state == "pending", "no rule approves for a machine what it approves for a person"
    assert row.risk == "high", "it writes while nobody watches"


def test_what_a_person_uses_has_no_machine(desk: Desk, emma: User, lee: User) -> None:
    row = asked(emma, "clone-and-pull", machine_form(lee, boundary="", deputy="", machine=""))
    assert (row.used_by, row.machine, row.deputy) == ("person", "", None)


def test_pipelines_needs_nothing_for_its_own_repository(desk: Desk, emma: User) -> None:
    page = form_page(emma, "clone-pull-and-push", "used_by=pipelines")
    assert 'data-kind="none"' in page
    assert "You need no credential" in page
    assert 'name="reason"' not in page, "there is nothing to ask for"
    assert 'data-user="machine"' in page, "for another repository"
    assert 'data-kind="none"' not in form_page(emma, "run-pipelines", "used_by=pipelines")


def test_no_rule_approves_a_deploy_key(desk: Desk, emma: User, lee: User) -> None:
    row = asked(emma, "clone-and-pull", machine_form(lee, public_key=public_key("asked")), kind="deploy_key")
    assert row.state == "pending", "the portal adds it with rights that whoever asks may not have"


@pytest.mark.parametrize("kind", ["", "workspace_access_token", "oauth_grant", "no-such-kind", "' OR 1=1"])
def test_a_kind_that_is_not_offered_is_the_default(desk: Desk, emma: User, kind: str) -> None:
    page = form_page(emma, "ci-release", f"kind={kind}")
    assert f'data-kind="{KIND}"' in page
    assert "As what?" not in page, "it is the only one"


def test_another_kind_is_a_link_that_keeps_what_was_asked(desk: Desk, emma: User) -> None:
    page = form_page(emma, "clone-and-pull", "used_by=machine&task=fetch&kind=deploy_key")
    assert 'data-kind="deploy_key"' in page
    own = reverse("request_form", args=["clone-and-pull"])
    assert f'href="{own}?used_by=machine&task=fetch&kind=repository_access_token"' in page
    assert f'href="{own}?used_by=machine&task=fetch&kind=deploy_key"' not in page


def test_a_persons_form_asks_for_no_boundary_and_no_deputy(desk: Desk, emma: User) -> None:
    mine, machine = form_page(emma, "clone-and-pull"), form_page(emma, "clone-and-pull", "kind=deploy_key")
    for name in ("boundary", "deputy"):
        assert f'name="{name}"' not in mine
        assert f'name="{name}"' in machine
    assert "data-reach" in mine
    assert "data-reach" not in machine, "a deploy key does not reach what its person reaches"


def test_a_template_with_a_deputy_asks_for_one_even_as_a_persons_token(
    desk: Desk, emma: User, lee: User, aria: User
) -> None:
    page = form_page(emma, "dependency-bot", "kind=api_token")
    assert 'name="deputy"' in page
    assert 'name="boundary"' not in page
    row = asked(emma, "dependency-bot", machine_form(lee, boundary=""), kind="api_token")
    assert (row.kind, row.deputy, row.boundary) == ("api_token", lee.person, "")
    assert "Deputy: Lee" in Notification.objects.get(person=aria.person).body


def test_what_an_access_token_adds_is_said_before_asking(desk: Desk, emma: User) -> None:
    page = form_page(emma, "pull-request-automation", f"kind={KIND}")
    assert "classic scopes it also lets one" in page
    assert "classic scopes it also" not in form_page(emma, "ci-release")


@pytest.mark.parametrize("address", ["", "nobody@acme.test", "not an address", "EMMA@acme.test", "gone@acme.test"])
def test_a_deputy_must_be_somebody_else_with_a_seat(desk: Desk, emma: User, lee: User, address: str) -> None:
    if address == "gone@acme.test":
        Person.objects.filter(pk=lee.person_id).update(account_status="inactive", email=address)
    own = address.replace("EMMA@acme.test", emma.person.email.upper())
    answer = send(emma, "ci-release", machine_form(lee, deputy=own))
    page = page_of(answer)
    assert answer.status_code == 422
    assert 'href="#id_deputy"' in page
    assert REASON in page, "the rest is kept"
    words = {
        "nobody@acme.test": "Nobody with a seat",
        "gone@acme.test": "Nobody with a seat",
        "EMMA@acme.test": "cannot be your own deputy",
    }
    assert words.get(address, "") in page
    assert not Request.objects.exists()


def test_somebody_without_a_seat_is_no_deputy(desk: Desk, emma: User, ada: User) -> None:
    answer = send(emma, "ci-release", machine_form(ada))
    assert answer.status_code == 422
    assert "Nobody with a seat" in page_of(answer)


def test_a_deputy_who_may_not_sign_in_is_none(desk: Desk, emma: User, lee: User) -> None:
    User.objects.filter(pk=lee.pk).update(is_active=False)
    assert send(emma, "ci-release", machine_form(lee)).status_code == 422


def test_two_people_with_one_address_are_nobody(desk: Desk, emma: User, lee: User, aria: User) -> None:
    Person.objects.filter(pk=aria.person_id).update(email=lee.person.email)
    assert send(emma, "ci-release", machine_form(lee)).status_code == 422


@pytest.mark.parametrize("which", ["upper", "second"])
def test_a_deputy_is_found_by_any_confirmed_address(desk: Desk, emma: User, lee: User, which: str) -> None:
    address = {"upper": lee.person.email.upper(), "second": "Lee@second.test"}[which]
    assert asked(emma, "ci-release", machine_form(lee, deputy=address)).deputy == lee.person


WRONG_BOUNDARIES = {
    "nothing": "",
    "address": "https://bitbucket.org/acme/web",
    "blank": "acme/web and acme/api",
    "line": "acme/web\nacme/api",
    "one-part": "web",
    "three-parts": "acme/web/src",
    "up": "../../account",
    "query": "acme/web?at=x",
    "fragment": "acme/web#x",
    "percent": "acme%2Fweb",
    "mark-up": "acme/<b>",
    "secret": f"acme/{SECRET}",
    "user-info": "https://x:hunter22@bitbucket.org/acme/web",
}


@pytest.mark.parametrize("boundary", WRONG_BOUNDARIES.values(), ids=list(WRONG_BOUNDARIES))
def test_a_boundary_is_one_short_name(desk: Desk, emma: User, lee: User, boundary: str) -> None:
    answer = send(emma, "ci-release", machine_form(lee, boundary=boundary))
    assert answer.status_code == 422
    assert 'href="#id_boundary"' in page_of(answer)
    assert not Request.objects.exists()
    assert not Event.objects.filter(tag__startswith="request").exists()


@pytest.mark.parametrize(
    ("slug", "kind", "typed", "kept"),
    [
        ("ci-release", KIND, "acme/web", "acme/web"),
        ("ci-release", KIND, " /acme/web.js-2/ ", "acme/web.js-2"),
        ("ci-check-out-and-report", ANOTHER, "acme/WEB", "acme/WEB"),
        ("ci-release", KIND, "{1a2b-3c}/{4d5e-6f}", "{1a2b-3c}/{4d5e-6f}"),
        ("dependency-bot", "workspace_access_token", "acme", "acme"),
    ],
)
def test_a_boundary_is_kept_as_its_name(
    desk: Desk, emma: User, lee: User, slug: str, kind: str, typed: str, kept: str
) -> None:
    assert asked(emma, slug, machine_form(lee, boundary=typed), kind=kind).boundary == kept


def test_a_workspace_is_no_repository(desk: Desk, emma: User, lee: User) -> None:
    answer = send(emma, "dependency-bot", machine_form(lee), kind="workspace_access_token")
    assert answer.status_code == 422
    assert "The workspace: acme." in page_of(answer)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"kind": "deploy_key"}, "not issued as that kind"),
        ({"deputy": None}, "name a deputy"),
        ({"machine": " "}, "which machine"),
        ({"boundary": ""}, "which repository"),
        ({"lifetime_days": 91}, "1 to 90 days"),
    ],
    ids=["kind", "deputy", "machine", "boundary", "days"],
)
def test_the_operation_refuses_what_a_form_would(
    desk: Desk, emma: User, lee: User, changes: dict[str, Any], words: str
) -> None:
    with pytest.raises(NotAllowed, match=words):
        submit_request(Ask(**_machine_ask(lee, **changes)), acting_user=emma)
    assert not Request.objects.exists()


def test_the_operation_takes_nobody_as_their_own_deputy(desk: Desk, emma: User, lee: User) -> None:
    with pytest.raises(NotAllowed, match="your own deputy"):
        submit_request(Ask(**_machine_ask(lee, deputy=emma.person)), acting_user=emma)
    submit_request(Ask(**_machine_ask(lee)), acting_user=emma)


def _machine_ask(deputy: User, /, **changes: Any) -> dict[str, Any]:
    return {
        "version": current_version("ci-release"),
        "reason": REASON,
        "machine": "Nightly build",
        "where_used": "the build server",
        "lifetime_days": 30,
        "kind": KIND,
        "deputy": deputy.person,
        "boundary": "acme/web",
        **changes,
    }
