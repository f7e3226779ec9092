"""The portal's addresses, and a straightforward change list: what one gets from Django admin in ten lines."""

from typing import TYPE_CHECKING, Any

from django.contrib.admin import AdminSite, ModelAdmin
from django.http import HttpRequest
from django.urls import include, path

from tokens.models import Credential

if TYPE_CHECKING:
    Base = ModelAdmin[Credential]
else:
    Base = ModelAdmin


class OpenSite(AdminSite):
    """Whoever is signed in may enter: the portal's users have no flags of admin's."""

    def has_permission(self, request: HttpRequest) -> bool:
        """Everybody who is signed in."""
        return bool(request.user.is_authenticated)


class CredentialAdmin(Base):
    """The same columns, filters and search as the portal's page, as its documentation says to write them."""

    list_display = ("name", "holder", "kind", "scopes", "expires_at", "last_used_at", "standing", "state")
    list_filter = ("state", "standing", "kind", "verification_outcome", "holder_proof")
    list_select_related = ("holder", "request")
    list_per_page = 50
    search_fields = ("name", "listing_label", "holder__display_name", "request__code", "repository__full_name")
    ordering = ("-registered_at", "-id")

    def has_view_permission(self, *_: Any) -> bool:
        """Everybody may look."""
        return True

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Everybody may look."""
        return True


site = OpenSite(name="peer")
site.register(Credential, CredentialAdmin)
urlpatterns = [path("peer/", site.urls), path("", include("portal.urls"))]
