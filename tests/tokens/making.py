"""What the tests of access tokens do over and over: an approved request, the inventory's places, a token in them."""

from datetime import date, timedelta
from typing import Any

from django.urls import reverse
from django.utils import timezone

from accounts.models import Person, User, Workspace
from tests.tokens.desk import Desk, Made, run_due_jobs, signed_in
from tests.tokens.machines import asked, machine_form
from tokens.capabilities import observe
from tokens.models import Capability, Credential, Project, Repository, Request
from tokens.operations.requests import approve_request

RELEASE = "ci-release"
REPOSITORY_TOKEN = "repo_access_token"
READ, WRITE = ("repository",), ("repository:write",)


def know_bots(desk: Desk) -> None:
    """The set-up page has found out which accounts the bots are; they own the workspace."""
    bots = [one.account_id for one in desk.world.accounts.values() if one.key.endswith("-bot")]
    observe(Capability.Name.BOT_TOKENS, Capability.Level.AUTOMATIC, "read", facts={"accounts": bots})


def know_places(desk: Desk) -> dict[str, Repository]:
    """The inventory has read the sandbox's places: rows for its projects and repositories, by full name."""
    rows: dict[str, Repository] = {}
    now = timezone.now()
    for owner in desk.world.workspaces.values():
        workspace, _ = Workspace.objects.get_or_create(uuid=owner.uuid, defaults={"slug": owner.slug})
        seen = {"first_seen_at": now, "observed_at": now}
        projects = {
            one.key: Project.objects.create(workspace=workspace, uuid=one.uuid, key=one.key, name=one.name, **seen)
            for one in owner.projects
        }
        for one in owner.repositories:
            rows[one.full_name] = Repository.objects.create(
                workspace=workspace,
                project=projects.get(one.project_key),
                uuid=one.uuid,
                slug=one.slug,
                full_name=one.full_name,
                name=one.name,
                is_private=True,
                **seen,
            )
    return rows


def approved_request(
    desk: Desk,
    user: User,
    deputy: User,
    by: User,
    slug: str = RELEASE,
    *,
    boundary: str = "acme/web",
    look: bool = True,
    **query: str,
) -> Request:
    """A machine's request that was approved, and of which it was looked up who can make its token."""
    know_bots(desk)
    row = asked(user, slug, machine_form(deputy, boundary=boundary), **query)
    if row.state == "pending":
        approve_request(row, acting_user=by)
    if look:
        run_due_jobs("read_makers")
    row.refresh_from_db()
    return row


def access_token(
    desk: Desk,
    scopes: tuple[str, ...] = WRITE,
    *,
    kind: str = REPOSITORY_TOKEN,
    workspace: str = "acme",
    repository: str = "web",
    days: int = 20,
) -> Made:
    """Somebody made an access token in a place's settings at the sandbox."""
    made, secret = desk.world.create_access_token(
        kind=kind,
        name="made at Bitbucket",
        scopes=scopes,
        workspace=desk.world.workspaces[workspace],
        repository=repository,
        expires_at=desk.world.now() + timedelta(days=days),
    )
    return Made(made.id, made.name, secret)


def names(people: list[Person]) -> list[str]:
    """The people's names."""
    return [str(person) for person in people]


def paste_token(user: User, row: Request, made: Made | str, *, day: date | None = None) -> Any:
    """Paste an access token into the page of its request; the answer, without following it."""
    assert row.approved_until is not None
    secret = made if isinstance(made, str) else made.secret
    form = {"secret": secret, "expires_on": (day or row.approved_until).isoformat()}
    return signed_in(user).post(reverse("create", args=[row.code]), form)


def registered_token(desk: Desk, user: User, deputy: User, maker: User) -> tuple[Credential, Made]:
    """The whole way to a registered access token of acme/web."""
    know_places(desk)
    row = approved_request(desk, user, deputy, maker)
    made = access_token(desk)
    assert paste_token(maker, row, made).status_code == 302
    return Credential.objects.get(request=row, state="active"), made
