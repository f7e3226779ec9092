"""The report of a plan as PDF, and asking for its signed evidence pack."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_POST, require_safe

from accounts.access import require, signed_in_user
from offboarding.models import Plan
from offboarding.operations.packing import ask_for_pack
from offboarding.permissions import RUN, VIEW
from offboarding.report_pdf import report_pdf
from tokens.views.shared import attempt


@require_safe
@require(VIEW)
def plan_report(request: HttpRequest, pk: int) -> HttpResponse:
    """The report as it stands now, shown in the browser and kept nowhere."""
    plan = _plan(pk)
    headers = {"Content-Disposition": f'inline; filename="offboarding-{plan.pk}.pdf"', "Cache-Control": "no-store"}
    return HttpResponse(report_pdf(plan), content_type="application/pdf", headers=headers)


@require_POST
@require(RUN)
def plan_pack(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask the worker for a pack."""
    plan, user = _plan(pk), signed_in_user(request)
    return attempt(
        request,
        lambda: ask_for_pack(plan, acting_user=user),
        then=plan.get_absolute_url(),
        done="The evidence pack is being made. It stands in the list when it is signed.",
    )


def _plan(pk: int) -> Plan:
    return get_object_or_404(Plan.objects.select_related("person", "planned_by"), pk=pk)
