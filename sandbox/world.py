"""Everything the stand-in knows, with the few ways in which it changes."""

import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

from sandbox import keys, seed, seed_workspace
from sandbox.counters import Counters
from sandbox.events import Events
from sandbox.faults import Faults
from sandbox.grants import Grants
from sandbox.limits import Limits
from sandbox.model import AccessToken, Account, AdminKey, ApiToken
from sandbox.options import Options
from sandbox.sessions import Sessions
from sandbox.ssh_folder import SshFolder
from sandbox.store import Store
from sandbox.switches import Switches
from sandbox.workspaces import Workspace


class World:
    """One organisation in memory; `lock` guards every change, `store` keeps changes where a folder was given."""

    def __init__(self, options: Options) -> None:
        """Seed the organisation, then apply what an earlier run kept."""
        self.options = options
        self.lock = threading.RLock()
        self.store = Store(options)
        self.ssh = SshFolder(options.ssh_folder) if options.ssh_folder else None
        self.ahead = timedelta()
        self.seed_again()

    def seed_again(self) -> None:
        """(Re)build everything from the options and the kept changes."""
        options, epoch = self.options, self.store.epoch
        self.switches = Switches(access_token_limit=options.access_token_limit)
        self.faults = Faults()
        self.counters = Counters()
        self.limits = Limits(options.hourly_limit)
        self.sessions = Sessions()
        self.events = Events()
        self.grants = Grants()
        people = seed.accounts(options, epoch)
        self.accounts = {person.account_id: person for person in people}
        self._account_names = {name: one for one in people for name in (one.key, one.uuid)}
        both = (
            seed_workspace.workspace(options, people, epoch),
            seed_workspace.other_workspace(options, people, epoch),
        )
        self.workspaces = {one.slug: one for one in both}
        self.consumer = seed.consumer(options)
        self.admin_keys = {one.digest: one for one in seed.admin_keys(options)}
        self.ssh_keys = seed.ssh_keys(options, people, epoch)
        self.gpg_keys = seed.gpg_keys(options, people, epoch)
        self.api_tokens = {token.id: token for token in seed.api_tokens(options, people, epoch)}
        self.access_tokens: dict[str, AccessToken] = {}
        self.store.apply(self)
        self._by_digest = {token.digest: token.id for token in self.api_tokens.values()}
        self._publish_keys()

    def start_over(self) -> None:
        """Forget every change, also the kept ones."""
        with self.lock:
            self.store.forget()
            self.ahead = timedelta()
            self.seed_again()
            self.store.save(self)

    def close(self) -> None:
        """Keep what there is, and remove what was temporary."""
        with self.lock:
            self.store.save(self)
        self.store.close()

    @property
    def org_id(self) -> str:
        """The organisation's id."""
        return keys.stable_uuid(self.options.seed, "organisation")

    @property
    def directory_id(self) -> str:
        """The id of the organisation's user directory."""
        return keys.stable_uuid(self.options.seed, "directory")

    def now(self) -> datetime:
        """The stand-in's own time: the machine's, plus what a test put it ahead."""
        return datetime.now(UTC) + self.ahead

    @contextmanager
    def change(self) -> Iterator[None]:
        """Guard one change and keep it afterwards."""
        with self.lock:
            yield
            self._publish_keys()
            self.store.save(self)

    def _publish_keys(self) -> None:
        if self.ssh is not None:
            self.ssh.publish(self.workspaces.values())

    def note_ssh_uses(self) -> None:
        """Take from the SSH server's marks when deploy keys were last used."""
        for use in self.ssh.taken_uses() if self.ssh is not None else ():
            workspace = self.workspaces.get(use.workspace)
            key = workspace.deploy_keys.by_id(use.key_id) if workspace else None
            if workspace is not None and key is not None:
                with self.change():
                    key.last_used = use.at + self.ahead
                    workspace.deploy_keys.put(key)

    def account(self, name: str) -> Account | None:
        """Find a person by account id, uuid or the cast's short name."""
        return self.accounts.get(name) or self._account_names.get(name)

    def account_by_email(self, email: str) -> Account | None:
        """Find a person by e-mail address, in any case of letters."""
        return next((one for one in self.accounts.values() if one.email.lower() == email.lower()), None)

    def workspace(self, name: str) -> Workspace | None:
        """Find a workspace by slug or uuid."""
        return self.workspaces.get(name) or next((one for one in self.workspaces.values() if one.uuid == name), None)

    def api_token(self, secret: str) -> ApiToken | None:
        """Find the API token this text is, expired or not."""
        return self.api_tokens.get(self._by_digest.get(keys.digest(secret), ""))

    def access_token(self, secret: str) -> AccessToken | None:
        """Find the access token this text is, expired or not."""
        wanted = keys.digest(secret)
        return next((one for one in list(self.access_tokens.values()) if one.digest == wanted), None)

    def admin_key(self, secret: str) -> AdminKey | None:
        """Find the organisation key this text is."""
        return self.admin_keys.get(keys.digest(secret))

    def tokens_of(self, account_id: str) -> list[ApiToken]:
        """List a person's unexpired API tokens, newest first."""
        now = self.now()
        mine = [one for one in list(self.api_tokens.values()) if one.account_id == account_id and one.expires_at > now]
        return sorted(mine, key=lambda token: token.created_at, reverse=True)

    def create_api_token(
        self, owner: Account, *, label: str, scopes: tuple[str, ...], expires_at: datetime, workspace_uuid: str = ""
    ) -> tuple[ApiToken, str]:
        """Make an API token; gives it together with the text that is shown once."""
        secret = keys.new_secret(keys.API_TOKEN)
        token = ApiToken(
            id=str(uuid.uuid4()),
            account_id=owner.account_id,
            label=label,
            digest=keys.digest(secret),
            scopes=scopes,
            created_at=self.now(),
            expires_at=expires_at,
            workspace_uuid=workspace_uuid,
        )
        with self.change():
            self.api_tokens[token.id] = token
            self._by_digest[token.digest] = token.id
            self.note("api_token_created", owner, actor=owner.account_id, token=token)
        return token, secret

    def delete_api_token(self, token_id: str, actor: str = "") -> bool:
        """Delete an API token; False when there is none with this id. `actor` "" is its owner."""
        with self.change():
            token = self.api_tokens.pop(token_id, None)
            if token is not None:
                self._by_digest.pop(token.digest, None)
                owner = self.accounts[token.account_id]
                self.note("api_token_revoked", owner, actor=actor or owner.account_id, token=token)
        return token is not None

    def note(self, action: str, account: Account, *, actor: str, token: ApiToken | None = None) -> None:
        """Put what happened to an account or its token into the organisation's events stream; managed ones only."""
        if account.managed:
            names = (token.id, token.label) if token else ()
            self.events.note(self.now(), action, actor, account.account_id, *names)

    def create_access_token(
        self,
        *,
        kind: str,
        name: str,
        scopes: tuple[str, ...],
        workspace: Workspace,
        repository: str,
        expires_at: datetime,
        project: str = "",
    ) -> tuple[AccessToken, str]:
        """Make an access token of a repository (its slug), a project (its key) or, without both, the workspace.

        Gives it together with the text that is shown once.
        """
        secret = keys.new_secret(keys.ACCESS_TOKEN)
        token = AccessToken(
            id=str(uuid.uuid4()),
            kind=kind,
            name=name,
            digest=keys.digest(secret),
            scopes=scopes,
            workspace_uuid=workspace.uuid,
            repository_slug=repository,
            created_at=self.now(),
            expires_at=expires_at,
            project_key=project,
        )
        with self.change():
            self.access_tokens[token.id] = token
        return token, secret

    def access_tokens_of(self, workspace: Workspace, *, project: str = "", repository: str = "") -> list[AccessToken]:
        """List the access tokens that belong to this repository or project, or to the workspace itself."""
        wanted = workspace.uuid, project, repository
        return [one for one in list(self.access_tokens.values()) if one.place == wanted]

    def delete_access_token(self, token_id: str) -> bool:
        """Delete an access token; False when there is none with this id."""
        with self.change():
            return self.access_tokens.pop(token_id, None) is not None
