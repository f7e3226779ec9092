"""What the rows say that a part held when it was last read: what a read must find, or look for a second time."""

from accounts.models import Seat
from tokens.models import Credential, Grant, Part, PartKind, Project, Repository
from tokens.states import LIVE


def known_keys(part: Part) -> set[str]:
    """What tells the known items of a part from each other: account ids, uuids, slugs of groups, numbers of keys."""
    if part.kind == PartKind.MEMBERS:
        return set(Seat.objects.filter(workspace=part.workspace).values_list("person__account_id", flat=True))
    if part.kind == PartKind.PROJECTS:
        return set(Project.objects.filter(workspace=part.workspace, gone_at=None).values_list("uuid", flat=True))
    if part.kind == PartKind.REPOSITORIES:
        return set(Repository.objects.filter(workspace=part.workspace, gone_at=None).values_list("uuid", flat=True))
    if part.kind == PartKind.DEPLOY_KEYS:
        return _keys(part)
    grants = Grant.objects.filter(repository=part.repository, project=part.project, gone_at=None)
    if part.kind == PartKind.USER_GRANTS:
        return set(grants.filter(person__isnull=False).values_list("person__account_id", flat=True))
    return set(grants.filter(person=None).values_list("group_slug", flat=True))


def _keys(part: Part) -> set[str]:
    held = Credential.objects.filter(
        kind="deploy_key", repository=part.repository, project=part.project, state__in=LIVE
    ).values_list("listing_id", flat=True)
    return {(listing_id or "").rpartition(":")[2] for listing_id in held}
