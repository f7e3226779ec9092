"""Which repositories a leaver could write: whoever pushes starts a pipeline, and it runs with what is kept there."""

from collections.abc import Iterable

from django.db.models import Q

from offboarding.models import Plan
from tokens.inventory.reach import WRITES
from tokens.models import EffectiveRight, Grant, Repository

ADMIN, WRITE = "admin", "write"
# A project's grant to create repositories writes those that are there, too.
_PROJECT_WRITES = (*WRITES, "create-repo")


def repositories_written(plan: Plan) -> dict[int, str]:
    """By the repository's row, ``admin`` or ``write``: what the newest reading showed and what was given by name.

    A grant that this plan took away counts: it was there when the leaver could still read.

    Args:
        plan: started or not.
    """
    alive = Q(gone_at=None)
    if plan.started_at is not None:
        alive |= Q(gone_at__gte=plan.started_at)
    given = Grant.objects.filter(alive, person=plan.person_id)
    reached = EffectiveRight.objects.filter(person=plan.person_id, permission__in=WRITES)
    at_projects = dict(given.filter(permission__in=_PROJECT_WRITES).values_list("project", "permission"))
    in_projects = Repository.objects.filter(project__in=[pk for pk in at_projects if pk])
    levels: dict[int, str] = {}
    _add(levels, ((pk, at_projects[project]) for pk, project in in_projects.values_list("pk", "project")))
    _add(levels, given.filter(permission__in=WRITES, repository__isnull=False).values_list("repository", "permission"))
    _add(levels, reached.values_list("repository", "permission"))
    living = Repository.objects.filter(pk__in=levels, gone_at=None).order_by("full_name").values_list("pk", flat=True)
    return {pk: levels[pk] for pk in living}


def _add(levels: dict[int, str], rows: Iterable[tuple[int, str]]) -> None:
    for pk, permission in rows:
        if levels.get(pk) != ADMIN:
            levels[pk] = ADMIN if permission == ADMIN else WRITE
