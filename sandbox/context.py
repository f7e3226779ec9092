"""One request on its way through the stand-in."""

from collections.abc import Callable
from dataclasses import dataclass, field

from werkzeug.wrappers import Request, Response

from sandbox.credentials import Credential
from sandbox.model import Account
from sandbox.workspaces import Workspace
from sandbox.world import World

Handler = Callable[..., Response]


@dataclass(frozen=True)
class Route:
    """One served address: method, path, who handles it, and the scopes it demands in both dialects.

    `area` decides who guards it: rest, admin, oauth, git, web or control. `is_read` tells the "lost admin" fault
    what a read is; `is_personal` routes answer only to a credential that is a person's.
    """

    method: str
    path: str
    handler: Handler
    area: str
    classic: tuple[str, ...] = ()
    api_token: tuple[str, ...] = ()
    is_anonymous_allowed: bool = False
    is_personal: bool = False

    @property
    def name(self) -> str:
        """The path with its placeholders, as counters show it."""
        return self.path


@dataclass
class Context:
    """The request, the world it is asked of, and the credential it came with."""

    world: World
    request: Request
    route: Route
    credential: Credential | None = None
    label: str = field(default="anonymous")

    @property
    def base_url(self) -> str:
        """Scheme, host and port the caller used, without a slash at the end."""
        return self.request.host_url.rstrip("/")

    @property
    def person(self) -> Account:
        """The account behind the credential; only for routes that only people reach."""
        assert self.credential is not None
        assert self.credential.account is not None
        return self.credential.account

    def sees(self, workspace: Workspace) -> bool:
        """Tell whether the credential reaches this workspace at all: by a seat, and not narrowed to another one."""
        credential = self.credential
        if credential is None or credential.workspace_uuid not in ("", workspace.uuid):
            return False
        return credential.account is None or credential.account.account_id in workspace.seats
