"""A plan as plain JSON: what the command prints, and parts of what the HTTP API answers."""

from collections import Counter
from datetime import datetime
from typing import Any

from offboarding.coverage import CoverageLine, Minutes, coverage_of
from offboarding.models import Evidence, Plan, Step
from offboarding.states import Phase


def plan_as_json(plan: Plan) -> dict[str, Any]:
    """Everything a plan shows: its steps with their evidence, what it covers, minutes and requests."""
    steps = plan.steps.select_related("job").prefetch_related("evidence").order_by("position", "pk")
    return {
        **head_as_json(plan),
        "steps": [_step(step) for step in steps],
        **statement_as_json(plan),
    }


def head_as_json(plan: Plan) -> dict[str, Any]:
    """What a plan is and how it stands."""
    return {
        "plan": plan.pk,
        "account_id": plan.person.account_id,
        "state": plan.state,
        "reference": plan.reference,
        "leaves_at": iso(plan.leaves_at),
        "reported_at": iso(plan.reported_at),
        "starts_at": iso(plan.starts_at),
        "planned_by": plan.planned_by_label,
        "started_at": iso(plan.started_at),
        "cut_at": iso(plan.cut_at),
        "completed_at": iso(plan.completed_at),
        "waits_for_second_admin": plan.waits_for_second_because,
    }


def statement_as_json(plan: Plan) -> dict[str, Any]:
    """What a plan covers as it stands: its lines, the minutes, the requests."""
    coverage = coverage_of(plan)
    return {
        "coverage": [_line(line) for line in coverage.lines],
        "minutes": [_minutes(one) for one in coverage.minutes],
        "requests": coverage.requests,
        "is_final": coverage.is_final,
    }


def counts_by_phase(plan: Plan) -> dict[str, dict[str, int]]:
    """How many steps each phase has in each state; a phase without any is there, empty."""
    pairs = Counter(Step.objects.filter(plan=plan).order_by().values_list("phase", "job__state"))
    return {phase: {state: n for (of, state), n in sorted(pairs.items()) if of == phase} for phase in Phase.values}


def iso(moment: datetime | None) -> str | None:
    """A moment as text."""
    return moment.isoformat() if moment else None


def _step(step: Step) -> dict[str, Any]:
    return {
        "id": step.pk,
        "key": step.key,
        "phase": step.phase,
        "kind": step.kind,
        "title": step.title,
        "state": step.job.state,
        "reason": step.job.reason,
        "verdict": step.verdict,
        "words": step.verdict_words,
        "evidence": [_evidence(row) for row in step.evidence.all()],
    }


def _evidence(row: Evidence) -> dict[str, Any]:
    return {
        "at": iso(row.at),
        "request": row.request,
        "status": row.status,
        "answer": row.answer,
        "subject": row.subject,
        "proves": row.proves,
        "by": row.by,
    }


def _line(line: CoverageLine) -> dict[str, Any]:
    return {
        "kind": line.kind,
        "name": line.name,
        "covered": line.covered.value,
        "words": line.words,
        "owner": str(line.owner) if line.owner else None,
        "due_at": iso(line.due_at),
    }


def _minutes(one: Minutes) -> dict[str, Any]:
    return {
        "since": one.since,
        "moment": iso(one.moment),
        "last_token_gone": one.last_token_gone,
        "account_off": one.account_off,
        "last_grant_gone": one.last_grant_gone,
        "last_manual_step": one.last_manual_step,
    }
