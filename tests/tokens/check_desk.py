"""What the tests of "What can this do?" do over and over: credentials at the sandbox, the paste, what it left."""

from datetime import timedelta
from typing import Any

from django.apps import apps
from django.urls import reverse

from accounts.models import User
from audit.models import ChainHead, Event
from tests.tokens.desk import Desk, Made, signed_in
from tokens.models import PasteAttempt

SUFFIX = ":bitbucket"
# What a check may leave behind.
LEAVES = {PasteAttempt, Event, ChainHead}


def scopes(*short: str) -> list[str]:
    """API-token scopes from their short forms."""
    return [f"{name}{SUFFIX}" for name in short]


def api_token(desk: Desk, *short: str, owner: str = "emma", ended: bool = False, workspace: str = "") -> Made:
    """An API token at the sandbox, made without any request."""
    account = desk.world.account(owner)
    assert account is not None
    token, secret = desk.world.create_api_token(
        account,
        label="laptop",
        scopes=tuple(scopes(*short)),
        expires_at=desk.world.now() + timedelta(days=-1 if ended else 30),
        workspace_uuid=desk.world.workspaces[workspace].uuid if workspace else "",
    )
    return Made(token.id, token.label, secret)


def access_token(desk: Desk, kind: str, *classic: str) -> Made:
    """An access token at the sandbox, `kind` in Bitbucket's own word."""
    token, secret = desk.world.create_access_token(
        kind=kind,
        name="build",
        scopes=classic,
        workspace=desk.world.workspaces["acme"],
        repository="web" if kind == "repo_access_token" else "",
        expires_at=desk.world.now() + timedelta(days=30),
    )
    return Made(token.id, token.name, secret)


def paste(user: User, secret: str, *, kind: str = "api_token", email: str = "") -> Any:
    """Paste into the page; its answer."""
    form = {"kind": kind, "email": email or user.person.email, "secret": secret}
    return signed_in(user).post(reverse("check"), form)


def text_of(answer: Any) -> str:
    """The page as text."""
    return str(answer.content.decode())


def last_event() -> Event:
    """What the check left in the trail."""
    return Event.objects.latest("seq")


def kept() -> dict[str, list[Any]]:
    """Every row of the database except what a check may leave; sessions included."""
    models = [one for one in apps.get_models() if one not in LEAVES]
    return {model.__name__: list(model._default_manager.order_by("pk").values()) for model in models}
