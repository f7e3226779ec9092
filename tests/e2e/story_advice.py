"""The chapter of the story in which nobody knows which scopes they need."""

from typing import TYPE_CHECKING

from playwright.sync_api import expect

if TYPE_CHECKING:
    from tests.e2e.story import Story

MACHINE_SCOPES = ["repository:write"]


def the_adviser_finds_the_right_kind(story: "Story") -> None:
    """From "I want to push from CI" the adviser leads Emma to CI: release, for one repository and with a deputy."""
    emma = story.person("emma").open("/get-access/")
    emma.page.locator('[data-action="adviser"]').click()
    emma.page.get_by_label("A machine").check()
    emma.page.get_by_label("Push commits, branches and tags with git").check()
    emma.page.locator('[data-action="advise"]').click()
    expect(emma.page.locator("[data-answer]")).to_have_attribute("data-answer", "repository_access_token")
    expect(emma.page.get_by_role("heading", name="CI: release")).to_be_visible()
    emma.page.locator('[data-action="ask-template"]').click()
    for name, value in (
        ("reason", "Tag releases of the web shop"),
        ("machine", "Release build"),
        ("where_used", "the build server"),
        ("boundary", "acme/web"),
        ("deputy", "aria@acme.test"),
    ):
        emma.page.locator(f'[name="{name}"]').fill(value)
    emma.page.locator('[data-action="ask"]').click()
    emma.page.wait_for_url("**/requests/bcp-*/")
    story.addresses["machine request"] = emma.page.url.rstrip("/").rsplit("/", 1)[1]


def the_machines_token_is_checked(story: "Story") -> None:
    """Aria approves and, as the repository's admin, makes the token step by step; checked, pasted, it is registered."""
    code = story.addresses["machine request"]
    aria = story.person("aria").open(f"/requests/{code}/")
    expect(aria.page.locator("[data-needed]")).to_have_count(2)
    aria.page.locator('[data-action="approve"]').click()
    expect(aria.page.get_by_text("Your yes is recorded.")).to_be_visible()
    # Bitbucket is asked who administers the place; the page shows it as soon as that is known.
    aria.page.locator('[data-action="create"]').click(timeout=30_000)
    walk = aria.page.locator("[data-machine-walk]")
    name = walk.locator(".copy-line code").inner_text()
    end = walk.locator("[data-until]").get_attribute("data-until") or ""
    scopes = walk.locator("[data-classic-scope]").all_inner_texts()
    assert (name.startswith(code), scopes) == (True, MACHINE_SCOPES), (name, scopes)
    link = walk.locator('[data-action="open-bitbucket"]').get_attribute("href") or ""
    token = aria.create_token(link, name=name, expiry=end, scopes=scopes)
    story.tokens["machine"] = token
    aria.open("/check/")
    aria.page.get_by_label("Access token of a repository, project or workspace").check()
    aria.page.locator('[name="secret"]').fill(token.secret)
    aria.page.get_by_role("button", name="Check it").click()
    expect(aria.page.get_by_text("CI: release").first).to_be_visible()
    assert token.secret not in aria.page.content()
    aria.open(f"/requests/{code}/create/")
    aria.page.locator('[name="expires_on"]').fill(end)
    aria.page.locator('[name="secret"]').fill(token.secret)
    aria.page.locator('[data-action="check"]').click()
    expect(aria.page.locator("#live")).to_have_attribute("data-outcome", "exact")
    use = aria.page.locator('[data-action="use"]').get_attribute("href") or ""
    story.addresses["access token"] = use.strip("/").split("/")[1]
    assert token.secret not in aria.page.content()


def the_refusal_is_explained(story: "Story") -> None:
    """What git said when the clone token could not push is pasted: a scope is missing, and the button asks for it."""
    emma = story.person("emma").open("/diagnose/")
    emma.page.locator('[name="text"]').fill(story.heard["refused push"])
    emma.page.locator("main form").get_by_role("button").first.click()
    answer = emma.page.locator("[data-cause]")
    expect(answer).to_have_attribute("data-cause", "missing_scope")
    emma.page.locator('main a[href*="/advise/?scopes="]').first.click()
    expect(emma.page.locator("[data-answer]")).to_have_attribute("data-answer", "api_token")


def what_no_template_covers_is_proposed(story: "Story") -> None:
    """A set that no template covers goes to a person as it is, and Ada finds it among the proposals."""
    emma = story.person("emma").open("/advise/?used_by=person&task=create-webhook&task=push")
    emma.page.locator('[data-action="ask-exactly"]').first.click()
    emma.page.locator('[name="reason"]').fill("Move our hooks to the new build server")
    emma.page.locator('[name="where_used"]').fill("a script of mine")
    emma.page.locator('[data-action="ask"]').click()
    emma.page.wait_for_url("**/requests/bcp-*/")
    story.addresses["custom request"] = emma.page.url.rstrip("/").rsplit("/", 1)[1]
    ada = story.person("ada").open("/templates/?show=proposals")
    expect(ada.page.get_by_text("Custom: read:repository").first).to_be_visible()


ADVICE = (
    the_adviser_finds_the_right_kind,
    the_machines_token_is_checked,
    the_refusal_is_explained,
    what_no_template_covers_is_proposed,
)
