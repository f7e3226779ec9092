"""What can be picked in the form of a template: services by levels, and every single scope."""

from typing import Any, Final

from django.forms import BaseForm

from tokens.catalogue.data import API_SCOPES, SERVICES
from tokens.catalogue.model import Level, Service

# What no longer exists cannot be picked; the linter still knows how to say so.
PICKABLE: Final = tuple(service for service in SERVICES if service.removed_on is None)
GONE: Final = tuple(service for service in SERVICES if service.removed_on is not None)


def pickable_levels(service: Service) -> list[Level]:
    """The levels of a service that stand for something an API token can be given."""
    return [level for level in service.levels if level.api_token and not level.part]


def level_value(service: Service, level: Level) -> str:
    """A level as the form and the files spell it: `repositories:read`."""
    return f"{service.slug}:{level.slug}"


BUNDLES: Final[dict[str, tuple[str, ...]]] = {
    level_value(service, level): level.api_token for service in PICKABLE for level in pickable_levels(service)
}
SINGLE_SCOPES: Final = [scope for scope in API_SCOPES if scope.removed_on is None]


def picker(form: BaseForm) -> list[dict[str, Any]]:
    """The services with their levels and single scopes, ticked as the form stands."""
    levels, scopes = set(form["levels"].value() or ()), set(form["scopes"].value() or ())
    return [
        {
            "slug": service.slug,
            "name": service.name,
            "levels": [
                {
                    "value": level_value(service, level),
                    "label": level.label,
                    "note": level.note,
                    "brings": level.api_token,
                    "checked": level_value(service, level) in levels,
                }
                for level in pickable_levels(service)
            ],
            "scopes": [
                {"value": scope.name, "words": scope.words, "checked": scope.name in scopes}
                for scope in SINGLE_SCOPES
                if scope.service_slug == service.slug
            ],
        }
        for service in PICKABLE
    ]
