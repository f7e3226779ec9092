"""The design system: every component in every state, in a real browser, light and dark, wide and narrow."""

import gzip
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.staticfiles import finders
from django.http import HttpResponse
from django.template.loader import render_to_string
from django.test import override_settings
from django.urls import path
from playwright.sync_api import Browser, Page

from tests.portal.browser import show
from tests.portal.gallery import gallery_context

pytestmark = pytest.mark.e2e

urlpatterns = [path(f"{name}/", HttpResponse, name=name) for name in ("notifications", "signout")]

VIEWS = [(width, scheme) for width in (1280, 360) for scheme in ("light", "dark")]
SHOTS = os.environ.get("SHOTS", "")


@pytest.fixture(autouse=True)
def _plain_addresses() -> Iterator[None]:
    plain = {
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    with override_settings(ROOT_URLCONF=__name__, STORAGES=plain, STATIC_URL="/static/"):
        yield


@pytest.fixture
def gallery() -> str:
    return render_to_string("components/_gallery.html", gallery_context())


@pytest.mark.parametrize(("width", "scheme"), VIEWS)
def test_gallery_is_accessible_and_fits(browser: Browser, gallery: str, width: int, scheme: str) -> None:
    page = browser.new_page(viewport={"width": width, "height": 800}, color_scheme=scheme)  # type: ignore[arg-type]
    complaints = show(page, gallery)
    if SHOTS:
        page.screenshot(path=Path(SHOTS) / f"gallery-{width}-{scheme}.png", full_page=True)
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert complaints == []
    page.close()


@pytest.mark.parametrize(("width", "scheme"), VIEWS)
def test_menus_open_without_script(browser: Browser, gallery: str, width: int, scheme: str) -> None:
    context = browser.new_context(
        viewport={"width": width, "height": 800},
        color_scheme=scheme,  # type: ignore[arg-type]
        java_script_enabled=False,
    )
    page = context.new_page()
    show(page, gallery)
    inside, beside = page.get_by_role("link", name="Findings"), page.get_by_role("link", name="Trail")
    assert not inside.is_visible()
    if width < 1000:
        assert not beside.is_visible()
        page.get_by_role("button", name="Menu").click()
    else:
        page.get_by_role("button", name="Inventory", exact=True).press("Enter")
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.textContent").strip() == "Overview"
    assert inside.is_visible()
    assert beside.is_visible()
    box, bar = inside.bounding_box(), page.locator(".shell-bar").bounding_box()
    assert box is not None
    assert bar is not None
    assert box["y"] >= bar["height"] - 1, "below the bar, not on it"
    if SHOTS:
        page.screenshot(path=Path(SHOTS) / f"nav-{width}-{scheme}.png")
    page.keyboard.press("Escape")
    assert not inside.is_visible()
    page.get_by_role("button", name="Account: Emma Example").click()
    assert page.get_by_role("button", name="Sign out").is_visible()
    if SHOTS:
        page.screenshot(path=Path(SHOTS) / f"menu-{width}-{scheme}.png")
    assert not page.locator("[data-copy]").first.is_visible(), "a copy button needs JavaScript"
    context.close()


def test_dialog_opens_and_closes_and_its_targets_are_large(page: Page, gallery: str) -> None:
    complaints = show(page, gallery)
    page.get_by_role("button", name="Revoke", exact=True).click()
    dialog = page.get_by_role("dialog", name="Revoke this credential?")
    assert dialog.is_visible()
    if SHOTS:
        page.screenshot(path=Path(SHOTS) / "dialog.png")
    assert Axe().run(page).violations_count == 0
    dialog.get_by_role("button", name="Cancel").click()
    assert not dialog.is_visible()
    small = page.evaluate(
        "[...document.querySelectorAll('button, a.button, summary, input:not([type=hidden])')]"
        ".filter(e => e.checkVisibility()).map(e => [e.outerHTML.slice(0, 90), e.getBoundingClientRect()])"
        ".filter(([, box]) => box.height < 24 || box.width < 24).map(([html]) => html)"
    )
    boxes = [html for html in small if 'type="radio"' not in html and 'type="checkbox"' not in html]
    assert boxes == []
    assert complaints == []


def test_copy_button_copies_and_says_so(browser: Browser, gallery: str) -> None:
    context = browser.new_context(permissions=["clipboard-read", "clipboard-write"])
    page = context.new_page()
    show(page, gallery)
    button = page.get_by_role("button", name="Copy Token name")
    button.click()
    page.get_by_role("button", name="Copied Token name").wait_for()
    assert page.evaluate("navigator.clipboard.readText()") == "bcp-7K2QXM clone and pull"
    context.close()


def test_errors_and_help_are_tied_to_their_field(page: Page, gallery: str) -> None:
    show(page, gallery)
    reason = page.locator("#wrong_reason")
    described = (reason.get_attribute("aria-describedby") or "").split()
    assert described == ["wrong_reason_helptext", "wrong_reason_error"]
    assert [page.locator(f"#{part}").count() for part in described] == [1, 1]
    assert reason.get_attribute("aria-invalid") == "true"
    assert page.get_by_role("group", name="For how long?").count() == 2
    summary = page.get_by_role("alert").filter(has_text="check what you entered")
    for link in summary.get_by_role("link").all():
        assert page.locator(link.get_attribute("href") or "").count() == 1


def test_error_pages_without_context_stand_alone(page: Page) -> None:
    for code in ("400", "403_csrf", "500", "503"):
        complaints = show(page, render_to_string(f"{code}.html"))
        assert page.get_by_role("heading", level=1).count() == 1
        assert Axe().run(page).violations_count == 0
        assert complaints == []
        if SHOTS:
            page.screenshot(path=Path(SHOTS) / f"{code}.png")
        page.unroute_all()


@pytest.mark.parametrize("code", ["403", "404"])
def test_error_pages_with_frame(page: Page, code: str) -> None:
    context = {name: gallery_context()[name] for name in ("shell", "csp_nonce", "csrf_token")}
    complaints = show(page, render_to_string(f"{code}.html", context))
    assert Axe().run(page).violations_count == 0
    assert complaints == []


def test_first_load_is_small(page: Page, gallery: str) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url.partition("/static/")[2]))
    show(page, gallery)
    files = [Path(str(finders.find(name))).read_bytes() for name in asked if name]
    sent = sum(len(gzip.compress(body)) for body in [*files, gallery.encode()])
    assert len(files) > 20
    assert sent < 60_000
