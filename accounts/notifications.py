"""Telling people: a row in the caller's transaction, and a job that mails it later."""

from django.db.models import QuerySet

from accounts.models import Notification, Person
from accounts.redirects import is_own_path
from workqueue.claims import enqueue

SUBJECT_LENGTH = 200


def notify(person: Person, *, subject: str, body: str, path: str, by_mail: bool = True) -> Notification:
    """Tell a person something, in the portal and by e-mail. Call it inside the transaction of what happened.

    Args:
        person: who is told.
        subject: one line; line breaks become spaces, what is longer than 200 characters is cut.
        body: plain text. Never a secret.
        path: where in the portal to look, such as ``/requests/7/``. The link opens it after sign-in and
            carries no authority.
        by_mail: whether it is mailed as well; the row in the portal is there in any case.

    Returns:
        The row in the outbox.

    Raises:
        ValueError: the path leads out of the portal.
    """
    if not is_own_path(path):
        raise ValueError("A notification leads to a page of the portal.")
    words = " ".join(subject.split())[:SUBJECT_LENGTH]
    row = Notification.objects.create(person=person, subject=words, body=body.strip(), path=path)
    if by_mail:
        enqueue("send_notification", key=f"notification:{row.pk}", payload={"notification": row.pk})
    return row


def approvers() -> QuerySet[Person]:
    """Everybody who may decide on requests now, by name; whom to tell when one waits."""
    return Person.objects.approvers()


def admins() -> QuerySet[Person]:
    """Everybody who runs this portal, by name; whom to tell what an admin should look at."""
    return Person.objects.admins()
