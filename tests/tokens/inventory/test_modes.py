"""Telling holders and revoking by itself: only in the modes that say so, once, and never what is not surely ours."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone
from pytest_django import Settings

from accounts.models import Notification, Person
from audit.models import Event
from tests.tokens.inventory.approved import approved_request
from tests.tokens.inventory.entries import JIRA, entry, listing_read, observe, row_of, seat
from tests.tokens.shelf import fill_shelf
from tokens.inventory.evaluation import evaluate_findings
from tokens.inventory.lanes import Lane
from tokens.inventory.setup.alarms import tell_refused
from tokens.inventory.ticking import inventory_tick
from tokens.models import Answer, Circuit, Credential, Finding
from tokens.operations.change import NotAllowed
from tokens.operations.circuits import open_circuit
from tokens.operations.enforcing import due_credentials, revoke_undeclared
from tokens.operations.revocations import start_revocation_by_portal
from workqueue.models import Job

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def advising(settings: Settings) -> Settings:
    """Holders may be told; the first look was a day ago."""
    settings.INVENTORY_MODE, settings.BASELINE_DAYS = "advise", 60
    settings.BITBUCKET_WORKSPACES = ["{acme}"]
    listing_read(at=timezone.now() - DAY)
    return settings


def mails(start: str) -> int:
    """How many mails begin so."""
    return Notification.objects.filter(subject__startswith=start).count()


def test_the_baseline_is_one_mail_a_holder(advising: Settings) -> None:
    observe(*[entry("acc-eve", days=9) for _ in range(3)], entry("acc-lee", days=9), entry("acc-jira", JIRA, days=9))
    evaluate_findings()
    for _ in range(2):
        inventory_tick(timezone.now())
    assert (mails("Say what"), Notification.objects.count()) == (2, 2)
    mail = Notification.objects.get(person__account_id="acc-eve")
    assert (mail.path, mail.body.count("“laptop”")) == ("/declare/", 3)
    assert not Finding.objects.filter(told_at=None).exists()
    observe(entry("acc-eve", days=9, label="found late"))
    evaluate_findings()
    inventory_tick(timezone.now())
    assert Notification.objects.count() == 2


def test_observing_mails_nobody(advising: Settings) -> None:
    advising.INVENTORY_MODE = "observe"
    observe(entry(days=9), entry(days=0))
    evaluate_findings()
    for days in (0, 20, 50, 58, 90):
        inventory_tick(timezone.now() + days * DAY)
    assert not Notification.objects.exists()
    assert not Job.objects.filter(kind="revoke_credential").exists()


def test_observing_shows_alarms_in_the_portal_and_mails_them_to_nobody(advising: Settings) -> None:
    advising.PORTAL_ADMINS = ["acc-ada"]
    ada = Person.objects.create(account_id="acc-ada", email="ada@example.test")
    for mode, mailed in (("observe", 0), ("advise", 3)):
        advising.INVENTORY_MODE = mode
        Notification.objects.all().delete()
        Circuit.objects.all().delete()
        one = entry(days=9)
        observe(one)
        row = row_of(one)
        Credential.objects.filter(pk=row.pk).update(state="revoked", ended_at=timezone.now())
        observe(one)
        open_circuit(Lane.ORGANISATION, "", "Refused")
        tell_refused("audit", "It is refused.")
        assert Notification.objects.filter(person=ada).count() == 3
        assert Job.objects.filter(kind="send_notification").count() == mailed


def test_tokens_of_an_unknown_product_are_asked_about_where_their_holder_has_a_seat() -> None:
    observe(entry("acc-eve", None, days=9), entry("acc-jira", None, days=9))
    seat(Person.objects.get(account_id="acc-eve"))
    for _ in range(2):
        inventory_tick(timezone.now())
    assert Notification.objects.get().person.account_id == "acc-eve"


def test_whoever_said_nothing_is_reminded_twice() -> None:
    observe(entry("acc-eve", days=9, expires_at=None), entry("acc-lee", days=9, label="answered", expires_at=None))
    evaluate_findings()
    now = timezone.now()
    inventory_tick(now)
    Credential.objects.filter(name="answered").update(answer=Answer.USES)
    due = Finding.objects.latest("due_at").due_at
    assert due is not None
    for left, count in ((20, 0), (13, 1), (12, 1), (4, 1), (2, 2), (1, 2)):
        _as_if_told_then(due - left * DAY)
        assert mails("Still to declare") == count, left


def _as_if_told_then(at: Any) -> None:
    """Tick at another time; what was told just now was told then."""
    before = set(Notification.objects.values_list("pk", flat=True))
    inventory_tick(at)
    if Notification.objects.exclude(pk__in=before).exists():
        Finding.objects.update(told_at=at)


# Enforcing.


@pytest.fixture
def due(advising: Settings) -> Finding:
    """One that may be revoked now."""
    advising.INVENTORY_MODE = "enforce"
    observe(entry("acc-eve", days=9))
    evaluate_findings()
    now = timezone.now()
    Finding.objects.update(due_at=now - DAY, told_at=now - 8 * DAY)
    return Finding.objects.get()


def test_what_nobody_declared_in_time_is_revoked_in_the_portals_name(due: Finding) -> None:
    assert revoke_undeclared(timezone.now()) == 1
    row = due.credential
    row.refresh_from_db()
    revocation = row.revocations.get()
    assert (row.state, revocation.reason, str(revocation.asked_by)) == (
        "revoking",
        "Nobody declared it in time",
        "The portal",
    )
    assert Job.objects.filter(kind="revoke_credential").count() == 1
    assert Event.objects.get(tag="credential:revocation_started").actor_kind == "system"
    assert revoke_undeclared(timezone.now()) == 0


CREDENTIAL: list[dict[str, Any]] = [
    {"standing": "other_product"},
    {"standing": "unknown_product"},
    {"standing": "own"},
    {"listed_scopes": None},
    {"listed_scopes": ["read:jira-work"]},
    {"kind": "deploy_key"},
    {"state": "needs_human"},
    {"binding": "unbound"},
]
FINDING: list[dict[str, Any]] = [
    {"told_at": None},
    {"told_at": timezone.now() - 6 * DAY},
    {"due_at": timezone.now() + DAY},
    {"accepted_until": timezone.now().date() + DAY},
    {"closed_at": timezone.now()},
]


@pytest.mark.parametrize("change", CREDENTIAL, ids=str)
def test_what_is_not_surely_ours_is_never_revoked(due: Finding, change: dict[str, Any]) -> None:
    Credential.objects.update(**change)
    assert revoke_undeclared(timezone.now()) == 0


@pytest.mark.parametrize("change", FINDING, ids=lambda change: next(iter(change)))
def test_nobody_is_surprised(due: Finding, change: dict[str, Any]) -> None:
    Finding.objects.update(**change)
    assert revoke_undeclared(timezone.now()) == 0


def test_what_is_accepted_at_the_last_moment_is_not_revoked(due: Finding, monkeypatch: pytest.MonkeyPatch) -> None:
    def then_accepted(now: datetime) -> list[Credential]:
        found = due_credentials(now)
        Finding.objects.update(accepted_until=now.date() + DAY)
        return found

    monkeypatch.setattr("tokens.operations.enforcing.due_credentials", then_accepted)
    assert revoke_undeclared(timezone.now()) == 0
    assert Credential.objects.get().state == "active"


@pytest.mark.parametrize("mode", ["observe", "advise"])
def test_only_enforcing_revokes(due: Finding, advising: Settings, mode: str) -> None:
    advising.INVENTORY_MODE = mode
    assert revoke_undeclared(timezone.now()) == 0


def test_who_uses_it_and_asked_for_it_keeps_it_until_that_is_decided(due: Finding) -> None:
    fill_shelf()
    row = due.credential
    Credential.objects.update(answer=Answer.USES)
    request = approved_request(row.known_holder, adopts=row, state="pending")
    assert revoke_undeclared(timezone.now()) == 0
    request.state = "denied"
    request.save()
    assert revoke_undeclared(timezone.now()) == 1


def test_at_most_twenty_a_tick(advising: Settings) -> None:
    advising.INVENTORY_MODE = "enforce"
    observe(*[entry("acc-eve", days=9) for _ in range(25)])
    evaluate_findings()
    Finding.objects.update(due_at=timezone.now() - DAY, told_at=timezone.now() - 8 * DAY)
    assert [revoke_undeclared(timezone.now()) for _ in range(3)] == [20, 5, 0]


def test_the_portal_refuses_what_it_may_not_revoke_whoever_asks() -> None:
    one = entry("acc-eve", None)
    observe(one)
    with pytest.raises(NotAllowed):
        start_revocation_by_portal(row_of(one), reason="Because", is_due=lambda: True)
