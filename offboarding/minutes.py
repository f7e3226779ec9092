"""How long it took: whole minutes from what people said, and from the start, to four ends."""

from collections.abc import Sequence
from datetime import datetime

from offboarding.coverage_facts import Facts
from offboarding.coverage_model import Covered, Minutes
from offboarding.coverage_rights import newest_proofs, rights_steps
from offboarding.coverage_steps import covered_by
from offboarding.models import Step
from offboarding.states import TASK_KINDS, StepKind


def minutes_of(facts: Facts) -> tuple[Minutes, ...]:
    """The minutes from `leaves_at`, from `reported_at` and from the start, in this order."""
    plan = facts.plan
    ends = (
        _proved(facts, facts.of(StepKind.DELETE_TOKENS, StepKind.DELETE_LATE_TOKENS)),
        _proved(facts, facts.of(StepKind.SWITCH_OFF)),
        _proved(facts, rights_steps(facts)) if newest_proofs(facts) else None,
        _closed(facts.of(*TASK_KINDS, StepKind.DEPLOY_KEY)),
    )
    moments = (("leaves_at", plan.leaves_at), ("reported_at", plan.reported_at), ("started_at", plan.started_at))
    return tuple(Minutes(since, moment, *(whole_minutes(moment, end) for end in ends)) for since, moment in moments)


def whole_minutes(moment: datetime | None, end: datetime | None) -> int | None:
    """Whole minutes from a moment to an end, negative where it came before; None where either is not there."""
    if moment is None or end is None:
        return None
    return int((end - moment).total_seconds() / 60)


def _proved(facts: Facts, steps: Sequence[Step]) -> datetime | None:
    """When the last of them was proven; None unless all are."""
    if not steps or any(covered_by(step, facts) != Covered.PROVEN for step in steps):
        return None
    return max(facts.proved_at[step.pk] for step in steps)


def _closed(steps: Sequence[Step]) -> datetime | None:
    """When the last task was closed, in whichever way; None while one is open, or where there was none."""
    moments = [step.closed_at for step in steps if step.closed_at is not None]
    return max(moments) if moments and len(moments) == len(steps) else None
