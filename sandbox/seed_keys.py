"""Deploy keys that are there from the start: some of Lee's, one whose owner's account is gone, others'."""

from datetime import datetime, timedelta
from typing import NamedTuple

from sandbox.deploy_keys import DeployKey, public_key
from sandbox.model import Account
from sandbox.workspaces import Workspace


class _Planned(NamedTuple):
    slug: str
    label: str
    owner: str
    added_days: int
    used_days: int | None


_KNOWN = (
    _Planned("web", "web deploy", "lee", 300, 1),
    _Planned("infrastructure", "old build server", "lee", 650, 410),
    _Planned("payments", "nightly export", "", 500, 3),
    _Planned("api", "mirror", "aria", 90, None),
)
_EVERY = 10


def add_deploy_keys(made: Workspace, people: list[Account], seed: int, epoch: datetime) -> None:
    """Add the known keys, one on every tenth repository, and one on every second project.

    None of them carries a code of the portal: they were all made before it was there.
    """
    by_key = {person.key: person.account_id for person in people}
    for plan in _KNOWN:
        repository = made.repository(plan.slug)
        if repository is not None:
            _add(made, repository.uuid, plan, by_key.get(plan.owner), seed, epoch)
    holders = [person for person in people if person.key.startswith("member-")]
    for repository in made.repositories[_EVERY - 1 :: _EVERY]:
        holder = holders[repository.index % len(holders)] if holders else None
        plan = _Planned(repository.slug, f"{repository.slug} agent", "", 40, repository.index % 50)
        _add(made, repository.uuid, plan, holder.account_id if holder else None, seed, epoch)
    for number, project in enumerate(made.projects[::2]):
        plan = _Planned(project.key, f"{project.key} images", "", 200, None)
        _add(made, project.uuid, plan, by_key["aria"] if number else None, seed, epoch)
    if len(made.projects) > 1:
        plan = _Planned(made.projects[1].key, "images of the platform", "lee", 150, 2)
        _add(made, made.projects[1].uuid, plan, by_key["lee"], seed, epoch)


def _add(made: Workspace, place: str, plan: _Planned, owner: str | None, seed: int, epoch: datetime) -> None:
    used = None if plan.used_days is None else epoch - timedelta(days=plan.used_days, hours=3)
    key = DeployKey(
        id=made.deploy_keys.next_id(),
        place=place,
        key=public_key(seed, "deploy", place, plan.label),
        label=plan.label,
        comment=f"{plan.label.replace(' ', '-')}@build",
        added_at=epoch - timedelta(days=plan.added_days),
        owner=owner,
        last_used=used,
    )
    made.deploy_keys.put(key)
