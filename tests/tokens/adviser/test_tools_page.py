"""Starting from a tool that people connect."""

import pytest
from django.urls import reverse

from accounts.models import User
from tests.tokens.adviser.pages import kind_of, page_of, scopes_of
from tests.tokens.desk import Desk, signed_in
from tokens.adviser_questions import Question
from tokens.catalogue.adviser.tools import TOOL_BY_SLUG, TOOLS

WITHOUT_CALLS = [tool.slug for tool in TOOLS if not tool.calls]


def look_for(user: User, text: str) -> str:
    """The list of tools, narrowed."""
    return page_of(signed_in(user).get(reverse("advise_tools"), {"q": text}))


def test_every_tool_is_listed(desk: Desk, emma: User) -> None:
    page = page_of(signed_in(emma).get(reverse("advise_tools")))
    assert [tool.slug for tool in TOOLS if f'data-tool="{tool.slug}"' not in page] == []
    assert f"{len(TOOLS)} tools" in page


@pytest.mark.parametrize("text", ["renov", "RENOVATE", "  renovate "])
def test_a_word_narrows_the_list(desk: Desk, emma: User, text: str) -> None:
    page = look_for(emma, text)
    assert 'data-tool="renovate"' in page
    assert 'data-tool="jenkins"' not in page


@pytest.mark.parametrize("text", ["no such tool", "<script>alert(1)</script>", "\x00", "x" * 5000])
def test_a_tool_that_is_not_there_leads_to_pasting_its_calls(desk: Desk, emma: User, text: str) -> None:
    answer = signed_in(emma).get(reverse("advise_tools"), {"q": text})
    assert answer.status_code == 200
    assert "That tool is not in the list" in page_of(answer)
    assert f'href="{reverse("advise_calls")}"' in page_of(answer)
    assert b"<script>alert" not in answer.content


def test_an_unknown_tool_is_not_found(desk: Desk, emma: User) -> None:
    assert signed_in(emma).get(reverse("advise_tool", args=["no-such-tool"])).status_code == 404


@pytest.mark.parametrize("slug", list(TOOL_BY_SLUG))
def test_every_tool_shows_its_calls_its_scopes_and_where_it_was_read(desk: Desk, emma: User, slug: str) -> None:
    tool = TOOL_BY_SLUG[slug]
    answer = signed_in(emma).get(reverse("advise_tool", args=[slug]))
    page = page_of(answer)
    assert answer.status_code == 200
    assert f'href="{tool.source}"' in page
    assert all(call.call in page and call.why in page for call in tool.calls)
    needed = Question(tool.used_by, tool=tool).needs().api_token_scopes
    assert scopes_of(answer) == [name.removesuffix(":bitbucket") for name in needed]


@pytest.mark.parametrize("slug", WITHOUT_CALLS)
def test_a_tool_that_calls_nothing_says_why(desk: Desk, emma: User, slug: str) -> None:
    answer = signed_in(emma).get(reverse("advise_tool", args=[slug]))
    note = TOOL_BY_SLUG[slug].note
    assert kind_of(answer) == "nothing"
    assert note, "somebody has to say why there is nothing to ask for"
    assert note.split("http")[0][:40] in page_of(answer)
    assert 'data-action="ask-' not in page_of(answer)


def test_calls_behind_a_setting_come_when_they_are_wanted(desk: Desk, emma: User) -> None:
    url = reverse("advise_tool", args=["renovate"])
    plain, whole = signed_in(emma).get(url), signed_in(emma).get(url, {"optional": "1"})
    assert f'href="{url}?optional=1" data-action="with-optional"' in page_of(plain)
    assert set(scopes_of(plain)) < set(scopes_of(whole))
    assert "optional=1" in page_of(whole).partition("Who will use it?")[2], "asking for another user keeps them"


def test_where_the_documentation_asks_for_more_or_less_it_is_said(desk: Desk, emma: User) -> None:
    said: dict[str, list[str]] = {
        "Its calls do not need": [],
        "Its calls also need, unsaid": [],
        "The same as what its calls need": [],
    }
    for tool in TOOLS:
        page = page_of(signed_in(emma).get(reverse("advise_tool", args=[tool.slug])))
        for words, slugs in said.items():
            if words in page:
                slugs.append(tool.slug)
    assert all(said.values()), "each of the three is seen somewhere"
