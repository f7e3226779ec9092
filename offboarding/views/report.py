"""The report of a plan as PDF, and asking for its signed evidence pack."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST, require_safe

from accounts.access import require, signed_in_user
from offboarding.operations.packing import ask_for_pack
from offboarding.permissions import RUN, VIEW
from offboarding.report_pdf import report_pdf
from offboarding.views.common import plan_or_404
from tokens.views.shared import attempt


@require_safe
@require(VIEW)
def plan_report(request: HttpRequest, pk: int) -> HttpResponse:
    """The report as it stands now, shown in the browser and kept nowhere."""
    plan = plan_or_404(pk)
    headers = {"Content-Disposition": f'inline; filename="offboarding-{plan.pk}.pdf"', "Cache-Control": "no-store"}
    return HttpResponse(report_pdf(plan), content_type="application/pdf", headers=headers)


@require_POST
@require(RUN)
def plan_pack(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask the worker for a pack."""
    plan, user = plan_or_404(pk), signed_in_user(request)
    return attempt(
        request,
        lambda: ask_for_pack(plan, acting_user=user),
        then=plan.get_absolute_url(),
        done="The evidence pack is being made. It stands in the list when it is signed.",
    )
