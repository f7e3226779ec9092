"""Pages from small templates: every value is escaped unless it is a piece of page itself."""

import functools
import html
from collections.abc import Iterable
from pathlib import Path
from string import Template

from werkzeug.wrappers import Response

from sandbox.context import Context
from sandbox.sessions import COOKIE, Session

_PAGES = Path(__file__).parent / "pages"
# No form-action: Chromium applies it to the redirect that leads back to the portal after consent.
_POLICY = "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; frame-ancestors 'none'"


class Html(str):
    """Text that is a piece of page already."""

    __slots__ = ()

    @staticmethod
    def of(pieces: Iterable["Html"]) -> "Html":
        """Put pieces one after the other."""
        return Html("\n".join(pieces))


@functools.cache
def _template(name: str) -> Template:
    return Template((_PAGES / name).read_text())


def render(template: str, /, **values: object) -> Html:
    """Fill a template; a value that is no Html is escaped, and a missing one is an error."""
    safe = {key: value if isinstance(value, Html) else html.escape(str(value)) for key, value in values.items()}
    return Html(_template(template).substitute(safe))


def session_of(context: Context) -> Session | None:
    """Find the browser's session; cookies of anything else on this host are not looked at."""
    return context.world.sessions.get(context.request.cookies.get(COOKIE, ""))


def account_menu(context: Context) -> Html:
    """Give the line that says who is signed in."""
    session = session_of(context)
    if session is None:
        return Html("")
    person = context.world.accounts[session.account_id]
    initial = person.display_name[0]
    return render("menu.html", name=person.display_name, initial=initial, form_token=session.form_token)


def page(context: Context, title: str, body: Html, status: int = 200) -> Response:
    """Answer with a whole page that says plainly what it is."""
    text = render("layout.html", title=title, body=body, menu=account_menu(context))
    response = Response(text, status=status, content_type="text/html; charset=utf-8")
    response.headers["Cache-Control"] = "no-store"
    response.headers["Content-Security-Policy"] = _POLICY
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


def stylesheet() -> Response:
    """Answer with the pages' one stylesheet."""
    return Response((_PAGES / "sandbox.css").read_text(), content_type="text/css; charset=utf-8")
