"""What a person has read."""

from django.db.models.functions import Now

from accounts.models import Notification, User


def mark_read(notification_id: int | None, *, acting_user: User) -> Notification | None:
    """Mark one of the acting person's own notifications as read, or all of them.

    Reading is private and changes nothing for anybody else, so the trail is not told.

    Args:
        notification_id: which one; None for all.
        acting_user: whose they are.

    Returns:
        The notification; None for all, or where there is none of theirs with that id.
    """
    own = Notification.objects.filter(person=acting_user.person_id)
    chosen = own if notification_id is None else own.filter(pk=notification_id)
    chosen.filter(read_at=None).update(read_at=Now())
    return None if notification_id is None else chosen.first()
