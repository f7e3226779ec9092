"""Who may open what: one short place that every view and operation asks."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from accounts.actors import Acting, Service, System, actor
from accounts.models import User
from accounts.policy import SERVICE_PERMISSIONS
from accounts.roles import permissions_of
from audit import trail
from audit.tags import Tag

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]

REFUSED_WORDS = "Your role does not include this. If you think it should, ask one of the portal's admins."


def signed_in_user(request: HttpRequest) -> User:
    """The user of a request that passed `require` or `require_signed_in`.

    Raises:
        PermissionDenied: nobody is signed in.
    """
    if not isinstance(request.user, User):
        raise PermissionDenied(REFUSED_WORDS)
    return request.user


def require_signed_in(view: View[P]) -> View[P]:
    """A view for anybody who is signed in; others are sent to the sign-in page and back."""

    @wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if not request.user.is_authenticated:
            return to_sign_in(request)
        return view(request, *args, **kwargs)

    return guarded


def require(permission: str) -> Callable[[View[P]], View[P]]:
    """A view for those whose role carries ``permission``.

    Args:
        permission: such as ``accounts.view_people``.

    Returns:
        A decorator. Signed out → the sign-in page, which leads back; without the permission → the 403 page,
        and where the request would have changed something, an event in the trail.
    """

    def decorate(view: View[P]) -> View[P]:
        @wraps(view)
        def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            if not request.user.is_authenticated:
                return to_sign_in(request)
            user = signed_in_user(request)
            if not user.has_perm(permission):
                if request.method not in {"GET", "HEAD", "OPTIONS"}:
                    record_refusal(user, permission=permission, path=request.path)
                raise PermissionDenied(REFUSED_WORDS)
            return view(request, *args, **kwargs)

        guarded.required_permission = permission  # type: ignore[attr-defined]
        return guarded

    return decorate


def authorise(acting_user: Acting, permission: str) -> None:
    """Refuse an operation whose actor lost the right between the click and now; reads roles afresh.

    Raises:
        PermissionDenied: the actor's roles, or the scopes of a service token, do not carry ``permission``. The
            portal's own work may do everything it has code for.
    """
    if isinstance(acting_user, System):
        return
    if isinstance(acting_user, Service) and any(
        permission in SERVICE_PERMISSIONS.get(scope, ()) for scope in acting_user.scopes
    ):
        return
    if not isinstance(acting_user, User) or permission not in permissions_of(acting_user):
        raise PermissionDenied(REFUSED_WORDS)


def record_refusal(user: User, *, permission: str, path: str) -> None:
    """Put into the trail that somebody tried to change what they may not."""
    with transaction.atomic():
        trail.record(
            Tag.ACCESS_REFUSED,
            actor=actor(user),
            subject=trail.Subject(type="page", id=path, label=path),
            permission=permission,
        )


def to_sign_in(request: HttpRequest) -> HttpResponse:
    """The way to the sign-in page. Only a page that can be opened again by its address is come back to."""
    url = reverse("signin")
    if request.method == "GET" and not request.headers.get("HX-Request"):
        url = f"{url}?{urlencode({'next': request.get_full_path()})}"
    if request.headers.get("HX-Request"):
        return HttpResponse(headers={"HX-Redirect": url})
    return HttpResponseRedirect(url)
