"""Services by levels: what people pick, and what it is called in both dialects.

The eleven services and their levels are those of the old app-password screen; the API-token column pairs the
two scope lists of every operation in Bitbucket's API document. What only API tokens know stands in services of
its own.
"""

from datetime import date
from typing import Final

from tokens.catalogue.data import sources
from tokens.catalogue.data.api_scopes import SUFFIX
from tokens.catalogue.model import Certainty, Level, Service


def _level(
    slug: str,
    label: str,
    classic: str | None,
    api_token: str,
    with_tasks: str = "",
    note: str = "",
    *,
    part: bool = False,
    certainty: Certainty = "stated",
) -> Level:
    return Level(
        slug=slug,
        label=label,
        classic=classic,
        api_token=tuple(short + SUFFIX for short in api_token.split()),
        with_tasks=tuple(short + SUFFIX for short in with_tasks.split()),
        note=note,
        part=part,
        certainty=certainty,
    )


def _service(slug: str, name: str, *levels: Level, removed_on: date | None = None, company: bool = True) -> Service:
    return Service(
        slug=slug,
        name=name,
        levels=levels,
        source=sources.ISSUES_AND_WIKIS if removed_on else sources.APP_PASSWORD_PERMISSIONS,
        seen_on=sources.SEEN_ON,
        removed_on=removed_on,
        holds_company_data=company,
    )


def _api_only(slug: str, name: str, *levels: Level, company: bool = True) -> Service:
    return Service(
        slug=slug,
        name=name,
        levels=levels,
        source=sources.API_TOKEN_PERMISSIONS,
        seen_on=sources.SEEN_ON,
        on_old_screen=False,
        holds_company_data=company,
    )


_WEBHOOK_SPLIT = "API tokens know three scopes where the classic dialect knows one."
_REMOVED = sources.ISSUES_AND_WIKIS_REMOVED_ON

# fmt: off
SERVICES: Final[tuple[Service, ...]] = (
    _service(
        "account", "Account",
        _level("email", "Email", "email", "read:user", part=True,
               note="An API token cannot read e-mail addresses alone; read:user opens the profile too."),
        _level("read", "Read", "account", "read:user", "read:workspace read:ssh-key read:gpg-key"),
        _level("write", "Write", "account:write",
               "write:user write:ssh-key delete:ssh-key write:gpg-key delete:gpg-key",
               "read:user read:ssh-key read:gpg-key"),
        company=False,
    ),
    _service(
        "workspace_membership", "Workspace membership",
        _level("read", "Read", "team", "read:workspace", certainty="inferred"),
        _level("write", "Write", "team:write", "admin:workspace", certainty="inferred",
               note="Far stronger than its name: it can delete workspaces."),
    ),
    _service(
        "projects", "Projects",
        _level("read", "Read", "project", "read:project", "read:repository"),
        _level("write", "Write", "project:write", "",
               note="Bitbucket gave this level up on 15 May 2023; use Admin."),
        _level("admin", "Admin", "project:admin", "admin:project",
               "read:project write:permission delete:permission write:ssh-key delete:ssh-key"),
    ),
    _service(
        "repositories", "Repositories",
        _level("read", "Read", "repository", "read:repository"),
        _level("write", "Write", "repository:write", "write:repository", "read:repository",
               note="Pushing with git needs Read as well."),
        _level("admin", "Admin", "repository:admin", "admin:repository",
               "read:repository write:permission delete:permission write:ssh-key delete:ssh-key"),
        _level("delete", "Delete", "repository:delete", "delete:repository"),
    ),
    _service(
        "pull_requests", "Pull requests",
        _level("read", "Read", "pullrequest", "read:pullrequest", "read:repository"),
        _level("write", "Write", "pullrequest:write", "read:pullrequest write:pullrequest",
               "read:repository write:repository"),
    ),
    _service(
        "issues", "Issues",
        _level("read", "Read", "issue", "read:issue"),
        _level("write", "Write", "issue:write", "read:issue write:issue delete:issue"),
        removed_on=_REMOVED,
    ),
    _service(
        "wikis", "Wikis",
        _level("read_and_write", "Read and write", "wiki", "read:wiki write:wiki delete:wiki",
               certainty="unconfirmed"),
        removed_on=_REMOVED,
    ),
    _service(
        "snippets", "Snippets",
        _level("read", "Read", "snippet", "read:snippet"),
        _level("write", "Write", "snippet:write", "read:snippet write:snippet delete:snippet"),
    ),
    _service(
        "webhooks", "Webhooks",
        _level("read_and_write", "Read and write", "webhook", "read:webhook write:webhook delete:webhook"),
        _level("read", "Read", "webhook", "read:webhook", note=_WEBHOOK_SPLIT),
        _level("write", "Write", "webhook", "write:webhook", "read:webhook", note=_WEBHOOK_SPLIT),
        _level("delete", "Delete", "webhook", "delete:webhook", note=_WEBHOOK_SPLIT),
    ),
    _service(
        "pipelines", "Pipelines",
        _level("read", "Read", "pipeline", "read:pipeline"),
        _level("write", "Write", "pipeline:write", "write:pipeline", "read:pipeline"),
        _level("edit_variables", "Edit variables", "pipeline:variable", "admin:pipeline", "read:pipeline"),
    ),
    _service(
        "runners", "Runners",
        _level("read", "Read", "runner", "read:runner"),
        _level("write", "Write", "runner:write", "write:runner", "read:runner"),
    ),
    _api_only(
        "ssh_keys", "SSH keys",
        _level("read", "Read", None, "read:ssh-key"),
        _level("write", "Write", None, "write:ssh-key", "read:ssh-key"),
        _level("delete", "Delete", None, "delete:ssh-key", "read:ssh-key"),
        company=False,
    ),
    _api_only(
        "gpg_keys", "GPG keys",
        _level("read", "Read", None, "read:gpg-key"),
        _level("write", "Write", None, "write:gpg-key", "read:gpg-key"),
        _level("delete", "Delete", None, "delete:gpg-key", "read:gpg-key"),
        company=False,
    ),
    _api_only(
        "permissions", "Permissions",
        _level("read", "Read", None, "read:permission"),
        _level("write", "Write", None, "write:permission", "read:permission"),
        _level("delete", "Delete", None, "delete:permission", "read:permission"),
    ),
    _api_only(
        "packages", "Packages",
        _level("read", "Read", None, "read:package", certainty="unconfirmed"),
        _level("write", "Write", None, "write:package", "read:package", certainty="unconfirmed"),
    ),
)
# fmt: on

UNKNOWN_SERVICE: Final = Service(
    slug="unknown",
    name="Not in the catalogue",
    levels=(),
    source="",
    seen_on=sources.SEEN_ON,
    on_old_screen=False,
)
