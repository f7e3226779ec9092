"""The settings page of a repository, project or workspace where its administrator makes and revokes access tokens."""

from collections.abc import Callable

from werkzeug.wrappers import Response

from sandbox.context import Context, Handler
from sandbox.html import Html, page, render
from sandbox.model import AccessToken, Account
from sandbox.scopes import ACCESS_TOKEN_SCOPES
from sandbox.sessions import Session
from sandbox.token_places import TokenPlace
from sandbox.web import signed_in
from sandbox.web_expiry import date_limits, expiry_from
from sandbox.web_session import check_form, redirect

Find = Callable[..., TokenPlace]


class AccessTokenPages:
    """The page of one kind of place: its list with the form, creating, revoking."""

    def __init__(self, find: Find) -> None:
        """Serve the places that `find` gives for a person and the names in the address; it refuses everybody else."""
        self._find = find

    def handlers(self) -> tuple[Handler, Handler, Handler]:
        """Give what answers the page, its form and the revocation of one token."""
        return signed_in(self._show), signed_in(self._create), signed_in(self._revoke)

    def _show(self, context: Context, session: Session, person: Account, **names: str) -> Response:
        return _list(context, session, self._find(context, person, **names))

    def _create(self, context: Context, session: Session, person: Account, **names: str) -> Response:
        """Make an access token and show it once; sending the same form again only shows the list."""
        check_form(context)
        place = self._find(context, person, **names)
        form = context.request.form
        if not session.close_form(form.get("form_number", "")):
            return redirect(place.address)
        expires_at = expiry_from(form.get("expires_on", ""), context.world.now())
        name, scopes = form.get("label", "").strip(), tuple(form.getlist("scope"))
        if expires_at is None or not name or not set(scopes) <= set(ACCESS_TOKEN_SCOPES[place.kind]):
            return _list(context, session, place, "Give a name, known scopes, and an expiry within a year.")
        token, secret = context.world.create_access_token(
            kind=place.kind,
            name=name,
            scopes=scopes,
            workspace=place.workspace,
            project=place.project,
            repository=place.repository,
            expires_at=expires_at,
        )
        return _shown_once(context, place, token, secret)

    def _revoke(self, context: Context, session: Session, person: Account, token_id: str, **names: str) -> Response:
        """Delete a token of this place; one of another place is left alone."""
        check_form(context)
        place = self._find(context, person, **names)
        if token_id in {one.id for one in _tokens(context, place)}:
            context.world.delete_access_token(token_id)
        return redirect(place.address)


def _tokens(context: Context, place: TokenPlace) -> list[AccessToken]:
    return context.world.access_tokens_of(place.workspace, project=place.project, repository=place.repository)


def _list(context: Context, session: Session, place: TokenPlace, error: str = "") -> Response:
    rows = [_row(one, place, session) for one in _tokens(context, place)]
    earliest, latest = date_limits(context.world.now())
    offered = ACCESS_TOKEN_SCOPES[place.kind].items()
    body = render(
        "access_tokens.html",
        noun=place.noun,
        settings=f"{place.noun.capitalize()} settings",
        name=render("link.html", address=place.home, words=place.name) if place.home else place.name,
        rows=render("token_table.html", rows=Html.of(rows)) if rows else Html("<p>There are none.</p>"),
        error=render("error.html", words=error) if error else Html(""),
        form_token=session.form_token,
        form_number=session.open_form(),
        expires_on=latest,
        earliest=earliest,
        latest=latest,
        scopes=Html.of(render("choice.html", value=scope, words=words, checked="") for scope, words in offered),
    )
    return page(context, "Access tokens", body, 400 if error else 200)


def _row(token: AccessToken, place: TokenPlace, session: Session) -> Html:
    return render(
        "token_row.html",
        id=token.id,
        label=token.name,
        scopes=", ".join(token.scopes),
        created=token.created_at.strftime("%d %b %Y"),
        used="not recorded",
        expires=token.expires_at.strftime("%d %b %Y"),
        action=f"{place.address}/{token.id}/revoke",
        form_token=session.form_token,
    )


def _shown_once(context: Context, place: TokenPlace, token: AccessToken, secret: str) -> Response:
    body = render(
        "shown_once.html",
        back=place.address,
        back_label="Access tokens",
        secret=secret,
        label=token.name,
        expires=token.expires_at.strftime("%d %b %Y"),
        scopes=", ".join(token.scopes) or "none",
    )
    return page(context, "Copy your token", body)
