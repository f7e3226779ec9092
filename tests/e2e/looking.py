"""Looking at a page as somebody else would: on a phone, in the dark; and what axe says of it."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.e2e.people import PersonAtBrowser

_USUAL = {"width": 1280, "height": 900}


@contextmanager
def seen_as(page: Page, *, width: int, height: int, dark: bool) -> Iterator[None]:
    """A page on a screen of this size; afterwards it is as it was."""
    page.set_viewport_size({"width": width, "height": height})
    page.emulate_media(color_scheme="dark" if dark else "light", reduced_motion="reduce")
    try:
        yield
    finally:
        page.set_viewport_size({"width": _USUAL["width"], "height": _USUAL["height"]})
        page.emulate_media(color_scheme="null", reduced_motion="null")


def faults_of(person: PersonAtBrowser, *, scheme: str) -> list[Any]:
    """What is wrong with the page that somebody looks at, wide in light and on a phone in the dark.

    Args:
        person: at whose browser.
        scheme: `light` or `dark`.

    Returns:
        Accessibility faults with the elements, a page that is wider than its screen, errors of the console; none where
        all is well.
    """
    page, width = person.page, 360 if scheme == "dark" else 1280
    with seen_as(page, width=width, height=800, dark=scheme == "dark"):
        page.reload()
        found: list[Any] = [
            (fault["id"], [node["html"][:160] for node in fault["nodes"][:3]])
            for fault in Axe().run(page).response["violations"]
        ]
        if page.evaluate("document.documentElement.scrollWidth") > width:
            found.append("wider than the screen")
    return [*found, *person.problems]
