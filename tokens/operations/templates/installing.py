"""Installing what the project ships, without overwriting what people here decided."""

from dataclasses import dataclass, field
from typing import Final

from accounts.actors import Acting
from audit.tags import Tag
from tokens.catalogue.linter import TemplateDraft
from tokens.models import Template, TemplateVersion
from tokens.operations.change import Change
from tokens.operations.templates.rows import newest_version, template_subject, version_fields
from tokens.shipped_templates import SHIPPED_TEMPLATES

SHIPPED_NOTE: Final = "Comes with the portal"
# What was installed before notes were kept has none.
_NOTES_OF_THE_PROJECT: Final = frozenset({"", SHIPPED_NOTE})


@dataclass
class Installation:
    """What one run did: slugs with a new version now; slugs left as they are, each with the reason."""

    installed: list[str] = field(default_factory=list)
    left: dict[str, str] = field(default_factory=dict)


def install_templates(*, acting_user: Acting) -> Installation:
    """Install what the project ships; what is up to date stays untouched.

    A template that somebody here changed or retired is theirs: it is left as it is, and said to be.
    """
    done = Installation()
    with Change(acting_user) as change:
        for position, draft in enumerate(SHIPPED_TEMPLATES):
            _install(draft, position, done, change)
    return done


def _install(draft: TemplateDraft, position: int, done: Installation, change: Change) -> None:
    template, _ = Template.objects.select_for_update().get_or_create(slug=draft.slug, defaults={"position": position})
    newest, fields = newest_version(template), version_fields(draft)
    if newest is not None:
        if all(getattr(newest, name) == value for name, value in fields.items()):
            _move(template, position, newest)
            return
        reason = _why_it_is_left(template, newest)
        if reason:
            done.left[draft.slug] = reason
            return
        _move(template, position, newest)
    number = (newest.number if newest else 0) + 1
    version = TemplateVersion.objects.create(template=template, number=number, change_note=SHIPPED_NOTE, **fields)
    change.event(
        Tag.TEMPLATE_INSTALLED,
        template_subject(template, version.name),
        version=version.number,
        scopes=sorted(version.scopes),
        risk=version.risk,
    )
    done.installed.append(draft.slug)


def _why_it_is_left(template: Template, newest: TemplateVersion) -> str:
    if template.retired_at is not None:
        return "it is retired here"
    if template.is_custom:
        return "its name is taken by a custom set"
    if newest.created_by_id is not None or newest.change_note not in _NOTES_OF_THE_PROJECT:
        return f"version {newest.number} was made here"
    return ""


def _move(template: Template, position: int, newest: TemplateVersion) -> None:
    """Keep the shelf in the project's order, as far as the project put it there."""
    if template.position != position and newest.created_by_id is None:
        template.position = position
        template.save(update_fields=["position"])
