"""A machine's request: what the adviser found goes along, who decides, and what comes then."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import Notification, User
from audit.models import Event
from tests.tokens.adviser.pages import SECRET, page_of
from tests.tokens.desk import Desk, signed_in
from tests.tokens.machines import REASON, asked, machine_form
from tokens.models import Request, TemplateVersion
from tokens.operations.change import NotAllowed
from tokens.operations.requests import approve_request, lapse_requests
from tokens.queries import current_version

KIND = "repository_access_token"
ANOTHER = "project_access_token"


def test_what_is_needed_is_kept_and_shown_to_the_approver(desk: Desk, emma: User, lee: User, aria: User) -> None:
    query = {"used_by": "machine", "task": "fetch", "kind": KIND}
    row = asked(emma, "ci-release", machine_form(lee), **query)
    assert row.needed == {
        "scopes": ["read:repository:bitbucket"],
        "because": {"read:repository:bitbucket": ["Clone, fetch and pull with git"]},
    }
    for user in (emma, aria):
        page = page_of(signed_in(user).get(row.get_absolute_url()))
        rows = dict(part.split('"', 1) for part in page.split('data-needed="')[1:])
        assert list(rows) == ["read:repository:bitbucket", "write:repository:bitbucket"]
        assert "Clone, fetch and pull with git" in rows["read:repository:bitbucket"]
        assert "Nothing named needs it" not in rows["read:repository:bitbucket"]
        assert "Nothing named needs it" in rows["write:repository:bitbucket"]
        assert "Not in what was asked for" not in page


def test_what_the_template_lacks_is_shown_to_the_approver_too(desk: Desk, emma: User, aria: User) -> None:
    form = {"reason": REASON, "where_used": "my laptop", "lifetime_days": "7"}
    row = asked(emma, "clone-and-pull", form, used_by="person", task="push")
    page = page_of(signed_in(aria).get(row.get_absolute_url()))
    write = page.partition('data-needed="write:repository:bitbucket"')[2]
    assert "Not in what was asked for" in write
    assert row.scopes == ["read:repository:bitbucket"], "what was asked of the adviser never widens a template"


def test_without_the_adviser_nothing_is_kept_and_nothing_is_missing(desk: Desk, emma: User, lee: User) -> None:
    row = asked(emma, "ci-release", machine_form(lee))
    assert row.needed == {}
    page = page_of(signed_in(emma).get(row.get_absolute_url()))
    assert "data-needed" not in page
    assert "Nothing named needs it" not in page


def test_reasons_are_cut_to_what_a_page_can_show(desk: Desk, emma: User) -> None:
    form = {"reason": REASON, "where_used": "my laptop", "lifetime_days": "7"}
    row = asked(emma, "clone-and-pull", form, tool="renovate", optional="1")
    because = row.needed["because"]
    assert max(len(why) for why in because.values()) == 6
    assert all(len(words) <= 160 for why in because.values() for words in why)


def test_reviewed_at_once_is_for_people_only(desk: Desk, emma: User, lee: User, aria: User) -> None:
    version = current_version("clone-pull-and-push")
    TemplateVersion.objects.filter(pk=version.pk).update(kinds=["api_token", KIND])
    person = {"reason": REASON, "where_used": "my laptop", "lifetime_days": "30"}
    assert asked(emma, "clone-pull-and-push", person).state == "approved"
    row = asked(emma, "clone-pull-and-push", machine_form(lee), kind=KIND)
    assert (row.state, row.look_due_at, row.decided_by_rule) == ("pending", None, False)
    assert Notification.objects.filter(person=aria.person, path=row.get_absolute_url()).count() == 1


def test_the_mail_to_the_approver_names_kind_boundary_and_deputy(desk: Desk, emma: User, lee: User, aria: User) -> None:
    row = asked(emma, "ci-release", machine_form(lee), used_by="machine", task="push")
    told = Notification.objects.get(person=aria.person)
    assert told.path == row.get_absolute_url()
    for words in ("Emma", "As: Repository access token of acme/web", "Deputy: Lee", "30 days", REASON):
        assert words in told.body
    submitted = Event.objects.get(tag="request:submitted").details
    assert (submitted["kind"], submitted["boundary"], submitted["deputy"]) == (KIND, "acme/web", lee.person.account_id)
    page = page_of(signed_in(aria).get(told.path))
    for words in ("Repository access token of acme/web", "Lee", "As a repository access token it carries:"):
        assert words in page


@pytest.fixture
def release(desk: Desk, emma: User, lee: User, aria: User) -> Request:
    """Emma's approved request for a machine."""
    return approve_request(asked(emma, "ci-release", machine_form(lee)), acting_user=aria)


def test_an_approved_machines_request_says_who_makes_it(desk: Desk, emma: User, release: Request) -> None:
    page = page_of(signed_in(emma).get(release.get_absolute_url()))
    assert 'data-makers="looking"' in page
    assert "data-machine-walk" not in page, "how it is made is shown to who can make it"
    told = Notification.objects.filter(person=emma.person).latest("pk")
    assert "who creates the credential at Bitbucket" in told.body


def test_there_is_nothing_to_paste_for_a_machine(desk: Desk, emma: User, release: Request) -> None:
    client = signed_in(emma)
    url = reverse("create", args=[release.code])
    assert client.get(url)["Location"] == release.get_absolute_url()
    assert client.post(url, {"email": emma.person.email, "secret": SECRET})["Location"] == release.get_absolute_url()
    assert url not in page_of(client.get(release.get_absolute_url()))
    assert desk.sent("/2.0") == 0


def test_an_approved_machines_request_stays_until_its_end(desk: Desk, emma: User, release: Request) -> None:
    """Whether it was made is not known here: after two weeks nobody may say that nothing happened."""
    rows = Request.objects.filter(pk=release.pk)
    rows.update(decided_at=timezone.now() - timedelta(days=60), approved_until=timezone.now().date())
    assert lapse_requests() == 0
    rows.update(approved_until=timezone.now().date() - timedelta(days=1))
    assert lapse_requests() == 1
    release.refresh_from_db()
    assert release.state == "lapsed"
    assert release.deputy is not None
    told = Notification.objects.filter(subject__startswith="Make sure that it is gone")
    assert {row.person for row in told} == {emma.person, release.deputy}
    assert "data-machine-walk" not in page_of(signed_in(emma).get(release.get_absolute_url()))


def test_it_can_be_withdrawn_after_the_approval(desk: Desk, emma: User, release: Request) -> None:
    signed_in(emma).post(reverse("withdraw", args=[release.code]))
    release.refresh_from_db()
    assert release.state == "withdrawn"


def test_the_one_who_asked_does_not_approve_a_machines_request_either(desk: Desk, aria: User, lee: User) -> None:
    row = asked(aria, "ci-release", machine_form(lee))
    with pytest.raises(NotAllowed):
        approve_request(row, acting_user=aria)
