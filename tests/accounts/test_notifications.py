"""Being told: in the portal and by e-mail."""

import smtplib
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from accounts.jobs import send_notification
from accounts.models import Notification, Person, User
from accounts.notifications import notify
from tests.accounts.people import make_user
from workqueue.claims import Claim, ExpectedFailure, Retry
from workqueue.models import Job

BACKEND = "accounts.roles.RoleBackend"


def tell(user: User, subject: str = "Your request was approved", path: str = "/requests/7/") -> Notification:
    return notify(user.person, subject=subject, body="Aria approved it.", path=path)


def claim_of(row: Notification) -> Claim:
    job = Job.objects.get(kind="send_notification", key=f"notification:{row.pk}")
    return Claim(job.pk, job.kind, job.key, job.payload, 1, 1, job.created_at)


def test_a_notification_is_a_row_and_a_job(emma: User) -> None:
    row = tell(emma, subject="Your request\r\nBcc: all@evil.test " + "x" * 300)
    assert (row.subject[:41], len(row.subject)) == ("Your request Bcc: all@evil.test xxxxxxxxx", 200)
    assert claim_of(row).payload == {"notification": row.pk}


@pytest.mark.parametrize("path", ["https://evil.test/", "//evil.test", "requests/7/"])
def test_it_leads_into_the_portal(emma: User, path: str) -> None:
    with pytest.raises(ValueError, match="page of the portal"):
        tell(emma, path=path)


def test_it_is_mailed_once(emma: User) -> None:
    row = tell(emma)
    send_notification(claim_of(row))
    send_notification(claim_of(row))
    (sent,) = mail.outbox
    assert (sent.to, sent.subject) == (["emma@acme.test"], "Your request was approved")
    assert str(sent.body).startswith("Aria approved it.\n\nhttp://testserver/requests/7/\n")
    assert sent.extra_headers["Message-ID"] == f"<notification-{row.pk}@testserver>"
    row.refresh_from_db()
    assert row.sent_at is not None


def test_the_mail_programs_see_one_mail_when_a_worker_died_in_between(emma: User) -> None:
    row = tell(emma)
    send_notification(claim_of(row))
    Notification.objects.update(sent_at=None)
    send_notification(claim_of(row))
    assert len({sent.extra_headers["Message-ID"] for sent in mail.outbox}) == 1


@pytest.mark.parametrize(
    ("problem", "answer"),
    [
        (ConnectionRefusedError(), Retry),
        (TimeoutError(), Retry),
        (smtplib.SMTPServerDisconnected(), Retry),
        (smtplib.SMTPRecipientsRefused({"emma@acme.test": (450, b"later")}), Retry),
        (smtplib.SMTPRecipientsRefused({"emma@acme.test": (550, b"no such user")}), ExpectedFailure),
    ],
)
def test_what_the_mail_server_answers(
    emma: User, monkeypatch: pytest.MonkeyPatch, problem: Exception, answer: type[Exception]
) -> None:
    def send(*_: Any) -> None:
        raise problem

    row = tell(emma)
    monkeypatch.setattr("django.core.mail.EmailMessage.send", send)
    with pytest.raises(answer):
        send_notification(claim_of(row))
    row.refresh_from_db()
    assert row.sent_at is None
    assert bool(row.failed_reason) == (answer is ExpectedFailure)


def test_who_has_no_address_or_no_account_is_not_written_to(db: None) -> None:
    unreachable, off = make_user("lee", email=""), make_user("emma")
    rows = [tell(unreachable), tell(off)]
    Person.objects.filter(pk=off.person_id).update(account_status="inactive")
    for row in rows:
        with pytest.raises(ExpectedFailure):
            send_notification(claim_of(row))
    reasons = Notification.objects.order_by("pk").values_list("failed_reason", flat=True)
    assert list(reasons) == ["no confirmed e-mail address is known", "the account is off"]
    assert not mail.outbox


def test_the_job_is_known_to_the_queue(settings: Settings) -> None:
    assert settings.JOB_KINDS["send_notification"]["run"] == "accounts.jobs.send_notification"


def test_opening_marks_it_read_and_leads_there(emma: User, client: Client) -> None:
    client.force_login(emma, backend=BACKEND)
    row = tell(emma)
    assert "Your request was approved" in client.get("/notifications/").content.decode()
    assert client.post(f"/notifications/{row.pk}/open/")["Location"] == "/requests/7/"
    row.refresh_from_db()
    assert row.read_at is not None
    assert client.get(f"/notifications/{row.pk}/open/").status_code == 405


def test_somebody_elses_is_not_there(emma: User, aria: User, client: Client) -> None:
    row = tell(aria)
    client.force_login(emma, backend=BACKEND)
    assert client.post(f"/notifications/{row.pk}/open/").status_code == 404
    assert "approved" not in client.get("/notifications/").content.decode()
    client.post("/notifications/read/")
    row.refresh_from_db()
    assert row.read_at is None


def test_all_of_ones_own_at_once(emma: User, client: Client) -> None:
    client.force_login(emma, backend=BACKEND)
    tell(emma)
    tell(emma)
    assert client.post("/notifications/read/")["Location"] == "/notifications/"
    assert not Notification.objects.filter(read_at=None).exists()


def test_the_list_pages(emma: User, client: Client) -> None:
    client.force_login(emma, backend=BACKEND)
    rows = [
        Notification(person=emma.person, subject=f"Number {number}", body="", path="/", created_at=timezone.now())
        for number in range(60)
    ]
    Notification.objects.bulk_create(rows)
    first = client.get("/notifications/")
    assert len(first.context["rows"]) == 50
    second = client.get(f"/notifications/{first.context['older_url']}")
    assert [row.subject for row in second.context["rows"]] == [f"Number {number}" for number in range(9, -1, -1)]
    assert second.context["older_url"] == ""
    assert client.get("/notifications/?before=rubbish").status_code == 200
