"""Installing the starter templates: a version that differs becomes a new version, nothing is ever changed."""

from accounts.actors import Acting
from audit.tags import Tag
from audit.trail import Subject
from tokens.catalogue.rules import risk_of
from tokens.models import Template, TemplateVersion
from tokens.operations.change import Change
from tokens.starter_templates import STARTER_TEMPLATES, StarterTemplate


def install_templates(*, acting_user: Acting) -> list[str]:
    """Install what the project ships, once.

    Returns: the slugs that were installed or got a new version now.
    """
    installed = []
    for position, starter in enumerate(STARTER_TEMPLATES):
        with Change(acting_user) as change:
            template, _ = Template.objects.get_or_create(slug=starter.slug, defaults={"position": position})
            newest = template.versions.order_by("-number").first()
            fields = _fields(starter)
            if newest is not None and all(getattr(newest, name) == value for name, value in fields.items()):
                continue
            version = TemplateVersion.objects.create(
                template=template, number=(newest.number if newest else 0) + 1, **fields
            )
            change.event(
                Tag.TEMPLATE_INSTALLED,
                Subject("template", template.slug, version.name),
                version=version.number,
                scopes=sorted(version.scopes),
                risk=version.risk,
            )
            installed.append(starter.slug)
    return installed


def _fields(starter: StarterTemplate) -> dict[str, object]:
    risk = risk_of(starter.scopes, used_by_machine=starter.used_by_machine)
    return {
        "name": starter.name,
        "purpose": starter.purpose,
        "scopes": sorted(starter.scopes),
        "services_levels": [list(pair) for pair in starter.services_levels],
        "kinds": list(starter.kinds),
        "max_days": starter.max_days,
        "rule": str(starter.rule),
        "deputy_required": starter.deputy_required,
        "used_by_machine": starter.used_by_machine,
        "risk": str(risk.level),
        "risk_reasons": list(risk.reasons),
        "guidance": starter.guidance,
    }
