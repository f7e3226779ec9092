"""What comes next in a plan. Called with the plan locked, whenever something of it changed; asks only rows."""

from collections import Counter
from dataclasses import dataclass

from django.conf import settings
from django.db.models import Count

from accounts.models import Workspace
from audit.tags import Tag
from offboarding import policy
from offboarding.models import Plan, Step, Verdict
from offboarding.operations.hand_over import add_key_decisions, add_rotation
from offboarding.operations.rows import NewStep, add_step, job_kind_of, plan_subject
from offboarding.states import CLOSED, STUCK, Phase, PlanState, StepKind, require_plan_move
from tokens.operations.change import Change
from workqueue.bulk import is_parked
from workqueue.by_hand import try_again
from workqueue.models import JobState

_BUSY = (JobState.QUEUED, JobState.RUNNING)


@dataclass(frozen=True)
class Standing:
    """How many steps of a plan there are by kind and state."""

    counts: Counter[tuple[str, str, str]]

    def has(self, kind: StepKind) -> bool:
        """Whether there is any of this kind."""
        return any(one == kind for one, _, _ in self.counts)

    def is_closed(self, *kinds: StepKind) -> bool:
        """Whether none of these is left open."""
        return all(state in CLOSED for kind, _, state in self.counts if kind in kinds)

    def is_stuck(self, kind: StepKind) -> bool:
        """Whether one of this kind waits for a person."""
        return any(one == kind and state in STUCK for one, _, state in self.counts)

    def is_phase_closed(self, phase: Phase) -> bool:
        """Whether a phase has nothing left open."""
        return all(state in CLOSED for _, one, state in self.counts if one == phase)

    def is_over(self) -> bool:
        """Whether nothing but re-checks is left open."""
        return all(state in CLOSED for _, phase, state in self.counts if phase != Phase.PROOF)

    def is_busy(self) -> bool:
        """Whether a machine is at work on something; looking for a seat now and then is waiting for a person."""
        return any(state in _BUSY and kind != StepKind.MEMBERSHIP for kind, _, state in self.counts)


def standing_of(plan: Plan) -> Standing:
    """Count the steps. One query."""
    rows = Step.objects.filter(plan=plan).order_by().values_list("kind", "phase", "job__state").annotate(n=Count("pk"))
    return Standing(Counter({(kind, phase, state): n for kind, phase, state, n in rows}))


def advance(plan: Plan, change: Change) -> None:
    """Make what is due next, and say where the plan stands.

    Args:
        plan: locked.
        change: the running change.
    """
    if not plan.is_started:
        return
    standing = standing_of(plan)
    if plan.stopped_at is not None:
        _settle(plan, standing, change)
        return
    _go_on_cutting(plan, standing)
    _note_cut(plan, standing, change)
    if plan.cut_at is not None or plan.clean_up_released_at is not None:
        standing = _clean_up(plan, standing, change)
    _settle(plan, standing, change)


def _go_on_cutting(plan: Plan, standing: Standing) -> None:
    """Where tokens cannot be deleted now, the account is switched off all the same: that stops them, too."""
    if not standing.has(StepKind.SWITCH_OFF):
        return
    if standing.is_closed(StepKind.DELETE_TOKENS) or standing.is_stuck(StepKind.DELETE_TOKENS):
        release(plan, StepKind.SWITCH_OFF)
    if standing.is_closed(StepKind.SWITCH_OFF) and not _must_tokens_wait(plan):
        release(plan, StepKind.DELETE_LATE_TOKENS)


def _must_tokens_wait(plan: Plan) -> bool:
    """The late list is the same call: where the first one was told when to come back, it is not made before."""
    return is_parked(job_kind_of(StepKind.DELETE_TOKENS), f"{plan.pk}:")


def _note_cut(plan: Plan, standing: Standing, change: Change) -> None:
    if plan.cut_at is None and standing.has(StepKind.DELETE_TOKENS) and standing.is_phase_closed(Phase.CUT):
        plan.cut_at = change.at
        plan.save(update_fields=["cut_at"])
        change.event(Tag.PLAN_CUT, plan_subject(plan), plan=plan.pk)


def _clean_up(plan: Plan, standing: Standing, change: Change) -> Standing:
    """Where the clean-up stands now. After most steps nothing is to be made, and nothing is counted again."""
    return standing_of(plan) if _make_next(plan, standing, change) else standing


def _make_next(plan: Plan, standing: Standing, change: Change) -> bool:
    """Make, or release, what is due next in the clean-up; returns whether anything was."""
    if not standing.has(StepKind.READ_RIGHTS):
        add_key_decisions(plan, at=change.at)
        for number, workspace in enumerate(served_workspaces()):
            add_step(
                plan,
                NewStep(
                    StepKind.READ_RIGHTS,
                    key=f"read-rights:{workspace.pk}",
                    title=f"Read what {plan.person} can still do in {workspace}",
                    position=100 + number,
                    workspace=workspace,
                ),
            )
        return True
    if not standing.is_closed(StepKind.READ_RIGHTS):
        return False
    has_list = standing.has(StepKind.ROTATE)
    if not has_list:
        add_rotation(plan, at=change.at)
    if not standing.is_closed(StepKind.REMOVE_GRANT):
        return not has_list
    if not standing.has(StepKind.PROVE_RIGHTS):
        add_proofs(plan)
        return True
    # A key that the inventory has seen since then is decided about as well, before anything is completed.
    add_key_decisions(plan, at=change.at)
    release(plan, StepKind.PROVE_RIGHTS)
    return True


def add_proofs(plan: Plan, round_number: int = 1, *, held: bool = False) -> None:
    """Read every workspace once more: only a pass that shows nothing new closes the clean-up."""
    for number, workspace in enumerate(served_workspaces()):
        add_step(
            plan,
            NewStep(
                StepKind.PROVE_RIGHTS,
                key=f"prove-rights:{workspace.pk}:{round_number}",
                title=f"Read {workspace} once more, to its end",
                position=9_000 + number,
                workspace=workspace,
                target={"round": round_number},
            ),
            held=held,
        )


def served_workspaces() -> list[Workspace]:
    """The workspaces of the settings, in their order; one that nobody has seen yet gets its row."""
    return [
        Workspace.objects.get_or_create(uuid=uuid, defaults={"slug": uuid})[0] for uuid in settings.BITBUCKET_WORKSPACES
    ]


def _settle(plan: Plan, standing: Standing, change: Change) -> None:
    is_through = standing.has(StepKind.PROVE_RIGHTS) and standing.has(StepKind.ROTATE)
    if is_through and standing.is_over():
        _complete(plan, change)
        return
    target = PlanState.RUNNING if standing.is_busy() and plan.stopped_at is None else PlanState.WAITING
    if plan.state != target:
        require_plan_move(plan.state, target)
        plan.state = target
        plan.save(update_fields=["state"])


def _complete(plan: Plan, change: Change) -> None:
    require_plan_move(plan.state, PlanState.COMPLETED)
    plan.state, plan.completed_at = PlanState.COMPLETED, change.at
    plan.is_forced = plan.steps.filter(verdict=Verdict.FORCED).exists()
    plan.save(update_fields=["state", "completed_at", "is_forced"])
    for number, after in enumerate(policy.RECHECKS):
        hours = int(after.total_seconds() // 3600)
        add_step(
            plan,
            NewStep(
                StepKind.RECHECK,
                key=f"recheck:{hours}",
                title=f"Look again after {hours} hours" if hours < 48 else f"Look again after {hours // 24} days",
                position=20_000 + number,
            ),
            at=change.at + after,
        )
    change.event(Tag.PLAN_COMPLETED, plan_subject(plan), plan=plan.pk, forced=plan.is_forced)


def release(plan: Plan, kind: StepKind) -> None:
    """Let steps that were held back have their turn now, unless the whole plan is stopped."""
    if plan.stopped_at is not None:
        return
    held = plan.steps.filter(kind=kind, closed_at=None, job__state=JobState.WAITING, job__attempt=0)
    for job_id in list(held.values_list("job_id", flat=True)):
        try_again(job_id)
