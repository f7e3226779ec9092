"""Show rendered HTML in a real browser under the strict policy of the product, without a server."""

import mimetypes
from pathlib import Path
from typing import Any

from django.contrib.staticfiles import finders
from playwright.sync_api import Page, Route

ORIGIN = "http://localhost:9"
POLICY = (
    "default-src 'none'; script-src 'nonce-gallery'; style-src 'self'; img-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'"
)


def show(page: Page, html: str) -> list[str]:
    """Open ``html`` as a page; static files come from the finders.

    Args:
        page: a Playwright page.
        html: the document.

    Returns:
        What the console complained about, filled while the page lives.
    """
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))

    def answer(route: Route) -> Any:
        path = route.request.url.removeprefix(ORIGIN)
        if not path.startswith("/static/"):
            return route.fulfill(body=html, content_type="text/html", headers={"Content-Security-Policy": POLICY})
        found = finders.find(path.removeprefix("/static/"))
        if not found:
            return route.fulfill(status=404, body=path)
        kind = mimetypes.guess_type(path)[0] or "text/plain"
        return route.fulfill(body=Path(str(found)).read_bytes(), content_type=kind)

    page.route("**/*", answer)
    page.goto(f"{ORIGIN}/")
    return complaints
