"""Probing, and pulling the sandbox's levers on what is probed."""

from pytest_django import Settings

from accounts.models import Notification, User
from sandbox.model import AccessToken
from tests.tokens.desk import Desk, run_due_jobs
from tokens.inventory.setup.running import probe_with_audit_keys, probe_with_revoke_keys
from tokens.inventory.setup.seen import Name
from tokens.models import Capability

EVERY_READ = ("account", "project", "project:admin", "repository", "repository:admin")


class Bench:
    """A desk whose capabilities are looked at."""

    def __init__(self, desk: Desk) -> None:
        self.desk, self.world = desk, desk.world

    def audit(self) -> None:
        """What the job of the worker does; nothing may stay unasked."""
        assert probe_with_audit_keys().troubles == []

    def revoke(self) -> None:
        """What the job of worker-revoke does; nothing may stay unasked."""
        assert probe_with_revoke_keys().troubles == []

    def row(self, name: Name) -> Capability:
        """The one row of a capability."""
        return Capability.objects.get(name=name)

    def level(self, name: Name) -> str:
        """How a capability stands."""
        return str(self.row(name).level)

    def scopes(self, bot: str, *, without: str = "", plus: str = "") -> None:
        """Take a scope from a bot's token, or add one."""
        token = next(one for one in self.world.api_tokens.values() if one.label == f"portal {bot}")
        with_it = (*token.scopes, f"{plus}:bitbucket") if plus else token.scopes
        token.scopes = tuple(scope for scope in with_it if scope != f"{without}:bitbucket")

    def workspace_token(self, settings: Settings, scopes: tuple[str, ...] = EVERY_READ) -> AccessToken:
        """Make a workspace access token and let the portal have it."""
        made, secret = self.world.create_access_token(
            kind="workspace_access_token",
            name="audit",
            scopes=scopes,
            workspace=self.world.workspaces["acme"],
            repository="",
            expires_at=self.world.now().replace(year=self.world.now().year + 1),
        )
        settings.AUDIT_WORKSPACE_TOKEN = secret
        return made

    def told(self, user: User) -> list[str]:
        """What somebody was told, oldest first."""
        return list(Notification.objects.filter(person=user.person).order_by("pk").values_list("subject", flat=True))

    def jobs(self) -> list[str]:
        """Run both probes' jobs; how they ended."""
        return [str(job.state) for job in run_due_jobs("probe_setup", "probe_setup_revoke")]
