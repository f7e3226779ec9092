"""A repository's page, and its settings page where an administrator creates an access token.

Source: https://support.atlassian.com/bitbucket-cloud/docs/create-a-repository-access-token/
"""

from werkzeug.wrappers import Response

from sandbox.answers import Refusal
from sandbox.context import Context
from sandbox.html import Html, page, render
from sandbox.model import AccessToken, Account, Repository
from sandbox.scopes import ACCESS_TOKEN_SCOPES
from sandbox.sessions import Session
from sandbox.web import signed_in
from sandbox.web_expiry import date_limits, expiry_from
from sandbox.web_session import check_form, redirect
from sandbox.workspaces import Workspace

KIND = "repo_access_token"


def _found(context: Context, person: Account, workspace: str, repository: str) -> tuple[Workspace, Repository, str]:
    owner = context.world.workspaces.get(workspace)
    found = owner.repository(repository) if owner else None
    permission = owner.permission(person.account_id, found) if owner and found else "none"
    if owner is None or found is None or permission == "none":
        words = "This repository does not exist, or you have no access to it."
        raise Refusal(page(context, "Not found", render("message.html", title="Not found", words=words), 404))
    return owner, found, permission


@signed_in
def repository(context: Context, session: Session, person: Account, workspace: str, repository: str) -> Response:
    """GET /{workspace}/{repository}."""
    owner, found, permission = _found(context, person, workspace, repository)
    body = render(
        "repository.html",
        workspace=owner.name,
        name=found.name,
        full_name=found.full_name,
        clone=f"{context.base_url}/{found.full_name}.git",
        permission=permission,
    )
    return page(context, found.full_name, body)


def _administered(context: Context, person: Account, workspace: str, slug: str) -> tuple[Workspace, Repository]:
    owner, found, permission = _found(context, person, workspace, slug)
    if permission != "admin":
        words = "Only an administrator of this repository may see its settings."
        raise Refusal(page(context, "No access", render("message.html", title="No access", words=words), 403))
    return owner, found


def _tokens(context: Context, owner: Workspace, found: Repository) -> list[AccessToken]:
    every = list(context.world.access_tokens.values())
    return [one for one in every if (one.workspace_uuid, one.repository_slug) == (owner.uuid, found.slug)]


def _list(context: Context, session: Session, owner: Workspace, found: Repository, error: str = "") -> Response:
    rows = [_row(one, found, session) for one in _tokens(context, owner, found)]
    earliest, latest = date_limits(context.world.now())
    choices = [
        render("choice.html", value=scope, words=words, checked="") for scope, words in ACCESS_TOKEN_SCOPES.items()
    ]
    body = render(
        "access_tokens.html",
        full_name=found.full_name,
        rows=render("token_table.html", rows=Html.of(rows)) if rows else Html("<p>There are none.</p>"),
        error=render("error.html", words=error) if error else Html(""),
        form_token=session.form_token,
        form_number=session.open_form(),
        expires_on=latest,
        earliest=earliest,
        latest=latest,
        scopes=Html.of(choices),
    )
    return page(context, "Access tokens", body, 400 if error else 200)


def _row(token: AccessToken, found: Repository, session: Session) -> Html:
    return render(
        "token_row.html",
        id=token.id,
        label=token.name,
        scopes=", ".join(token.scopes),
        created=token.created_at.strftime("%d %b %Y"),
        used="not recorded",
        expires=token.expires_at.strftime("%d %b %Y"),
        action=f"/{found.full_name}/admin/access-tokens/{token.id}/revoke",
        form_token=session.form_token,
    )


@signed_in
def access_tokens(context: Context, session: Session, person: Account, workspace: str, repository: str) -> Response:
    """GET /{workspace}/{repository}/admin/access-tokens."""
    return _list(context, session, *_administered(context, person, workspace, repository))


@signed_in
def create(context: Context, session: Session, person: Account, workspace: str, repository: str) -> Response:
    """POST: make an access token of the repository and show it once."""
    check_form(context)
    owner, found = _administered(context, person, workspace, repository)
    form, now = context.request.form, context.world.now()
    if not session.close_form(form.get("form_number", "")):
        return redirect(context.request.path)
    expires_at, scopes = expiry_from(form.get("expires_on", ""), now), tuple(form.getlist("scope"))
    if expires_at is None or not form.get("label", "").strip() or not set(scopes) <= set(ACCESS_TOKEN_SCOPES):
        return _list(context, session, owner, found, "Give a name, known scopes, and an expiry within a year.")
    token, secret = context.world.create_access_token(
        kind=KIND,
        name=form["label"].strip(),
        scopes=scopes,
        workspace=owner,
        repository=found.slug,
        expires_at=expires_at,
    )
    return _shown_once(context, token, secret)


def _shown_once(context: Context, token: AccessToken, secret: str) -> Response:
    body = render(
        "shown_once.html",
        back=context.request.path,
        back_label="Access tokens",
        secret=secret,
        label=token.name,
        expires=token.expires_at.strftime("%d %b %Y"),
        scopes=", ".join(token.scopes) or "none",
    )
    return page(context, "Copy your token", body)


@signed_in
def revoke(
    context: Context, session: Session, person: Account, workspace: str, repository: str, token_id: str
) -> Response:
    """POST: delete an access token of the repository."""
    check_form(context)
    owner, found = _administered(context, person, workspace, repository)
    if token_id in {one.id for one in _tokens(context, owner, found)}:
        context.world.delete_access_token(token_id)
    return redirect(f"/{found.full_name}/admin/access-tokens")
