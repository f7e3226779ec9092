"""A service token in a browser: copied, gone after a reload, and ended through the dialog."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.e2e.story import Story
from tests.e2e.story_service_tokens import SHOWN, make_token

pytestmark = pytest.mark.e2e


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 360)])
def test_the_page_that_shows_it_is_accessible_and_fits(told_story: Story, scheme: str, width: int) -> None:
    ada = told_story.person("ada")
    ada.page.set_viewport_size({"width": width, "height": 800})
    ada.page.emulate_media(color_scheme="dark" if scheme == "dark" else "light", reduced_motion="reduce")
    make_token(ada.page, ada.portal, f"Seen in {scheme}")
    found = Axe().run(ada.page).response["violations"]
    assert [(fault["id"], fault["nodes"][0]["html"][:160]) for fault in found] == []
    assert ada.page.evaluate("document.documentElement.scrollWidth") <= width
    assert ada.problems == []


def test_it_is_copied_and_a_reload_neither_shows_it_nor_makes_another(told_story: Story) -> None:
    ada = told_story.person("ada")
    ada.context.grant_permissions(["clipboard-read", "clipboard-write"])
    token = make_token(ada.page, ada.portal, "Shown once")
    ada.page.get_by_role("button", name="Copy").click()
    expect(ada.page.get_by_text("Copied", exact=True)).to_be_visible()
    assert ada.page.evaluate("navigator.clipboard.readText()") == token.secret
    stored = "JSON.stringify([{...localStorage}, {...sessionStorage}, history.state])"
    assert token.secret not in ada.page.evaluate(stored)
    ada.page.reload()  # a driven browser sends the form again without asking the person
    expect(ada.page.get_by_role("alert")).to_contain_text("names are not reused")
    expect(ada.page.locator(SHOWN)).to_have_count(0)
    assert token.secret not in ada.page.content()
    ada.open("/service-tokens/")
    expect(ada.page.locator("table").get_by_role("rowheader", name="Shown once")).to_have_count(1)


def test_ending_one_takes_a_second_word(told_story: Story) -> None:
    ada = told_story.person("ada")
    token = make_token(ada.page, ada.portal, "To be ended")
    ada.page.locator('[data-action="done"]').click()
    button = ada.page.get_by_role("row", name="To be ended").get_by_role("button", name="Revoke")
    button.click()
    dialog = ada.page.get_by_role("dialog", name="Revoke “To be ended”?")
    dialog.get_by_role("button", name="Cancel").click()
    expect(dialog).to_be_hidden()
    button.click()
    dialog.get_by_role("button", name="Revoke", exact=True).click()
    expect(ada.page.get_by_text("“To be ended” is revoked.")).to_be_visible()
    asked = {"Authorization": f"Bearer {token.secret}"}
    assert ada.page.request.get(f"{ada.portal}/api/v1/offboardings/1", headers=asked).status == 401
