"""Every address of the portal."""

from django.urls import include, path

from portal.api import api
from portal.health import healthz, readyz
from portal.metrics import metrics

handler500 = "portal.errors.server_error"

urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
    path("metrics", metrics, name="metrics"),
    path("api/v1/", api.urls),
    path("", include("accounts.urls")),
    path("", include("audit.urls")),
    path("", include("tokens.urls")),
    path("", include("offboarding.urls")),
]
