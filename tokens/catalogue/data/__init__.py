"""The catalogue's facts, by name. Change a fact here together with its date and its source."""

from typing import Final

from tokens.catalogue.data.api_scopes import API_SCOPES, SUFFIX
from tokens.catalogue.data.classic_scopes import ALSO_REACHES, CLASSIC_SCOPES, IMPLICATIONS, WARNINGS
from tokens.catalogue.data.facts import FACTS
from tokens.catalogue.data.kinds import (
    ACCESS_TOKEN_KINDS,
    GIT_ONLY,
    KIND_BY_CREDENTIAL_TYPE,
    KINDS,
)
from tokens.catalogue.data.services import SERVICES, UNKNOWN_SERVICE
from tokens.catalogue.model import CredentialKind, Scope, Service

SCOPE_BY_NAME: Final[dict[str, Scope]] = {scope.name: scope for scope in (*API_SCOPES, *CLASSIC_SCOPES)}
SERVICE_BY_SLUG: Final[dict[str, Service]] = {service.slug: service for service in SERVICES}
KIND_BY_SLUG: Final[dict[str, CredentialKind]] = {kind.slug: kind for kind in KINDS}

__all__ = [
    "ACCESS_TOKEN_KINDS",
    "ALSO_REACHES",
    "API_SCOPES",
    "CLASSIC_SCOPES",
    "FACTS",
    "GIT_ONLY",
    "IMPLICATIONS",
    "KINDS",
    "KIND_BY_CREDENTIAL_TYPE",
    "KIND_BY_SLUG",
    "SCOPE_BY_NAME",
    "SERVICES",
    "SERVICE_BY_SLUG",
    "SUFFIX",
    "UNKNOWN_SERVICE",
    "WARNINGS",
]
