"""The rows behind a template: how a draft becomes a version, and how the trail names it."""

from audit.trail import Subject
from tokens.catalogue.linter import TemplateDraft
from tokens.catalogue.rules import risk_of
from tokens.models import Template, TemplateVersion
from tokens.template_comparison import in_order


def version_fields(draft: TemplateDraft) -> dict[str, object]:
    """A draft as the columns of a version; the risk is computed here and nowhere typed."""
    draft = in_order(draft)
    risk = risk_of(draft.scopes, used_by_machine=draft.used_by_machine)
    return {
        "name": draft.name,
        "purpose": draft.purpose,
        "scopes": list(draft.scopes),
        "services_levels": [list(pair) for pair in draft.services_levels],
        "tasks": list(draft.tasks),
        "kinds": list(draft.kinds),
        "machine_kinds": list(draft.machine_kinds),
        "max_days": draft.max_days,
        "rule": str(draft.rule),
        "deputy_required": draft.deputy_required,
        "used_by_machine": draft.used_by_machine,
        "risk": str(risk.level),
        "risk_reasons": list(risk.reasons),
        "guidance": draft.guidance,
        "justification": draft.justification,
    }


def newest_version(template: Template) -> TemplateVersion | None:
    """The newest version of a template, with the template it belongs to."""
    return template.versions.select_related("template", "created_by").order_by("-number").first()


def lock_template(template: Template) -> Template:
    """The same template, read again under a row lock."""
    return Template.objects.select_for_update().get(pk=template.pk)


def template_subject(template: Template, name: str = "") -> Subject:
    """A template as the trail names it."""
    newest = None if name else newest_version(template)
    return Subject("template", template.slug, name or (newest.name if newest else template.slug))
