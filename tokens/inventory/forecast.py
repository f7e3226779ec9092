"""How long reading everything takes, said before anybody starts it."""

import math
from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings

from tokens.clients import REVOCATION_RESERVE
from tokens.inventory.freshness import Freshness
from tokens.models import PartKind

# Grants of people, grants of groups and deploy keys: one request each, for every repository and project.
READS_PER_PLACE = 3
# The lists that come before: https://developer.atlassian.com/cloud/bitbucket/rest/intro/#pagination
ITEMS_PER_PAGE = 100
_LISTS = (PartKind.MEMBERS, PartKind.PROJECTS, PartKind.REPOSITORIES)


@dataclass(frozen=True)
class Forecast:
    """What a full run will take.

    Attributes:
        repositories: as the last lists showed them; None before they were read.
        projects: likewise.
        requests: to Bitbucket; None before the lists were read.
        per_hour: requests an hour that a run may send; what revocation keeps for itself is taken off.
        hours: at that limit; None where the number of requests is not known.
    """

    repositories: int | None
    projects: int | None
    requests: int | None
    per_hour: int
    hours: float | None


def forecast_requests(repositories: int, projects: int, list_pages: int) -> int:
    """How many requests a full run sends.

    Args:
        repositories: how many there are.
        projects: how many there are.
        list_pages: pages of the lists of members, projects and repositories.
    """
    return READS_PER_PLACE * (repositories + projects) + list_pages


def forecast_hours(requests: int, per_hour: int) -> float:
    """How many hours that many requests take at a limit.

    Args:
        requests: how many.
        per_hour: how many an hour may hold; less than one counts as one.
    """
    return requests / max(1, per_hour)


def requests_per_hour() -> int:
    """What a run may send to Bitbucket in an hour: the limit without what revocation keeps for itself."""
    return max(1, settings.BITBUCKET_REQUESTS_PER_HOUR - REVOCATION_RESERVE)


def forecast(found: Iterable[Freshness]) -> Forecast:
    """What a full run will take, as far as anybody knows; the lists have to be read before their length is known.

    Args:
        found: what is known of each kind of part (`freshness()`).
    """
    known = list(found)
    lists = {kind: [one for one in known if one.kind == kind] for kind in _LISTS}
    if not all(ones and not any(one.never for one in ones) for ones in lists.values()):
        return Forecast(None, None, None, requests_per_hour(), None)
    projects, repositories = (
        sum(one.items for one in lists[kind]) for kind in (PartKind.PROJECTS, PartKind.REPOSITORIES)
    )
    pages = sum(max(1, math.ceil(one.items / ITEMS_PER_PAGE)) for ones in lists.values() for one in ones)
    requests = forecast_requests(repositories, projects, pages)
    per_hour = requests_per_hour()
    return Forecast(repositories, projects, requests, per_hour, forecast_hours(requests, per_hour))
