"""One of everything, belonging to Emma, for pages that are opened by everybody."""

from dataclasses import dataclass
from typing import Any

from django.test import Client
from django.utils import timezone

from accounts.models import Notification, ServiceToken, User
from accounts.operations import make_service_token
from audit.models import Event
from offboarding.models import Countersign, Evidence, Plan, RotateItem, Step
from tests.accounts.people import make_user
from tests.portal.found_scene import Found, make_found
from tests.portal.leaving_scene import LeavingScene, make_leaving
from tests.tokens.shelf import fill_shelf
from tokens.models import (
    Approval,
    Credential,
    Finding,
    FindingAcceptance,
    Request,
    RequestMaker,
    Revocation,
    Sync,
    Template,
    TemplateVersion,
    Verification,
)
from tokens.models.verification import Outcome
from tokens.operations.asking import Ask, submit_request
from tokens.operations.revocations import start_revocation
from tokens.operations.verifications import record_verification
from tokens.queries import current_version
from tokens.verification import Judgement
from workqueue.models import Job

READ = "read:repository:bitbucket"
WRITE = "write:repository:bitbucket"
BACKEND = "accounts.roles.RoleBackend"
ROLES = ("anonymous", "owner", "other", "approver", "admin", "auditor")


@dataclass(frozen=True)
class Scene:
    """People by role, and Emma's things by what they are."""

    people: dict[str, User]
    pending: Request
    looked: Request
    approved: Request
    check: Verification
    active: Credential
    stuck: Credential
    notification: Notification
    event: Event
    service_token: ServiceToken
    found: Found
    run: Sync
    leaving: LeavingScene

    def browser(self, role: str) -> Client:
        """Somebody's browser."""
        client = Client(raise_request_exception=True)
        if role != "anonymous":
            client.force_login(User.objects.get(pk=self.people[role].pk), backend=BACKEND)
        return client


def make_scene() -> Scene:
    """Make people and things."""
    people = {
        "owner": make_user("emma"),
        "other": make_user("lee"),
        "approver": make_user("aria", approver=True),
        "admin": make_user("ada", seat=False),
        "auditor": make_user("otto", seat=False),
    }
    fill_shelf()
    Template.objects.filter(slug="gitops-reader").update(retired_at=timezone.now())
    _proposal()
    emma = people["owner"]
    pending, looked = _ask(emma, "manage-webhooks", 7), _ask(emma, "clone-pull-and-push", 7)
    Request.objects.filter(pk=looked.pk).update(look_due_at=looked.submitted_at)
    approved = _ask(emma, "clone-and-pull", 7)
    Request.objects.filter(pk=approved.pk).update(scopes=[READ, WRITE])
    check = _read(approved, emma, Outcome.MISSING, granted={READ}, missing={WRITE})
    active, stuck = _registered(emma), _registered(emma)
    start_revocation(stuck, reason="Not needed", acting_user=people["admin"])
    Credential.objects.filter(pk=stuck.pk).update(candidates=[_candidate()])
    notification = Notification.objects.filter(person=emma.person).latest("pk")
    event = Event.objects.latest("seq")
    service_token, _ = make_service_token("Payroll", ["offboardings:write"], 90, acting_user=people["admin"])
    found = make_found(emma, people["approver"])
    run = Sync.objects.create(mode=Sync.Mode.FULL, started_at=timezone.now())
    leaving = make_leaving(emma, people["approver"], people["admin"])
    told = (notification, event, service_token)
    return Scene(people, pending, looked, approved, check, active, stuck, *told, found, run, leaving)


def _proposal() -> None:
    """A custom set, as a request for something that no template covers leaves it."""
    asked_for = Template.objects.create(slug="asked-for", is_custom=True)
    TemplateVersion.objects.create(
        template=asked_for, number=1, name="Asked for", purpose="See webhooks", scopes=["read:webhook:bitbucket"],
        kinds=["api_token"], max_days=30, rule="approvers", risk="low",
    )  # fmt: skip


def _ask(user: User, slug: str, days: int) -> Request:
    version = current_version(slug)
    return submit_request(Ask(version, "The nightly report", "my laptop", days), acting_user=user)


def _read(
    request: Request, user: User, outcome: Outcome, *, granted: set[str], missing: set[str] | None = None
) -> Verification:
    judgement = Judgement(
        outcome,
        frozenset(granted),
        frozenset(missing or ()),
        frozenset(),
        "declared",
        "api_token",
        "",
        user.person.email,
    )
    row = record_verification(request, judgement, [f"pepper:{request.pk}"], acting_user=user)
    assert row is not None
    return row


def _registered(user: User) -> Credential:
    credential = _read(_ask(user, "clone-and-pull", 7), user, Outcome.EXACT, granted={READ}).registered_as
    assert credential is not None
    return credential


def _candidate() -> dict[str, str]:
    times = {"created_at": "2026-11-02T09:00:00+00:00", "expires_at": "", "last_active_at": ""}
    return {"id": "entry-1", "label": "bcp-7K4QXM", **times}


WATCHED = (
    Request,
    RequestMaker,
    Approval,
    Verification,
    Credential,
    Revocation,
    Finding,
    FindingAcceptance,
    Sync,
    Template,
    TemplateVersion,
    Job,
    Notification,
    Plan,
    Step,
    Evidence,
    RotateItem,
    Countersign,
    ServiceToken,
)


def state() -> dict[str, Any]:
    """Everything that a click could change, except sessions and the trail itself."""
    rows = {model.__name__: list(model.objects.order_by("pk").values()) for model in WATCHED}
    roles = list(User.groups.through.objects.order_by("pk").values())
    people = list(User.objects.order_by("pk").values("pk", "username", "is_active", "person__account_status"))
    return {**rows, "roles": roles, "people": people}
