"""The portal's addresses, and those of this room's pages where it has none yet: messages lead to them."""

from django.http import HttpRequest, HttpResponse
from django.urls import path

from portal.urls import urlpatterns as _portal


def _page(_request: HttpRequest, pk: int) -> HttpResponse:
    return HttpResponse(str(pk))


urlpatterns = [
    *_portal,
    path("offboarding/<int:pk>/", _page, name="plan"),
    path("offboarding/tasks/<int:pk>/", _page, name="task"),
]
