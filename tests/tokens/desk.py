"""What the tests of this room do over and over: people, requests, tokens at the sandbox, pastes, jobs."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.models import Group
from django.db.models.functions import Now
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Person, Seat, User, Workspace
from accounts.policy import Role
from audit.models import Event
from sandbox.server import RunningSandbox
from tokens.capabilities import observe
from tokens.models import Capability, Credential, Request, Verification
from tokens.operations.asking import Ask, submit_request
from tokens.operations.requests import approve_request
from tokens.queries import current_version
from workqueue import runner
from workqueue.models import DUE_STATES, Job

BACKEND = "accounts.roles.RoleBackend"


@dataclass(frozen=True)
class Made:
    """A token that the sandbox made; its text is shown nowhere."""

    id: str
    label: str
    secret: str

    def __repr__(self) -> str:
        return f"Made({self.id!r}, {self.label!r})"


def signed_in(user: User) -> Client:
    """A browser in which this user is signed in."""
    client = Client()
    client.force_login(user, backend=BACKEND)
    return client


def tags() -> list[str]:
    """What the trail holds, oldest first."""
    return [str(tag) for tag in Event.objects.order_by("seq").values_list("tag", flat=True)]


def run_due_jobs(*kinds: str) -> list[Job]:
    """Do one attempt at every open job of these kinds, whatever time it waits for.

    Returns: the jobs as they stand afterwards.
    """
    open_ones = Job.objects.filter(state__in=DUE_STATES, kind__in=kinds)
    ids = list(open_ones.order_by("pk").values_list("pk", flat=True))
    for job_id in ids:
        Job.objects.filter(pk=job_id).update(next_attempt_at=Now())
        runner.run(job_id)
    return list(Job.objects.filter(pk__in=ids).order_by("pk"))


def connect_organisation() -> None:
    """Say what the workers would have found: the listing answers, tokens can be deleted."""
    for name in (Capability.Name.LIST_TOKENS, Capability.Name.DELETE_TOKENS):
        observe(name, Capability.Level.AUTOMATIC, "seen to work")


def disconnect_organisation() -> None:
    """Say what the workers find without an organisation's keys."""
    for name in (Capability.Name.LIST_TOKENS, Capability.Name.DELETE_TOKENS):
        observe(name, Capability.Level.MANUAL, "no organisation is connected")


class Desk:
    """The portal and the sandbox beside each other, with the same people.

    Args:
        sandbox: a fresh one.
    """

    def __init__(self, sandbox: RunningSandbox) -> None:
        self.sandbox, self.world = sandbox, sandbox.world

    def user(self, key: str, *, seat: bool = True, approver: bool = False) -> User:
        """One of the cast, as if they had signed in."""
        account = self.world.account(key)
        assert account is not None
        person = Person.objects.create(
            account_id=account.account_id,
            uuid=account.uuid,
            display_name=account.display_name,
            nickname=account.nickname,
            email=account.email,
            confirmed_emails=[account.email, f"{key}@second.test"],
        )
        if seat:
            acme = self.world.workspaces["acme"]
            workspace, _ = Workspace.objects.get_or_create(uuid=acme.uuid, defaults={"slug": "acme", "name": "Acme"})
            Seat.objects.create(person=person, workspace=workspace, role="member", observed_at=timezone.now())
        user = User.objects.create(username=person.account_id, person=person)
        if approver:
            user.groups.add(Group.objects.get(name=Role.APPROVER))
        return user

    def again(self, user: User) -> User:
        """The same user as the next request would read them: roles and permissions are looked up afresh."""
        return User.objects.select_related("person").get(pk=user.pk)

    def ask(self, user: User, slug: str = "clone-and-pull", days: int = 30) -> Request:
        """Submit a request."""
        ask = Ask(
            version=current_version(slug),
            reason="The nightly report",
            where_used="git on my laptop",
            lifetime_days=days,
        )
        return submit_request(ask, acting_user=user)

    def approved(self, user: User, slug: str = "clone-and-pull", days: int = 30, *, by: User | None = None) -> Request:
        """Submit a request and let an approver say yes where no rule does."""
        request = self.ask(user, slug, days)
        if request.state == "pending":
            assert by is not None
            request = approve_request(request, acting_user=by)
        assert request.state == "approved"
        return request

    def token(
        self,
        request: Request,
        *,
        scopes: list[str] | None = None,
        label: str | None = None,
        owner: str = "emma",
        expires_at: datetime | None = None,
        age: timedelta = timedelta(),
    ) -> Made:
        """Create a token at the sandbox, as the walk says or otherwise."""
        account = self.world.account(owner)
        assert account is not None
        assert request.approved_until is not None
        label = request.credential_name if label is None else label
        end = datetime.combine(request.approved_until, datetime.min.time(), tzinfo=timezone.get_default_timezone())
        wanted = tuple(request.scopes if scopes is None else scopes)
        made, secret = self.world.create_api_token(account, label=label, scopes=wanted, expires_at=expires_at or end)
        made.created_at -= age
        return Made(made.id, label, secret)

    def paste(self, user: User, request: Request, secret: str, *, email: str = "") -> Any:
        """Paste into the page; the page's answer, without following it."""
        client = signed_in(user)
        form = {"email": email or user.person.email, "secret": secret}
        return client.post(reverse("create", args=[request.code]), form)

    def check(self, user: User, request: Request, secret: str, *, email: str = "") -> Verification:
        """Paste something that can be read; the row it left."""
        answer = self.paste(user, request, secret, email=email)
        assert answer.status_code == 302, answer.content.decode()
        return Verification.objects.latest("pk")

    def registered(
        self, user: User, slug: str = "clone-and-pull", *, by: User | None = None, bound: bool = True, days: int = 30
    ) -> tuple[Credential, Made]:
        """The whole way to a registered credential; bound where wanted."""
        request = self.approved(user, slug, days, by=by)
        made = self.token(request, owner=user.person.nickname)
        row = self.check(user, request, made.secret)
        assert row.registered_as is not None
        if bound:
            run_due_jobs("bind_credential")
        credential = Credential.objects.get(pk=row.registered_as.pk)
        assert (credential.listing_id == made.id) is bound
        return credential, made

    def sent(self, path: str = "", method: str = "") -> int:
        """How many requests the sandbox has counted, of this method and with this in their route."""
        report = self.world.counters.report()["routes"]
        return sum(
            int(row["count"])
            for row in report
            if path in row["route"] and method in ("", row["method"]) and "/_sandbox" not in row["route"]
        )

    def lives(self, made: Made) -> bool:
        """Whether the token still exists at the sandbox."""
        return made.id in self.world.api_tokens

    def fault(self, kind: str, path: str, **more: Any) -> None:
        """Script a fault."""
        self.world.faults.add({"kind": kind, "path": path, **more})


def bind(desk: Desk, user: User, request: Request, made: Made) -> Credential:
    """Paste, let the worker look once, and give what became of it."""
    row = desk.check(user, request, made.secret)
    assert row.registered_as is not None
    run_due_jobs("bind_credential")
    return Credential.objects.get(pk=row.registered_as.pk)
