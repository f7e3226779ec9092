"""From "I want to push from CI" to the right request: with the keyboard alone, and without any JavaScript."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.people import LONG_MS, PersonAtBrowser
from tests.e2e.story import Story

pytestmark = pytest.mark.e2e
# Measured: 51, from a home page full of credentials, each filled field counted as one. A minute has room for them.
MOST_STEPS = 55
# Whether one sees the element: what is painted at its middle is itself.
ON_TOP = """element => {
  const box = element.getBoundingClientRect();
  return document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2) === element;
}"""
FORM = {
    "reason": "Push release tags",
    "machine": "Release build",
    "where_used": "The build server",
    "boundary": "acme/web",
    "deputy": "aria",
    "lifetime_days": "30",
}


class Keyboard:
    """Somebody without a mouse. ``steps`` counts keys that move or do something, typed text once a field."""

    def __init__(self, page: Page) -> None:
        self.page, self.steps = page, 0

    def press(self, key: str) -> None:
        """Press a key."""
        self.page.keyboard.press(key)
        self.steps += 1

    def skip(self) -> None:
        """Jump over the bar on top; a form that was sent from below it opens its answer there already."""
        if self.page.url.endswith("#main"):
            return
        self.reach(self.page.get_by_role("link", name="Skip to the content"), most=1)
        self.press("Enter")

    def reach(self, target: Locator, *, key: str = "Tab", most: int = 90) -> None:
        """Go on until the target has the focus, and see it there."""
        for _ in range(most):
            if target.evaluate("element => element === document.activeElement"):
                break
            self.press(key)
        expect(target).to_be_focused()
        assert target.evaluate("element => element.matches(':focus-visible')"), "one sees where one is"
        expect(target).to_be_in_viewport()

    def type(self, target: Locator, text: str) -> None:
        """Go to a field and replace what stands in it."""
        self.reach(target)
        self.page.keyboard.press("ControlOrMeta+a")
        self.page.keyboard.type(text)
        self.steps += 1


@pytest.fixture
def emma_without_scripts(told_story: Story) -> Iterator[PersonAtBrowser]:
    """Emma at a browser that runs no JavaScript."""
    emma = told_story.person("emma")
    context = told_story.browser.new_context(
        java_script_enabled=False, storage_state=emma.context.storage_state(), viewport={"width": 1280, "height": 900}
    )
    page = context.new_page()
    page.set_default_timeout(LONG_MS)
    person = object.__new__(PersonAtBrowser)
    person.key, person.portal, person.sandbox = emma.key, emma.portal, emma.sandbox
    person.context, person.page, person.problems = context, page, []
    yield person
    context.close()


def email_of(story: Story, key: str) -> str:
    """The address under which the portal knows somebody."""
    ada = story.person("ada").open(f"/people/?q={key}")
    found = re.search(rf"{key}[\w.+-]*@[\w.-]+", ada.page.locator("main").inner_text(), re.IGNORECASE)
    assert found, f"{key} has an e-mail address"
    return found[0]


def see_the_request(page: Page) -> None:
    """What the page of the new request says."""
    expect(page.get_by_role("heading", level=1)).to_have_text("CI: release")
    main = page.locator("main")
    for words in ("Waiting for a decision", "Repository access token of acme/web", "Aria", "Push release tags"):
        expect(main).to_contain_text(words)
    reasons = main.locator('[data-needed="write:repository:bitbucket"]')
    expect(reasons).to_contain_text("Push commits, branches and tags with git")


def test_from_pushing_in_ci_to_the_right_request_with_the_keyboard_alone(told_story: Story) -> None:
    deputy = email_of(told_story, "aria")
    emma = told_story.person("emma").open("/")
    page, keys = emma.page, Keyboard(emma.page)
    page.set_viewport_size({"width": 1280, "height": 900})
    keys.skip()
    keys.reach(page.locator("main").get_by_role("link", name="Get access"))
    keys.press("Enter")
    keys.skip()
    keys.reach(page.get_by_role("link", name="Find the right one"))
    keys.press("Enter")
    keys.skip()
    keys.reach(page.get_by_role("radio", name="I will, at my computer"))
    keys.press("ArrowDown")
    expect(page.get_by_role("radio", name="A machine")).to_be_checked()
    keys.reach(page.locator("#task-push"))
    keys.press("Space")
    keys.press("Enter")
    expect(page.get_by_role("heading", name="CI: release")).to_be_visible()
    expect(page.get_by_role("heading", name="Repository access token")).to_be_visible()
    keys.skip()
    keys.reach(page.get_by_role("link", name="Ask for it"))
    keys.press("Enter")
    keys.skip()
    for name, text in FORM.items():
        keys.type(page.locator(f'[name="{name}"]'), deputy if name == "deputy" else text)
    keys.press("Enter")
    page.wait_for_url("**/requests/bcp-*/")
    see_the_request(page)
    assert keys.steps <= MOST_STEPS
    assert emma.problems == []


def test_the_same_without_javascript(told_story: Story, emma_without_scripts: PersonAtBrowser) -> None:
    deputy = email_of(told_story, "aria")
    page = emma_without_scripts.open("/get-access/").page
    page.get_by_role("link", name="Find the right one").click()
    page.get_by_role("radio", name="A machine").check()
    page.locator("#task-push").check()
    page.get_by_role("button", name="Show what to ask for").click()
    expect(page.get_by_role("heading", name="CI: release")).to_be_visible()
    page.get_by_role("link", name="Ask for it").click()
    page.get_by_role("button", name="Ask for it").click()
    expect(page).to_have_url(re.compile("/get-access/ci-release/"))
    for name, text in FORM.items():
        page.locator(f'[name="{name}"]').fill(deputy if name == "deputy" else text)
    page.get_by_role("button", name="Ask for it").click()
    page.wait_for_url("**/requests/bcp-*/")
    see_the_request(page)


@pytest.mark.parametrize("width", [1280, 360])
def test_what_has_the_focus_is_never_hidden_behind_the_button(told_story: Story, width: int) -> None:
    emma = told_story.person("emma").open("/advise/")
    page, keys = emma.page, Keyboard(emma.page)
    page.set_viewport_size({"width": width, "height": 640})
    keys.reach(page.locator('[name="task"]').first)
    hidden = []
    for task in page.locator('[name="task"]').all():
        keys.reach(task, most=1)
        if not task.evaluate(ON_TOP):
            hidden.append(task.get_attribute("value"))
    assert hidden == []


def test_nothing_ticked_leads_to_the_first_task(told_story: Story) -> None:
    emma = told_story.person("emma").open("/advise/")
    emma.page.get_by_role("button", name="Show what to ask for").click()
    expect(emma.page.get_by_role("alert")).to_be_focused()
    emma.page.get_by_role("link", name="Tick at least one thing that you want to do.").click()
    expect(emma.page.locator("#task-fetch")).to_be_in_viewport()
    assert emma.problems == []


def test_calls_are_read_and_explained(told_story: Story) -> None:
    emma = told_story.person("emma").open("/advise/calls/")
    emma.page.locator('[name="text"]').fill(
        "git clone https://bitbucket.org/acme/web.git\ncurl https://api.bitbucket.org/2.0/nothing-of-the-kind\n"
    )
    emma.page.get_by_role("button", name="Show what they need").click()
    expect(emma.page.locator("[data-answer]")).to_have_attribute("data-answer", "api_token")
    expect(emma.page.locator('tr[data-status="unknown"]')).to_contain_text("nothing-of-the-kind")
    expect(emma.page.locator('[data-needed="read:repository:bitbucket"]')).to_be_visible()
    assert emma.problems == []
