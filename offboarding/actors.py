"""Who plans and starts: a person, or a channel that has only a name."""

from accounts.actors import Acting, actor
from accounts.models import Person, User


def label_of(acting_user: Acting, *, os_user: str = "") -> str:
    """What a plan says of who acted; the operating-system user stands beside whoever it acted as.

    Args:
        acting_user: who acts.
        os_user: the account on the server, for a command.
    """
    name = actor(acting_user).label
    return f"{name} (command line, as {os_user})"[:200] if os_user else name[:200]


def person_of(acting_user: Acting) -> Person | None:
    """The person behind it; None for the portal itself and for a service token."""
    return acting_user.person if isinstance(acting_user, User) else None
