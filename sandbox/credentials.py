"""Which credential a request carries, and whether it still opens anything."""

from dataclasses import dataclass

from werkzeug.wrappers import Request

from sandbox import keys
from sandbox.answers import Refusal, unauthenticated
from sandbox.model import AccessToken, Account, ApiToken, Project, Repository
from sandbox.scopes import with_included
from sandbox.world import World


@dataclass(frozen=True)
class Credential:
    """A living credential: its kind in Bitbucket's words, its scopes as granted, whose it is, what it is bound to."""

    kind: str
    scopes: frozenset[str]
    label: str
    account: Account | None = None
    workspace_uuid: str = ""
    repository_slug: str = ""
    project_key: str = ""

    @property
    def is_granular(self) -> bool:
        """Tell whether the scopes are those of API tokens; the others are the classic ones."""
        return self.kind == "api_token"

    @property
    def reach(self) -> frozenset[str]:
        """The scopes with what they include; an API token's include nothing."""
        return self.scopes if self.is_granular else with_included(self.scopes)

    def opens(self, repository: Repository) -> bool:
        """Tell whether an access token's own place holds this repository of its workspace."""
        is_in_project = self.project_key in ("", repository.project_key)
        return is_in_project and self.repository_slug in ("", repository.slug)

    @property
    def is_of_workspace(self) -> bool:
        """Tell whether it is the access token of a whole workspace."""
        return self.account is None and not self.repository_slug and not self.project_key

    def holds(self, project: Project) -> bool:
        """Tell whether an access token belongs to this project, or to the workspace around it."""
        return not self.repository_slug and self.project_key in ("", project.key)

    @property
    def principal(self) -> str:
        """Whose hourly budget a request spends."""
        return self.account.account_id if self.account else self.label


def from_api_token(world: World, token: ApiToken) -> Credential | None:
    """Give the credential an API token is; None when it is expired, unscoped or its account is off."""
    account = world.accounts[token.account_id]
    if token.expires_at <= world.now() or not token.is_for_bitbucket or not account.is_on:
        return None
    token.last_access = world.now()
    label = f"api_token/{account.key}/{token.id}"
    return Credential("api_token", frozenset(token.scopes), label, account, token.workspace_uuid)


def from_access_token(world: World, token: AccessToken) -> Credential | None:
    """Give the credential an access token is; None when it is expired."""
    if token.expires_at <= world.now():
        return None
    return Credential(
        kind=token.kind,
        scopes=frozenset(token.scopes),
        label=f"{token.kind}/{token.id}",
        workspace_uuid=token.workspace_uuid,
        repository_slug=token.repository_slug,
        project_key=token.project_key,
    )


def from_oauth(world: World, secret: str) -> Credential | None:
    """Give the credential an OAuth access token is; None when it is unknown, old or its account is off."""
    grant = world.grants.access(secret, world.now())
    account = world.accounts.get(grant.account_id) if grant else None
    if grant is None or account is None or not account.is_on:
        return None
    return Credential("oauth2", frozenset(grant.scopes), f"oauth/{account.key}", account)


def _from_basic(world: World, username: str, password: str) -> Credential:
    token = world.api_token(password)
    credential = from_api_token(world, token) if token else None
    if credential is None or credential.account is None:
        raise Refusal(unauthenticated())
    if world.switches.basic_checks_email and username.lower() != credential.account.email.lower():
        raise Refusal(unauthenticated())
    return credential


def _from_bearer(world: World, secret: str) -> Credential:
    token = world.access_token(secret)
    credential = from_access_token(world, token) if token else from_oauth(world, secret)
    if credential is None:
        raise Refusal(unauthenticated())
    return credential


def credential_of(world: World, request: Request) -> Credential | None:
    """Read the credential of a REST request; None without one, Refusal (401) for one that opens nothing.

    A header that cannot be read counts as none: https://community.atlassian.com/forums/Bitbucket-questions/
    facing-issue-to-GET-PRIVATE-REPOSITORY-using-api-curl/qaq-p/3141816
    """
    sent = request.authorization
    if sent is None:
        return None
    if sent.type == "basic":
        return _from_basic(world, sent.username or "", sent.password or "")
    if sent.type == "bearer":
        return _from_bearer(world, sent.token or "")
    return None


def label_of(world: World, request: Request) -> tuple[str, str]:
    """Name the credential of a request for counters and faults, whether it opens anything or not.

    Returns its label and the short name of its account ("" where it has none).
    """
    sent = request.authorization
    secret = (sent.password if sent.type == "basic" else sent.token) if sent else None
    if not secret:
        return "anonymous", ""
    if (token := world.api_token(secret)) is not None:
        key = world.accounts[token.account_id].key
        return f"api_token/{key}/{token.id}", key
    if (access := world.access_token(secret)) is not None:
        return f"{access.kind}/{access.id}", ""
    if (admin_key := world.admin_key(secret)) is not None:
        return f"org_key/{admin_key.name}", admin_key.name
    grant = world.grants.access(secret, world.now())
    if grant is not None:
        key = world.accounts[grant.account_id].key
        return f"oauth/{key}", key
    return ("app_password" if secret.startswith(keys.APP_PASSWORD) else "unknown"), ""
