"""What breaks when somebody leaves, as far as the portal's own rows tell."""

from django.db.models import Q, QuerySet

from accounts.policy import ACTIVE
from offboarding.break_lines import Found, Line, listed, somewhere
from offboarding.models import Plan
from offboarding.written import ADMIN
from tokens.catalogue.data import ACCESS_TOKEN_KINDS
from tokens.models import Credential, Grant, Part, PartKind, Project, Repository, Standing
from tokens.policy import PERSONAL_KIND
from tokens.states import LIVE

_OTHERS = (Standing.OTHER_PRODUCT, Standing.UNKNOWN_PRODUCT)


def known_breaks(plan: Plan) -> Found:
    """Lines from what is registered and from what the inventory read. No request."""
    lines = [*_machines(plan), *_deputies(plan), *_other_products(plan), *_sole_admins(plan)]
    unread = Part.objects.filter(kind=PartKind.USER_GRANTS, retired_at=None, observed_at=None).count()
    gaps = [("who else administers", f"the inventory never read the grants of {unread} places")] if unread else []
    return Found(lines, gaps)


def _alive(plan: Plan) -> Q:
    """What lives, or lived until this plan took it away."""
    alive = Q(state__in=LIVE)
    return alive | Q(ended_at__gte=plan.started_at) if plan.started_at else alive


def _machines(plan: Plan) -> list[Line]:
    """Access tokens and keys outlive their holder and have tasks of their own; a person's API tokens do not."""
    fed = Credential.objects.filter(
        _alive(plan), holder=plan.person_id, kind=PERSONAL_KIND, request__template_version__used_by_machine=True
    )
    said = [_machine(one) for one in fed.select_related("request__deputy").order_by("name", "pk")]
    if not said:
        return []
    title = f"Give {somewhere([one[0] for one in said], 'machines')} a credential that is not {plan.person}'s"
    detail = f"They stop when the tokens are deleted: {listed([one[1] for one in said])}."
    return [Line("machines", title, detail, task=True)]


def _machine(one: Credential) -> tuple[str, str]:
    request = one.approved_request
    deputy = f"; {request.deputy} answers for it" if request.deputy else ""
    return request.where_used, f"{request.where_used} (“{one.name}”{deputy})"


def _deputies(plan: Plan) -> list[Line]:
    """Access tokens that they are deputy of have a task each."""
    answered = Credential.objects.filter(state__in=LIVE, request__deputy=plan.person_id)
    theirs = answered.exclude(kind__in=ACCESS_TOKEN_KINDS).exclude(holder=plan.person_id)
    names = [f"“{one.name}” of {one.holder}" for one in theirs.select_related("holder").order_by("name", "pk")]
    if not names:
        return []
    title = f"Name another deputy for {somewhere(names, 'credentials')}"
    detail = f"{plan.person} answers for them when their holder cannot: {listed(names)}."
    return [Line("deputies", title, detail, task=True)]


def _other_products(plan: Plan) -> list[Line]:
    """No task: whose own scripts these feed, only the leaver knew."""
    tokens = Credential.objects.filter(_alive(plan), holder=plan.person_id, kind=PERSONAL_KIND, standing__in=_OTHERS)
    names = [f"“{one.name}”" + _used(one) for one in tokens.order_by("name", "pk")]
    if not names:
        return []
    title = f"{somewhere(names, 'tokens')} may serve other products: deleted with all others"
    return [Line("other_products", title, f"Jira, Confluence or others may stop getting data: {listed(names)}.")]


def _used(one: Credential) -> str:
    return f" (last used {one.last_used_at:%d %B %Y})" if one.last_used_at else " (never used)"


def _sole_admins(plan: Plan) -> list[Line]:
    """Where nobody else administers by name and no group does. Workspace administrators still get in."""
    mine = Q(gone_at=None)
    if plan.started_at is not None:
        mine |= Q(gone_at__gte=plan.started_at)
    given = Grant.objects.filter(mine, person=plan.person_id, permission=ADMIN)
    others = _other_admins(plan)
    at_projects = set(given.filter(project__isnull=False).values_list("project", flat=True))
    projects = Project.objects.filter(pk__in=at_projects, gone_at=None)
    projects = projects.exclude(pk__in=others.filter(project__isnull=False).values("project"))
    at_repositories = given.filter(repository__isnull=False).values("repository")
    in_project = others.filter(project__isnull=False).values("project")
    covered = Q(pk__in=others.filter(repository__isnull=False).values("repository")) | Q(project__in=in_project)
    repositories = Repository.objects.filter(pk__in=at_repositories, gone_at=None).exclude(covered)
    names = [f"project {one.key}" for one in projects.order_by("key")]
    names += [one.full_name for one in repositories.order_by("full_name")]
    if not names:
        return []
    title = f"Name another administrator for {somewhere(names)}"
    detail = f"Only {plan.person} administers by name, and no group does: {listed(names)}."
    return [Line("sole_admins", title, detail, task=True)]


def _other_admins(plan: Plan) -> "QuerySet[Grant]":
    somebody = Q(person=None) | (Q(person__account_status=ACTIVE) & ~Q(person=plan.person_id))
    return Grant.objects.filter(somebody, permission=ADMIN, gone_at=None)
