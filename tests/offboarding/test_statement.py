"""The statement of a real plan, as text for a ticket."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from pytest_django import Settings

from accounts.models import User
from offboarding.models import Plan
from offboarding.operations.attesting import confirm_step, force_close
from offboarding.operations.planning import Wanted
from offboarding.operations.starting import start_plan
from offboarding.report_pdf import report_pdf
from offboarding.statement import statement_text
from offboarding.states import StepKind
from tests.offboarding.leaving import CLEAN_UP, CUT, Leaving


@pytest.fixture(autouse=True)
def addresses(settings: Settings) -> None:
    settings.ROOT_URLCONF = "tests.offboarding.addresses"


def test_show(leaving: Leaving, second_admin: User) -> None:
    leaving.token("first")
    plan = leaving.plan(
        Wanted(
            leaves_at=timezone.now() + timedelta(hours=3),
            reported_at=timezone.now() - timedelta(hours=4),
            reference="HR-7",
        )
    )
    p = plan.person
    p.display_name = "Łukasz 王芳 Żółć"
    p.save()
    Path("/tmp/offr/s0.txt").write_text(statement_text(plan))
    start_plan(plan, acting_user=leaving.admin)
    leaving.run(*CUT)
    plan.refresh_from_db()
    Path("/tmp/offr/s1.txt").write_text(statement_text(plan))
    leaving.run(*CLEAN_UP)
    for step in plan.steps.filter(closed_at=None):
        print(step.kind, step.key, step.job.state, step.job.reason)
    m = plan.steps.get(kind=StepKind.MEMBERSHIP)
    confirm_step(
        force_close(
            m,
            because="The workspace's admin is on holiday until Monday, the account is off anyway",
            acting_user=leaving.admin,
        ),
        acting_user=second_admin,
    )
    plan = Plan.objects.get(pk=plan.pk)
    Path("/tmp/offr/s2.txt").write_text(statement_text(plan))
    Path("/tmp/offr/r.pdf").write_bytes(report_pdf(plan))
