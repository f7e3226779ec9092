"""Front page, personal settings, and the page where app passwords used to be."""

from collections.abc import Callable
from functools import wraps

from werkzeug.wrappers import Response

from sandbox.cast import WORKSPACE
from sandbox.context import Context, Handler
from sandbox.html import page, render, session_of
from sandbox.model import Account
from sandbox.sessions import Session
from sandbox.web_session import persona_picker, sign_in

SignedIn = Callable[..., Response]


def signed_in(view: SignedIn) -> Handler:
    """Ask who it is first; the view gets the session and the person."""

    @wraps(view)
    def guarded(context: Context, **arguments: str) -> Response:
        if context.request.method == "POST" and "persona" in context.request.form:
            return sign_in(context, context.request.form["persona"], context.request.full_path.rstrip("?"))
        session = session_of(context)
        if session is None:
            return persona_picker(context, "Log in")
        return view(context, session, context.world.accounts[session.account_id], **arguments)

    return guarded


def home(context: Context) -> Response:
    """GET /."""
    repository = context.world.workspaces[WORKSPACE].repositories[0].full_name
    return page(context, "Sandbox", render("home.html", repository=repository))


@signed_in
def settings(context: Context, session: Session, person: Account) -> Response:
    """GET /account/settings/."""
    body = render("settings.html", name=person.display_name, email=person.email, nickname=person.nickname)
    return page(context, "Personal settings", body)


@signed_in
def security(context: Context, session: Session, person: Account) -> Response:
    """GET /manage-profile/security."""
    return page(context, "Security", render("security.html"))


@signed_in
def app_passwords(context: Context, session: Session, person: Account) -> Response:
    """GET /account/settings/app-passwords/: they are gone."""
    return page(context, "App passwords", render("app_passwords.html"))
