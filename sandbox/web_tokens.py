"""Atlassian's page of a person's API tokens: list, create with scopes, show once, revoke.

Steps as in https://support.atlassian.com/bitbucket-cloud/docs/create-an-api-token/
"""

from datetime import datetime, timedelta

from werkzeug.wrappers import Response

from sandbox.context import Context
from sandbox.html import Html, page, render
from sandbox.model import Account, ApiToken
from sandbox.scopes import API_TOKEN_SCOPES, full_name, is_api_token_scope, order_of
from sandbox.sessions import Session
from sandbox.web import signed_in
from sandbox.web_expiry import date_limits, expiry_from
from sandbox.web_session import check_form, redirect

ADDRESS = "/manage-profile/security/api-tokens"
_TITLES = {"scoped": "Create API token with scopes", "unscoped": "Create API token"}


@signed_in
def tokens(context: Context, session: Session, person: Account) -> Response:
    """GET: the list, or the form when it was asked for (also by a link that fills it in)."""
    arguments = context.request.args
    if arguments.get("create") in _TITLES:
        return _form(context, session, person, arguments["create"])
    if "autofillToken" in arguments:
        return _form(context, session, person, "scoped")
    rows = [_row(one, session) for one in context.world.tokens_of(person.account_id)]
    table = render("token_table.html", rows=Html.of(rows)) if rows else Html("<p>You have no API tokens.</p>")
    return page(context, "API tokens", render("tokens.html", rows=table))


def _day(value: datetime | None) -> str:
    return value.strftime("%d %b %Y") if value else "never"


def _row(token: ApiToken, session: Session) -> Html:
    return render(
        "token_row.html",
        id=token.id,
        label=token.label,
        scopes=", ".join(token.scopes) or "none (not for Bitbucket)",
        created=_day(token.created_at),
        used=_day(token.last_access),
        expires=_day(token.expires_at),
        action=f"{ADDRESS}/{token.id}/revoke",
        form_token=session.form_token,
    )


def _form(context: Context, session: Session, person: Account, kind: str, error: str = "") -> Response:
    sent = context.request.form
    earliest, latest = date_limits(context.world.now())
    body = render(
        "token_form.html",
        title=_TITLES[kind],
        error=render("error.html", words=error) if error else Html(""),
        form_token=session.form_token,
        form_number=session.open_form(),
        kind=kind,
        label=sent.get("label", ""),
        expires_on=sent.get("expires_on") or _proposed_day(context),
        earliest=earliest,
        latest=latest,
        scoped=_scope_fields(context, person) if kind == "scoped" else Html(""),
    )
    return page(context, _TITLES[kind], body, 400 if error else 200)


def _proposed_day(context: Context) -> str:
    """Give the expiry the link proposes (`expiryDays`, a number or `max`), one year without it."""
    text = context.request.args.get("expiryDays", "")
    days = min(max(int(text), 1), 365) if text.isdigit() else 365
    return (context.world.now() + timedelta(days=days)).date().isoformat()


def _scope_fields(context: Context, person: Account) -> Html:
    ticked = set(context.request.form.getlist("scope"))
    every = context.request.args.get("selectedScopes") == "all"
    choices = [
        render(
            "choice.html",
            value=full_name(scope),
            words=words,
            checked=Html("checked" if every or full_name(scope) in ticked else ""),
        )
        for scope, words in API_TOKEN_SCOPES.items()
    ]
    mine = [one for one in context.world.workspaces.values() if person.account_id in one.seats]
    options = [render("option.html", value=one.slug, words=one.name) for one in mine]
    return render("token_scopes.html", workspaces=Html.of(options), scopes=Html.of(choices))


@signed_in
def create(context: Context, session: Session, person: Account) -> Response:
    """POST: make the token and show it once; sending the same form again only shows the list."""
    check_form(context)
    form = context.request.form
    kind = form.get("create", "scoped")
    if not session.close_form(form.get("form_number", "")):
        return redirect(ADDRESS)
    expires_at = expiry_from(form.get("expires_on", ""), context.world.now())
    problem = _problem(context, person, kind)
    if expires_at is None or problem:
        words = problem or "Choose an expiry between tomorrow and one year from now."
        return _form(context, session, person, kind if kind in _TITLES else "scoped", words)
    scopes = tuple(sorted(set(form.getlist("scope")), key=order_of)) if kind == "scoped" else ()
    workspace = context.world.workspace(form.get("workspace", ""))
    token, secret = context.world.create_api_token(
        person,
        label=form["label"].strip(),
        scopes=scopes,
        expires_at=expires_at,
        workspace_uuid=workspace.uuid if workspace and kind == "scoped" else "",
    )
    return _shown_once(context, token, secret)


def _problem(context: Context, person: Account, kind: str) -> str:
    form = context.request.form
    if not form.get("label", "").strip():
        return "Give the token a name."
    scopes = form.getlist("scope")
    if kind == "scoped" and not scopes:
        return "Choose at least one scope."
    if kind not in _TITLES or not all(is_api_token_scope(scope) for scope in scopes):
        return "There is no such scope."
    workspace = context.world.workspace(form.get("workspace", ""))
    if form.get("workspace") and (workspace is None or person.account_id not in workspace.seats):
        return "You are not a member of this workspace."
    return ""


def _shown_once(context: Context, token: ApiToken, secret: str) -> Response:
    body = render(
        "shown_once.html",
        back=ADDRESS,
        back_label="API tokens",
        secret=secret,
        label=token.label,
        expires=_day(token.expires_at),
        scopes=", ".join(token.scopes) or "none",
    )
    return page(context, "Copy your token", body)


@signed_in
def revoke(context: Context, session: Session, person: Account, token_id: str) -> Response:
    """POST: delete one of one's own tokens."""
    check_form(context)
    token = context.world.api_tokens.get(token_id)
    if token is not None and token.account_id == person.account_id:
        context.world.delete_api_token(token_id)
    return redirect(ADDRESS)
