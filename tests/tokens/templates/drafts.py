"""Drafts and forms that the tests of this room start from."""

from dataclasses import replace
from typing import Any

from accounts.models import User
from tests.tokens.catalogue.names import api
from tokens.catalogue.linter import TemplateDraft
from tokens.models import TemplateVersion
from tokens.operations.templates import Publication, publish_version
from tokens.queries import current_version
from tokens.template_comparison import draft_from_version

SLUG = "clone-and-pull"
READER = TemplateDraft(
    slug="nightly-report",
    name="Nightly report",
    purpose="Read code for the nightly report",
    scopes=("read:repository:bitbucket",),
    kinds=("api_token",),
    max_days=30,
    rule="approvers",
    tasks=("Clone a repository",),
    services_levels=(("repositories", "read"),),
)


def with_scopes(draft: TemplateDraft, shorts: str, **changes: Any) -> TemplateDraft:
    """The draft with other scopes, given without their suffix, and no level."""
    return replace(draft, scopes=tuple(sorted(api(shorts))), services_levels=(), **changes)


def current_draft(slug: str) -> tuple[TemplateVersion, TemplateDraft]:
    """The newest version of a template, and the draft it was made from."""
    version = current_version(slug)
    return version, draft_from_version(version)


def form_of(
    draft: TemplateDraft, *, expected: int, editing: str = "", note: str = "Because", **more: Any
) -> dict[str, Any]:
    """What a browser sends for a draft; the scopes are ticked one by one."""
    form: dict[str, Any] = {
        "name": draft.name,
        "purpose": draft.purpose,
        "tasks": "\r\n".join(draft.tasks),
        "levels": [f"{service}:{level}" for service, level in draft.services_levels],
        "scopes": list(draft.scopes),
        "kinds": list(draft.kinds),
        "first_kind": draft.kinds[0] if draft.kinds else "",
        "machine_kinds": list(draft.machine_kinds),
        "max_days": str(draft.max_days),
        "rule": draft.rule,
        "guidance": draft.guidance,
        "justification": draft.justification,
        "change_note": note,
        "expected": str(expected),
        "editing": editing,
        "proposal": "",
    }
    form |= {name: "on" for name in ("deputy_required", "used_by_machine") if getattr(draft, name)}
    if not editing:
        form["slug"] = draft.slug
    return form | more


def page(answer: Any) -> str:
    """What a page says."""
    return str(answer.content.decode())


def changed(slug: str = SLUG, **changes: Any) -> dict[str, Any]:
    """The form that changes a shipped template."""
    version, draft = current_draft(slug)
    return form_of(replace(draft, **changes), expected=version.number, editing=slug)


def published(ada: User, slug: str = SLUG, **changes: Any) -> TemplateVersion:
    """A further version of a shipped template."""
    version, draft = current_draft(slug)
    publication = Publication(replace(draft, **changes), version.number, "Because")
    return publish_version(publication, acting_user=ada)
