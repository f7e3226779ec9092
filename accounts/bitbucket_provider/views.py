"""The two addresses of the sign-in: where it starts (by POST) and where Bitbucket sends people back to."""

from typing import Any
from urllib.parse import urlencode

from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.models import SocialLogin, SocialToken
from allauth.socialaccount.providers.oauth2.views import OAuth2Adapter, OAuth2CallbackView, OAuth2LoginView
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_GET

from accounts.bitbucket_provider.exchange import TOKEN_PATH, exchange_code
from accounts.gate import read_profile, turn_away
from accounts.redirects import own_path
from accounts.refusals import Reason, SignInRefused


class BitbucketAdapter(OAuth2Adapter):  # type: ignore[misc]  # allauth ships no types
    """How allauth talks to Bitbucket: addresses from the settings, every status looked at, nothing kept."""

    provider_id = "bitbucket_oauth2"
    basic_auth = True

    @property
    def authorize_url(self) -> str:
        """Bitbucket's consent page."""
        return f"{settings.BITBUCKET_WEB_URL}/site/oauth2/authorize"

    @property
    def access_token_url(self) -> str:
        """Where the code is exchanged."""
        return f"{settings.BITBUCKET_WEB_URL}{TOKEN_PATH}"

    def get_callback_url(self, request: HttpRequest, app: Any) -> str:
        """The portal's address from the settings: the consumer is registered with it, not with a Host header."""
        return settings.PORTAL_URL + reverse("bitbucket_oauth2_callback")

    def get_access_token_data(
        self, request: HttpRequest, app: Any, client: Any, pkce_code_verifier: str | None = None
    ) -> dict[str, str]:
        """The access token alone; the refresh token goes no further.

        Raises:
            ImmediateHttpResponse: with the page that says why not.
        """
        code = request.GET.get("code", "")
        try:
            token = exchange_code(
                code, key=app.client_id, secret=app.secret, callback_url=self.get_callback_url(request, app)
            )
        except SignInRefused as refused:
            raise ImmediateHttpResponse(turn_away(request, refused.reason)) from None
        self.did_fetch_access_token = True
        return {"access_token": token}

    def complete_login(self, request: HttpRequest, app: Any, token: SocialToken, **_: Any) -> SocialLogin:
        """Who the token belongs to.

        Raises:
            ImmediateHttpResponse: Bitbucket did not say; with the page that tells so.
        """
        try:
            profile = read_profile(token.token)
        except SignInRefused as refused:
            raise ImmediateHttpResponse(turn_away(request, refused.reason)) from None
        return self.get_provider().sociallogin_from_response(request, profile.as_mapping())


class BitbucketLoginView(OAuth2LoginView):  # type: ignore[misc]  # allauth ships no types
    """Starts a sign-in. Only by POST, so that no link and no picture on another site can."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Send the person to Bitbucket, or to the sign-in page when they came by a link."""
        if request.method != "POST":
            path = own_path(request.GET.get("next"))
            return HttpResponseRedirect(reverse("signin") + (f"?{urlencode({'next': path})}" if path else ""))
        # allauth also offers to connect a second account to a user, and to redirect without signing in.
        if {*request.GET.getlist("process"), *request.POST.getlist("process")} - {"login"}:
            return turn_away(request, Reason.ERROR)
        response: HttpResponse = super().dispatch(request, *args, **kwargs)
        return response


oauth2_login = BitbucketLoginView.adapter_view(BitbucketAdapter)
oauth2_callback = require_GET(OAuth2CallbackView.adapter_view(BitbucketAdapter))
