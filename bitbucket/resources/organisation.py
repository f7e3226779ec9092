"""The organisation APIs' answers."""

from dataclasses import dataclass
from datetime import datetime
from typing import Self

from bitbucket.fields import Fields


@dataclass(frozen=True)
class OrganisationToken:
    """One API token in the organisation's listing; `scopes` is None where the listing does not tell."""

    id: str
    label: str
    status: str
    created_at: datetime
    expires_at: datetime | None
    last_active_at: datetime | None
    user_id: str
    user_name: str
    user_email: str
    scopes: frozenset[str] | None

    @classmethod
    def parsed(cls, fields: Fields) -> Self:
        """From one of `data`."""
        user = fields.inner("user")
        return cls(
            id=fields.text("id"),
            label=fields.text_or("label"),
            status=fields.text("status"),
            created_at=fields.moment("createdAt"),
            expires_at=fields.moment_or_none("expiresAt"),
            last_active_at=fields.moment_or_none("lastActiveAt"),
            user_id=user.text("id"),
            user_name=user.text_or("name"),
            user_email=user.text_or("email"),
            scopes=fields.scopes_or_none("scopes"),
        )


@dataclass(frozen=True)
class UserToken:
    """One API token in a person's own listing, which tells no scopes."""

    id: str
    label: str
    created_at: datetime
    last_access: datetime | None
    expires_at: datetime | None

    @classmethod
    def parsed(cls, fields: Fields) -> Self:
        """From one element of the array."""
        return cls(
            fields.text("id"),
            fields.text_or("label"),
            fields.moment("createdAt"),
            fields.moment_or_none("lastAccess"),
            fields.moment_or_none("expiry"),
        )


@dataclass(frozen=True)
class Privilege:
    """Whether the organisation may do something with an account; `reason` is the vendor's key for a no."""

    allowed: bool
    reason: str

    @classmethod
    def parsed(cls, fields: Fields) -> Self:
        """From a rule: `{allowed, reason?: {key}}`."""
        reason = fields.inner_or_none("reason")
        return cls(fields.flag("allowed"), reason.text_or("key") if reason else "")


@dataclass(frozen=True)
class ManagedAccount:
    """What the organisation may do with an account; None where the answer does not say."""

    account_id: str
    enablement: Privilege | None
    token_listing: Privilege | None
    token_deletion: Privilege | None

    @property
    def enablement_allowed(self) -> bool:
        """Whether the account can be switched off and on from here; not said is no."""
        return self.enablement is not None and self.enablement.allowed

    @classmethod
    def parsed(cls, account_id: str, fields: Fields) -> Self:
        """From the answer of GET /users/{account_id}/manage."""
        rules = [fields.inner_or_none(name) for name in ("lifecycle.enablement", "apiToken.read", "apiToken.delete")]
        return cls(account_id, *[Privilege.parsed(rule) if rule else None for rule in rules])


@dataclass(frozen=True)
class AccountProfile:
    """An account's state as its organisation sees it: active, inactive or closed."""

    account_id: str
    account_status: str
    name: str
    email: str

    @classmethod
    def parsed(cls, fields: Fields) -> Self:
        """From GET /users/{account_id}/manage/profile."""
        account = fields.inner("account")
        return cls(
            account.text("account_id"),
            account.text("account_status"),
            account.text_or("name"),
            account.text_or("email"),
        )


@dataclass(frozen=True)
class DirectoryUser:
    """An account as a member of the organisation's directories.

    Args:
        account_id: whose.
        membership_status: active, suspended (in every directory that the caller may see) or no_membership
            (https://mrrefactoring.github.io/jira.js/api/variables/admin.MembershipStatusSchema).
        account_status: active, inactive or closed; empty where it is not told.
    """

    account_id: str
    membership_status: str
    account_status: str

    @property
    def is_suspended(self) -> bool:
        """Whether its access was taken away, by a clear word."""
        return self.membership_status == "suspended"

    @classmethod
    def parsed(cls, fields: Fields) -> Self:
        """From `data` of a directory's user."""
        data = fields.inner("data")
        return cls(data.text("accountId"), data.text("membershipStatus"), data.text_or("accountStatus"))
