"""Where django-allauth asks what the portal thinks: who comes in, where to go next, and nothing else."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.adapter import get_adapter as get_account_adapter
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialLogin
from allauth.socialaccount.providers.base import AuthError
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from requests import RequestException, Session

from accounts.actors import Visitor
from accounts.gate import DEADLINE_SECONDS, look_at, turn_away
from accounts.models import User
from accounts.observation import Profile
from accounts.operations import end_session, start_session
from accounts.redirects import is_own_path
from accounts.refusals import Reason, SignInRefused
from bitbucket.session import safe_session


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth ships no types
    """Sessions: how they start and end. There are no passwords, forms or addresses to manage."""

    def is_safe_url(self, url: str) -> bool:
        """Whether a sign-in may lead there: to a path of this portal and nowhere else."""
        return is_own_path(url)

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never: the gate makes the users."""
        return False

    def get_login_stages(self) -> list[str]:
        """None: Bitbucket has done what there is to do."""
        return []

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """Nothing: the pages say it themselves."""

    def login(self, request: HttpRequest, user: User) -> None:
        """Start Django's session, bound to the backend that looks at the roles."""
        user.backend = "accounts.roles.RoleBackend"
        super().login(request, user)

    def logout(self, request: HttpRequest) -> None:
        """End Django's session and tell the trail."""
        if isinstance(request.user, User):
            end_session(request.user, acting_user=request.user)
        super().logout(request)

    def respond_user_inactive(self, request: HttpRequest, user: User) -> HttpResponse:
        """The refusal page, should a user be switched off between the gate and here."""
        return turn_away(request, Reason.DEACTIVATED, acting_user=Visitor(user.username, str(user.person)))


class BitbucketAccountAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]  # allauth ships no types
    """The gate's place in allauth's flow.

    allauth's own rows (social account, token, e-mail address) stay empty: the user is found by the account id
    alone, so no address can link two people, and its sign-up form, which would put the token into the session,
    is never reached.
    """

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Let the person in or turn them away, at every sign-in.

        Raises:
            ImmediateHttpResponse: with the page that says why not.
        """
        profile = Profile.from_mapping(sociallogin.account.extra_data)
        visitor = Visitor(profile.account_id, profile.display_name)
        if sociallogin.state.get("process") != "login":
            raise ImmediateHttpResponse(turn_away(request, Reason.ERROR, acting_user=visitor))
        try:
            seen = look_at(profile, sociallogin.token.token)
        except SignInRefused as refused:
            page = turn_away(request, refused.reason, acting_user=visitor)
            raise ImmediateHttpResponse(page) from None
        if request.user.is_authenticated:
            get_account_adapter(request).logout(request)
        sociallogin.user = start_session(seen, acting_user=visitor)

    def on_authentication_error(
        self,
        request: HttpRequest,
        provider: Any,
        error: str | None = None,
        exception: Exception | None = None,
        extra_context: dict[str, Any] | None = None,
    ) -> None:
        """Say what went wrong before the gate was reached.

        Raises:
            ImmediateHttpResponse: always, with the refusal page.
        """
        knows_state = bool((extra_context or {}).get("state"))
        reason = _reason_from(error, exception, knows_state=knows_state)
        raise ImmediateHttpResponse(turn_away(request, reason))

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        """Never: after the gate there is a user already.

        Raises:
            ImmediateHttpResponse: always.
        """
        raise ImmediateHttpResponse(turn_away(request, Reason.ERROR))

    def authenticate_by_email(self, login: SocialLogin) -> None:
        """Never: an e-mail address does not say who somebody is."""

    def populate_user(self, request: HttpRequest, sociallogin: SocialLogin, data: dict[str, Any]) -> Any:
        """Leave allauth's throw-away user empty."""
        return sociallogin.user

    def get_requests_session(self) -> Session:
        """The session that keeps the portal's rules for outgoing calls."""
        return safe_session(settings.OUTBOUND_PROXY, settings.CA_BUNDLE, deadline_seconds=DEADLINE_SECONDS)


def _reason_from(error: str | None, exception: Exception | None, *, knows_state: bool) -> Reason:
    if error == AuthError.CANCELLED:
        return Reason.CANCELLED
    if isinstance(exception, RequestException):
        return Reason.BITBUCKET_UNREACHABLE
    return Reason.ERROR if knows_state or exception is not None else Reason.STATE_MISMATCH
