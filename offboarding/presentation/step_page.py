"""What the page of one step shows, and what this user may do there."""

from collections.abc import Sequence
from typing import Any

from django.utils import timezone

from accounts.models import User
from offboarding.models import Countersign, Evidence, KeyDecision, Plan, RotateItem, Step
from offboarding.operations.attesting import may_be_attested
from offboarding.operations.rows import HELD
from offboarding.operations.step_actions import is_recheck_of_completed
from offboarding.permissions import FORCE, RUN
from offboarding.presentation.looks import is_late, step_badge
from offboarding.states import CLOSED, ONLY_A_PERSON, STUCK, Phase, StepKind
from workqueue.models import JobState

SKIPPED_KINDS = (StepKind.BREAKS, StepKind.ACCESS_TOKEN, StepKind.WORKSPACE_ADMIN)
NAMES_SHOWN = 12


def facts(step: Step) -> list[dict[str, Any]]:
    """Where it belongs, who does it, until when."""
    job, is_open = step.job, step.closed_at is None
    rows: list[dict[str, Any]] = [
        {"label": "Phase", "value": step.get_phase_display()},
        {"label": "What it does", "value": step.get_kind_display()},
    ]
    if step.assignee or step.phase == Phase.HAND_OVER:
        rows.append({"label": "Who does it", "value": str(step.assignee or "nobody yet")})
    if step.due_at:
        rows.append({"label": "Until", "value": "", "at": step.due_at})
    if is_open and job.attempt:
        rows.append({"label": "Attempts", "value": str(job.attempt)})
    if is_open and job.state == JobState.WAITING and job.reason != HELD:
        rows.append({"label": "Tries again", "value": "", "at": job.next_attempt_at})
    if step.is_high_risk and is_open:
        rows.append({"label": "Risk", "value": "High: a second person confirms it"})
    if step.closed_at:
        rows.append({"label": "Closed", "value": "", "at": step.closed_at})
    return rows


def actions(step: Step, plan: Plan, user: User, asked: Sequence[Countersign]) -> dict[str, bool]:
    """What this user may do about a step; for the leaver, and for auditors, nothing."""
    is_open = step.closed_at is None and step.job.state not in CLOSED
    lives = plan.is_started or is_recheck_of_completed(plan, step)
    may = is_open and lives and plan.person_id != user.person_id
    runs = may and user.has_perm(RUN)
    is_asked = {one.purpose for one in asked}
    return {
        "runs": runs,
        "can_decide": runs and step.kind == StepKind.DEPLOY_KEY and step.decision != KeyDecision.DELETE,
        "can_attest": may and (runs or step.assignee_id == user.person_id) and _takes_words(step),
        "can_retry": runs and _can_be_tried(step),
        # What a machine does, it is asked to do again before anybody gives a word for it.
        "retry_first": runs and _can_be_tried(step) and step.phase != Phase.HAND_OVER,
        "can_skip": runs and step.kind in SKIPPED_KINDS and "task" not in is_asked,
        "can_assign": runs and (step.phase == Phase.HAND_OVER or step.kind == StepKind.DEPLOY_KEY),
        "can_force": runs and user.has_perm(FORCE) and "force_close" not in is_asked,
        "has_items": step.kind == StepKind.ROTATE,
        "can_rotate": runs and step.kind == StepKind.ROTATE and step.job.state == JobState.NEEDS_HUMAN,
    }


def _takes_words(step: Step) -> bool:
    return step.attested_at is None and step.kind != StepKind.ROTATE and may_be_attested(step)


def _can_be_tried(step: Step) -> bool:
    is_question = step.kind == StepKind.DEPLOY_KEY and step.decision != KeyDecision.DELETE
    if step.kind in ONLY_A_PERSON or is_question or step.job.reason == HELD:
        return False
    return step.job.state in (*STUCK, JobState.WAITING)


def evidence_row(row: Evidence) -> dict[str, Any]:
    """One request and its answer, or one word."""
    return {
        "at": row.at,
        "request": row.request,
        "subject": row.subject,
        "answer": row.answer if row.answered_at else "No answer was recorded: nobody knows what became of it",
        "is_lost": row.answered_at is None,
        "by": row.by,
        "proves": row.proves,
        "is_word": not row.request,
    }


def item_row(item: RotateItem, user: User) -> dict[str, Any]:
    """One place of the rotate list: names, never values."""
    names = [str(one.get("name", "")) for one in item.variables]
    return {
        "pk": item.pk,
        "rank": item.rank,
        "place": str(item),
        "secured": item.secured,
        "readable": item.readable,
        "names": [
            {"name": str(one.get("name", "")), "secured": bool(one.get("secured")), "where": str(one.get("where", ""))}
            for one in item.variables[:NAMES_SHOWN]
        ],
        "more_names": max(0, len(names) - NAMES_SHOWN),
        "runners": [_runner_name(one) for one in item.runners],
        "has_pipeline_key": item.has_pipeline_key,
        "runs": item.runs,
        "last_run_at": item.last_run_at,
        "unread": [{"what": str(what), "why": str(why)} for what, why in item.unread],
        "owner": str(item.owner or ""),
        "is_mine": item.owner_id == user.person_id,
        "done_at": item.done_at,
        "done_by": str(item.done_by or ""),
        "words": item.words,
    }


def _runner_name(one: Any) -> str:
    return str(one.get("name", one)) if isinstance(one, dict) else str(one)


def task_row(step: Step) -> dict[str, Any]:
    """A step as whoever has to do it sees it in a list."""
    return {
        "title": step.title,
        "leaver": str(step.plan.person),
        "due_at": step.due_at,
        "is_late": is_late(step, timezone.now()),
        "badge": step_badge(step),
        "is_high_risk": step.is_high_risk,
        "pk": step.pk,
    }
