"""A repository, for the pages about places."""

from typing import Any

from django.utils import timezone

from accounts.models import Workspace
from tests.portal.scene import Scene
from tokens.models import Repository


def a_repository(_: Scene) -> list[Any]:
    """The number of a repository that is there."""
    now = timezone.now()
    workspace, _made = Workspace.objects.get_or_create(uuid="{acme-uuid}", defaults={"slug": "acme"})
    named = {"slug": "web", "full_name": "acme/web", "first_seen_at": now, "observed_at": now}
    repository, _made = Repository.objects.get_or_create(workspace=workspace, uuid="{web-uuid}", defaults=named)
    return [repository.pk]
