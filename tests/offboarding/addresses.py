"""The portal's addresses, with a plan's page and what ends it, whether or not they are wired there already."""

from django.http import HttpRequest, HttpResponse
from django.urls import path

from offboarding.report_urls import report_urls
from portal.urls import urlpatterns as portal_urls

handler500 = "portal.errors.server_error"


def _page(_: HttpRequest, pk: int) -> HttpResponse:
    return HttpResponse(f"Offboarding {pk}")


urlpatterns = [
    *portal_urls,
    *report_urls,
    path("offboardings/<int:pk>/", _page, name="plan"),
    path("tasks/<int:pk>/", _page, name="task"),
]
