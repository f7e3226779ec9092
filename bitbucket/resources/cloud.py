"""Bitbucket Cloud's answers."""

from dataclasses import dataclass
from typing import Self

from bitbucket.fields import Fields


@dataclass(frozen=True)
class CurrentUser:
    """The account a credential speaks for: GET /user."""

    account_id: str
    uuid: str
    display_name: str
    nickname: str
    account_status: str

    @classmethod
    def parsed(cls, fields: Fields) -> Self:
        """From an `account` object."""
        return cls(
            fields.text("account_id"),
            fields.text("uuid"),
            fields.text_or("display_name"),
            fields.text_or("nickname"),
            fields.text_or("account_status", "active"),
        )


@dataclass(frozen=True)
class EmailAddress:
    """An address of the caller: GET /user/emails, whose shape the official document leaves open."""

    email: str
    is_primary: bool
    is_confirmed: bool

    @classmethod
    def parsed(cls, fields: Fields) -> Self:
        """From one of `values`."""
        return cls(fields.text("email"), fields.flag("is_primary"), fields.flag("is_confirmed"))


@dataclass(frozen=True)
class Workspace:
    """A workspace; its uuid stays, its slug may change."""

    uuid: str
    slug: str
    name: str

    @classmethod
    def parsed(cls, fields: Fields) -> Self:
        """From a `workspace` object."""
        return cls(fields.text("uuid"), fields.text("slug"), fields.text_or("name"))


@dataclass(frozen=True)
class WorkspaceAccess:
    """A workspace the caller can enter, and whether as its administrator."""

    uuid: str
    slug: str
    administrator: bool

    @classmethod
    def parsed(cls, fields: Fields) -> Self:
        """From a `workspace_access` object."""
        workspace = fields.inner("workspace")
        return cls(workspace.text("uuid"), workspace.text("slug"), fields.flag("administrator"))


@dataclass(frozen=True)
class Member:
    """Someone in a workspace. `account_id` is empty where the vendor leaves it out."""

    account_id: str
    uuid: str
    display_name: str

    @classmethod
    def parsed(cls, fields: Fields) -> Self:
        """From a `workspace_membership` object."""
        user = fields.inner("user")
        return cls(user.text_or("account_id"), user.text("uuid"), user.text_or("display_name"))


@dataclass(frozen=True)
class WorkspacePermission:
    """A member and their role: owner, create-project or member.

    `has_dates` is whether their seat tells when it was made or last used: Bitbucket leaves that out once a workspace
    is administered in admin.atlassian.com.
    https://developer.atlassian.com/cloud/bitbucket/announcement-breaking-change-workspace-membership/
    """

    account_id: str
    user_uuid: str
    permission: str
    has_dates: bool = False
    user_name: str = ""

    @classmethod
    def parsed(cls, fields: Fields) -> Self:
        """From a `workspace_membership` object with its `permission`."""
        user = fields.inner("user")
        has_dates = any(fields.anything(name) is not None for name in ("last_accessed", "added_on"))
        return cls(
            user.text_or("account_id"),
            user.text("uuid"),
            fields.text("permission"),
            has_dates,
            user.text_or("display_name"),
        )


@dataclass(frozen=True)
class Project:
    """A project; its uuid stays, its key may change."""

    uuid: str
    key: str
    name: str

    @classmethod
    def parsed(cls, fields: Fields) -> Self:
        """From a `project` object."""
        return cls(fields.text("uuid"), fields.text("key"), fields.text_or("name"))


@dataclass(frozen=True)
class Repository:
    """A repository; `main_branch` is empty where there is none yet, the project's fields where it is not told."""

    uuid: str
    full_name: str
    name: str
    is_private: bool
    main_branch: str
    project_key: str = ""
    project_uuid: str = ""

    @property
    def slug(self) -> str:
        """The last part of the full name: what addresses the repository until somebody renames it."""
        return self.full_name.rpartition("/")[2]

    @classmethod
    def parsed(cls, fields: Fields) -> Self:
        """From a `repository` object."""
        branch, project = fields.inner_or_none("mainbranch"), fields.inner_or_none("project")
        return cls(
            fields.text("uuid"),
            fields.text("full_name"),
            fields.text_or("name"),
            fields.flag("is_private"),
            branch.text_or("name") if branch else "",
            project.text_or("key") if project else "",
            project.text_or("uuid") if project else "",
        )


@dataclass(frozen=True)
class RepositoryPermission:
    """What someone may do in a repository, direct grants and groups mixed: read, write, admin or none."""

    account_id: str
    user_uuid: str
    repository_full_name: str
    repository_uuid: str
    permission: str
    user_name: str = ""

    @classmethod
    def parsed(cls, fields: Fields) -> Self:
        """From a `repository_permission` object; the caller's own listing may leave the user out."""
        user, repository = fields.inner_or_none("user"), fields.inner("repository")
        return cls(
            user.text_or("account_id") if user else "",
            user.text_or("uuid") if user else "",
            repository.text("full_name"),
            repository.text_or("uuid"),
            fields.text("permission"),
            user.text_or("display_name") if user else "",
        )
