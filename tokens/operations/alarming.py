"""Alarms for those who run the portal: what the inventory cannot go on without, and what is alive again."""

from accounts.notifications import admins, notify
from tokens.inventory.modes import mails_alarms


def alarm_admins(*, subject: str, body: str, path: str) -> None:
    """Tell every admin, in the portal and, unless it only observes, by mail. Call it inside the change.

    Args:
        subject: one line.
        body: plain text. Never a secret.
        path: where in the portal to look.
    """
    for admin in admins():
        notify(admin, subject=subject, body=body, path=path, by_mail=mails_alarms())
