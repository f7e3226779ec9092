"""Each difference is found, and only it: undeclared, over-broad, overdue, idle, orphaned, without a deputy."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, Settings

from accounts.models import Person
from audit.models import Event
from tests.tokens.desk import tags
from tests.tokens.inventory.approved import READ as SCOPES
from tests.tokens.inventory.approved import approved_credential
from tests.tokens.inventory.entries import (
    ADMIN,
    JIRA,
    READ,
    entry,
    listing_read,
    members_read,
    observe,
    open_kinds,
    row_of,
    seat,
)
from tests.tokens.shelf import fill_shelf
from tokens.inventory.evaluation import evaluate_credentials, evaluate_findings
from tokens.models import Answer, Credential, Finding, FindingAcceptance, Request

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def shelf(settings: Settings) -> None:
    """One workspace, nobody named, a year until something is idle, the templates."""
    settings.BITBUCKET_WORKSPACES = ["{acme}"]
    settings.PORTAL_ADMINS = settings.PORTAL_AUDITORS = []
    settings.IDLE_AFTER_DAYS = 90
    settings.AUDIT_BOT_EMAIL = "bot@example.test"
    fill_shelf()


@pytest.fixture
def emma() -> Person:
    """Somebody with a seat; the members were read just now."""
    person = Person.objects.create(account_id="acc-emma", display_name="Emma")
    seat(person)
    members_read()
    return person


def finding(kind: str) -> Finding:
    """The one open finding of a kind."""
    return Finding.objects.get(kind=kind, closed_at=None)


def test_undeclared_ones_are_found_and_other_products_never(emma: Person) -> None:
    found = entry(emma)
    others = [
        entry(emma, JIRA, days=500),
        entry("acc-left", JIRA, days=500),
        entry(emma, None, days=500),
        entry(emma, (), days=500),
        entry(emma, READ | ADMIN, days=500, user_email="bot@example.test"),
    ]
    observe(found, *others)
    members_read()
    assert evaluate_findings() == {"opened": 1, "closed": 0, "open": 1}
    one = finding("undeclared")
    assert (one.credential, one.person, one.action) == (row_of(found), emma, "ask_holder")
    assert (one.risk, one.read_by) == ("low", "organisation listing")
    assert evaluate_findings() == {"opened": 0, "closed": 0, "open": 1}
    assert tags().count("finding:opened") == 1


def test_the_baseline_gives_sixty_days_and_later_ones_fourteen(emma: Person, settings: Settings) -> None:
    settings.BASELINE_DAYS = 60
    first = timezone.now() - 10 * DAY
    listing_read(at=first)
    old, new, late = entry(emma, days=80), entry(emma, days=1), entry(emma, days=80, expires_at=None)
    observe(old, at=first)
    observe(new)
    evaluate_findings()
    due = dict(Finding.objects.values_list("credential__listing_id", "due_at"))
    assert due[old.id] == first + 60 * DAY
    assert due[new.id] == row_of(new).registered_at + 14 * DAY
    observe(late, at=first + 55 * DAY)
    evaluate_findings()
    assert Finding.objects.get(kind="undeclared", credential=row_of(late)).due_at == first + 69 * DAY


@pytest.mark.parametrize(
    ("answer", "action", "risk"),
    [("", "ask_holder", "low"), ("uses", "register", "low"), ("delete", "revoke", "low"), ("not_mine", "look", "high")],
)
def test_the_answer_decides_what_is_next(emma: Person, answer: Answer, action: str, risk: str) -> None:
    observe(entry(emma))
    evaluate_findings()
    Credential.objects.update(answer=answer)
    evaluate_findings()
    assert (finding("undeclared").action, finding("undeclared").risk) == (action, risk)


def test_an_over_broad_one_is_found(emma: Person) -> None:
    broad = approved_credential(emma, listed_scopes=sorted(READ | ADMIN))
    approved_credential(emma, listed_scopes=SCOPES)
    approved_credential(emma, listed_scopes=None)
    approved_credential(emma, listed_scopes=[])
    evaluate_findings()
    one = finding("excess")
    assert (one.credential, one.detail, one.action) == (broad, {"excess": sorted(ADMIN)}, "revoke")
    Credential.objects.filter(pk=broad.pk).update(listed_scopes=SCOPES)
    assert evaluate_findings()["closed"] == 1
    one.refresh_from_db()
    assert one.closed_because == "it can do no more than approved"


def test_an_idle_one_is_found(emma: Person) -> None:
    now = timezone.now()
    used = approved_credential(emma, created_at=now - 400 * DAY, last_used_at=now - 3 * DAY)
    unused = approved_credential(emma, created_at=now - 91 * DAY, last_used_at=None)
    long_ago = approved_credential(emma, created_at=now - 400 * DAY, last_used_at=now - 91 * DAY)
    unread = approved_credential(emma, created_at=now - 400 * DAY, seen_at=now - 390 * DAY)
    unbound = approved_credential(emma, created_at=now - 400 * DAY, binding="unbound", listing_id=None, bound_at=None)
    evaluate_findings()
    assert [open_kinds(row) for row in (used, unused, long_ago, unread, unbound)] == [
        set(),
        {"idle"},
        {"idle"},
        set(),
        set(),
    ]
    assert "never used" in Finding.objects.get(credential=unused).title
    Credential.objects.filter(pk=unused.pk).update(last_used_at=now)
    evaluate_findings()
    assert open_kinds(unused) == set()


def test_an_overdue_one_is_found(emma: Person) -> None:
    now = timezone.now()
    past = now.date() - 3 * DAY
    later = now + 60 * DAY
    alive = approved_credential(emma, until=past, expires_at=later)
    listed = approved_credential(emma, until=past, expires_at=later, state="expired")
    over = approved_credential(emma, until=past, expires_at=now - DAY, state="expired")
    unseen = approved_credential(emma, until=past, expires_at=later, state="expired", seen_at=now - 9 * DAY)
    today = approved_credential(emma, until=now.date(), expires_at=later)
    key = approved_credential(emma, until=past, expires_at=None, kind="deploy_key", request_deputy=emma)
    evaluate_findings()
    kinds = [open_kinds(row) for row in (alive, listed, over, unseen, today, key)]
    assert kinds == [{"overdue"}, {"overdue"}, set(), set(), set(), {"overdue"}]
    Credential.objects.filter(pk=listed.pk).update(expires_at=now - timedelta(hours=1))
    evaluate_findings()
    assert open_kinds(listed) == set()


def test_an_orphaned_one_is_found_and_half_read_members_never_say_so(emma: Person, settings: Settings) -> None:
    settings.BITBUCKET_WORKSPACES = ["{acme}", "{other}"]
    left, off = entry("acc-left"), entry("acc-off")
    admin, jira = entry("acc-admin"), entry("acc-left", JIRA)
    observe(left, off, admin, jira, entry(emma))
    seat(Person.objects.get(account_id="acc-off"))
    Person.objects.filter(account_id="acc-off").update(account_status="inactive")
    settings.PORTAL_ADMINS = ["acc-admin"]
    members_read()

    def found() -> list[bool]:
        evaluate_findings()
        return ["orphaned" in open_kinds(one) for one in (left, off, admin, jira)]

    assert found() == [False, True, False, False]  # the other workspace is unread
    settings.BITBUCKET_WORKSPACES = ["{acme}"]
    members_read(problem="half of it")
    assert found() == [False, True, False, False]
    members_read(at=timezone.now() - 9 * DAY)
    assert found() == [False, True, False, False]  # read before there was such a token
    members_read()
    assert found() == [True, True, False, False]
    assert Finding.objects.filter(kind="orphaned", action="revoke", read_by="members").count() == 2
    members_read(problem="half of it")
    assert found() == [True, True, False, False]  # what is open stays open while nobody can tell
    seat(Person.objects.get(account_id="acc-left"))
    assert found() == [False, True, False, False]


def test_a_machines_without_a_deputy_is_found(emma: Person) -> None:
    lee = Person.objects.create(account_id="acc-lee", display_name="Lee")
    person = approved_credential(emma)
    alone = approved_credential(emma, kind="deploy_key", expires_at=None)
    ward = approved_credential(emma, kind="repository_access_token", request_deputy=lee)
    evaluate_findings()
    assert [open_kinds(row) for row in (person, alone, ward)] == [set(), {"no_deputy"}, {"no_deputy"}]
    Request.objects.filter(pk=person.approved_request.pk).update(used_by="machine")
    seat(lee)
    evaluate_findings()
    assert [open_kinds(row) for row in (person, alone, ward)] == [{"no_deputy"}, {"no_deputy"}, set()]
    lee.seats.all().delete()
    members_read(problem="not answered")
    evaluate_findings()
    assert open_kinds(ward) == set()


def test_what_ends_closes_and_what_comes_back_remembers(emma: Person) -> None:
    one = entry(emma)
    observe(one)
    evaluate_findings()
    row = row_of(one)
    Credential.objects.filter(pk=row.pk).update(standing="other_product")
    assert evaluate_findings() == {"opened": 0, "closed": 1, "open": 0}
    closed = Finding.objects.get()
    assert (closed.closed_because, closed.history[-1]["what"]) == ("it is not known to be Bitbucket's", "closed")
    Finding.objects.update(told_at=timezone.now())
    Credential.objects.filter(pk=row.pk).update(standing="undeclared")
    assert evaluate_findings() == {"opened": 1, "closed": 0, "open": 1}
    again = Finding.objects.get()
    assert (again.pk, again.closed_at, again.told_at) == (closed.pk, None, None)
    assert [moment["what"] for moment in again.history] == ["closed", "reopened"]
    assert tags().count("finding:opened") == 2


def test_what_is_accepted_stays_open_until_the_difference_is_gone(emma: Person) -> None:
    one = entry(emma)
    observe(one)
    evaluate_findings()
    until = timezone.now().date() + 9 * DAY
    Finding.objects.update(accepted_until=until)
    FindingAcceptance.objects.create(
        finding=Finding.objects.get(), asked_by=emma, asked_at=timezone.now(), because="Soon", until=until
    )
    assert evaluate_findings() == {"opened": 0, "closed": 0, "open": 1}
    assert Finding.objects.get().accepted_until == until
    Credential.objects.update(standing="own")
    evaluate_findings()
    assert Finding.objects.get().accepted_until is None
    assert FindingAcceptance.objects.get().ended_because == "the difference is gone"


def test_a_small_look_touches_nothing_else(emma: Person) -> None:
    one, other = entry(emma), entry(emma)
    observe(one, other)
    assert evaluate_credentials([row_of(one).pk])["opened"] == 1
    assert (open_kinds(one), open_kinds(other)) == ({"undeclared"}, set())
    assert evaluate_credentials([])["open"] == 0


def test_many_at_once_are_one_event_and_a_few_statements(
    emma: Person, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    observe(*[entry(emma) for _ in range(300)])
    with django_assert_max_num_queries(70):
        assert evaluate_findings()["opened"] == 300
    event: Any = Event.objects.get(tag="finding:opened")
    assert (event.details["count"], len(event.details["ids"]), event.details["kind"]) == (300, 50, "undeclared")


def test_what_is_gone_needs_nobody_once_its_time_is_over(emma: Person) -> None:
    row = approved_credential(emma, state="gone", ended_at=timezone.now())
    Finding.objects.create(kind="gone", credential=row, title="Gone", read_by="listing", opened_at=timezone.now())
    assert evaluate_findings()["closed"] == 0
    row.approved_request.approved_until = timezone.now().date() - DAY
    row.approved_request.save()
    assert evaluate_findings()["closed"] == 1


@pytest.mark.parametrize(("needs_second", "holds"), [(False, False), (True, True)])
def test_what_one_person_accepted_holds_no_more_when_its_risk_grows(
    emma: Person, needs_second: bool, holds: bool
) -> None:
    one = entry(emma)
    observe(one)
    evaluate_findings()
    until = timezone.now().date() + 9 * DAY
    Finding.objects.update(accepted_until=until)
    FindingAcceptance.objects.create(
        finding=Finding.objects.get(),
        asked_by=emma,
        asked_at=timezone.now(),
        because="Soon",
        until=until,
        needs_second=needs_second,
    )
    observe(replace(one, scopes=ADMIN))
    evaluate_findings()
    finding = Finding.objects.get()
    assert finding.risk in ("high", "critical")
    assert (finding.accepted_until is not None) == holds
    assert (FindingAcceptance.objects.get().ended_at is None) == holds
    assert tags().count("finding:acceptance_ended") == (0 if holds else 1)
