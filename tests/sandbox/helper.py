"""A caller of the sandbox: REST, organisation API, OAuth, the pages, each as its client would speak."""

import re
from typing import Any
from urllib.parse import parse_qs, urlsplit

import requests

from sandbox.environment import environment_for
from sandbox.server import RunningSandbox

CALLBACK = "http://127.0.0.1:8000/signin/bitbucket/callback/"
TIMEOUT = 10


class Caller:
    """Speaks to one running sandbox; nothing of the machine's proxy settings is read."""

    def __init__(self, running: RunningSandbox) -> None:
        self.running = running
        self.url = running.url
        self.environment = environment_for(running.world.options, running.url)
        self.browser = requests.Session()
        self.browser.trust_env = False

    def account_id(self, key: str) -> str:
        """The account id of one of the cast."""
        account = self.running.world.account(key)
        assert account is not None
        return account.account_id

    def uuid(self, key: str) -> str:
        """The uuid of one of the cast."""
        account = self.running.world.account(key)
        assert account is not None
        return account.uuid

    def audit_bot(self) -> tuple[str, str]:
        """E-mail and token of the bot that reads."""
        return self.environment["AUDIT_BOT_EMAIL"], self.environment["AUDIT_BOT_TOKEN"]

    def rest(
        self, path: str, auth: tuple[str, str] | None = None, method: str = "GET", **options: Any
    ) -> requests.Response:
        """Call below /2.0 as Basic, the audit bot unless somebody else is named."""
        return self._send(method, f"/2.0{path}", auth=auth or self.audit_bot(), **options)

    def bearer(self, path: str, secret: str, method: str = "GET", **options: Any) -> requests.Response:
        """Call below /2.0 with a Bearer token."""
        return self._send(method, f"/2.0{path}", headers={"Authorization": f"Bearer {secret}"}, **options)

    def anonymous(self, path: str, method: str = "GET", **options: Any) -> requests.Response:
        """Call without a credential."""
        return self._send(method, path, **options)

    def organisation(self, method: str, path: str, key: str = "revoke", **options: Any) -> requests.Response:
        """Call an organisation API with the audit key, the revoke key, or any text."""
        names = {"audit": "ATLASSIAN_AUDIT_KEY", "revoke": "ATLASSIAN_REVOKE_KEY"}
        secret = self.environment[names[key]] if key in names else key
        return self._send(method, path, headers={"Authorization": f"Bearer {secret}"}, **options)

    def listing(self, key: str = "audit", **parameters: Any) -> requests.Response:
        """Read the organisation's token listing."""
        path = f"/admin/api-access/v1/orgs/{self.environment['ATLASSIAN_ORG_ID']}/api-tokens"
        return self.organisation("GET", path, key, params=parameters)

    def lever(self, path: str, method: str = "POST", /, **body: Any) -> Any:
        """Pull one of the sandbox's own levers; gives its JSON, None without one."""
        answer = self._send(method, f"/_sandbox{path}", json=body if method == "POST" else None)
        assert answer.ok, answer.text
        return answer.json() if answer.content else None

    def token(self, *scopes: str, account: str = "emma", **more: Any) -> dict[str, Any]:
        """Make an API token directly; gives id and secret."""
        made: dict[str, Any] = self.lever("/tokens", account=account, label="unicorn", scopes=list(scopes), **more)
        return made

    def _send(self, method: str, path: str, **options: Any) -> requests.Response:
        with requests.Session() as session:
            session.trust_env = False
            return session.request(method, self.url + path, timeout=TIMEOUT, allow_redirects=False, **options)

    # The OAuth dance, as a browser and a consumer do it.

    def authorize_address(self, **changes: str) -> str:
        """The address a consumer sends a browser to."""
        parameters = {
            "client_id": self.environment["BITBUCKET_OAUTH_KEY"],
            "response_type": "code",
            "redirect_uri": CALLBACK,
            "state": "s1",
        }
        request = requests.Request("GET", f"{self.url}/site/oauth2/authorize", params=parameters | changes)
        return str(request.prepare().url)

    def consent(self, address: str, persona: str, action: str = "grant") -> dict[str, str]:
        """Decide on the consent page; gives the query the browser is sent back with."""
        page = self.browser.post(address, data={"persona": persona}, timeout=TIMEOUT)
        form = {"form_token": form_values(page.text)["form_token"], "action": action}
        answer = self.browser.post(page.url, data=form, allow_redirects=False, timeout=TIMEOUT)
        assert answer.status_code == 303, answer.text
        assert answer.headers["Location"].startswith(CALLBACK)
        return {name: values[0] for name, values in parse_qs(urlsplit(answer.headers["Location"]).query).items()}

    def exchange(self, basic: bool = True, /, **form: str) -> requests.Response:
        """Ask for tokens, with the consumer's key and secret as Basic or in the body."""
        key, secret = self.environment["BITBUCKET_OAUTH_KEY"], self.environment["BITBUCKET_OAUTH_SECRET"]
        if basic:
            return self._send("POST", "/site/oauth2/access_token", data=form, auth=(key, secret))
        return self._send("POST", "/site/oauth2/access_token", data=form | {"client_id": key, "client_secret": secret})

    def oauth_tokens(self, persona: str = "emma") -> dict[str, Any]:
        """The whole way to an access token."""
        code = self.consent(self.authorize_address(), persona)["code"]
        answer = self.exchange(grant_type="authorization_code", code=code, redirect_uri=CALLBACK)
        assert answer.status_code == 200, answer.text
        tokens: dict[str, Any] = answer.json()
        return tokens

    # The pages.

    def page(self, path: str) -> requests.Response:
        """Look at a page in the browser."""
        return self.browser.get(self.url + path, timeout=TIMEOUT)

    def send_form(self, path: str, **fields: Any) -> requests.Response:
        """Send a form in the browser, following where it leads."""
        return self.browser.post(self.url + path, data=fields, timeout=TIMEOUT)

    def sign_in(self, persona: str) -> None:
        """Sign in to the pages."""
        assert self.send_form("/account/settings/", persona=persona).status_code == 200


def form_values(page: str) -> dict[str, str]:
    """The hidden fields of the page's own form, without the menu's."""
    main = page.partition("<main>")[2]
    return dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', main))


def shown_secret(page: str) -> str:
    """The secret a page shows once."""
    found = re.search(r"data-secret[^>]*>([^<]+)<", page)
    assert found is not None, page
    return found.group(1)
