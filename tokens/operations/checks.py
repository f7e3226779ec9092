"""Writing down that somebody checked a credential: its kind and the result, nothing else of it.

Both happened already when they are written down, so nobody is refused here: the view asked for the permission before
anything was sent.
"""

from accounts.actors import subject
from accounts.models import User
from audit.tags import Tag
from tokens.operations.change import Change

LONGEST_WORD = 60


def record_check(*, pasted_as: str, result: str, credential_type: str, acting_user: User) -> None:
    """Put a check into the trail.

    Args:
        pasted_as: `api_token` or `access_token`, as the beginning of the text says.
        result: what it came to.
        credential_type: Bitbucket's own word for the kind, may be empty.
    """
    with Change(acting_user) as change:
        change.event(
            Tag.CREDENTIAL_CHECKED,
            subject(acting_user.person),
            kind=pasted_as,
            result=result,
            credential_type=credential_type[:LONGEST_WORD],
        )


def record_check_not_sent(shape: str, *, acting_user: User) -> None:
    """Put into the trail that something pasted to be checked was sent nowhere: what it looked like only."""
    with Change(acting_user) as change:
        change.event(Tag.CREDENTIAL_NOT_SENT, subject(acting_user.person), shape=shape)
