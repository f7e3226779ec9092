"""Signing in to the stand-in's pages: pick who you are; no passwords."""

from urllib.parse import urlsplit

from werkzeug.wrappers import Response

from sandbox.answers import Refusal
from sandbox.cast import CAST
from sandbox.context import Context
from sandbox.html import Html, page, render, session_of
from sandbox.sessions import COOKIE, Session

_WORDS = {role.key: role.words for role in CAST}


def redirect(address: str) -> Response:
    """Send the browser elsewhere with GET."""
    return Response(status=303, headers={"Location": address, "Cache-Control": "no-store"})


def persona_picker(context: Context, title: str) -> Response:
    """Answer with one button per person of the cast; the form goes to the address that was asked for."""
    people = [one for one in context.world.accounts.values() if one.is_persona]
    buttons = [
        render(
            "persona.html",
            key=one.key,
            name=one.display_name,
            initial=one.display_name[0],
            words=_WORDS[one.key] if one.is_on else "deactivated",
        )
        for one in people
    ]
    action = context.request.full_path.rstrip("?")
    return page(context, title, render("picker.html", title=title, action=action, buttons=Html.of(buttons)))


def sign_in(context: Context, persona: str, then: str) -> Response:
    """Start a session for one of the cast and go on to a page of our own."""
    account = next((one for one in context.world.accounts.values() if one.is_persona and one.key == persona), None)
    if account is None:
        return page(context, "Unknown", render("message.html", title="Unknown", words="There is no such person."), 400)
    response = redirect(local_path(then))
    value = context.world.sessions.start(account.account_id)
    response.set_cookie(COOKIE, value, httponly=True, samesite="Lax", path="/")
    return response


def local_path(address: str) -> str:
    """Give the address when it stays here, else the front page."""
    parts = urlsplit(address)
    is_local = address.startswith("/") and not address.startswith("//") and not parts.netloc and "\\" not in address
    return address if is_local else "/"


def check_form(context: Context) -> Session:
    """Give the session a form belongs to; raises Refusal (403) when the form did not come from our page."""
    session = session_of(context)
    if session is None or context.request.form.get("form_token") != session.form_token:
        words = "This form is too old or was not sent from this page. Go back and try again."
        raise Refusal(page(context, "Try again", render("message.html", title="Try again", words=words), 403))
    return session


def sign_out(context: Context) -> Response:
    """POST /logout."""
    check_form(context)
    context.world.sessions.end(context.request.cookies.get(COOKIE, ""))
    response = redirect("/")
    response.delete_cookie(COOKIE, path="/")
    return response
