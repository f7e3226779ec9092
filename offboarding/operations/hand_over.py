"""What people have to do, made from what is known: only for what was found. A kind nobody can see makes no task."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Q, QuerySet

from accounts.models import Person, Workspace
from bitbucket.resources import ADMINISTRATOR_ROLE
from offboarding import policy
from offboarding.models import Plan
from offboarding.operations.rows import NewStep, add_step, add_task
from offboarding.rotation import NOT_KNOWN, NOT_NARROWED, target_of
from offboarding.states import StepKind
from offboarding.written import repositories_written
from tokens.boundaries import settings_page_of
from tokens.catalogue.data import ACCESS_TOKEN_KINDS
from tokens.models import Credential
from tokens.states import LIVE

# Somebody needs a moment to click.
FIRST_LOOK_AFTER = timedelta(minutes=1)


def add_tasks(plan: Plan, *, at: datetime) -> None:
    """The tasks that are known when a plan starts."""
    _add_memberships(plan, at)
    _add_workspace_reviews(plan, at)
    _add_access_tokens(plan, at)
    add_breaks(plan, at=at)


def _add_memberships(plan: Plan, at: datetime) -> None:
    seats = plan.person.seats.filter(workspace__uuid__in=settings.BITBUCKET_WORKSPACES).select_related("workspace")
    for seat in seats.order_by("pk"):
        add_membership(plan, seat.workspace, at=at)


def add_membership(plan: Plan, workspace: Workspace, *, at: datetime) -> None:
    """The seat. The portal looks for it by itself and closes the task when it is gone, so a person need not attest."""
    add_step(
        plan,
        NewStep(
            StepKind.MEMBERSHIP,
            key=f"membership:{workspace.pk}",
            title=f"Take {plan.person}'s seat in {workspace} away",
            detail="No API of Bitbucket takes a seat away. Groups give their rights until then, though nobody can"
            " use them while the account is off. The portal looks every few minutes and closes this by itself.",
            position=10_000,
            workspace=workspace,
            link=directory_link(workspace),
            assignee=plan.planner,
            due_at=at + policy.MEMBERSHIP_WITHIN,
        ),
        at=at + FIRST_LOOK_AFTER,
    )


def directory_link(workspace: Workspace) -> str:
    """Where an administrator takes a seat away."""
    return f"{settings.BITBUCKET_WEB_URL}/{workspace.slug}/workspace/settings/user-directory"


def _add_workspace_reviews(plan: Plan, at: datetime) -> None:
    for seat in plan.person.seats.filter(role=ADMINISTRATOR_ROLE).select_related("workspace"):
        workspace = seat.workspace
        add_task(
            plan,
            NewStep(
                StepKind.WORKSPACE_ADMIN,
                key=f"workspace-admin:{workspace.pk}",
                title=f"Look through the OAuth consumers, runners and SSH keys of {workspace}",
                detail=f"{plan.person} administered it and could make any of these. None has an owner that an API"
                " tells: delete what nobody else answers for, and rotate the secret of what stays.",
                position=10_100,
                workspace=workspace,
                link=f"{settings.BITBUCKET_WEB_URL}/{workspace.slug}/workspace/settings/api",
                is_high_risk=True,
                assignee=plan.planner,
                due_at=at + policy.HAND_OVER_WITHIN,
            ),
        )


def _add_access_tokens(plan: Plan, at: datetime) -> None:
    known = Credential.objects.filter(kind__in=ACCESS_TOKEN_KINDS, state__in=LIVE)
    mine = Q(holder=plan.person) | Q(request__deputy=plan.person) | Q(creator=plan.person)
    for one in known.filter(mine).select_related("request", "workspace", "repository", "project").order_by("pk"):
        place = one.place_name
        add_task(
            plan,
            NewStep(
                StepKind.ACCESS_TOKEN,
                key=f"access-token:{one.pk}",
                title=f"Replace “{one.name}”" + (f" of {place}" if place else ""),
                detail=f"{plan.person} {_ties(one, plan.person)}. It belongs to no account, so it outlives them:"
                " make a new one, give it a new holder, revoke this one.",
                position=10_200,
                credential=one,
                link=settings_page_of(one).link,
                is_high_risk=True,
                assignee=plan.planner,
                due_at=at + policy.HAND_OVER_WITHIN,
            ),
        )


def _ties(token: Credential, person: Person) -> str:
    """Why somebody may know the secret of an access token."""
    if token.holder_id == person.pk:
        return "holds it"
    if token.request is not None and token.request.deputy_id == person.pk:
        return "answers for it as the deputy"
    return "made it, and has seen its secret"


def add_breaks(plan: Plan, *, at: datetime) -> None:
    """What would break, as far as it has been read: a plan may start before that is over."""
    for number, line in enumerate(plan.preview.get("lines", [])):
        if not line.get("task"):
            continue
        add_task(
            plan,
            NewStep(
                StepKind.BREAKS,
                key=f"breaks:{line['kind']}:{line.get('id', number)}",
                title=line["title"],
                detail=line.get("detail", ""),
                position=10_300 + number,
                target={"kind": line["kind"]},
                link=line.get("link", ""),
                assignee=plan.planner,
                due_at=at + policy.HAND_OVER_WITHIN,
            ),
        )


def add_key_decisions(plan: Plan, *, at: datetime) -> None:
    """One decision for each deploy key that Bitbucket says the leaver added. Machines live on them: nothing is
    deleted before somebody says so."""
    for number, key in enumerate(deploy_keys_of(plan.person)):
        add_task(
            plan,
            NewStep(
                StepKind.DEPLOY_KEY,
                key=f"deploy-key:{key.pk}",
                title=f"Deploy key “{key.name}” of {key.place}",
                detail="It opens code without an account and outlives whoever added it.",
                position=5_000 + number,
                credential=key,
                workspace=key.workspace,
                assignee=plan.planner,
                due_at=at + policy.DECIDE_KEYS_WITHIN,
            ),
            reason="An admin decides: keep it with a new owner, replace it, or delete it.",
        )


def deploy_keys_of(person: Person) -> "QuerySet[Credential]":
    """The deploy keys that somebody added and that still open something, with their places."""
    keys = Credential.objects.filter(kind="deploy_key", holder=person, state__in=LIVE)
    return keys.select_related("repository", "project__workspace").order_by("pk")


def add_rotation(plan: Plan, *, at: datetime) -> None:
    """The rotate list, when it is known what they could write: kept here, because later reads show what is left."""
    add_step(
        plan,
        NewStep(
            StepKind.ROTATE,
            key="rotate",
            title=f"Rotate what {plan.person} could read",
            position=10_050,
            target=target_of(repositories_written(plan), _gaps(plan)),
            assignee=plan.planner,
            due_at=at + policy.ROTATE_WITHIN,
        ),
    )


def _gaps(plan: Plan) -> list[str]:
    """What is not known of where they could write."""
    read = [step.target for step in plan.steps.filter(kind=StepKind.READ_RIGHTS)]
    unknown = sum(int(one.get("unknown", 0)) for one in read)
    gaps = [NOT_KNOWN.format(unknown)] if unknown else []
    is_narrowed = all(one.get("reached") is not None for one in read)
    return gaps if is_narrowed else [*gaps, NOT_NARROWED]
