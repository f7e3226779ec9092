"""A stored candidate back into the shape the listing has."""

from datetime import datetime

from accounts.models import Person
from bitbucket.resources import OrganisationToken


def entry_from_candidate(row: dict[str, str], holder: Person) -> OrganisationToken:
    """The entry that a person was asked about, as it was read."""
    return OrganisationToken(
        id=row["id"],
        label=row["label"],
        status="ALLOWED",
        created_at=datetime.fromisoformat(row["created_at"]),
        expires_at=_moment(row["expires_at"]),
        last_active_at=_moment(row["last_active_at"]),
        user_id=holder.account_id,
        user_name=holder.display_name,
        user_email=holder.email,
        scopes=None,
    )


def _moment(text: str) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
