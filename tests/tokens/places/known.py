"""The portal's rows about places beside the sandbox's truth, and the jobs that read it."""

from typing import Any

from accounts.models import User, Workspace
from sandbox.effective import effective_rights
from tests.tokens.desk import Desk, run_due_jobs
from tokens.capabilities import observe
from tokens.models import Capability, EffectiveRight, Grant, Repository
from tokens.operations.live_reads import ask_for_person
from workqueue.models import Job

EFFECTIVE = "*/permissions/repositories"


class Shelf:
    """Places that the portal knows, and people to read.

    Args:
        desk: the portal and the sandbox.
        workspace: the one that is served.
    """

    def __init__(self, desk: Desk, workspace: Workspace) -> None:
        self.desk, self.world, self.workspace = desk, desk.world, workspace
        self.acme = desk.world.workspaces["acme"]

    def prove_filter(self, level: Capability.Level = Capability.Level.AUTOMATIC) -> None:
        """Say what the set-up's probe found about asking for one person."""
        observe(Capability.Name.FILTER_BY_PERSON, level, "as a probe found", workspace=self.workspace)

    def repository(self, slug: str = "web") -> Repository:
        """One repository's row."""
        return Repository.objects.get(slug=slug)

    def read(self, user: User, by: User) -> Job:
        """Ask for a person and do one attempt."""
        job = ask_for_person(user.person, acting_user=by)
        run_due_jobs("read_person")
        job.refresh_from_db()
        return job

    def truth(self, user: User) -> dict[str, str]:
        """What somebody really may do, by the repository's slug."""
        keys = {one.key: one for one in self.acme.projects}
        rights = effective_rights(self.acme.grants, self.acme.groups, self.acme.repositories, keys)
        slugs = {one.uuid: one.slug for one in self.acme.repositories}
        return {slugs[uuid]: level for uuid, level in rights.get(user.person.account_id, {}).items()}

    def known(self, user: User) -> dict[str, str]:
        """What the rows say that somebody may do."""
        rows = EffectiveRight.objects.filter(person=user.person)
        return dict(rows.values_list("repository__slug", "permission"))

    def given(self, user: User) -> dict[str, str]:
        """What the rows say that somebody was given by name."""
        rows = Grant.objects.filter(person=user.person, gone_at=None).select_related("repository", "project")
        return {
            (row.repository.slug if row.repository else f"project {row.project.key if row.project else ''}"): (
                row.permission
            )
            for row in rows
        }

    def truly_given(self, user: User) -> dict[str, str]:
        """What somebody was really given by name, at what they reach; a project that holds none of it is not asked."""
        reached = self.truth(user)
        keys = {one.project_key for one in self.acme.repositories if one.slug in reached}
        found: dict[str, str] = {}
        places: list[tuple[Any, str, str]] = [(one, "repository", one.slug) for one in self.acme.repositories]
        places += [(one, "project", f"project {one.key}") for one in self.acme.projects if one.key in keys]
        for place, level, name in places:
            right = self.acme.grants.on(level, "users", place.uuid).get(user.person.account_id)  # type: ignore[arg-type]
            if right:
                found[name] = right
        return found

    def scopes(self, bot: str, without: str) -> None:
        """Take a scope from a bot's token."""
        token = next(one for one in self.world.api_tokens.values() if one.label == f"portal {bot}")
        token.scopes = tuple(scope for scope in token.scopes if scope != f"{without}:bitbucket")

    def forget(self, slug: str) -> None:
        """Let the inventory not know a repository yet."""
        place = self.repository(slug)
        place.parts.all().delete()
        place.delete()
