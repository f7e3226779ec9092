"""Ticking what you do, and what the adviser answers."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from django.http import QueryDict
from django.urls import reverse

from accounts.models import User
from tests.tokens.adviser.pages import SUFFIX, ask, kind_of, link_of, page_of, scopes_of
from tests.tokens.desk import Desk, signed_in
from tokens.adviser_questions import LONGEST_QUERY, Question, question_from
from tokens.catalogue.adviser.tasks import TASKS
from tokens.catalogue.operations import OPERATIONS

READ_AND_WRITE = ["read:repository", "write:repository"]


def test_the_start_page_offers_every_task_and_asks_who_will_use_it(desk: Desk, emma: User) -> None:
    answer = signed_in(emma).get(reverse("advise"))
    page = page_of(answer)
    assert answer.status_code == 200
    assert all(f'id="task-{task.slug}"' in page and task.words in page for task in TASKS)
    assert all(f'value="{user}"' in page for user in ("person", "machine", "pipelines"))
    assert "error-summary" not in page
    for name in ("advise_tools", "advise_calls", "get_access"):
        assert f'href="{reverse(name)}"' in page


@pytest.mark.parametrize(
    "query", ["used_by=machine", "task=no-such-task", "tool=no-such-tool", "scopes=read:nothing", "call=GET+/nothing"]
)
def test_nothing_ticked_leads_to_the_field(desk: Desk, emma: User, query: str) -> None:
    answer = ask(emma, query)
    page = page_of(answer)
    assert answer.status_code == 422
    assert 'role="alert"' in page
    assert "Nothing is ticked yet" in page
    assert 'href="#task-fetch"' in page
    assert 'id="task-fetch"' in page, "the link leads somewhere"


def test_who_will_use_it_stays_chosen_after_an_error(desk: Desk, emma: User) -> None:
    page = page_of(ask(emma, "used_by=pipelines"))
    assert 'value="pipelines" id="used-by-pipelines" checked' in page
    assert page.count(" checked") == 1


@pytest.mark.parametrize(
    ("query", "kind", "template", "name"),
    [
        ("used_by=machine&task=push", "repository_access_token", "ci-release", "CI: release"),
        ("used_by=person&task=push", "api_token", "clone-pull-and-push", "Clone, pull and push"),
        ("task=push", "api_token", "clone-pull-and-push", "Clone, pull and push"),
    ],
)
def test_what_to_ask_for_to_push(desk: Desk, emma: User, query: str, kind: str, template: str, name: str) -> None:
    answer = ask(emma, query)
    url = urlsplit(link_of(answer, "ask-template"))
    assert (answer.status_code, kind_of(answer), scopes_of(answer)) == (200, kind, READ_AND_WRITE)
    assert url.path == reverse("request_form", args=[template])
    assert parse_qs(url.query)["kind"] == [kind]
    assert parse_qs(url.query)["task"] == ["push"], "what was asked goes along"
    assert f"<h2>{name}</h2>" in page_of(answer)
    assert "It gives exactly what you need" in page_of(answer)
    assert signed_in(emma).get(f"{url.path}?{url.query}").status_code == 200


def test_pipelines_needs_nothing_to_push_to_its_own_repository(desk: Desk, emma: User) -> None:
    answer = ask(emma, "used_by=pipelines&task=push")
    assert kind_of(answer) == "none"
    assert "You need no credential" in page_of(answer)
    assert (link_of(answer, "ask-template"), link_of(answer, "ask-exactly")) == ("", "")
    assert reverse("request_exactly") not in page_of(answer)


def test_a_set_that_no_template_covers_is_asked_for_exactly_and_the_closest_comes_second(
    desk: Desk, emma: User
) -> None:
    answer = ask(emma, "used_by=person&task=create-webhook&task=push")
    page = page_of(answer)
    assert page.index('data-action="ask-exactly"') < page.index('data-action="ask-template"')
    assert "No template covers it." in page
    assert "It lacks:" in page
    url = urlsplit(link_of(answer, "ask-exactly"))
    assert url.path == reverse("request_exactly")
    assert parse_qs(url.query) == {"used_by": ["person"], "task": ["create-webhook", "push"], "kind": ["api_token"]}


def test_a_template_that_gives_a_little_more_is_offered_with_what_it_adds(desk: Desk, emma: User) -> None:
    answer = ask(emma, f"used_by=person&scopes=write:webhook{SUFFIX}")
    page = page_of(answer)
    assert urlsplit(link_of(answer, "ask-template")).path == reverse("request_form", args=["manage-webhooks"])
    assert "Beyond what you need it also gives" in page
    assert f"read:webhook{SUFFIX}" in page
    assert "ask-exactly" in page


def test_a_wider_kind_is_taken_for_the_sake_of_a_template_only(desk: Desk, emma: User) -> None:
    """Dependency bot covers this as a workspace's token but gives much more; exactly, a repository's token does."""
    answer = ask(emma, "used_by=machine&task=fetch&task=who-am-i")
    exactly = link_of(answer, "ask-exactly")
    assert kind_of(answer) == "repository_access_token"
    assert parse_qs(urlsplit(exactly).query)["kind"] == ["repository_access_token"]
    form = signed_in(emma).get(exactly)
    assert form.status_code == 200
    assert 'data-kind="repository_access_token"' in page_of(form)
    row = page_of(form).partition(f'data-needed="read:user{SUFFIX}"')[2].partition("</li>\n    ")[0]
    assert "Not in what was asked for" in row, "such a token is no person, so who it is cannot be asked"


def test_scopes_can_be_named_and_what_nobody_knows_is_left_out(desk: Desk, emma: User) -> None:
    named = f"read:webhook{SUFFIX},write:webhook{SUFFIX},no:such{SUFFIX},read:issue{SUFFIX},webhook"
    answer = ask(emma, f"scopes={named}")
    assert scopes_of(answer) == ["read:webhook", "write:webhook"]
    assert "no:such" not in page_of(answer)
    assert urlsplit(link_of(answer, "ask-template")).path == reverse("request_form", args=["manage-webhooks"])


def test_every_scope_says_what_needs_it(desk: Desk, emma: User) -> None:
    page = page_of(ask(emma, "used_by=person&task=push&task=list-webhooks"))
    for task in TASKS:
        assert (f"<li>{task.words}</li>" in page) is (task.slug in ("push", "list-webhooks"))


def test_asking_for_another_user_keeps_the_rest(desk: Desk, emma: User) -> None:
    page = page_of(ask(emma, "used_by=person&task=push"))
    assert f'href="{reverse("advise")}?used_by=machine&task=push"' in page
    assert f'href="{reverse("advise")}?used_by=person&task=push"' not in page, "the chosen one is no link"


def test_a_query_that_would_be_too_long_names_the_scopes_instead() -> None:
    everything = Question("person", operations=tuple(OPERATIONS))
    query = everything.query(kind="api_token")
    assert len(query) < LONGEST_QUERY
    asked = {name: values[0] for name, values in parse_qs(query).items()}
    assert (asked["used_by"], asked["kind"]) == ("person", "api_token")
    assert "call" not in asked
    assert tuple(asked["scopes"].split(",")) == everything.needs().api_token_scopes


def test_a_short_query_can_be_read_back() -> None:
    question = question_from(QueryDict("used_by=machine&task=push&tool=renovate&optional=1&call=git fetch&scopes=x"))
    assert question_from(QueryDict(question.query())) == question
    assert question.tool is not None
    assert [operation.name for operation in question.operations] == ["git fetch"]
    assert question.scopes == ()


@pytest.mark.parametrize("who", ["ada", "otto"])
def test_who_has_no_seat_may_look_things_up_and_gets_no_button(
    desk: Desk, who: str, request: pytest.FixtureRequest
) -> None:
    user = request.getfixturevalue(who)
    for query in ("used_by=machine&task=push", "used_by=person&task=create-webhook&task=push"):
        answer = ask(user, query)
        page = page_of(answer)
        assert answer.status_code == 200
        assert scopes_of(answer)
        assert "data-no-seat" in page
        assert "/get-access/" not in page
    assert "/get-access/" not in page_of(signed_in(user).get(reverse("advise")))


def test_who_has_a_seat_is_not_told_about_it(desk: Desk, emma: User) -> None:
    assert "data-no-seat" not in page_of(ask(emma, "used_by=machine&task=push"))


def test_what_was_ticked_can_be_changed(emma: User) -> None:
    browser = signed_in(emma)
    answer = browser.get("/advise/?used_by=machine&task=push")
    assert 'href="/advise/?used_by=machine&amp;task=push&amp;change=1"' in answer.content.decode()
    page = browser.get("/advise/?used_by=machine&task=push&change=1")
    ticked = re.findall(r'value="([^"]+)" id="[^"]+" checked', page.content.decode())
    assert (page.status_code, ticked) == (200, ["machine", "push"])
