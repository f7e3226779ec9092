"""A person at a browser: signs in, asks, creates a token at the sandbox, pastes it."""

from dataclasses import dataclass
from pathlib import Path
from typing import Self

from playwright.sync_api import Browser, BrowserContext, Page, expect

LONG_MS = 15_000


@dataclass(frozen=True)
class Token:
    """A token that the sandbox showed once."""

    label: str
    secret: str

    def __repr__(self) -> str:
        return f"Token({self.label!r}, …)"


class PersonAtBrowser:
    """One persona with a browser context of their own."""

    def __init__(self, browser: Browser, key: str, *, portal: str, sandbox: str) -> None:
        self.key, self.portal, self.sandbox = key, portal, sandbox
        self.context: BrowserContext = browser.new_context(viewport={"width": 1280, "height": 900})
        self.page: Page = self.context.new_page()
        self.page.set_default_timeout(LONG_MS)
        self.problems: list[str] = []
        self.page.on("console", self._note)
        self.page.on("pageerror", lambda error: self.problems.append(str(error)))

    def _note(self, message: object) -> None:
        text = getattr(message, "text", "")
        if getattr(message, "type", "") == "error" and "status of 4" not in text and "status of 503" not in text:
            self.problems.append(text)

    def close(self) -> None:
        """Close the browser context."""
        self.context.close()

    def sign_in(self, path: str = "/") -> Self:
        """Open a page of the portal, go to Bitbucket's consent page, grant, come back."""
        self.page.goto(self.portal + path)
        self.page.get_by_role("button", name="Sign in with Bitbucket").click()
        self.page.locator(f'[data-persona="{self.key}"]').click()
        self.page.locator('[data-action="grant"]').click()
        self.page.wait_for_url(f"{self.portal}/**")
        return self

    def open(self, path: str) -> Self:
        """Open a page of the portal."""
        self.page.goto(self.portal + path)
        return self

    def ask(self, template: str, *, reason: str, where: str, days: int) -> str:
        """Ask for a template through the pages; returns the code."""
        self.open("/get-access/")
        self.page.get_by_role("link", name=template, exact=True).click()
        self.page.locator('[name="reason"]').fill(reason)
        self.page.locator('[name="where_used"]').fill(where)
        self.page.locator('[name="lifetime_days"]').fill(str(days))
        self.page.get_by_role("button", name="Ask for it").click()
        self.page.wait_for_url("**/requests/bcp-*/")
        return self.page.url.rstrip("/").rsplit("/", 1)[1]

    def walk(self, code: str) -> dict[str, list[str] | str]:
        """Read from the create page what has to be typed at Atlassian."""
        self.open(f"/requests/{code}/create/")
        ticks = self.page.locator("[data-scope]")
        return {
            "name": self.page.locator(".walk .copy-line code").first.inner_text(),
            "expiry": self.page.locator("[data-expiry]").get_attribute("data-expiry") or "",
            "scopes": [ticks.nth(index).get_attribute("data-scope") or "" for index in range(ticks.count())],
            "link": self.page.locator('[data-action="open-atlassian"]').get_attribute("href") or "",
        }

    def create_token(self, link: str, *, name: str, expiry: str, scopes: list[str]) -> Token:
        """Create a token at the sandbox's Atlassian page, as the walk says."""
        tab = self.context.new_page()
        tab.set_default_timeout(LONG_MS)
        tab.goto(link)
        if tab.locator(f'[data-persona="{self.key}"]').count():
            tab.locator(f'[data-persona="{self.key}"]').click()
        if not tab.locator('[name="label"]').count():
            tab.locator('[data-action="create-scoped"]').click()
        tab.locator('[name="label"]').fill(name)
        tab.locator('[name="expires_on"]').fill(expiry)
        for scope in tab.locator('[name="scope"]').all():
            scope.set_checked(scope.get_attribute("value") in scopes)
        tab.locator('[data-action="create"]').click()
        secret = tab.locator("[data-secret]").inner_text().strip()
        tab.close()
        return Token(name, secret)

    def paste(self, code: str, secret: str) -> str:
        """Paste a secret; returns the outcome as the page tells it (empty when it was not sent or not readable)."""
        self.open(f"/requests/{code}/create/")
        self.page.locator('[name="secret"]').fill(secret)
        self.page.locator('[data-action="check"]').click()
        outcome = self.page.locator("[data-outcome]").first
        expect(outcome).to_be_visible()
        return outcome.get_attribute("data-outcome") or ""

    def obtain(self, code: str, *, extra_scopes: tuple[str, ...] = ()) -> tuple[Token, str]:
        """Walk, create, paste; returns the token and the outcome."""
        walk = self.walk(code)
        scopes = [*walk["scopes"], *extra_scopes]
        token = self.create_token(str(walk["link"]), name=str(walk["name"]), expiry=str(walk["expiry"]), scopes=scopes)
        return token, self.paste(code, token.secret)

    def picture(self, folder: Path, name: str) -> None:
        """Take a picture of the whole page."""
        folder.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=folder / f"{name}.png", full_page=True)
