"""The shelf as the adviser sees it."""

from django.conf import settings
from django.db import DatabaseError

from tokens.catalogue.adviser.shelf import Offer
from tokens.models import TemplateVersion
from tokens.queries import current_versions
from tokens.shipped_templates import SHIPPED_TEMPLATES

_NO_DATABASE = "django.db.backends.dummy"


def offered_shelf() -> list[Offer]:
    """The newest version of every template that is offered here."""
    return [_offer(version) for version in current_versions()]


def shelf_at_hand() -> list[Offer]:
    """What is offered here; the project's own templates where there is no database to ask."""
    if settings.DATABASES["default"]["ENGINE"] == _NO_DATABASE:
        return _shipped_shelf()
    try:
        return offered_shelf() or _shipped_shelf()
    except DatabaseError:
        return _shipped_shelf()


def _offer(version: TemplateVersion) -> Offer:
    return Offer(
        version.template.slug, frozenset(version.scopes), tuple(version.kinds), used_by_machine=version.used_by_machine
    )


def _shipped_shelf() -> list[Offer]:
    return [
        Offer(row.slug, frozenset(row.scopes), row.kinds, used_by_machine=row.used_by_machine)
        for row in SHIPPED_TEMPLATES
    ]
