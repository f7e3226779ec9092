"""Plans with many steps, without the hour it would take to make them at the sandbox."""

from django.utils import timezone

from offboarding.models import Evidence, Plan, Step
from offboarding.states import StepKind
from workqueue.models import Job


def add_removed_grants(plan: Plan, number: int) -> None:
    """Steps that removed a grant each, with the row that proves it."""
    now = timezone.now()
    names = [f"many:{one}" for one in range(number)]
    jobs = Job.objects.bulk_create(
        [Job(kind="offboard_remove_grant", key=f"{plan.pk}:{name}", state="done", ended_at=now) for name in names]
    )
    Step.objects.filter(plan=plan, kind=StepKind.READ_RIGHTS).update(verdict="proven", closed_at=now)
    steps = Step.objects.bulk_create(
        [
            Step(
                plan=plan,
                kind=StepKind.REMOVE_GRANT,
                phase="clean_up",
                title=f"Remove a grant at acme/{name}",
                key=name,
                job=job,
                target={"where": "repository", "name": name, "address": name},
                verdict="proven",
                closed_at=now,
            )
            for name, job in zip(names, jobs, strict=True)
        ]
    )
    rows = [Evidence(step=step, at=now, request="GET /x", answer="200", by="revoke bot", proves=True) for step in steps]
    Evidence.objects.bulk_create(rows)
