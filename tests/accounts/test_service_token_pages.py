"""The page of service tokens: making one, seeing it once, ending it, and what is refused in words."""

import html
import re
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts import queries
from accounts.models import Person, ServiceToken, User
from accounts.operations import make_service_token, revoke_service_token
from accounts.operations.service_tokens import PREFIX, service_of
from audit.models import Event

PAGE = "/service-tokens/"
SCOPE = "offboardings:write"
WORDS = "Plan offboardings, and see how those it planned stand"
GOOD = {"name": "HR", "scopes": [SCOPE], "days": "30"}


def signed_in(user: User, *, csrf: bool = False) -> Client:
    client = Client(enforce_csrf_checks=csrf)
    client.force_login(user, backend="accounts.roles.RoleBackend")
    return client


def words_of(answer: Any) -> str:
    return html.unescape(answer.content.decode())


def tokens_in(answer: Any) -> set[str]:
    return set(re.findall(rf"{PREFIX}[\w-]{{20,}}", answer.content.decode()))


def test_the_first_one_has_a_page_to_appear_on(ada: User) -> None:
    page = words_of(signed_in(ada).get(PAGE))
    for words in ("No service token yet", WORDS, "Make the token", 'value="90"'):
        assert words in page


def test_a_new_one_is_shown_in_the_answer_itself_and_nowhere_again(ada: User) -> None:
    client = signed_in(ada)
    answer = client.post(PAGE, GOOD)
    (text,) = tokens_in(answer)
    row = ServiceToken.objects.get()
    assert (answer.status_code, answer["Cache-Control"]) == (200, "no-store")
    assert 'hx-history="false"' in answer.content.decode()
    assert (row.name, row.scopes, row.created_by) == ("HR", [SCOPE], ada.person)
    assert timedelta(days=29) < row.expires_at - timezone.now() <= timedelta(days=30)
    assert service_of(text) is not None
    listed = client.get(PAGE)
    assert "HR" in words_of(listed)
    assert not tokens_in(listed)
    assert text not in str(client.cookies)
    assert all(text not in str(session.get_decoded()) for session in Session.objects.all())
    assert not list(listed.context["messages"])


def test_the_same_form_again_makes_no_second_one_and_shows_nothing(ada: User) -> None:
    client = signed_in(ada)
    client.post(PAGE, GOOD)
    again = client.post(PAGE, GOOD)
    assert again.status_code == 422
    assert "names are not reused" in words_of(again)
    assert "never copied, revoke it" in words_of(again)
    assert not tokens_in(again)
    assert ServiceToken.objects.count() == 1


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"name": " "}, "Give it a name that says which system uses it."),
        ({"name": "x" * 101}, "Give it a name of at most 100 characters."),
        ({"name": "ATATT3xFfGF0abcdefgh1234"}, "The name looks like a secret."),
        ({"scopes": []}, "Tick at least one thing that it may do."),
        ({"scopes": ["all"]}, "There is no such thing to allow"),
        ({"days": ""}, "It works for 1 to 365 days"),
        ({"days": "0"}, "It works for 1 to 365 days"),
        ({"days": "366"}, "It works for 1 to 365 days"),
        ({"days": "ninety"}, "It works for 1 to 365 days"),
    ],
)
def test_what_makes_no_sense_is_refused_in_words_and_nothing_typed_is_lost(
    ada: User, changed: dict[str, str | list[str]], words: str
) -> None:
    sent = {**GOOD, **changed}
    answer = signed_in(ada).post(PAGE, sent)
    page = words_of(answer)
    assert answer.status_code == 422
    assert page.count(words) == 2, "once above the page, once at its field"
    assert not ServiceToken.objects.exists()
    assert answer.context["form"]["name"].value() == sent["name"]
    assert answer.context["form"]["days"].value() == sent["days"]
    assert (f'value="{SCOPE}" id="id_scopes_0" checked' in re.sub(r"\s+", " ", page)) == (SCOPE in sent["scopes"])


def test_only_an_admin_makes_and_ends_one(emma: User, aria: User, ada: User, otto: User) -> None:
    row, text = make_service_token("Payroll", [SCOPE], 90, acting_user=ada)
    ends = reverse("revoke_service_token", args=[row.pk])
    for user in (emma, aria, otto):
        for url in (PAGE, ends):
            assert signed_in(user).post(url, GOOD).status_code == 403
            event = Event.objects.latest("seq")
            assert (event.tag, event.actor_account_id) == ("access:refused", user.username)
    assert Client().post(PAGE, GOOD)["Location"].startswith("/signin/")
    assert signed_in(ada, csrf=True).post(PAGE, GOOD).status_code == 403
    assert signed_in(ada).get(ends).status_code == 405
    assert signed_in(ada).delete(PAGE).status_code == 405
    assert signed_in(ada).post(reverse("revoke_service_token", args=[10**30])).status_code == 404
    assert ServiceToken.objects.count() == 1
    assert service_of(text) is not None


def test_ending_one(ada: User) -> None:
    row, text = make_service_token("HR", [SCOPE], 90, acting_user=ada)
    client = signed_in(ada)
    assert "Revoke “HR”?" in words_of(client.get(PAGE))
    done = client.post(reverse("revoke_service_token", args=[row.pk]), follow=True)
    page = words_of(done)
    assert "“HR” is revoked." in page
    assert "None works now" in page
    assert "by Ada" in page
    assert "Revoke “HR”?" not in page
    assert service_of(text) is None
    again = client.post(reverse("revoke_service_token", args=[row.pk]), follow=True)
    assert "“HR” was revoked before." in words_of(again)
    assert Event.objects.filter(tag="service_token:revoked").count() == 1


def test_a_name_stands_on_the_page_as_it_was_typed(ada: User) -> None:
    answer = signed_in(ada).post(PAGE, {**GOOD, "name": "<b>HR</b>"})
    assert "&lt;b&gt;HR&lt;/b&gt;" in answer.content.decode()
    listed = signed_in(ada).get(PAGE).content.decode()
    assert "<b>HR" not in listed


def test_one_whose_maker_left_says_so(ada: User) -> None:
    left, token = User.objects.get(pk=ada.pk), make_service_token("HR", [SCOPE], 90, acting_user=ada)[0]
    client = signed_in(left)
    assert "somebody who left" not in words_of(client.get(PAGE))
    ServiceToken.objects.update(created_by=Person.objects.create(account_id="712020:gone", account_status="inactive"))
    page = words_of(client.get(PAGE))
    assert page.count("made by somebody who left") == 1
    assert "Made by somebody who left, and still working" in page
    revoke_service_token(token, acting_user=ada)
    page = words_of(client.get(PAGE))
    assert page.count("made by somebody who left") == 1
    assert "still working" not in page


def test_states_in_words_and_old_ones_on_pages_of_their_own(
    ada: User, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    now = timezone.now()
    for number in range(60):
        ServiceToken.objects.create(
            name=f"old {number}", token_hash=str(number), created_by=ada.person, expires_at=now - timedelta(days=1)
        )
    make_service_token("HR", [SCOPE], 90, acting_user=ada)
    client, seen, url = signed_in(ada), [], PAGE
    while url:
        with django_assert_max_num_queries(14):
            answer = client.get(url)
        assert "Works" in words_of(answer)
        assert "Expired" in words_of(answer)
        seen += [row.token.name for row in answer.context["ended"]]
        url = f"{PAGE}{answer.context['older_url']}" if answer.context["older_url"] else ""
    assert seen == [f"old {number}" for number in reversed(range(60))]
    assert [row.token.name for row in queries.working_service_tokens()] == ["HR"]
    assert client.get(f"{PAGE}?before=nonsense").status_code == 200
