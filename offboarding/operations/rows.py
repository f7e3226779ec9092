"""Making steps, each with its row of work, and locking plans and steps in one order: the plan first."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from accounts.models import Person, Workspace
from audit.trail import Subject
from offboarding.models import Plan, Step, Verdict
from offboarding.states import PHASE_OF, StepKind
from tokens.models import Credential
from workqueue.bulk import enqueue_many
from workqueue.by_hand import hold_back, make_for_person
from workqueue.claims import enqueue
from workqueue.models import Job

HELD = "Its turn has not come yet."


@dataclass(frozen=True)
class NewStep:
    """A step that is to be made. ``key`` makes it one step however often it is asked for."""

    kind: StepKind
    key: str
    title: str
    detail: str = ""
    position: int = 0
    target: dict[str, Any] = field(default_factory=dict)
    credential: Credential | None = None
    workspace: Workspace | None = None
    link: str = ""
    is_high_risk: bool = False
    assignee: Person | None = None
    due_at: datetime | None = None


def job_kind_of(kind: StepKind) -> str:
    """The kind of row of work that does a kind of step."""
    return f"offboard_{kind.value}"


def lock_plan(pk: int) -> Plan:
    """A plan under a row lock, with its person."""
    return Plan.objects.select_for_update(of=("self",), no_key=True).select_related("person", "planned_by").get(pk=pk)


def lock_step(pk: int) -> Step:
    """A step under a row lock; lock its plan before."""
    return (
        Step.objects.select_for_update(of=("self",), no_key=True)
        .select_related("job", "credential", "workspace", "assignee")
        .get(pk=pk)
    )


def plan_subject(plan: Plan) -> Subject:
    """A plan as the trail names it: with the account it is about, so that a search for that finds it."""
    return Subject("person", plan.person.account_id, f"{plan} of {plan.person}")


def add_step(plan: Plan, new: NewStep, *, at: datetime | None = None, held: bool = False) -> Step:
    """Make a step that a machine does, due at once, at a time, or when somebody releases it."""
    known = plan.steps.filter(key=new.key).first()
    if known is not None:
        return known
    job = enqueue(job_kind_of(new.kind), key=f"{plan.pk}:{new.key}", payload={"plan": plan.pk}, at=at, rings=not held)
    if held:
        hold_back([job.pk], reason=HELD)
    step = _row(plan, new, job)
    step.save()
    return step


def add_task(plan: Plan, new: NewStep, *, reason: str = "A person does this.") -> Step:
    """Make a step that waits for a person from the start."""
    known = plan.steps.filter(key=new.key).first()
    if known is not None:
        return known
    job = make_for_person(job_kind_of(new.kind), key=f"{plan.pk}:{new.key}", payload={"plan": plan.pk}, reason=reason)
    step = _row(plan, new, job)
    step.save()
    return step


def add_steps(plan: Plan, kind: StepKind, news: Sequence[NewStep]) -> int:
    """Make many steps of one kind at once, due now; keys that are there already are left. Returns how many are new."""
    had = set(plan.steps.filter(kind=kind).values_list("key", flat=True))
    new = {one.key: one for one in news if one.key not in had}
    if not new:
        return 0
    job_kind = job_kind_of(kind)
    enqueue_many(job_kind, [(f"{plan.pk}:{key}", {"plan": plan.pk}) for key in new])
    jobs = Job.objects.filter(kind=job_kind, key__startswith=f"{plan.pk}:")
    by_key = {job.key.partition(":")[2]: job for job in jobs if job.key.partition(":")[2] in new}
    Step.objects.bulk_create([_row(plan, one, by_key[key]) for key, one in new.items()])
    return len(new)


def _row(plan: Plan, new: NewStep, job: Job) -> Step:
    return Step(
        plan=plan,
        kind=new.kind,
        phase=PHASE_OF[new.kind],
        position=new.position,
        title=new.title[:300],
        detail=new.detail,
        key=new.key,
        target=new.target,
        job=job,
        credential=new.credential,
        workspace=new.workspace,
        link=new.link[:500],
        is_high_risk=new.is_high_risk,
        assignee=new.assignee,
        due_at=new.due_at,
    )


def mark_closed(step: Step, verdict: Verdict, words: str, *, at: datetime) -> None:
    """Write a step's verdict; its row of work is answered by the caller.

    What a machine proved is nobody's word any more; that stays among the evidence.
    """
    if verdict == Verdict.PROVEN:
        step.attested_by, step.attestation, step.attested_at = None, "", None
    step.verdict, step.verdict_words, step.closed_at = verdict, words[:300], at
    step.save()
