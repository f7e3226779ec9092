"""Signing in the way a browser does: the portal through Django's test client, the sandbox over real HTTP."""

import re
from typing import Any
from urllib.parse import parse_qs, urlsplit

import requests
from django.test import Client

from sandbox.model import Account
from sandbox.server import RunningSandbox

CALLBACK = "/signin/bitbucket/callback/"


class Visit:
    """One browser: its cookies at the portal and at Bitbucket.

    Args:
        client: the portal's side.
        sandbox: Bitbucket's side.
    """

    def __init__(self, client: Client, sandbox: RunningSandbox) -> None:
        self.client, self.sandbox = client, sandbox
        self.bitbucket = requests.Session()
        self.bitbucket.trust_env = False

    def account(self, key: str) -> Account:
        """Somebody of the cast as Bitbucket knows them."""
        return next(one for one in self.sandbox.world.accounts.values() if one.key == key)

    def start(self, **form: str) -> str:
        """Press the button; the address of Bitbucket's consent page."""
        answer = self.client.post("/signin/bitbucket/", form)
        assert answer.status_code == 302, answer.content
        return str(answer["Location"])

    def consent(self, address: str, persona: str, *, action: str = "grant") -> str:
        """Decide on the consent page; the path with which Bitbucket sends the browser back."""
        page = self.bitbucket.post(address, data={"persona": persona}, timeout=5)
        token = re.search(r'name="form_token" value="([^"]+)"', page.text)
        assert token is not None, page.text
        form = {"form_token": token.group(1), "action": action}
        answer = self.bitbucket.post(page.url, data=form, allow_redirects=False, timeout=5)
        parts = urlsplit(answer.headers["Location"])
        assert parts.path == CALLBACK
        return f"{parts.path}?{parts.query}"

    def sign_in(self, persona: str, **form: str) -> Any:
        """The whole way; the portal's last answer."""
        return self.client.get(self.consent(self.start(**form), persona))

    def is_signed_in(self) -> bool:
        """Whether the portal takes this browser for somebody."""
        return self.client.get("/notifications/").status_code == 200


def query_of(address: str) -> dict[str, str]:
    """The query of an address, one value a name."""
    return {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
