"""The list of findings, one finding, tokens of an unknown product: what is there, for whom, and what its buttons do."""

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries, Settings

from accounts.models import Person, User
from tests.tokens.desk import signed_in
from tests.tokens.findings.found import READ, WRITE, accepted, finding_of, found_token, in_days, unknown_token
from tokens.finding_filters import Wanted
from tokens.finding_presentation import sentence
from tokens.finding_queries import page_of_findings
from tokens.models import Credential, Finding, FindingKind, Standing
from tokens.operations.acceptances import accept_finding

LIST = "/findings/"
MOST_QUERIES = 8


def text(browser: Client, url: str, status: int = 200) -> str:
    answer = browser.get(url)
    assert answer.status_code == status
    return answer.content.decode()


def listed(browser: Client, query: str = "") -> list[str]:
    return re.findall(r'<a href="/findings/\d+/">([^<]+) is not approved here</a>', text(browser, LIST + query))


def named(holder: User, name: str, kind: FindingKind = FindingKind.UNDECLARED, **more: Any) -> Finding:
    return finding_of(found_token(holder.person, name=name, scopes=[READ]), kind, **more)


@pytest.fixture
def several(emma: User, lee: User, ada: User) -> dict[str, Finding]:
    """Findings that differ in everything one can filter by."""
    made = {
        "first": named(emma, "first", opened_at=in_days(-40), risk="low", due_at=in_days(-1)),
        "second": named(lee, "second", FindingKind.IDLE, opened_at=in_days(-20), risk="critical", action="revoke"),
        "third": named(emma, "third", FindingKind.EXCESS, opened_at=in_days(-8), risk="high"),
        "taken": named(emma, "taken", opened_at=in_days(-7)),
        "asked": named(emma, "asked", opened_at=in_days(-6), risk="high"),
        "shut": named(emma, "shut", closed_at=in_days(0)),
    }
    accepted(made["taken"], ada.person)
    accepted(made["asked"], ada.person, needs_second=True)
    return made


FILTERS = {
    "": ["first", "second", "third", "asked"],
    "?order=riskiest": ["second", "third", "asked", "first"],
    "?kind=idle": ["second"],
    "?q=Thir": ["third"],
    "?q=nothing-of-the-kind": [],
    "?risk=high": ["third", "asked"],
    "?action=revoke": ["second"],
    "?person=lee": ["second"],
    "?older_than=30": ["first"],
    "?status=due": ["first"],
    "?status=accepted": ["taken"],
    "?status=waiting": ["asked"],
    "?status=closed": ["shut"],
    "?kind=nonsense&after=x-y-z": ["first", "second", "third", "asked"],
    "?kind=gone": [],
}


def test_filters_and_orders(several: dict[str, Finding], ada: User) -> None:
    browser = signed_in(ada)
    assert {query: listed(browser, query) for query in FILTERS} == FILTERS


def test_an_acceptance_whose_day_has_passed_is_open_again(emma: User, ada: User) -> None:
    accepted(named(emma, "over"), ada.person, until=in_days(-1).date())
    assert listed(signed_in(ada)) == ["over"]


@pytest.mark.parametrize("order", ["oldest", "riskiest"])
def test_pages_by_key_show_everything_once_both_ways(emma: User, order: str) -> None:
    moment = in_days(-5)
    for number in range(13):
        named(
            emma, f"n{number}", opened_at=moment if number % 3 else in_days(-number), risk=["low", "high"][number % 2]
        )
    wanted = Wanted(order=order)
    everything = [row.pk for row in page_of_findings(wanted, size=50).rows]
    forwards, page = [], page_of_findings(wanted, size=5)
    pages = [page]
    while page.after is not None:
        page = page_of_findings(wanted, size=5, after=page.after)
        pages.append(page)
    forwards = [row.pk for each in pages for row in each.rows]
    assert (forwards, len(forwards), pages[0].before) == (everything, 13, None)
    back = page_of_findings(wanted, size=5, before=pages[2].before)
    assert [row.pk for row in back.rows] == [row.pk for row in pages[1].rows]


def test_the_address_of_the_next_page_keeps_the_filter(emma: User, ada: User) -> None:
    for number in range(51):
        named(emma, f"n{number}", risk="high")
    browser = signed_in(ada)
    page = text(browser, f"{LIST}?risk=high&order=riskiest")
    url = re.findall(r'href="(\?[^"]+)" rel="next"', page)[0].replace("&amp;", "&")
    assert "risk=high&order=riskiest&after=" in url
    second = text(browser, LIST + url)
    assert second.count("High risk</span>") == 1
    assert 'rel="prev"' in second


def test_each_row_offers_one_next_action(emma: User, ada: User, otto: User, settings: Settings) -> None:
    asked = named(emma, "ask me")
    named(emma, "end me", FindingKind.IDLE, action="revoke")
    page = text(signed_in(ada), LIST)
    assert page.count('data-action="ask"') == 1
    assert "Revoke<span" in page
    answer = signed_in(ada).post(reverse("finding_ask", args=[asked.pk]), {"next": "/findings/?risk=medium"})
    assert answer["Location"] == "/findings/?risk=medium"
    assert 'data-action="ask"' not in text(signed_in(ada), LIST)
    assert "asked <time" in text(signed_in(otto), LIST)
    assert '<form method="post" action="/findings/' not in text(signed_in(otto), LIST)
    settings.INVENTORY_MODE = "observe"
    Finding.objects.update(told_at=None)
    assert 'data-action="ask"' not in text(signed_in(ada), LIST)


def test_coming_back_never_leaves_the_portal(emma: User, ada: User) -> None:
    url = reverse("finding_ask", args=[named(emma, "x").pk])
    assert signed_in(ada).post(url, {"next": "https://elsewhere.test/"})["Location"].startswith("/findings/")


def test_asking_many_shows_numbers_first(several: dict[str, Finding], ada: User, emma: User, lee: User) -> None:
    browser = signed_in(ada)
    page = text(browser, "/findings/ask/")
    assert "2 people would be asked about 4 findings" in page
    assert emma.person.notifications.count() == 0
    assert browser.post("/findings/ask/", {"findings": "3"}).status_code == 302
    assert emma.person.notifications.count() == 0
    browser.post("/findings/ask/", {"findings": "4"})
    assert (emma.person.notifications.count(), lee.person.notifications.count()) == (1, 1)
    assert "There is nobody to ask" in text(browser, "/findings/ask/")


def test_asking_many_takes_the_filter(several: dict[str, Finding], ada: User, emma: User, lee: User) -> None:
    signed_in(ada).post("/findings/ask/?person=lee", {"findings": "1"})
    assert (emma.person.notifications.count(), lee.person.notifications.count()) == (0, 1)


# One finding.


def test_one_finding_says_what_when_and_by_which_read(emma: User, ada: User) -> None:
    token = found_token(emma.person, name="old laptop", scopes=[READ, WRITE])
    finding = finding_of(
        token,
        FindingKind.EXCESS,
        detail={"because": "too much", "excess": [WRITE]},
        history=[{"at": in_days(-9).isoformat(), "what": "closed", "words": "It was gone", "by": ""}],
    )
    page = text(signed_in(ada), reverse("finding", args=[finding.pk]))
    for words in ("“old laptop”, an API token of Emma, can do more than was approved",
                  "organisation&#x27;s listing", "Too much",
                  "chip-excess", "It was gone", "Medium risk:"):  # fmt: skip
        assert words in page, words


def test_every_kind_has_its_sentence(emma: User) -> None:
    finding = named(emma, "it")
    said = {sentence(Finding(kind=kind, credential=finding.credential, person=emma.person)) for kind in FindingKind}
    assert len(said) == len(FindingKind)
    assert all("“it”, an API token of Emma" in words for words in said)


def test_the_holder_sees_their_own_and_nobody_elses(emma: User, lee: User) -> None:
    finding = named(emma, "mine")
    url = reverse("finding", args=[finding.pk])
    page = text(signed_in(emma), url)
    assert 'data-action="register"' in page
    assert 'data-action="accept"' not in page
    text(signed_in(lee), url, 404)


def test_the_auditor_reads_and_has_no_button(emma: User, otto: User) -> None:
    page = text(signed_in(otto), reverse("finding", args=[named(emma, "x").pk]))
    assert "An admin acts on it" in page
    assert '<form method="post" action="/findings' not in page
    assert "/revoke/" not in page


def test_four_eyes_on_the_page(emma: User, ada: User, adam: User) -> None:
    finding = named(emma, "risky", risk="high")
    url = reverse("finding", args=[finding.pk])
    form = {"until": in_days(30).date().isoformat(), "because": "Replaced soon"}
    assert "Propose it" in text(signed_in(ada), url)
    signed_in(ada).post(reverse("finding_accept", args=[finding.pk]), form)
    hers = text(signed_in(ada), url)
    assert "not yet: Adam" in hers
    assert 'data-action="confirm"' not in hers
    assert 'data-action="confirm"' in text(signed_in(adam), url)
    signed_in(adam).post(reverse("finding_confirm", args=[finding.pk]))
    assert "Accepted until" in text(signed_in(adam), url)


def test_a_wrong_form_comes_back_with_its_error(emma: User, ada: User) -> None:
    finding = named(emma, "x")
    answer = signed_in(ada).post(reverse("finding_accept", args=[finding.pk]), {"until": "soon", "because": ""})
    assert answer.status_code == 422
    assert "Enter a valid date" in answer.content.decode()
    answer = signed_in(ada).post(
        reverse("finding_accept", args=[finding.pk]), {"until": "2020-01-01", "because": "Old"}, follow=True
    )
    assert "at most a year from now" in answer.content.decode()


def test_refusals_are_words_on_the_page_and_in_the_trail(emma: User, ada: User) -> None:
    finding = named(emma, "risky", risk="high")
    accept_finding(finding, until=in_days(9).date(), because="Soon", acting_user=ada)
    answer = signed_in(ada).post(reverse("finding_confirm", args=[finding.pk]), follow=True)
    assert "You proposed it" in answer.content.decode()


def test_a_closed_finding_says_why(emma: User, ada: User) -> None:
    finding = named(emma, "x", closed_at=in_days(0), closed_because="the listing no longer shows it")
    page = text(signed_in(ada), reverse("finding", args=[finding.pk]))
    assert "the listing no longer shows it" in page
    assert 'data-action="ask"' not in page


# Found credentials on their own page.


def test_an_unknown_product_is_revoked_with_a_warning_only(emma: User, ada: User) -> None:
    token = unknown_token(emma.person)
    for url in (reverse("finding", args=[finding_of(token).pk]), token.get_absolute_url()):
        assert "may break Jira or Confluence" in text(signed_in(ada), url)
    signed_in(ada).post(reverse("credential_revoke", args=[token.pk]), {"reason": "Asked twice"})
    token.refresh_from_db()
    assert token.state == "revoking"


def test_another_products_token_has_no_revoke_button(emma: User, ada: User) -> None:
    token = found_token(emma.person, standing=Standing.OTHER_PRODUCT)
    finding = finding_of(token, action="revoke")
    for url in (reverse("finding", args=[finding.pk]), token.get_absolute_url()):
        assert "Revoke" not in text(signed_in(ada), url), url
    assert "Revoke<" not in text(signed_in(ada), LIST)
    signed_in(ada).post(reverse("credential_revoke", args=[token.pk]), {"reason": "Idle"})
    token.refresh_from_db()
    assert token.state == "active"


@pytest.mark.parametrize(
    "made",
    [
        {"scopes": [READ]},
        {"standing": Standing.UNKNOWN_PRODUCT, "ends_in": None},
        {"standing": Standing.OTHER_PRODUCT, "answer": "not_bitbucket"},
        {"kind": "deploy_key", "state": "needs_human"},
        {"state": "gone", "ended_at": in_days(0)},
    ],
    ids=["undeclared", "unknown", "set aside", "deploy key", "gone"],
)
def test_the_page_of_a_found_credential_works_for_everybody(emma: User, ada: User, made: dict[str, Any]) -> None:
    token = found_token(emma.person, name="found one", **made)
    for user in (emma, ada):
        page = text(signed_in(user), token.get_absolute_url())
        assert "found one" in page
        assert "None" not in re.sub(r"<[^>]+>", "", page)
    assert signed_in(emma).get(reverse("credential_use", args=[token.pk])).status_code == 404
    text(signed_in(emma), "/")


def test_a_key_without_a_holder_has_a_page(ada: User) -> None:
    key = found_token(None, name="deploy", kind="deploy_key", scopes=[READ])
    finding = finding_of(key, FindingKind.NO_DEPUTY)
    for url in (key.get_absolute_url(), reverse("finding", args=[finding.pk]), LIST):
        text(signed_in(ada), url)


# Tokens of an unknown product.


def test_unknown_products_are_grouped_by_holder(emma: User, lee: User, ada: User, otto: User) -> None:
    for number in range(22):
        unknown_token(emma.person, name=f"e{number}")
    unknown_token(lee.person, name="l0")
    found_token(lee.person, name="known", scopes=[READ])
    page = text(signed_in(ada), "/findings/unknown-product/")
    assert re.findall(r'data-holder="712020:(\w+)"', page) == ["emma", "lee"]
    assert "23 tokens of 2 people" in page
    assert "and 2 more" in page
    assert "known" not in re.findall(r'row-title" href="[^"]+">([^<]+)<', page)
    assert "may break Jira or Confluence" in page
    signed_in(ada).post(reverse("unknown_product_ask", args=["712020:lee"]))
    assert lee.person.notifications.count() == 1
    assert '<form method="post" action="/findings' not in text(signed_in(otto), "/findings/unknown-product/")


def test_unknown_products_come_a_page_of_holders_at_a_time(ada: User) -> None:
    people = [Person.objects.create(account_id=f"712020:p{n}", display_name=f"P{n:02}") for n in range(30)]
    for person in people:
        unknown_token(person)
    browser = signed_in(ada)
    first = text(browser, "/findings/unknown-product/")
    url = re.findall(r'href="(\?after=\d+)"', first)[0]
    second = text(browser, f"/findings/unknown-product/{url}")
    assert (first.count("data-holder"), second.count("data-holder")) == (25, 5)
    text(browser, "/findings/unknown-product/?after=x")


# What a page costs.


def test_the_pages_stay_within_their_queries(
    emma: User, ada: User, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(30):
        named(emma, f"n{number}", risk="high")
        unknown_token(emma.person)
    accept_finding(Finding.objects.latest("pk"), until=in_days(9).date(), because="Soon", acting_user=ada)
    browser = signed_in(ada)
    detail = reverse("finding", args=[Finding.objects.latest("pk").pk])
    for url in (LIST, f"{LIST}?order=riskiest&person=emma&status=open", "/findings/unknown-product/", detail):
        with django_assert_max_num_queries(MOST_QUERIES):
            text(browser, url)
    assert Credential.objects.count() == 60
