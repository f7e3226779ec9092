"""OAuth 2.0 as Bitbucket speaks it: consent page, code, tokens, refresh with rotation.

Source: https://developer.atlassian.com/cloud/bitbucket/oauth-2/ and the REST introduction.
"""

from dataclasses import dataclass
from urllib.parse import urlencode

from werkzeug.wrappers import Response

from sandbox import keys
from sandbox.answers import Refusal, as_json
from sandbox.context import Context
from sandbox.grants import ACCESS_LIFE, Grant
from sandbox.html import Html, page, render, session_of
from sandbox.model import Account
from sandbox.web_session import check_form, persona_picker, redirect, sign_in

SCOPE_WORDS = {
    "account": "Read your account information",
    "email": "Read your e-mail addresses",
    "repository": "Read your repositories",
    "repository:write": "Read and change your repositories",
    "pullrequest": "Read your pull requests",
}


@dataclass(frozen=True)
class Asked:
    """A checked authorize request: where the answer goes, the state to echo, the scopes to grant."""

    redirect_uri: str
    state: str
    scopes: tuple[str, ...]

    def answer(self, **parameters: str) -> Response:
        """Send the person back to the consumer with these parameters and the state."""
        if self.state:
            parameters["state"] = self.state
        joint = "&" if "?" in self.redirect_uri else "?"
        return redirect(self.redirect_uri + joint + urlencode(parameters))


def _asked(context: Context) -> Asked:
    """Check the address; what cannot be trusted is answered with a page and never with a redirect."""
    arguments, consumer = context.request.args, context.world.consumer
    if arguments.get("client_id") != consumer.key:
        raise Refusal(_error_page(context, "There is no OAuth consumer with this key."))
    redirect_uri = arguments.get("redirect_uri") or consumer.callback_urls[0]
    if redirect_uri not in consumer.callback_urls:
        raise Refusal(_error_page(context, "The address to return to is not one the consumer is registered with."))
    asked = Asked(redirect_uri, arguments.get("state", ""), consumer.scopes)
    if arguments.get("response_type") != "code":
        raise Refusal(asked.answer(error="unsupported_response_type"))
    return _narrowed(context, asked)


def _narrowed(context: Context, asked: Asked) -> Asked:
    wanted = context.request.args.get("scope", "").split()
    if not set(wanted) <= set(asked.scopes):
        raise Refusal(asked.answer(error="invalid_scope", error_description="The consumer has no such scope."))
    if wanted and context.world.switches.scope_parameter_narrows:
        return Asked(asked.redirect_uri, asked.state, tuple(wanted))
    return asked


def _error_page(context: Context, words: str) -> Response:
    return page(context, "Invalid request", render("message.html", title="Invalid request", words=words), status=400)


def authorize_form(context: Context) -> Response:
    """GET /site/oauth2/authorize: first who you are, then whether the consumer may."""
    asked = _asked(context)
    session = session_of(context)
    if context.request.args.get("step") != "consent" or session is None:
        return persona_picker(context, "Log in to continue to " + context.world.consumer.name)
    person = context.world.accounts[session.account_id]
    return _consent_page(context, asked, person, session.form_token)


def _consent_page(context: Context, asked: Asked, person: Account, form_token: str) -> Response:
    items = [render("scope_item.html", words=SCOPE_WORDS.get(scope, scope), scope=scope) for scope in asked.scopes]
    body = render(
        "consent.html",
        consumer=context.world.consumer.name,
        name=person.display_name,
        email=person.email,
        scopes=Html.of(items),
        form_token=form_token,
    )
    return page(context, "Confirm access to your account", body)


def authorize(context: Context) -> Response:
    """POST /site/oauth2/authorize: takes the persona, then the decision."""
    asked = _asked(context)
    form = context.request.form
    if "persona" in form:
        parameters = context.request.args.to_dict() | {"step": "consent"}
        return sign_in(context, form["persona"], f"/site/oauth2/authorize?{urlencode(parameters)}")
    session = check_form(context)
    if form.get("action") != "grant":
        return asked.answer(error="access_denied", error_description="The user denied access.")
    code = context.world.grants.give_code(session.account_id, asked.scopes, asked.redirect_uri, context.world.now())
    return asked.answer(code=code)


def _token_error(error: str, description: str, status: int = 400) -> Refusal:
    return Refusal(as_json({"error": error, "error_description": description}, status))


def _check_consumer(context: Context) -> None:
    sent, form, consumer = context.request.authorization, context.request.form, context.world.consumer
    is_basic = sent is not None and sent.type == "basic"
    key = (sent.username if is_basic and sent else form.get("client_id")) or ""
    secret = (sent.password if is_basic and sent else form.get("client_secret")) or ""
    if key != consumer.key or keys.digest(secret) != consumer.secret_digest:
        raise _token_error("invalid_client", "Invalid OAuth client credentials", 401)


def access_token(context: Context) -> Response:
    """POST /site/oauth2/access_token: a code or a refresh token for a new pair."""
    _check_consumer(context)
    grant = _grant_from(context)
    if not context.world.accounts[grant.account_id].is_on:
        raise _token_error("invalid_grant", "User is inactive", 401)
    access, refresh = context.world.grants.give_tokens(grant, context.world.now())
    body = {
        "access_token": access,
        "refresh_token": refresh,
        "expires_in": int(ACCESS_LIFE.total_seconds()),
        "token_type": "bearer",
        "state": "authorization_code",
        context.world.switches.token_response_key: " ".join(grant.scopes),
    }
    response = as_json(body)
    response.headers["Cache-Control"] = "no-store"
    return response


def _grant_from(context: Context) -> Grant:
    form, grants, now = context.request.form, context.world.grants, context.world.now()
    kind = form.get("grant_type", "")
    if kind == "authorization_code":
        grant = grants.take("code", form.get("code", ""), now)
        if grant is None or form.get("redirect_uri", grant.redirect_uri) != grant.redirect_uri:
            raise _token_error("invalid_grant", "The specified code is not valid.")
        return grant
    if kind == "refresh_token":
        grant = grants.take("refresh", form.get("refresh_token", ""), now)
        if grant is None:
            raise _token_error("invalid_request", "Invalid refresh_token")
        return grant
    raise _token_error("unsupported_grant_type", "Unsupported grant type")
