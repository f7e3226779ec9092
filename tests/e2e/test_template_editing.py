"""The linter in a browser: it speaks while somebody types, and again after its panel was exchanged."""

import pytest
from playwright.sync_api import expect

from tests.e2e.story import Story

pytestmark = pytest.mark.e2e


def test_the_linter_reads_along(told_story: Story) -> None:
    ada = told_story.person("ada").open("/templates/clone-and-pull/edit/")
    panel = ada.page.locator("#lint")
    ada.page.locator('[name="max_days"]').fill("400")
    expect(panel).to_contain_text("A life is 1 to 365 days")
    ada.page.locator('[name="levels"][value="repositories:write"]').check()
    expect(panel).to_contain_text("write:repository")
    ada.page.locator('[name="max_days"]').fill("30")
    expect(panel).not_to_contain_text("A life is 1 to 365 days")
    expect(ada.page.locator("[data-announcer]")).to_contain_text("Medium risk")
    assert ada.problems == []
