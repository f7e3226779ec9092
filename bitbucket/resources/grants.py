"""Bitbucket's explicit grants, deploy keys and the rules that name people."""

from dataclasses import dataclass
from datetime import datetime
from typing import Self

from bitbucket.fields import Fields
from bitbucket.resources.people import AccountReference
from bitbucket.resources.public_keys import ssh_fingerprint, ssh_key_text

NO_PERMISSION = "none"
# What Bitbucket calls the role of whoever administers a workspace.
ADMINISTRATOR_ROLE = "owner"


@dataclass(frozen=True)
class UserGrant:
    """What one account was given at a repository or project; its fields are empty where the account is deleted.

    `permission` is read, write, admin, at projects also create-repo; `none` is no grant; any other word is kept as it
    came.
    """

    permission: str
    account_id: str
    user_uuid: str
    user_name: str

    @property
    def is_given(self) -> bool:
        """Whether this is a grant at all."""
        return self.permission != NO_PERMISSION

    @classmethod
    def parsed(cls, fields: Fields) -> Self:
        """From a `repository_user_permission` or `project_user_permission` object."""
        user = AccountReference.parsed(fields.inner_or_none("user"))
        return cls(fields.text("permission"), user.account_id, user.uuid, user.display_name)


@dataclass(frozen=True)
class GroupGrant:
    """What one group was given at a repository or project; the words of `permission` are a `UserGrant`'s."""

    permission: str
    group_slug: str
    group_name: str

    @property
    def is_given(self) -> bool:
        """Whether this is a grant at all."""
        return self.permission != NO_PERMISSION

    @classmethod
    def parsed(cls, fields: Fields) -> Self:
        """From a `repository_group_permission` or `project_group_permission` object."""
        group = fields.inner_or_none("group")
        return cls(
            fields.text("permission"),
            group.text_or("slug") if group else "",
            group.text_or("name") if group else "",
        )


@dataclass(frozen=True)
class DeployKey:
    """An SSH key that opens a repository, or all of a project, without an account and without an end.

    Args:
        id: the number to delete it by, as text.
        label: what its maker called it.
        comment: the end of the key's line.
        fingerprint: `SHA256:…` of the public key, empty where it is no usable key.
        added_at: when it was added; None where it is not told.
        last_used_at: None where it was never used or it is not told.
        added_by: whose work it was; empty where the account is deleted or not told.
        key: type and base64 of the public key, without a comment; empty where it is no usable key.
    """

    id: str
    label: str
    comment: str
    fingerprint: str
    added_at: datetime | None
    last_used_at: datetime | None
    added_by: AccountReference
    key: str = ""

    @classmethod
    def parsed(cls, fields: Fields) -> Self:
        """From a `deploy_key` or `project_deploy_key` object.

        The document's schema and its examples call the moment `added_on` and `created_on`; a repository's key names an
        `owner`, a project's a `created_by`.
        """
        moment = fields.moment_or_none("added_on") or fields.moment_or_none("created_on")
        line = fields.text_or("key")
        return cls(
            id=fields.identifier("id"),
            label=fields.text_or("label"),
            comment=fields.text_or("comment"),
            fingerprint=ssh_fingerprint(line),
            added_at=moment,
            last_used_at=fields.moment_or_none("last_used"),
            added_by=AccountReference.parsed(fields.inner_or_none("owner") or fields.inner_or_none("created_by")),
            key=ssh_key_text(line),
        )


@dataclass(frozen=True)
class BranchRestriction:
    """One rule for branches; `users` and `groups` (slugs) are those it excepts, None where the answer does not say."""

    id: str
    kind: str
    pattern: str
    branch_type: str
    users: tuple[AccountReference, ...] | None
    groups: tuple[str, ...] | None

    @classmethod
    def parsed(cls, fields: Fields) -> Self:
        """From a `branchrestriction` object."""
        users, groups = fields.objects_or_none("users"), fields.objects_or_none("groups")
        return cls(
            id=fields.identifier("id"),
            kind=fields.text("kind"),
            pattern=fields.text_or("pattern"),
            branch_type=fields.text_or("branch_type"),
            users=None if users is None else tuple(AccountReference.parsed(user) for user in users),
            groups=None if groups is None else tuple(group.text_or("slug") for group in groups),
        )


@dataclass(frozen=True)
class DefaultReviewer:
    """Someone who is asked to review by default; `level` is repository or project, empty where it is not told."""

    account: AccountReference
    level: str

    @classmethod
    def parsed(cls, fields: Fields) -> Self:
        """From a `default_reviewer_and_type` object."""
        # Only `type` is promised: without it the object says nothing at all.
        fields.text("type")
        return cls(AccountReference.parsed(fields.inner_or_none("user")), fields.text_or("reviewer_type"))

    @classmethod
    def from_account(cls, fields: Fields) -> Self:
        """From an `account` object, as a repository's own listing gives it."""
        fields.text("type")
        return cls(AccountReference.parsed(fields), "repository")
