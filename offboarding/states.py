"""The states of a plan, the phases and kinds of its steps, and what may follow what. A step's state is its job's."""

from collections.abc import Mapping

from django.db import models

from tokens.states import IllegalMove
from workqueue.models import JobState


class PlanState(models.TextChoices):
    """Where a plan stands. ``waiting`` means that nothing can be done by machine right now."""

    DRAFT = "draft", "Draft"
    RUNNING = "running", "Running"
    WAITING = "waiting", "Waiting"
    COMPLETED = "completed", "Completed"
    CANCELLED = "cancelled", "Cancelled"


P = PlanState
PLAN_MOVES: Mapping[PlanState, frozenset[PlanState]] = {
    P.DRAFT: frozenset({P.RUNNING, P.CANCELLED}),
    P.RUNNING: frozenset({P.WAITING, P.COMPLETED, P.CANCELLED}),
    P.WAITING: frozenset({P.RUNNING, P.COMPLETED, P.CANCELLED}),
}
OPEN_PLAN = (P.DRAFT, P.RUNNING, P.WAITING)
STARTED_PLAN = (P.RUNNING, P.WAITING)
ENDED_PLAN = (P.COMPLETED, P.CANCELLED)


class Phase(models.TextChoices):
    """The parts of a plan, in their order."""

    CUT = "cut", "Cut"
    CLEAN_UP = "clean_up", "Clean up"
    HAND_OVER = "hand_over", "Hand over"
    PROOF = "proof", "Proof"


class StepKind(models.TextChoices):
    """What one step does."""

    END_ACCESS = "end_access", "End portal sessions, block sign-in and requests"
    DELETE_TOKENS = "delete_tokens", "Delete API tokens"
    SWITCH_OFF = "switch_off", "Switch the account off"
    DELETE_LATE_TOKENS = "delete_late_tokens", "List once more, delete what was made in between"
    READ_RIGHTS = "read_rights", "Read what is left"
    REMOVE_GRANT = "remove_grant", "Remove a grant"
    DEPLOY_KEY = "deploy_key", "Decide about a deploy key"
    PROVE_RIGHTS = "prove_rights", "Read everything once more"
    MEMBERSHIP = "membership", "Take the seat in the workspace away"
    ROTATE = "rotate", "Rotate what they could read"
    ACCESS_TOKEN = "access_token", "Replace an access token they know"
    WORKSPACE_ADMIN = "workspace_admin", "Look through what an administrator could make"
    BREAKS = "breaks", "Hand over what would break"
    RECHECK = "recheck", "Look again"


PHASE_OF: Mapping[StepKind, Phase] = {
    StepKind.END_ACCESS: Phase.CUT,
    StepKind.DELETE_TOKENS: Phase.CUT,
    StepKind.SWITCH_OFF: Phase.CUT,
    StepKind.DELETE_LATE_TOKENS: Phase.CUT,
    StepKind.READ_RIGHTS: Phase.CLEAN_UP,
    StepKind.REMOVE_GRANT: Phase.CLEAN_UP,
    StepKind.DEPLOY_KEY: Phase.CLEAN_UP,
    StepKind.PROVE_RIGHTS: Phase.CLEAN_UP,
    StepKind.MEMBERSHIP: Phase.HAND_OVER,
    StepKind.ROTATE: Phase.HAND_OVER,
    StepKind.ACCESS_TOKEN: Phase.HAND_OVER,
    StepKind.WORKSPACE_ADMIN: Phase.HAND_OVER,
    StepKind.BREAKS: Phase.HAND_OVER,
    StepKind.RECHECK: Phase.PROOF,
}
# What a person has to do: an open one of these is a task and not trouble.
TASK_KINDS = frozenset(
    {StepKind.MEMBERSHIP, StepKind.ROTATE, StepKind.ACCESS_TOKEN, StepKind.WORKSPACE_ADMIN, StepKind.BREAKS}
)
# Of these, what no machine ever touches.
ONLY_A_PERSON = frozenset({StepKind.ACCESS_TOKEN, StepKind.WORKSPACE_ADMIN, StepKind.BREAKS})
# A step is over in one of these; `failed` and `errored` are not an end that anybody may call done.
CLOSED = (JobState.DONE, JobState.SKIPPED)
# What a person has to look at.
STUCK = (JobState.NEEDS_HUMAN, JobState.FAILED, JobState.ERRORED)


class IllegalPlanMove(IllegalMove):
    """A move that the table above does not know: the plan changed since the page was made."""


def require_plan_move(current: str, target: PlanState) -> None:
    """Raise `IllegalPlanMove` unless a plan may go from ``current`` to ``target``."""
    if target not in PLAN_MOVES.get(PlanState(current), frozenset()):
        raise IllegalPlanMove(f"a plan cannot go from {current} to {target}")
