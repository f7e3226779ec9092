"""The provider that django-allauth finds in INSTALLED_APPS, instead of its own for Bitbucket."""

from typing import Any

from allauth.socialaccount.providers.base import ProviderAccount
from allauth.socialaccount.providers.oauth2.provider import OAuth2Provider
from django.http import HttpRequest

from accounts.bitbucket_provider.views import BitbucketAdapter


class BitbucketProvider(OAuth2Provider):  # type: ignore[misc]  # allauth ships no types
    """Bitbucket Cloud. Who somebody is, is their account id; an e-mail address says nothing."""

    id = "bitbucket_oauth2"
    name = "Bitbucket"
    package = "accounts.bitbucket_provider"
    account_class = ProviderAccount
    oauth2_adapter_class = BitbucketAdapter

    def get_scope_from_request(self, request: HttpRequest) -> list[str]:
        """The configured scopes. allauth would add what the address asks for, which anybody may write."""
        return list(self.get_scope())

    def get_auth_params_from_request(self, request: HttpRequest, action: str) -> dict[str, str]:
        """The configured parameters, for the same reason."""
        return dict(self.get_auth_params())

    def extract_uid(self, data: dict[str, Any]) -> str:
        """The account id."""
        return str(data["account_id"])

    def extract_common_fields(self, data: dict[str, Any]) -> dict[str, Any]:
        """Nothing: the portal keeps its own record of a person."""
        return {}


provider_classes = [BitbucketProvider]
