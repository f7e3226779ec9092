"""Work of this room: mailing what people are told."""

import smtplib

from django.conf import settings
from django.core.mail import EmailMessage
from django.db.models.functions import Now

from accounts.models import Notification, Person
from workqueue.claims import Claim, ExpectedFailure, Retry

PERMANENT_SMTP = 500
FOOT = "The link opens the page after you sign in. It gives nobody any right."


def send_notification(claim: Claim) -> None:
    """Mail one notification, unless it went out already.

    The row says "sent" only after the mail server took the mail. A worker that dies in between makes the next one
    send it again, under the same Message-ID, which mail programs show once: better twice than a lie.

    Args:
        claim: its payload names the notification's row.

    Raises:
        Retry: the mail server is away.
        ExpectedFailure: there is nobody to write to, or the mail server refuses the address for good.
    """
    row = Notification.objects.select_related("person").filter(pk=claim.payload["notification"]).first()
    if row is None or row.sent_at is not None:
        return
    address = _address(row)
    try:
        _mail(row, address).send()
    except smtplib.SMTPRecipientsRefused as refusal:
        if all(code >= PERMANENT_SMTP for code, _ in refusal.recipients.values()):
            raise _failed(row, "the mail server refuses the address") from None
        raise Retry("the mail server does not take the address now") from None
    except (smtplib.SMTPException, OSError) as problem:
        raise Retry(f"the mail server did not take it ({type(problem).__name__})") from None
    Notification.objects.filter(pk=row.pk, sent_at=None).update(sent_at=Now(), failed_reason="")


def _address(row: Notification) -> str:
    live = Person.objects.filter(pk=row.person_id).live().exists()
    if not live:
        raise _failed(row, "the account is off")
    if not row.person.email:
        raise _failed(row, "no confirmed e-mail address is known")
    return row.person.email


def _failed(row: Notification, reason: str) -> ExpectedFailure:
    Notification.objects.filter(pk=row.pk).update(failed_reason=reason)
    return ExpectedFailure(reason)


def _mail(row: Notification, address: str) -> EmailMessage:
    link = settings.PORTAL_URL + row.path
    text = f"{row.body}\n\n{link}\n\n-- \n{FOOT}\n"
    domain = settings.PORTAL_URL.partition("://")[2].partition("/")[0].partition(":")[0]
    message_id = f"<notification-{row.pk}@{domain}>"
    return EmailMessage(row.subject, text, to=[address], headers={"Message-ID": message_id})
