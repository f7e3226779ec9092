"""The rows that a coverage statement is said from, read with a fixed number of queries."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.conf import settings
from django.db.models import Count, Max, Min, Q

from accounts.models import Workspace
from offboarding.models import Evidence, Plan, RotateItem, Step
from offboarding.states import PlanState, StepKind
from tokens.models import Credential, Part, PartKind
from tokens.states import LIVE


@dataclass(frozen=True)
class KeyReading:
    """How well the inventory knows the deploy keys of all places.

    Attributes:
        places: how many there are to read.
        unread: never read to the end, or the newest try failed.
        oldest: when the oldest complete read began.
        newest: when the newest one did.
        ownerless: live keys whose owner Bitbucket does not name.
    """

    places: int = 0
    unread: int = 0
    oldest: datetime | None = None
    newest: datetime | None = None
    ownerless: int = 0


@dataclass(frozen=True)
class Facts:
    """What is known of a plan.

    Attributes:
        plan: with its person and who planned it.
        steps: all of them, in their order, each with its row of work.
        proved_at: by step, when the newest complete re-read that shows its end was done.
        requests: how many requests its evidence shows.
        held: by kind of credential, how many the inventory knows of this person that no complete read missed.
        keys: how well deploy keys are known.
        workspaces: those this portal serves.
        items: how many places are to be rotated, and how many of them are not yet.
    """

    plan: Plan
    steps: tuple[Step, ...]
    proved_at: Mapping[int, datetime] = field(default_factory=dict)
    requests: int = 0
    held: Mapping[str, int] = field(default_factory=dict)
    keys: KeyReading = field(default_factory=KeyReading)
    workspaces: tuple[Workspace, ...] = ()
    items: tuple[int, int] = (0, 0)

    def of(self, *kinds: StepKind) -> list[Step]:
        """The steps of these kinds."""
        return [step for step in self.steps if step.kind in kinds]

    @property
    def is_called_off(self) -> bool:
        """Whether somebody called it off."""
        return self.plan.state == PlanState.CANCELLED

    @property
    def was_started(self) -> bool:
        """Whether the cut ever began."""
        return self.plan.started_at is not None


def facts_of(plan: Plan) -> Facts:
    """Read them."""
    fresh = Plan.objects.select_related("person", "planned_by").get(pk=plan.pk)
    rows = Step.objects.filter(plan=fresh).select_related(
        "job", "assignee", "workspace", "credential__repository", "credential__project"
    )
    proved_at, requests = _evidence(fresh)
    return Facts(
        plan=fresh,
        steps=tuple(rows.order_by("position", "pk")),
        proved_at=proved_at,
        requests=requests,
        held=_held(fresh),
        keys=_keys(),
        workspaces=tuple(Workspace.objects.filter(uuid__in=settings.BITBUCKET_WORKSPACES).order_by("slug", "pk")),
        items=_items(fresh),
    )


def _evidence(plan: Plan) -> tuple[dict[int, datetime], int]:
    rows = Evidence.objects.filter(step__plan=plan).order_by().values("step")
    counted = list(rows.annotate(proved=Max("at", filter=Q(proves=True)), sent=Count("pk", filter=~Q(request=""))))
    proved_at = {row["step"]: row["proved"] for row in counted if row["proved"] is not None}
    return proved_at, sum(row["sent"] for row in counted)


def _held(plan: Plan) -> dict[str, int]:
    known = Credential.objects.filter(holder=plan.person, state__in=LIVE)
    return dict(known.order_by().values_list("kind").annotate(Count("pk")))


def _keys() -> KeyReading:
    parts = Part.objects.filter(kind=PartKind.DEPLOY_KEYS, retired_at=None)
    read = parts.aggregate(
        places=Count("pk"),
        unread=Count("pk", filter=Q(observed_at=None) | ~Q(problem="")),
        oldest=Min("observed_at"),
        newest=Max("observed_at"),
    )
    ownerless = Credential.objects.filter(kind="deploy_key", holder=None, state__in=LIVE).count()
    return KeyReading(**read, ownerless=ownerless)


def _items(plan: Plan) -> tuple[int, int]:
    counts = RotateItem.objects.filter(step__plan=plan).aggregate(
        all=Count("pk"), open=Count("pk", filter=Q(done_at=None))
    )
    return counts["all"], counts["open"]
