"""What an evidence pack of a plan holds: every row of it, its events, the statement and the report."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet
from django.utils import timezone

from audit.content import JsonValue, time_text
from audit.models import Event
from audit.packs import Line, build_pack, lines_of_events
from offboarding.coverage import Coverage, coverage_of
from offboarding.models import Countersign, Evidence, Plan, RotateItem, Step
from offboarding.report_pdf import report_pdf
from offboarding.statement import ENDS, text_of
from tokens.models import Credential

# The plan's time is this machine's, the trail's is the database's.
CLOCKS_MAY_DIFFER = timedelta(minutes=5)


_PLAN_MOMENTS = (
    "leaves_at",
    "reported_at",
    "starts_at",
    "planned_at",
    "started_at",
    "cut_at",
    "clean_up_released_at",
    "stopped_at",
    "completed_at",
    "cancelled_at",
)
_PLAN_WORDS = (
    "state",
    "origin",
    "reference",
    "planned_by_label",
    "started_by_label",
    "clean_up_released_because",
    "stopped_because",
    "cancelled_because",
    "token_name",
)


def packed(plan: Plan) -> bytes:
    """Build the signed pack of a plan as it stands now.

    Raises:
        NoSigningKey: this process has no key to sign with.
        RefusedContent: something in it looks like a secret.
        DoesNotHold: it is larger than a pack may be.
    """
    at = timezone.now()
    coverage = coverage_of(plan)
    return build_pack(
        f"Offboarding {plan.pk} of {plan.person}",
        {
            "plan": [_plan(plan)],
            "steps": map(_step, _steps(plan)),
            "evidence": map(_evidence, Evidence.objects.filter(step__plan=plan).order_by("at", "pk").iterator()),
            "countersigns": map(_countersign, _countersigns(plan)),
            "rotation": map(_item, _items(plan)),
            "coverage": _coverage(coverage),
            "events": lines_of_events(events_of(plan)),
        },
        about={"plan": plan.pk, "account_id": plan.person.account_id, "reference": plan.reference},
        made_at=at,
        attachments={
            "statement.txt": text_of(plan, coverage).encode(),
            "report.pdf": report_pdf(plan, at=at, coverage=coverage),
        },
    )


def events_of(plan: Plan) -> QuerySet[Event]:
    """The trail's events that name this plan, and since it was planned those about its leaver and what they held."""
    held = Credential.objects.filter(holder=plan.person).values_list("pk", flat=True)
    since = Q(at__gte=plan.planned_at - CLOCKS_MAY_DIFFER)
    person = Q(subject_type="person", subject_id=plan.person.account_id) & (Q(details__plan=plan.pk) | since)
    credentials = Q(subject_type="credential", subject_id__in=[str(pk) for pk in held]) & since
    return Event.objects.filter(person | credentials).order_by("seq")


def _plan(plan: Plan) -> Line:
    return {
        "plan": plan.pk,
        "account_id": plan.person.account_id,
        "name": str(plan.person),
        "is_forced": plan.is_forced,
        **{name: getattr(plan, name) for name in _PLAN_WORDS},
        **{name: _moment(getattr(plan, name)) for name in _PLAN_MOMENTS},
    }


def _steps(plan: Plan) -> QuerySet[Step]:
    rows = Step.objects.filter(plan=plan).order_by("position", "pk")
    return rows.select_related("job", "assignee", "attested_by", "decided_by")


def _step(step: Step) -> Line:
    words = ("kind", "phase", "key", "title", "detail", "verdict", "verdict_words", "attestation", "decision")
    people = ("assignee", "attested_by", "decided_by")
    return {
        "step": step.pk,
        **{name: getattr(step, name) for name in words},
        **{name: _person(getattr(step, name)) for name in people},
        "state": step.job.state,
        "reason": step.job.reason,
        "is_high_risk": step.is_high_risk,
        "closed_at": _moment(step.closed_at),
        "attested_at": _moment(step.attested_at),
        "due_at": _moment(step.due_at),
    }


def _evidence(row: Evidence) -> Line:
    return {
        "step": row.step_id,
        "at": _moment(row.at),
        "request": row.request,
        "answered_at": _moment(row.answered_at),
        "status": row.status,
        "answer": row.answer,
        "subject": row.subject,
        "proves": row.proves,
        "by": row.by,
    }


def _countersigns(plan: Plan) -> QuerySet[Countersign]:
    return Countersign.objects.filter(plan=plan).select_related("asked_by", "confirmed_by").order_by("asked_at", "pk")


def _countersign(row: Countersign) -> Line:
    return {
        "step": row.step_id,
        "purpose": row.purpose,
        "because": row.because,
        "asked_by": row.asked_by_label,
        "asked_at": _moment(row.asked_at),
        "confirmed_by": _person(row.confirmed_by),
        "confirmed_at": _moment(row.confirmed_at),
        "dropped_at": _moment(row.dropped_at),
    }


def _items(plan: Plan) -> QuerySet[RotateItem]:
    rows = RotateItem.objects.filter(step__plan=plan).order_by("rank", "pk")
    return rows.select_related("repository", "workspace", "owner", "done_by")


def _item(item: RotateItem) -> Line:
    return {
        "step": item.step_id,
        "place": str(item),
        "variables": item.variables,
        "runners": item.runners,
        "has_pipeline_key": item.has_pipeline_key,
        "last_run_at": _moment(item.last_run_at),
        "runs": item.runs,
        "unread": item.unread,
        "owner": _person(item.owner),
        "done_at": _moment(item.done_at),
        "done_by": _person(item.done_by),
        "words": item.words,
    }


def _coverage(coverage: Coverage) -> Iterator[Line]:
    for line in coverage.lines:
        yield {
            "kind": line.kind,
            "name": line.name,
            "covered": line.covered.value,
            "words": line.words,
            "owner": _person(line.owner),
            "due_at": _moment(line.due_at),
            "steps": [step.pk for step in line.steps],
        }
    for one in coverage.minutes:
        numbers: dict[str, JsonValue] = {name: getattr(one, name) for name, _ in ENDS}
        yield {"minutes_since": one.since, "moment": _moment(one.moment), **numbers}


def _moment(moment: datetime | None) -> str | None:
    return None if moment is None else time_text(moment)


def _person(person: object) -> str:
    return "" if person is None else str(person)
