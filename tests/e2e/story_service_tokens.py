"""The part of the story in which another system gets a token of the portal's own."""

from typing import TYPE_CHECKING

from playwright.sync_api import Page, expect

from tests.e2e.people import Token

if TYPE_CHECKING:
    from tests.e2e.story import Story

SHOWN = "[data-token] code"


def make_token(page: Page, portal: str, name: str) -> Token:
    """Make a service token on its page, and take it from where it is shown once."""
    page.goto(portal + "/service-tokens/")
    page.locator('[name="name"]').fill(name)
    page.get_by_role("checkbox", name="Plan offboardings").check()
    page.locator('[data-action="make"]').click()
    return Token(name, page.locator(SHOWN).inner_text())


def ada_lets_hr_in(story: "Story") -> None:
    """Ada makes a service token for HR: it is shown once, works, and is not on the list."""
    ada = story.person("ada")
    token = make_token(ada.page, ada.portal, "HR, leavers")
    story.tokens["service"] = token
    asked = {"Authorization": f"Bearer {token.secret}"}
    # Nothing was planned yet: a token that is let in is told so, and any other is nobody.
    address = f"{ada.portal}/api/v1/offboardings/1"
    assert ada.page.request.get(address, headers=asked).status == 404
    assert ada.page.request.get(address, headers={"Authorization": "Bearer bcps_x"}).status == 401
    ada.page.locator('[data-action="done"]').click()
    expect(ada.page.get_by_role("rowheader", name="HR, leavers")).to_be_visible()
    assert token.secret not in ada.page.content()
