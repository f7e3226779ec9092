"""The rows that the report shows beside the statement, read with a fixed number of queries."""

from dataclasses import dataclass

from django.db.models import Q

from offboarding.models import Countersign, Evidence, Plan, RotateItem, Step, Verdict


@dataclass(frozen=True)
class Rows:
    """What a report is drawn from.

    Attributes:
        steps: all of them, in their order, with who attested them.
        proofs: by step, the newest row that proves its end; where none does, its newest row.
        countersigns: what a second person was asked, the oldest first.
        items: attested places of the rotate list.
    """

    steps: tuple[Step, ...]
    proofs: dict[int, Evidence]
    countersigns: tuple[Countersign, ...]
    items: tuple[RotateItem, ...]

    @property
    def forced(self) -> list[Step]:
        """Steps that were closed without any proof."""
        return [step for step in self.steps if step.verdict == Verdict.FORCED]


def rows_of(plan: Plan) -> Rows:
    """Read them."""
    steps = Step.objects.filter(plan=plan).select_related("job", "assignee", "attested_by", "decided_by")
    asked = Countersign.objects.filter(plan=plan).select_related("step", "asked_by", "confirmed_by")
    items = RotateItem.objects.filter(Q(done_at__isnull=False), step__plan=plan)
    newest = Evidence.objects.filter(step__plan=plan).order_by("step_id", "-proves", "-at", "-pk").distinct("step_id")
    return Rows(
        steps=tuple(steps.order_by("position", "pk")),
        proofs={row.step_id: row for row in newest},
        countersigns=tuple(asked.order_by("asked_at", "pk")),
        items=tuple(items.select_related("repository", "workspace", "done_by").order_by("done_at", "pk")),
    )
