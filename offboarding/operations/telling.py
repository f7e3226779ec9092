"""Who hears of a plan: admins, but never the leaver."""

from accounts.notifications import admins, notify
from offboarding.models import Plan


def tell_admins(plan: Plan, *, subject: str, body: str) -> None:
    """Tell every admin, in the portal and by mail. Call it inside the change.

    Args:
        plan: what it is about; its page is where the link leads.
        subject: one line.
        body: plain text. Never a secret.
    """
    for admin in admins().exclude(pk=plan.person_id):
        notify(admin, subject=subject, body=body, path=plan.get_absolute_url())


def tell_left_without_us(plan: Plan) -> None:
    """The radar made a draft. Call it inside the change."""
    tell_admins(
        plan,
        subject=f"Left without us: {plan.person}",
        body=f"{plan.person} is gone from the members or switched off, and still holds something that is alive."
        " The portal made a draft; nothing is taken away before somebody starts it.",
    )
