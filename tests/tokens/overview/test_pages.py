"""The overview, home and the menu, as each role sees them."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import Settings

from accounts.models import User
from tests.accounts.people import make_user
from tests.tokens.adviser.pages import page_of
from tests.tokens.desk import signed_in
from tests.tokens.overview.rows import approved, credential, finding, part, person
from tokens.models import LIST_KINDS, PartKind, Sync
from workqueue.models import Spending

# Credentials, their trend, findings, parts, runs, stopped calls, bots' tokens, requests of the hour.
OWN_QUERIES = 8


def _overview(user: User) -> str:
    answer = signed_in(user).get("/inventory/")
    assert answer.status_code == 200
    return page_of(answer)


def _lists(**fields: Any) -> None:
    for kind in LIST_KINDS:
        part(kind, **({"workspace": None} if kind == PartKind.ORGANISATION_TOKENS else {}) | fields)


def _run(**fields: Any) -> Sync:
    now = timezone.now()
    known = {"mode": "full", "started_at": now - timedelta(hours=1), "finished_at": now, "result": {"complete": True}}
    return Sync.objects.create(**known | fields)


def test_before_the_first_run_the_page_explains_and_offers_it(ada: User) -> None:
    text = _overview(ada)
    assert "Grants and keys were not read yet" in text
    assert "are read first" in text, "the forecast before anything is known"
    assert 'action="/inventory/runs/start/"' in text
    assert "Read everything now" in text
    assert "None yet" in text, "no share of nothing"
    assert "60 days" in text
    assert "No finding waits for anybody" not in text
    assert "All fresh" not in text


def test_an_auditor_reads_the_same_and_cannot_start_it(otto: User) -> None:
    text = _overview(otto)
    assert "An admin starts the first run." in text
    assert "<form" not in text


def test_the_first_run_s_panel_goes_with_the_first_run(ada: User) -> None:
    lists = _run(mode="lists")
    assert "Grants and keys were not read yet" in _overview(ada), "the lists alone are not everything"
    lists.delete()
    _run(finished_at=None)
    text = _overview(ada)
    assert "Grants and keys were not read yet" not in text
    assert "running since" in text


def test_the_figure_and_what_is_outside_of_it(ada: User) -> None:
    approved()
    for standing in ("undeclared", "undeclared", "unknown_product", "other_product"):
        credential(standing=standing)
    text = _overview(ada)
    assert "33.3 %" in text
    assert "1 of 3." in text
    assert "1 whose product is not known, 1 not for Bitbucket" in text


def test_what_was_not_read_is_never_said_to_be_clean(ada: User) -> None:
    _run()
    _lists(age=None)
    for age, problem in ((None, ""), (timedelta(0), "403: no admin")):
        part_of_workspace = part(PartKind.USER_GRANTS, age=age, problem=problem)
        text = _overview(ada)
        assert "No finding waits for anybody" not in text
        assert "Not everything was read" in text
        assert "Everything there is to read was read" not in text
        part_of_workspace.delete()


def test_what_was_read_to_the_end_may_be_said_to_be_clean(ada: User) -> None:
    _run()
    _lists(age=timedelta(0))
    text = _overview(ada)
    assert "No finding waits for anybody" in text
    assert "Everything there is to read was read to the end" in text


@pytest.mark.parametrize(
    ("mode", "words"),
    [("observe", "mails nobody"), ("advise", "Holders are told"), ("enforce", "after its date is revoked")],
)
def test_the_mode_is_explained(ada: User, settings: Settings, mode: str, words: str) -> None:
    settings.INVENTORY_MODE = mode
    assert words in _overview(ada)


def test_the_baseline_counts_from_the_first_complete_listing(ada: User) -> None:
    assert "60 days after the first look" in _overview(ada)
    row = part(PartKind.ORGANISATION_TOKENS, workspace=None)
    ends = timezone.localtime(row.first_observed_at) + timedelta(days=60)
    assert f"{ends:%-d %b %Y}" in _overview(ada)


def test_the_hour_is_told_for_each_principal(ada: User, settings: Settings) -> None:
    settings.BITBUCKET_REQUESTS_PER_HOUR, settings.ORGANISATION_REQUESTS_PER_HOUR = 1000, 5000
    Spending.objects.create(host="api", principal="bot@acme.test", minute=timezone.now(), used=300)
    Spending.objects.create(host="api", principal="bot@acme.test", minute=timezone.now() - timedelta(hours=2), used=99)
    text = _overview(ada)
    assert "300 of 1,000 spent in the last hour; 200 are kept for revocation" in text
    assert "500 left" in text
    assert "0 of 5,000 spent" in text


def test_the_overview_costs_eight_queries_however_much_there_is(ada: User) -> None:
    _run()
    _lists()
    for kind in ("idle", "excess", "orphaned"):
        finding(kind)
    for number in range(5):
        approved(kind="deploy_key" if number % 2 else "api_token")
    browser = signed_in(ada)
    with CaptureQueriesContext(connection) as asked:
        assert browser.get("/inventory/").status_code == 200
    own = [query["sql"] for query in asked.captured_queries if not _is_of_the_frame(query["sql"])]
    assert len(own) == OWN_QUERIES, own


def test_home_shows_the_figure_to_those_who_oversee_and_nobody_else(ada: User, otto: User) -> None:
    approved()
    finding("idle")
    _run()
    for user in (ada, otto):
        text = page_of(signed_in(user).get("/"))
        assert "50 %" in text
        assert "Not used for long" in text
        assert "Newest run" in text
    emma = User.objects.create(username="712020:emma", person=person("emma"))
    text = page_of(signed_in(emma).get("/"))
    assert "50 %" not in text
    assert "Newest run" not in text


def test_home_does_not_call_unread_clean(ada: User) -> None:
    approved()
    browser = signed_in(ada)
    assert "nobody has looked yet" in page_of(browser.get("/"))
    _run()
    _lists()
    unread = part(PartKind.USER_GRANTS, age=None)
    text = page_of(browser.get("/"))
    assert "No finding so far" in text
    assert "there may be more than what is counted here" in text, "100 % of what was seen is not all"
    assert "headline-good" not in text
    unread.delete()
    text = page_of(browser.get("/"))
    assert "No open findings" in text
    assert "there may be more" not in text
    assert "headline-good" in text


@pytest.mark.parametrize(
    ("name", "groups"),
    [
        ("emma", {}),
        (
            "ada",
            {
                "Inventory": {"Overview", "Credentials", "Repositories", "Findings", "People"},
                "Rules": {"Templates", "Approvers"},
            },
        ),
        ("otto", {"Inventory": {"Overview", "Credentials", "Repositories", "Findings", "People"}}),
    ],
)
@pytest.mark.django_db
def test_the_menu_is_grouped_for_those_who_have_much_of_it(name: str, groups: dict[str, set[str]]) -> None:
    nav = _nav(make_user(name, seat=name == "emma"))
    named = {section["heading"]: {entry["label"] for entry in section["entries"]} for section in nav}
    bar = named.pop("", set())
    assert "Home" in {entry["label"] for entry in nav[0]["entries"]}
    assert set(named) == set(groups)
    for heading, entries in groups.items():
        assert entries <= named[heading]
    if name == "otto":
        assert "Templates" in {entry["label"] for section in nav for entry in section["entries"]}
    assert "Trail" in bar or name == "emma"


@pytest.mark.django_db
def test_the_section_in_which_one_is_says_so() -> None:
    nav = _nav(make_user("ada", seat=False), "/inventory/runs/")
    assert [section["heading"] for section in nav if section["current"]] == ["Inventory"]


def _is_of_the_frame(sql: str) -> bool:
    """Who is signed in, with which rights, and what they were told."""
    return any(f'FROM "{table}' in sql for table in ("django_session", "accounts_", "django_content_type", "auth_"))


def _nav(user: User, path: str = "/inventory/") -> list[dict[str, Any]]:
    browser: Client = signed_in(user)
    answer = browser.get(path if user.username != "712020:emma" else "/")
    nav: list[dict[str, Any]] = answer.context["shell"].nav
    return nav
