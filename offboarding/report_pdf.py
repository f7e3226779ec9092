"""The report that ends a plan, as PDF: the statement, the minutes, every step with its proof, and what people said."""

from datetime import datetime

from django.conf import settings
from django.utils import timezone

from offboarding.coverage import Coverage, coverage_of
from offboarding.models import Plan
from offboarding.report import parts, step_parts
from offboarding.report.page import Sheet
from offboarding.report.rows import rows_of
from offboarding.statement import moment_words


def report_pdf(plan: Plan, *, at: datetime | None = None, coverage: Coverage | None = None) -> bytes:
    """Draw it. The same plan and moment give the same bytes.

    Args:
        plan: which.
        at: the moment that it says it was made at; None for now.
        coverage: what it covers; None for asking.
    """
    made_at = (at or timezone.now()).replace(microsecond=0)
    covered = coverage or coverage_of(plan)
    rows = rows_of(plan)
    foot = f"{settings.PORTAL_URL}{plan.get_absolute_url()} · made {moment_words(made_at)}"
    sheet = Sheet(foot, title=f"Offboarding of {plan.person}", at=made_at)
    parts.draw_head(sheet, plan, covered)
    parts.draw_minutes(sheet, covered)
    parts.draw_forced(sheet, rows.forced)
    parts.draw_statement(sheet, covered)
    parts.draw_people(sheet, rows)
    step_parts.draw_steps(sheet, rows)
    return bytes(sheet.output())
